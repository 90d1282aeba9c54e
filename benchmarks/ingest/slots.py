"""The ingestion of a live installation over a file of posts: raw pages and tables of a durable lake, slot by slot."""

import itertools
import shutil
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from configs.quality import load_quality
from core.clock import VirtualClock
from core.tables import FETCHED, PREDICTIONS
from core.windows import FETCH_WINDOW
from pipelines.ingestion.gate import LedgerGate
from pipelines.ingestion.ingest import Ingest
from pipelines.polling.plan import PlannedRequest, Planner
from pipelines.polling.state import PollState
from sources.ensembledata.page import Page, parse_body
from sources.ensembledata.requests import Endpoint, Request, hashtag_posts
from storage.lake.delta import DeltaLake
from storage.memory.records import MemoryRecords

START = datetime(2026, 1, 5, 0, 5, tzinfo=UTC)
SLOT_PAGES = 100
NO_CAP = 10**6


def run_slots(path: Path, folder: Path) -> None:
    """Ingest a file of answers, one a line, 100 of them a slot, into a new lake in `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    lake = DeltaLake(str(folder), {table.name: table for table in (*FETCHED, PREDICTIONS)}, buckets=2)
    clock = VirtualClock(START)
    records = MemoryRecords()
    with path.open("rb") as lines:
        pages = _FilePages(lines, clock)
        gate = LedgerGate(records, NO_CAP, ["discovery"])
        ingest = Ingest(pages, lake, records, gate, _AllPages(), b"groundswell bench", limits=load_quality())
        for nth in itertools.count():
            moment = START + nth * FETCH_WINDOW
            clock.set(moment)
            ingest.run(moment, moment)
            if pages.ended:
                break
        ingest.close()


class _FilePages:
    """Answers each call for posts with the next line of a file, parsed as the client parses a body."""

    def __init__(self, lines: Iterator[bytes], clock: VirtualClock) -> None:
        self._bodies = lines
        self._clock = clock
        self._turn = threading.Lock()
        self.ended = False

    def call(self, request: Request) -> Page:
        if request.endpoint is not Endpoint.HASHTAG_POSTS:
            return Page(request, 200, None, None, 0, self._clock.now())
        with self._turn:
            body = next(self._bodies, None)
        self.ended |= body is None
        data = None if body is None else parse_body(body)[0]["data"]
        return Page(request, 200, data, None, 1, self._clock.now())


class _AllPages(Planner):
    """Plans a hundred pages a slot and remembers nothing."""

    def __init__(self) -> None:
        super().__init__(["bench"], NO_CAP, timedelta(minutes=15))

    def allowance(self, now: datetime, left: int) -> int:
        return left

    def plan(
        self, state: PollState, units: int, slot: datetime, probabilities: Mapping[str, float]
    ) -> tuple[list[PlannedRequest], PollState]:
        return [PlannedRequest(hashtag_posts("bench", n), "discovery") for n in range(SLOT_PAGES)], state
