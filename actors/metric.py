"""The Metric agent: metrics and features of each window, from its new rows and the state of the previous window."""

from actors.runtime.agent import BaseAgent, JobCall, JobReport, Stopwatch
from actors.runtime.handoff import gather, hand_off
from actors.runtime.installation import InstallationConfig
from core.events import EventKind
from core.labels.rises import TotalReadings
from pipelines.metrics.features import advance_rises, features, load_rises
from pipelines.metrics.known_clusters import known_clusters
from pipelines.metrics.metrics import MetricState, MomentumRule, advance, latency_s, load_state
from pipelines.metrics.residuals import Residuals


class MetricAgent(BaseAgent):
    """Actor shell over `pipelines.metrics.metrics`; it rebuilds its state from the lake when the slot needs it."""

    name = "metric"

    def __init__(self, installation: InstallationConfig) -> None:
        super().__init__(installation)
        self._length = installation.period(self.name)
        self._rule = MomentumRule(*installation.momentum_weights)
        self._state: MetricState | None = None
        self._rises = TotalReadings.none()
        self._residuals = Residuals(self.lake)

    def work(self, call: JobCall) -> JobReport:
        """Compute the window that ends at the slot, its metrics and its features."""
        watch = Stopwatch()
        start, end = call.slot - self._length, call.slot
        if self._state is None or self._state.as_of != start:
            self._state = load_state(self.lake, start, self._length)
            self._rises = load_rises(self.lake, self._state)
        tables = ("video_snapshots", "hashtag_snapshots", "videos")
        videos, totals, new = (gather(name, start, end, call.handoffs, self.lake) for name in tables)
        metrics, state = advance(self._state, end, videos, totals, new, self._rule)
        address = self.lake.replace("hashtag_metrics", metrics, start, end)
        latency = latency_s(call.now, watch.seconds, videos, totals)
        counts = {"rows": metrics.height, "version": address.version, "seconds": watch.seconds, "latency_s": latency}
        self.emit(EventKind.METRIC_DONE, call.now, counts)
        rises = advance_rises(self._rises, state, totals)
        computed = features(state, rises, metrics, self._residuals.known(end), known_clusters(self.lake, end))
        feature_address = self.lake.replace("features", computed, start, end)
        self._state, self._rises = state, rises
        emerging = int(metrics["emerging"].sum())
        summary = {
            "rows": metrics.height,
            "emerging": emerging,
            "version": feature_address.version,
            "seconds": watch.seconds,
            "latency_s": latency_s(call.now, watch.seconds, videos, totals),
        }
        self.emit(EventKind.FEATURES_DONE, call.now, summary)
        return JobReport(summary, [hand_off(metrics, address), hand_off(computed, feature_address)])
