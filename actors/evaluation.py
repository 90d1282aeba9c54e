"""The Evaluation agent: outcomes of the predictions of a day ago, their scores, and drift of the data."""

from actors.runtime.agent import BaseAgent, JobCall, JobReport, Stopwatch
from actors.runtime.installation import InstallationConfig
from core.evaluation.model_ids import CHAMPION
from core.events import EventKind
from core.metrics.state import MetricState
from core.windows import DAY, HOUR, window_ends
from pipelines.alerts.alerts import raise_drift
from pipelines.narratives.feedback import acceptance_kpis
from pipelines.predictions.drift import measure, remember
from pipelines.predictions.evaluate import evaluate
from pipelines.predictions.outcomes import resolve
from tuning.takeovers import champion_periods

REPORTED_FEATURES = 5


class EvaluationAgent(BaseAgent):
    """Actor shell over the outcomes, figures and drift of `pipelines.predictions`."""

    name = "evaluation"

    def __init__(self, installation: InstallationConfig) -> None:
        super().__init__(installation)
        self._state: MetricState | None = None

    def work(self, call: JobCall) -> JobReport:
        """Run the daily evaluation, or the weekly drift check."""
        return self._drift(call) if call.job == "drift" else self._evaluate(call)

    def _evaluate(self, call: JobCall) -> JobReport:
        """Resolve a day of anchors and score the last two weeks."""
        watch = Stopwatch()
        counted = self.resolve(call)
        scored = evaluate(self.lake, call.slot, champion_periods(self.records))
        self.records.put_kpis(call.slot, [*scored.kpis, *acceptance_kpis(self.records, call.slot)])
        summary = {**counted, "scored": scored.champion.height, "seconds": watch.seconds}
        self.emit(EventKind.EVALUATION_DONE, call.now, summary)
        return JobReport(summary)

    def resolve(self, call: JobCall) -> dict[str, int]:
        """Write the outcomes of the anchors of the day that ended a day before the slot; returns their counts."""
        start, end = call.slot - 2 * DAY, call.slot - DAY
        outcomes, state = resolve(self.lake, list(window_ends(start, end, HOUR)), call.now, self._state)
        described = self.lake.read("features", start=start, end=end, columns=["hashtag", "at"])
        outcomes = outcomes.join(described, on=["hashtag", "at"], how="semi")
        address = self.lake.replace("outcomes", outcomes, start, end)
        self._state = state
        return {"outcomes": outcomes.height, "viral": int(outcomes["viral"].sum()), "version": address.version}

    def _drift(self, call: JobCall) -> JobReport:
        """Compare the last week with the champion's training period, and emit an alert from the warning level on."""
        watch = Stopwatch()
        champion = self.records.model(self.records.alias(CHAMPION) or "")
        report = measure(self.lake, champion, call.slot) if champion is not None else None
        if report is None:
            return JobReport({"level": "unknown", "reason": "no trained champion to compare with"})
        remember(self.records, report)
        summary = {"level": report.level, "features": len(report.beyond("warning")), "seconds": watch.seconds}
        if report.level != "ok":
            furthest = {part.feature: round(part.psi, 4) for part in report.features[:REPORTED_FEATURES]}
            detail = {**summary, "psi": furthest, "prevalence_shift": report.prevalence_shift}
            self.emit(EventKind.DRIFT_ALERT, call.now, detail, report.model_id)
        if report.level == "critical":
            raise_drift(self.records, report)
        return JobReport(summary)
