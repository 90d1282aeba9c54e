"""The Semantic agent: what hashtags mean and why they move, in texts that passed the gate."""

from actors.runtime.agent import BaseAgent, JobCall, JobReport, Stopwatch
from actors.runtime.gate_proxy import GateProxy
from actors.runtime.installation import InstallationConfig
from actors.semantic.jobs import JOBS, SemanticContext
from core.events import EventKind


class SemanticAgent(BaseAgent):
    """Actor shell over `JOBS`; it answers pings and runs other jobs while a language model writes."""

    name = "semantic"
    concurrency = 6

    def __init__(self, installation: InstallationConfig) -> None:
        super().__init__(installation)
        self._context = SemanticContext(installation, self.lake, self.records, GateProxy(), installation.language_model)

    def work(self, call: JobCall) -> JobReport:
        """Run one job and emit an event with its summary."""
        watch = Stopwatch()
        report = JOBS[call.job](call, self._context)
        summary = {**report.summary, "seconds": watch.seconds}
        self.emit(EventKind.SEMANTIC_DONE, call.now, {"job": call.job, **summary}, call.job)
        return JobReport(summary, report.handoffs)
