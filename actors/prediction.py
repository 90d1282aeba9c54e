"""The Prediction agent: the champion's probabilities, their ranking and alerts, and the shadow models' predictions."""

import polars as pl

from actors.runtime.agent import BaseAgent, JobCall, JobReport, Stopwatch
from actors.runtime.handoff import gather, hand_off
from actors.runtime.installation import InstallationConfig
from core.events import EventKind
from core.windows import HOUR
from models.interface import Scorer
from models.registry.store import load
from pipelines.metrics.known_clusters import known_spread
from pipelines.predictions.contributions import summed
from pipelines.predictions.predict import AlertRule, predict, recent_alerts, shadow
from tuning.promotion import ensure_champion, shadow_ids

MOVERS = 10
EXPLAINED_IN_PLAYED_HOURS = 100
READ = ("features", "hashtag_metrics")


class PredictionAgent(BaseAgent):
    """Actor shell over `pipelines.predictions.predict`; each model is read from the registry once."""

    name = "prediction"

    def __init__(self, installation: InstallationConfig) -> None:
        super().__init__(installation)
        self._models: dict[str, Scorer] = {}

    def work(self, call: JobCall) -> JobReport:
        """Score every hashtag that has features at the slot."""
        watch = Stopwatch()
        start = call.slot - HOUR
        features, metrics = (gather(name, start, call.slot, call.handoffs, self.lake) for name in READ)
        champion = ensure_champion(self.records, self.installation.models_root, call.now)
        rule = AlertRule(self.installation.alert_threshold, recent_alerts(self.lake, call.slot))
        spread = known_spread(self.lake, call.slot)
        explained = EXPLAINED_IN_PLAYED_HOURS if self.installation.played(call.slot) else None
        scored = predict(self._model(champion), champion, features, metrics, rule, spread=spread, explained=explained)
        own = scored.rows
        others = shadow_ids(self.records, self.installation.kinds)
        shadows = [shadow(self._model(other), other, features) for other in others]
        rows = pl.concat([own, *shadows]).sort("hashtag", "at", "model_id")
        address = self.lake.replace("predictions", rows, start, call.slot)
        summary = {
            "hashtags": own.height,
            "alerts": int(own["alerted"].sum()),
            "champion": champion,
            "shadows": len(shadows),
            "version": address.version,
            "seconds": watch.seconds,
        }
        movers = summed(list(scored.contributions.values())).head(MOVERS)
        self.emit(EventKind.PREDICTION_DONE, call.now, {**summary, "moved_by": movers.to_dicts()})
        return JobReport(summary, [hand_off(own, address), *call.handoffs])

    def _model(self, model_id: str) -> Scorer:
        if model_id not in self._models:
            self._models[model_id], _ = load(self.installation.models_root, model_id)
        return self._models[model_id]
