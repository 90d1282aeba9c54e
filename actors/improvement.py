"""The Improvement agent: what was missed and why, the backlog, and whether to train again."""

from datetime import timedelta

from actors.agent import Agent, JobCall, JobReport, Stopwatch
from core.events import EventKind
from core.feature_set_v2 import V2
from pipelines.evaluate import champion_rows
from pipelines.improve import last_retrained, mark_retrained, retrain_request, update_backlog
from pipelines.misses import misses
from tuning.retrain import RetrainResult, RetrainSettings, retrain


class Improvement(Agent):
    """Actor shell over `pipelines.improve` and `tuning.retrain`."""

    name = "improvement"

    def run(self, call: JobCall) -> JobReport:
        """Look back on the period and, when it is time, make new models."""
        watch = Stopwatch()
        missed = misses(self.lake, champion_rows(self.lake, call.slot))
        added = update_backlog(self.records, missed, self.records.kpis(), call.now)
        for task in added:
            self.emit(EventKind.BACKLOG_ADDED, call.now, {"category": task.category}, task.title)
        summary = {"missed": len(missed), "backlog_added": len(added)}
        every = timedelta(days=self.installation.retrain_every_days)
        request = retrain_request(call.slot, last_retrained(self.records), every)
        if request is not None:
            self.emit(EventKind.RETRAIN_REQUESTED, call.now, {"trigger": request.trigger, "reason": request.reason})
            summary |= self._retrain(call).as_json()
        return JobReport(summary | {"seconds": watch.seconds})

    def _retrain(self, call: JobCall) -> RetrainResult:
        told = self.installation
        settings = RetrainSettings(
            feature_set=V2,
            days=told.training_days,
            kinds=told.kinds,
            seed=told.seed,
        )
        result = retrain(self.lake, self.records, told.models_root, call.slot, settings)
        if result.status != "too_little":
            mark_retrained(self.records, call.slot)
        if result.status == "promoted":
            self.emit(EventKind.MODEL_PROMOTED, call.now, {"reason": result.reason}, result.champion)
        return result
