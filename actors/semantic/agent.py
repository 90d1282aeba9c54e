"""The Semantic agent: what hashtags mean, and why they move, in words the gate has seen."""

from collections.abc import Mapping

from actors.governance import GateProxy
from actors.runtime.agent import Agent, JobCall, JobReport, Stopwatch
from actors.runtime.installation import Installation
from actors.semantic.cluster import cluster_hashtags
from actors.semantic.context import SemanticContext, SemanticJob
from actors.semantic.judge import Judgements
from actors.semantic.label import label_clusters
from actors.semantic.narrate import narrate_leaders, write_narratives
from actors.semantic.refine import refine_prompts
from actors.semantic.review import review_judgements
from core.events import EventKind

JOBS: Mapping[str, SemanticJob] = {
    "narrate": narrate_leaders,
    "write": write_narratives,
    "refine": refine_prompts,
    "judge": Judgements(),
    "review": review_judgements,
    "cluster": cluster_hashtags,
    "label": label_clusters,
}
"""Its jobs by their name in the cadence table, one file each."""


class Semantic(Agent):
    """Actor shell over `JOBS`; while a language model writes, pings and other jobs are answered."""

    name = "semantic"
    concurrency = 6

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation)
        self._desk = SemanticContext(installation, self.lake, self.records, GateProxy(), installation.language_model)

    def run(self, call: JobCall) -> JobReport:
        """Do a job and tell of it."""
        watch = Stopwatch()
        report = JOBS[call.job](call, self._desk)
        summary = {**report.summary, "seconds": watch.seconds}
        self.emit(EventKind.SEMANTIC_DONE, call.now, {"job": call.job, **summary}, call.job)
        return JobReport(summary, report.handoffs)
