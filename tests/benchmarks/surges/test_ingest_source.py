"""Direct ingestion leaves the same tables as server, client, raw pages and normalisation."""

import polars as pl

from benchmarks.surges.ingest_source import DirectIngest
from core.clock import VirtualClock
from core.tables import FETCHED, PREDICTIONS
from core.windows import HOUR
from pipelines.ingestion.gate import LedgerGate
from pipelines.ingestion.ingest import PLAN_KEY, Ingest
from pipelines.polling.plan import PlannedRequest, Planner
from sources.ensembledata.client import EnsembleData
from sources.standin.account import DEMO_TOKEN, Account
from sources.standin.app import build_app
from sources.standin.clock import SettableClock
from sources.standin.server import StandinServer
from sources.world.world import World
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.support.small_worlds import MIDDLE, small_world

UNITS = 288
COUNTERS = ["plays", "likes", "comments", "shares", "saves"]


def planner() -> Planner:
    return Planner(["dance", "gym"], UNITS, HOUR)


def lake() -> MemoryLake:
    return MemoryLake({table.name: table for table in (*FETCHED, PREDICTIONS)})


def test_the_short_way_asks_and_leaves_what_the_long_way_does() -> None:
    world, long, short, records = small_world(), lake(), lake(), MemoryRecords()
    clock, served = VirtualClock(MIDDLE), SettableClock(MIDDLE)
    gate = LedgerGate(records, UNITS, ["discovery", "tracking", "sampling", "follow_up"])
    way = DirectIngest(world, short, planner())
    with StandinServer(build_app(world, Account(UNITS), served)) as server:
        ingest = Ingest(EnsembleData(server.url, DEMO_TOKEN, clock), long, records, gate, planner(), b"key")
        for now in (MIDDLE + i * HOUR for i in range(2)):
            clock.set(now)
            served.set(now)
            ingest.run(now, now)
            planned = way.run(now)
            saved = records.value(PLAN_KEY)
            assert planned == [PlannedRequest.from_json(call) for call in saved["requests"]]  # type: ignore[index]
        ingest.close()
    assert {call.purpose for call in planned} >= {"discovery", "tracking", "sampling"}
    assert short.read("hashtag_snapshots").equals(long.read("hashtag_snapshots"))
    key = ["hashtag", "video_id", "window"]
    tables = {"video_snapshots": [*key, "fetched_at", *COUNTERS], "videos": ["video_id", "created_at", "window"]}
    for table, columns in tables.items():
        ours = with_ids(world, short.read(table)).select(columns).sort(columns[:3])
        assert ours.equals(long.read(table).select(columns).sort(columns[:3]))
    assert long.read("quality").filter(pl.col("level") == "critical").is_empty()
    for name in ("creator_id", "sound_id"):
        both = with_ids(world, short.read("videos")).join(long.read("videos"), "video_id").select(name, f"{name}_right")
        assert both.n_unique() == both[name].n_unique() == both[f"{name}_right"].n_unique() > 10


def with_ids(world: World, frame: pl.DataFrame) -> pl.DataFrame:
    ids = [world._maker.post_id(int(video)) for video in frame["video_id"]]
    return frame.with_columns(pl.Series("video_id", ids, dtype=pl.String))
