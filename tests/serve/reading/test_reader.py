import threading
from datetime import UTC, datetime, timedelta

from core.events import Event, EventKind
from serve.reading.reader import Reader
from serve.reading.snapshot import Thresholds
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.serve.small_lake import BASELINE, BOOSTED, NOW, TABLES, TRAINED
from tests.serve.small_world import SmallWorld, fill


def reader_at(until: datetime, **options: object) -> Reader:
    lake, records = MemoryLake(TABLES), MemoryRecords()
    fill(lake, records, tags=20, until=until)
    return Reader(lake, records, wall=lambda: until, **options)  # type: ignore[arg-type]


def test_the_baseline_speaks_until_a_model_is_trained() -> None:
    early, late = reader_at(TRAINED - timedelta(hours=1)).snapshot(), reader_at(NOW).snapshot()
    assert (early.champion_id, early.trained) == (BASELINE, False)
    assert (late.champion_id, late.trained) == (BOOSTED, True)


def test_the_track_record_keeps_who_said_it(filled: tuple[Reader, SmallWorld]) -> None:
    calls = filled[0].snapshot().track.calls
    before = calls.filter(calls["at"] < TRAINED)["model_id"].unique().to_list()
    after = calls.filter(calls["at"] > TRAINED)["model_id"].unique().to_list()
    assert (before, after) == ([BASELINE], [BOOSTED])


def test_a_fresh_snapshot_is_given_again_and_a_changed_one_replaced() -> None:
    reader = reader_at(NOW - timedelta(days=10), fresh_for=60.0)
    assert reader.snapshot() is reader.snapshot()
    eager = reader_at(NOW - timedelta(days=10), fresh_for=0.0)
    before = eager.snapshot()
    eager.records.put_events([Event(EventKind.METRIC_DONE, "metric", before.now, "later")])
    after = eager.snapshot()
    assert after.snapshot_id != before.snapshot_id
    assert after.last_events["metric"].subject == "later"


def test_many_threads_share_one_reading() -> None:
    reader = reader_at(NOW - timedelta(days=10), fresh_for=60.0)
    snapshots: list[object] = []
    threads = [threading.Thread(target=lambda: snapshots.append(reader.snapshot())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(snapshot) for snapshot in snapshots}) == 1


def test_a_real_clock_is_the_time_of_day() -> None:
    records = MemoryRecords()
    records.put_value("clock", {"now": "2025-01-01T00:00:00+00:00", "virtual": False}, NOW)
    snapshot = Reader(MemoryLake(TABLES), records, wall=lambda: NOW).snapshot()
    assert (snapshot.now, snapshot.clock) == (NOW, "real")


def test_freshness_is_measured_on_the_installations_clock() -> None:
    limits = Thresholds(timedelta(hours=2), timedelta(hours=6))
    now = datetime(2025, 5, 14, 12, tzinfo=UTC)
    levels = [limits.freshness(now - timedelta(hours=h), now).level for h in (0, 2, 2.1, 6, 6.1)]
    assert levels == ["ok", "ok", "warning", "warning", "critical"]
    assert limits.freshness(None, now).level == "unknown"
    assert limits.freshness(now + timedelta(hours=1), now).age_s == 0
