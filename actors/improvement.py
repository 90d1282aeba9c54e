"""The Improvement agent: missed surges and their causes, the backlog, and when to train again."""

from datetime import timedelta

import polars as pl

from actors.runtime.agent import BaseAgent, JobCall, JobReport, Stopwatch
from actors.runtime.gate_proxy import GateProxy
from actors.runtime.installation import NO_MODEL, PLAYED
from core.events import EventKind
from core.features import FEATURE_SET
from pipelines.improvement.error_analysis import hypotheses
from pipelines.improvement.improve import (
    last_retrained,
    mark_retrained,
    note_missed,
    retrain_request,
    update_backlog,
)
from pipelines.improvement.misses import misses
from pipelines.narratives.ask import keep_answers
from pipelines.narratives.prompts_in_use import prompt_in_use
from pipelines.predictions.drift import drift_level
from pipelines.predictions.evaluate import champion_rows
from tuning.retrain import RetrainResult, RetrainSettings, retrain
from tuning.rollback import roll_back
from tuning.takeovers import champion_periods


class ImprovementAgent(BaseAgent):
    """Actor shell over `pipelines.improvement.improve` and `tuning.retrain`."""

    name = "improvement"
    concurrency = 3

    def work(self, call: JobCall) -> JobReport:
        """Run the daily review, or have the language model analyse the misses."""
        return self._analyse(call) if call.job == "analyse" else self._improve(call)

    def _improve(self, call: JobCall) -> JobReport:
        """Review the period, roll a bad promotion back and, when it is time, train new models."""
        watch = Stopwatch()
        trained_at = last_retrained(self.records)
        drift = drift_level(self.records, trained_at)
        missed = misses(self.lake, self._champion_rows(call), drifted=drift == "critical")
        note_missed(self.records, missed, call.slot)
        added = update_backlog(self.records, missed, self.records.kpis(), call.now)
        for task in added:
            self.emit(EventKind.BACKLOG_ADDED, call.now, {"category": task.category}, task.title)
        summary = {"missed": len(missed), "backlog_added": len(added), "rolled_back": self._roll_back(call)}
        every = timedelta(days=self.installation.retrain_every_days)
        request = retrain_request(call.slot, trained_at, every, drift)
        if request is not None:
            self.emit(EventKind.RETRAIN_REQUESTED, call.now, {"trigger": request.trigger, "reason": request.reason})
            summary |= self._retrain(call).as_json()
        return JobReport(summary | {"seconds": watch.seconds})

    def _analyse(self, call: JobCall) -> JobReport:
        """Ask the language model why surges were missed; its suggestions join the backlog, marked as coming from it."""
        model = self.installation.language_model
        if model is None or call.slot < self.installation.history_ends:
            return JobReport({"suggested": 0, "reason": NO_MODEL if model is None else PLAYED})
        missed = misses(self.lake, self._champion_rows(call), drifted=False)
        prompt = prompt_in_use(self.records, "error_analysis", call.now)
        items, batch = hypotheses(model, prompt, missed, self.records.kpis(), GateProxy().check_texts, call.now)
        if batch is None:
            return JobReport({"suggested": 0, "reason": "no surge was missed"})
        keep_answers(self.records, batch, call.slot, call.now)
        added = [item for item in items if self.records.add_backlog(item)]
        for task in added:
            self.emit(
                EventKind.BACKLOG_ADDED, call.now, {"category": task.category, "trigger": task.trigger}, task.title
            )
        return JobReport({"suggested": len(added), "prompt": prompt.id, "problem": batch.silence})

    def _champion_rows(self, call: JobCall) -> pl.DataFrame:
        return champion_rows(self.lake, call.slot, champion_periods(self.records))

    def _roll_back(self, call: JobCall) -> bool:
        change = roll_back(self.lake, self.records, call.slot)
        if change is not None:
            self.emit(EventKind.MODEL_ROLLED_BACK, call.now, {"reason": change.title}, change.evidence["takes_over"])
        return change is not None

    def _retrain(self, call: JobCall) -> RetrainResult:
        settings = RetrainSettings.of(self.installation, FEATURE_SET, self.records)
        result = retrain(self.lake, self.records, self.installation.models_root, call.slot, settings)
        if result.status != "too_little":
            mark_retrained(self.records, call.slot)
        if result.status == "promoted":
            self.emit(EventKind.MODEL_PROMOTED, call.now, {"reason": result.reason}, result.champion)
        return result
