"""The short way of the benchmark shows a planner the same as server, client, raw pages and tables do."""

from datetime import timedelta

import polars as pl

from benchmarks.polling.world import PolledWorld
from core.clock import VirtualClock
from core.tables import FETCHED, PREDICTIONS
from core.windows import HOUR, window_end
from pipelines.ingestion.gate import LedgerGate
from pipelines.ingestion.ingest import PLAN_KEY, Ingest
from pipelines.polling.plan import PlannedRequest, Planner
from pipelines.polling.sightings import raw_sightings
from sources.ensembledata.client import EnsembleData
from sources.standin.account import DEMO_TOKEN, Account
from sources.standin.app import build_app
from sources.standin.clock import SettableClock
from sources.standin.server import StandinServer
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.support.small_worlds import MIDDLE, small_world

POLL = ["action", "name", "page"]


def test_polls_of_the_short_way_show_what_the_long_way_brings() -> None:
    world, short = small_world(), PolledWorld(small_world())
    lake, records = MemoryLake({table.name: table for table in (*FETCHED, PREDICTIONS)}), MemoryRecords()
    clock, served = VirtualClock(MIDDLE), SettableClock(MIDDLE)
    gate = LedgerGate(records, 288, ["discovery", "tracking", "sampling", "follow_up"])
    with StandinServer(build_app(world, Account(288), served)) as server:
        client = EnsembleData(server.url, DEMO_TOKEN, clock)
        ingest = Ingest(client, lake, records, gate, Planner(["dance", "gym"], 288, HOUR), b"key")
        for now in (MIDDLE, MIDDLE + HOUR):
            clock.set(now)
            served.set(now)
            result = ingest.run(now, now)
            saved = records.value(PLAN_KEY)
            planned = [PlannedRequest.from_json(call) for call in saved["requests"]]  # type: ignore[index]
            assert result.units == sum(call.request.estimate for call in planned) == len(planned) >= 6
            totals, videos, seen = short.answer(planned, now)
            start = window_end(now) - timedelta(minutes=15)
            assert set(totals["hashtag"]) == set(lake.read("hashtag_snapshots", start=start)["hashtag"])
            long_way = lake.read("videos", start=start)
            assert _posts(videos.with_columns(_ids(world, videos))) == _posts(long_way)
            both = (seen.with_columns(_ids(world, seen)), raw_sightings(lake.read("raw", start=start)))
            assert _credits(both[0]) == _credits(
                both[1].filter(pl.col("video_id").is_in(long_way["video_id"].to_list()))
            )
        ingest.close()
    assert {call.purpose for call in planned} == {"discovery", "tracking", "sampling"}
    assert len(planned) > 10


def _ids(world: object, frame: pl.DataFrame) -> pl.Series:
    maker = world._maker  # type: ignore[attr-defined]
    return pl.Series("video_id", [maker.post_id(int(video)) for video in frame["video_id"]], dtype=pl.String)


def _posts(videos: pl.DataFrame) -> set[tuple[object, ...]]:
    return {(v, at, *sorted(tags)) for v, at, tags in videos.select("video_id", "created_at", "hashtags").iter_rows()}


def _credits(seen: pl.DataFrame) -> set[tuple[object, ...]]:
    first = seen.sort("fetched_at", "request_id").unique("video_id", keep="first", maintain_order=True)
    return set(first.select("video_id", *POLL).iter_rows())
