from typing import Any

from core.clock import VirtualClock
from core.tables import FETCHED, PREDICTIONS
from core.windows import DAY, HOUR
from pipelines.ingestion.gate import LedgerGate
from pipelines.ingestion.ingest import Ingest
from pipelines.polling.plan import Planner
from sources.ensembledata.requests import Endpoint, Request
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.support.paper_source import T0, Paper


class Shrinking(Paper):
    """A source that no longer has the first few of the posts looked up."""

    deleted: int = 4
    looked_up: tuple[str, ...] = ()

    def _data(self, request: Request) -> Any:
        if request.endpoint is not Endpoint.MULTI_INFO:
            return super()._data(request)
        self.looked_up = tuple(request.params["ids"].split(";"))
        return [self._post(int(video), ["word"], 100) for video in self.looked_up[self.deleted :]]


def ingest(paper: Shrinking, lake: MemoryLake, records: MemoryRecords) -> Ingest:
    gate = LedgerGate(records, 288, ["discovery", "tracking", "sampling", "follow_up", "deletion_sync"])
    return Ingest(paper, lake, records, gate, Planner(["dance", "gym"], 288, HOUR), b"key", deletion_checks=4)


def test_once_a_day_a_few_posts_are_looked_up_and_what_is_gone_is_erased() -> None:
    lake, records = MemoryLake({t.name: t for t in (*FETCHED, PREDICTIONS)}), MemoryRecords()
    clock = VirtualClock(T0)
    paper = Shrinking(clock)
    ingestion = ingest(paper, lake, records)
    ingestion.run(T0, T0)
    assert paper.looked_up == ()
    before = lake.read("videos", end=T0 + HOUR)["video_id"].to_list()
    paper.deleted = 2
    clock.set(T0 + DAY + HOUR)
    result = ingestion.run(clock.now(), clock.now())
    assert len(paper.looked_up) == 4
    missing = set(paper.looked_up[:2])
    assert result.counts["erased"] == 2
    for table in ("videos", "video_snapshots"):
        assert not missing & set(lake.read(table, end=T0 + HOUR)["video_id"])
    assert set(before) - missing == set(lake.read("videos", end=T0 + HOUR)["video_id"])
    assert not any(video in params for params in lake.read("raw")["params"] for video in missing)
    paper.looked_up = ()
    ingestion.run(T0 + DAY + 2 * HOUR, T0 + DAY + 2 * HOUR)
    assert paper.looked_up == ()


def test_an_answer_without_any_post_is_a_fault_and_erases_nothing() -> None:
    lake, records = MemoryLake({t.name: t for t in (*FETCHED, PREDICTIONS)}), MemoryRecords()
    clock = VirtualClock(T0)
    paper = Shrinking(clock)
    ingestion = ingest(paper, lake, records)
    ingestion.run(T0, T0)
    before = lake.read("videos").height
    clock.set(T0 + DAY + HOUR)
    assert ingestion.run(clock.now(), clock.now()).counts["erased"] == 0
    assert len(paper.looked_up) == 4
    assert lake.read("videos").height >= before
