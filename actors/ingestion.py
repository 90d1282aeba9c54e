"""The Ingestion agent: asks the source what it can afford, keeps it, hands the snapshots on."""

from actors.runtime.agent import Agent, JobCall, JobReport, Stopwatch
from actors.runtime.handoff import hand_off
from actors.runtime.ingest_source import ingest_source
from actors.runtime.installation import Installation
from core.events import EventKind

HANDED_ON = ("video_snapshots", "hashtag_snapshots", "videos")


class Ingestion(Agent):
    """Actor shell over the ingestion of a source or the feed of a recording."""

    name = "ingestion"

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation)
        self._way_in = ingest_source(installation, self.lake, self.records, installation.period(self.name))

    def run(self, call: JobCall) -> JobReport:
        """Fetch for one slot; tables are the same however often it is run."""
        watch = Stopwatch()
        self.emit(EventKind.INGEST_START, call.now, {})
        result = self._way_in.run(call.slot, call.now)
        summary = {**result.counts, "units": result.units, "seconds": watch.seconds}
        self.emit(EventKind.INGEST_DONE, call.now, summary)
        handoffs = [hand_off(result.frames[name], result.addresses[name]) for name in HANDED_ON]
        return JobReport(summary, handoffs)
