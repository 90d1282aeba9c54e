"""The Semantic agent: what hashtags mean, and why they move, in words the gate has seen."""

from collections.abc import Mapping

from actors.agent import Agent, JobCall, JobReport, Stopwatch
from actors.governance import GateProxy
from actors.installation import Installation
from actors.semantic_desk import Desk, SemanticJob
from actors.semantic_narrate import narrate_leaders
from core.events import EventKind

JOBS: Mapping[str, SemanticJob] = {
    "narrate": narrate_leaders,
}
"""Its jobs by their name in the cadence table, one file each."""


class Semantic(Agent):
    """Actor shell over `JOBS`."""

    name = "semantic"

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation)
        self._desk = Desk(installation, self.lake, self.records, GateProxy())

    def run(self, call: JobCall) -> JobReport:
        """Do a job and tell of it."""
        watch = Stopwatch()
        report = JOBS[call.job](call, self._desk)
        summary = {**report.summary, "seconds": watch.seconds}
        self.emit(EventKind.SEMANTIC_DONE, call.now, {"job": call.job, **summary}, call.job)
        return JobReport(summary, report.handoffs)
