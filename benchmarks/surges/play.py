"""The agents of an installation over a simulated world in one process: fourteen days in a few minutes.

The agents run by the shipped cadence. Posts come without HTTP (`benchmarks.surges.ingest_source`). What does
not feed back into predictions is left out: texts, sent alerts, and the figures of each day.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from actors.evaluation import EvaluationAgent
from actors.governance import GovernanceAgent
from actors.improvement import ImprovementAgent
from actors.metric import MetricAgent
from actors.prediction import PredictionAgent
from actors.runtime.agent import BaseAgent, JobCall, JobReport
from actors.runtime.installation import InstallationConfig
from benchmarks.surges.ingest_source import DirectIngest
from core.errors import GroundswellError
from core.events import EventKind
from core.schedule import Job, next_moment
from pipelines.operations.job_runner import JobRunner
from pipelines.polling.curve import DailyCurve
from pipelines.polling.plan import Planner
from sources.world.world import World


class Outcomes(EvaluationAgent):
    """The Evaluation agent without KPIs, which only the page needs and which take a third of the time."""

    def _evaluate(self, call: JobCall) -> JobReport:
        return JobReport(self.resolve(call))


AGENTS: tuple[type[BaseAgent], ...] = (MetricAgent, PredictionAgent, Outcomes, ImprovementAgent, GovernanceAgent)


class Polls(BaseAgent):
    """The Ingestion agent with direct ingestion."""

    name = "ingestion"

    def __init__(self, installation: InstallationConfig, world: World) -> None:
        super().__init__(installation)
        curve = DailyCurve(installation.busiest_hour, installation.daily_swing)
        planner = Planner(installation.seeds, installation.units_per_day, installation.period(self.name), curve)
        self._ingest = DirectIngest(world, self.lake, planner)

    def work(self, call: JobCall) -> JobReport:
        """Poll for one slot."""
        return JobReport({"units": len(self._ingest.run(call.slot))})


def play(installation: InstallationConfig, world: World, until: datetime, on_hour: Callable[[datetime], None]) -> None:
    """Play `installation` from its start up to `until`, Ray running; its stores hold everything.

    Raises
    ------
    GroundswellError: if a job fails for good
    """
    polls = Polls(installation, world)
    agents: Mapping[str, Any] = {polls.name: polls} | {kind.name: kind(installation) for kind in AGENTS}
    jobs = [job for job in installation.jobs if job.agent in agents]

    def dispatch(job: Job, slot: datetime, now: datetime) -> Mapping[str, Any]:
        report: JobReport = agents[job.agent].run(JobCall(job.name, slot, now))
        return report.summary

    runner = JobRunner(polls.records, jobs, installation.start, dispatch, polls.pulse.owner, lambda owner: False)
    moment = next_moment(jobs, installation.start)
    while moment <= until:
        for event in runner.run(moment):
            if event.kind is EventKind.JOB_FAILED:
                raise GroundswellError(f"job {event.detail['job']} failed at {moment}: {event.detail['error']}")
        on_hour(moment)
        moment = next_moment(jobs, moment)
    for agent in agents.values():
        agent.records.close()
