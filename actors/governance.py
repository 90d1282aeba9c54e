"""The Governance agent: it decides on every call and every text, and maintains the lake."""

from datetime import timedelta

from actors.runtime.agent import BaseAgent, JobCall, JobReport, Stopwatch
from actors.runtime.installation import InstallationConfig
from actors.runtime.system_clock import SystemClock
from core.grounding.rules import Texts, Violation, grounded
from pipelines.ingestion.gate import LedgerGate
from pipelines.operations.retention import apply_retention

VERSIONS_KEPT = timedelta(days=2)


class GovernanceAgent(BaseAgent, LedgerGate):
    """Actor shell over `LedgerGate`, whose methods other agents call through `GateProxy`."""

    name = "governance"
    concurrency = 4

    def __init__(self, installation: InstallationConfig) -> None:
        BaseAgent.__init__(self, installation)
        LedgerGate.__init__(self, self.records, installation.units_per_day, installation.purposes)

    def check_texts(self, texts: Texts) -> list[list[Violation]]:
        """Return the violations of each text."""
        return grounded(texts)

    def work(self, call: JobCall) -> JobReport:
        """Delete what is past its retention time, and compact closed days so that the cost of a cycle stays constant.

        Old table versions are kept for readers that still hold their address; a file's age is measured by the
        machine's clock.
        """
        watch = Stopwatch()
        deleted = apply_retention(self.lake, self.installation.retention, call.now)
        self.lake.compact((call.now - timedelta(days=1)).date())
        if self.installation.source != "recording":
            self.lake.vacuum(VERSIONS_KEPT, SystemClock().now())
        return JobReport({**{f"deleted: {table}": rows for table, rows in deleted.items()}, "seconds": watch.seconds})
