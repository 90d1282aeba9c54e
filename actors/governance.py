"""The Governance agent: every call and every text passes here; and the lake is looked after."""

from datetime import datetime, timedelta
from typing import Any

import ray

from actors.runtime.agent import Agent, JobCall, JobReport, Stopwatch
from actors.runtime.installation import Installation
from actors.runtime.system_clock import SystemClock
from core.events import Event
from core.grounding.rules import Violation
from pipelines.ingestion.gate import Gate, LedgerGate, Refusal
from pipelines.narratives.text_gate import Texts, grounded
from pipelines.operations.retention import apply_retention
from sources.ensembledata.requests import Request

VERSIONS_KEPT = timedelta(days=2)


class Governance(Agent):
    """Actor shell over `LedgerGate`."""

    name = "governance"

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation)
        self._gate = LedgerGate(self.records, installation.units_per_day, installation.purposes)

    def ask(self, question: str, *arguments: Any) -> Any:
        """Answer one of the gate's questions by name."""
        return getattr(self._gate, question)(*arguments)

    def check_texts(self, texts: Texts) -> list[list[Violation]]:
        """What is wrong with each text."""
        return grounded(texts)

    def run(self, call: JobCall) -> JobReport:
        """Delete what is past its time, and compact the closed days, so that the next cost no more than the last.

        Versions are kept for readers that still have their address; the age of a file is by the machine's clock.
        """
        watch = Stopwatch()
        deleted = apply_retention(self.lake, self.installation.retention, call.now)
        self.lake.compact((call.now - timedelta(days=1)).date())
        if self.installation.source != "recording":
            self.lake.vacuum(VERSIONS_KEPT, SystemClock().now())
        return JobReport({**{f"deleted: {table}": rows for table, rows in deleted.items()}, "seconds": watch.seconds})


class GateProxy(Gate):
    """The gate as other agents see it: each question is a call to Governance."""

    def __init__(self) -> None:
        self._governance = ray.get_actor("governance")

    def _ask(self, question: str, *arguments: Any) -> Any:
        return ray.get(self._governance.ask.remote(question, *arguments))

    def left(self, now: datetime) -> int:
        """See `Gate.left`."""
        left: int = self._ask("left", now)
        return left

    def reserve(self, request_id: str, request: Request, purpose: str, agent: str, now: datetime) -> Refusal | None:
        """See `Gate.reserve`."""
        refusal: Refusal | None = self._ask("reserve", request_id, request, purpose, agent, now)
        return refusal

    def settle(self, request_id: str, charged: int, now: datetime) -> None:
        """See `Gate.settle`."""
        self._ask("settle", request_id, charged, now)

    def reconcile(self, used: int, now: datetime) -> int:
        """See `Gate.reconcile`."""
        elsewhere: int = self._ask("reconcile", used, now)
        return elsewhere

    def close_day(self, now: datetime) -> None:
        """See `Gate.close_day`."""
        self._ask("close_day", now)

    def refused(self, refusal: Refusal, agent: str, subject: str, now: datetime) -> Event:
        """See `Gate.refused`."""
        event: Event = self._ask("refused", refusal, agent, subject, now)
        return event

    def check_texts(self, texts: Texts) -> list[list[Violation]]:
        """See `Governance.check_texts`."""
        found: list[list[Violation]] = ray.get(self._governance.check_texts.remote(list(texts)))
        return found
