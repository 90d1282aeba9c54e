"""The Ingestion agent: fetches what the budget allows from its source, stores it and hands the snapshots on."""

from actors.ingest_source import ingest_source
from actors.runtime.agent import BaseAgent, JobCall, JobReport, Stopwatch
from actors.runtime.handoff import hand_off
from actors.runtime.installation import InstallationConfig
from core.events import EventKind

HANDED_ON = ("video_snapshots", "hashtag_snapshots", "videos")


class IngestionAgent(BaseAgent):
    """Actor shell over the ingestion of a source or the feed of a recording."""

    name = "ingestion"

    def __init__(self, installation: InstallationConfig) -> None:
        super().__init__(installation)
        self._source = ingest_source(installation, self.lake, self.records, installation.period(self.name))

    def work(self, call: JobCall) -> JobReport:
        """Fetch one slot; running a slot again leaves the same tables."""
        watch = Stopwatch()
        self.emit(EventKind.INGEST_START, call.now, {})
        result = self._source.run(call.slot, call.now)
        summary = {**result.counts, "units": result.units, "seconds": watch.seconds}
        self.emit(EventKind.INGEST_DONE, call.now, summary)
        handoffs = [hand_off(result.frames[name], result.addresses[name]) for name in HANDED_ON]
        return JobReport(summary, handoffs)
