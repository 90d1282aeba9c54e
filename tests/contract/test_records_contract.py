"""One suite over every records database."""

import math
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import numpy as np
import pytest

from core.events import Event, EventKind
from core.windows import HOUR
from storage.records.interface import Records
from storage.records.rows import (
    AlertRow,
    BacklogRow,
    BudgetRow,
    ChangeRow,
    JobRow,
    KpiRow,
    ModelRow,
    NarrativeRow,
)

NOW = datetime(2025, 5, 14, 10, 15, 0, 123456, tzinfo=UTC)
SLOT = datetime(2025, 5, 14, 10, tzinfo=UTC)
DAY = date(2025, 5, 14)
T = TypeVar("T")


def everyone_lives(owner: str) -> bool:
    return True


def nobody_lives(owner: str) -> bool:
    return False


def at_once(work: Callable[[int], T], count: int = 8) -> list[T]:
    """Run `work` in `count` threads that start together."""
    barrier = threading.Barrier(count)

    def run(number: int) -> T:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_a_slot_is_claimed_by_one(records: Records) -> None:
    row = records.claim("ingest", SLOT, "one", everyone_lives, NOW)
    assert row == JobRow(job="ingest", slot=SLOT, status="running", owner="one", attempts=1, started_at=NOW)
    assert records.claim("ingest", SLOT, "two", everyone_lives, NOW) is None
    assert records.claim("metrics", SLOT, "two", everyone_lives, NOW) is not None
    assert records.claim("ingest", SLOT + HOUR, "two", everyone_lives, NOW) is not None


def test_a_completed_slot_stays_completed(records: Records) -> None:
    records.claim("ingest", SLOT, "one", everyone_lives, NOW)
    records.complete("ingest", SLOT, {"rows": 3}, NOW + HOUR)
    records.fail("ingest", SLOT, "late", NOW + HOUR)
    records.skip("ingest", SLOT, "late", NOW + HOUR)
    assert records.claim("ingest", SLOT, "two", nobody_lives, NOW) is None
    assert records.jobs() == [
        JobRow(
            job="ingest",
            slot=SLOT,
            status="completed",
            owner="one",
            attempts=1,
            started_at=NOW,
            finished_at=NOW + HOUR,
            result={"rows": 3},
        )
    ]


def test_a_failed_slot_and_that_of_a_dead_owner_are_taken_again(records: Records) -> None:
    records.claim("ingest", SLOT, "one", everyone_lives, NOW)
    records.fail("ingest", SLOT, "no network", NOW)
    assert records.jobs()[0].error == "no network"
    again = records.claim("ingest", SLOT, "two", everyone_lives, NOW + HOUR)
    assert again == JobRow(job="ingest", slot=SLOT, status="running", owner="two", attempts=2, started_at=NOW + HOUR)
    assert records.claim("ingest", SLOT, "three", lambda owner: owner != "two", NOW + HOUR) == again.changed(
        owner="three", attempts=3
    )
    assert records.jobs() == [
        JobRow(job="ingest", slot=SLOT, status="running", owner="three", attempts=3, started_at=NOW + HOUR)
    ]


def test_a_traceback_stays_until_the_slot_is_claimed_or_skipped(records: Records) -> None:
    whole = 'Traceback (most recent call last):\n  File "é.py", line 1\nKeyError: 1\n'
    records.claim("ingest", SLOT, "one", everyone_lives, NOW)
    records.fail("ingest", SLOT, "KeyError: 1", NOW, whole)
    failed = JobRow(
        job="ingest",
        slot=SLOT,
        status="failed",
        owner="one",
        attempts=1,
        started_at=NOW,
        finished_at=NOW,
        error="KeyError: 1",
        traceback=whole,
    )
    assert records.jobs() == [failed]
    assert records.claim("ingest", SLOT, "two", everyone_lives, NOW) is not None
    assert records.jobs()[0].traceback is None
    records.fail("ingest", SLOT, "KeyError: 1", NOW, whole)
    records.skip("ingest", SLOT, "too late", NOW)
    assert [(row.status, row.error, row.traceback) for row in records.jobs()] == [("skipped", "too late", None)]


def test_a_skipped_slot_is_done(records: Records) -> None:
    records.skip("ingest", SLOT, "missed", NOW)
    assert records.claim("ingest", SLOT, "one", nobody_lives, NOW) is None
    records.claim("ingest", SLOT + HOUR, "one", everyone_lives, NOW)
    records.skip("ingest", SLOT + HOUR, "too late", NOW)
    assert [(row.status, row.error) for row in records.jobs()] == [("skipped", "too late"), ("skipped", "missed")]


def test_finishing_what_nobody_claimed_is_a_value_error(records: Records) -> None:
    with pytest.raises(ValueError, match="nobody claimed ingest"):
        records.complete("ingest", SLOT, {}, NOW)
    with pytest.raises(ValueError, match="nobody claimed ingest"):
        records.fail("ingest", SLOT, "x", NOW)


def test_the_last_slot_is_the_newest_that_is_done(records: Records) -> None:
    assert records.last_slot("ingest") is None
    for number in range(4):
        records.claim("ingest", SLOT + number * HOUR, "one", everyone_lives, NOW)
    records.complete("ingest", SLOT, {}, NOW)
    records.skip("ingest", SLOT + HOUR, "why", NOW)
    records.fail("ingest", SLOT + 2 * HOUR, "x", NOW)
    assert records.last_slot("ingest") == SLOT + HOUR
    assert records.last_slot("metrics") is None


def test_jobs_come_newest_first(records: Records) -> None:
    for number in range(5):
        for job in ("b", "a"):
            records.claim(job, SLOT + number * HOUR, "one", everyone_lives, NOW)
    assert [(row.job, row.slot) for row in records.jobs(limit=3)] == [
        ("a", SLOT + 4 * HOUR),
        ("b", SLOT + 4 * HOUR),
        ("a", SLOT + 3 * HOUR),
    ]
    assert {row.job for row in records.jobs(job="b")} == {"b"}
    assert len(records.jobs(job="b")) == 5


def test_of_eight_threads_one_wins_each_slot(records: Records) -> None:
    for number in range(5):
        slot = SLOT + number * HOUR
        claims = at_once(lambda thread, slot=slot: records.claim("ingest", slot, f"t{thread}", everyone_lives, NOW))
        winners = [row for row in claims if row is not None]
        assert len(winners) == 1
        assert records.jobs(job="ingest", limit=1) == winners


def test_of_eight_threads_one_takes_over_a_dead_owner(records: Records) -> None:
    records.claim("ingest", SLOT, "dead", everyone_lives, NOW)
    claims = at_once(lambda thread: records.claim("ingest", SLOT, f"t{thread}", lambda owner: owner != "dead", NOW))
    assert [row.attempts for row in claims if row is not None] == [2]


def event(number: int, **changes: Any) -> Event:
    detail = {"rows": number, "share": 0.5, "tags": ["a", "é"], "at": NOW, "none": None}
    fields = {"kind": EventKind.METRIC_DONE, "agent": "metric", "at": NOW + number * HOUR, "detail": detail}
    return Event(**(fields | changes))


def test_events_are_written_once_and_keep_their_order(records: Records) -> None:
    records.put_events([])
    records.put_events([event(2), event(1)])
    records.put_events([event(1), event(3), event(3)])
    rows = records.events()
    assert [row.detail["rows"] for row in rows] == [2, 1, 3]
    assert [row.seq for row in rows] == sorted({row.seq for row in rows})
    first = rows[0]
    assert (first.event_id, first.kind, first.agent, first.at) == (
        event(2).event_id,
        "METRIC_DONE",
        "metric",
        NOW + 2 * HOUR,
    )
    assert first.detail == {"rows": 2, "share": 0.5, "tags": ["a", "é"], "at": NOW.isoformat(), "none": None}


def test_events_are_found_by_time_kind_agent_and_place(records: Records) -> None:
    records.put_events([event(number) for number in range(4)])
    records.put_events([event(4, kind=EventKind.JOB_DONE, agent="scheduler")])
    rows = records.events()
    assert records.events(since=NOW + 2 * HOUR) == rows[2:]
    assert records.events(kind="JOB_DONE") == rows[4:]
    assert records.events(kind=EventKind.JOB_DONE, agent="metric") == []
    assert records.events(agent="metric", limit=2) == rows[:2]
    assert records.events(after=rows[1].seq, limit=2) == rows[2:4]


def test_events_of_many_threads_all_land(records: Records) -> None:
    at_once(lambda thread: records.put_events([event(thread * 10 + number) for number in range(10)]))
    assert len({row.event_id for row in records.events()}) == 80


def reserve(records: Records, request: str, estimate: int, cap: int = 10, **changes: Any) -> bool:
    asked = {"purpose": "discovery", "agent": "ingestion", "endpoint": "/tt/hashtag/posts", "now": NOW, "day": DAY}
    return records.reserve(request, estimate=estimate, cap=cap, **(asked | changes))


def test_units_are_reserved_up_to_the_cap_of_the_day(records: Records) -> None:
    assert reserve(records, "r1", 4)
    assert reserve(records, "r2", 6)
    assert not reserve(records, "r3", 1)
    assert records.used(DAY) == 10
    assert reserve(records, "r4", 10, day=DAY + timedelta(days=1))
    assert records.used(DAY + timedelta(days=2)) == 0


def test_a_request_keeps_its_one_row(records: Records) -> None:
    assert reserve(records, "r1", 10)
    assert reserve(records, "r1", 10)
    assert records.used(DAY) == 10


def test_what_was_charged_replaces_what_was_reserved(records: Records) -> None:
    reserve(records, "r1", 10)
    records.settle("r1", 0, NOW)
    assert records.used(DAY) == 0
    assert reserve(records, "r2", 10)
    records.settle("r2", 12, NOW)
    assert records.used(DAY) == 12
    assert reserve(records, "r2", 10)
    with pytest.raises(ValueError, match="nothing was reserved for request r9"):
        records.settle("r9", 1, NOW)


def test_the_budget_sums_by_purpose_and_endpoint(records: Records) -> None:
    reserve(records, "r1", 1)
    reserve(records, "r2", 2)
    reserve(records, "r3", 5, purpose="tracking")
    records.settle("r2", 1, NOW)
    expected = [
        BudgetRow("tracking", "/tt/hashtag/posts", 1, 5, 5),
        BudgetRow("discovery", "/tt/hashtag/posts", 2, 2, 1),
    ]
    assert records.budget(DAY) == expected
    assert records.budget(DAY + timedelta(days=1)) == []


def test_what_the_account_was_charged_elsewhere_counts_once(records: Records) -> None:
    reserve(records, "r1", 4)
    assert records.reconcile(DAY, 3, NOW) == 0
    assert records.budget(DAY) == [BudgetRow("discovery", "/tt/hashtag/posts", 1, 4, 4)]
    assert records.reconcile(DAY, 9, NOW) == records.reconcile(DAY, 9, NOW) == 5
    assert records.used(DAY) == 9
    assert not reserve(records, "r2", 2)
    records.settle("r1", 5, NOW)
    assert records.reconcile(DAY, 9, NOW) == 4
    assert records.budget(DAY)[1] == BudgetRow("elsewhere", "", 1, 4)
    assert records.used(DAY + timedelta(days=1)) == 0


def test_eight_threads_never_pass_the_cap(records: Records) -> None:
    granted = at_once(lambda thread: sum(reserve(records, f"{thread}-{n}", 3, cap=40) for n in range(5)))
    assert sum(granted) == 13
    assert records.used(DAY) == 39


def model(name: str, number: int) -> ModelRow:
    return ModelRow(
        model_id=name,
        kind="logistic",
        created_at=NOW + number * HOUR,
        training_set={"name": "v1", "versions": {"features": 3}, "rows": np.int64(10), "start": NOW},
        features=["velocity", "novelty"],
        metrics={"pr_auc": np.float64(0.5), "missing": float("nan")},
        importance={"velocity": 1.0},
        environment={"sklearn": "1.7"},
        data_hash="abc",
    )


def test_models_are_registered_once_and_come_newest_first(records: Records) -> None:
    records.add_model(model("m1", 1))
    records.add_model(model("m2", 2))
    records.add_model(model("m1", 3).changed(kind="other"))
    assert [row.model_id for row in records.models()] == ["m2", "m1"]
    assert [row.model_id for row in records.models(limit=1)] == ["m2"]
    stored = records.model("m1")
    assert stored is not None
    assert (stored.kind, stored.created_at, stored.features) == ("logistic", NOW + HOUR, ["velocity", "novelty"])
    assert stored.metrics == {"pr_auc": 0.5, "missing": None}
    assert stored.training_set == {"name": "v1", "versions": {"features": 3}, "rows": 10, "start": NOW.isoformat()}
    assert records.model("m9") is None


def test_an_alias_points_at_the_model_last_set(records: Records) -> None:
    assert records.alias("champion") is None
    for name in ("m1", "m2"):
        records.set_alias("champion", name, NOW)
    records.set_alias("previous", "m1", NOW)
    assert (records.alias("champion"), records.alias("previous")) == ("m2", "m1")


def story(name: str, at: datetime = NOW, hashtag: str = "football") -> NarrativeRow:
    violations = [{"rule": "number", "span": [1, 2]}]
    return NarrativeRow(
        narrative_id=name,
        at=at,
        hashtag=hashtag,
        text="it grew",
        cites=["m1"],
        status="template",
        prompt_version="t1",
        violations=violations,
        evidence={"metrics": []},
        bullets=[],
    )


def test_narratives_of_a_time_are_replaced_as_a_whole(records: Records) -> None:
    records.put_narratives(NOW, [story("n2"), story("n1")])
    records.put_narratives(NOW + HOUR, [story("n3", NOW + HOUR, "cats")])
    assert records.narratives() == [story("n3", NOW + HOUR, "cats"), story("n2"), story("n1")]
    assert records.narratives(at=NOW, limit=1) == [story("n2")]
    assert records.narratives(hashtag="cats") == [story("n3", NOW + HOUR, "cats")]
    records.put_narratives(NOW, [story("n4")])
    assert records.narratives(at=NOW) == [story("n4")]
    records.put_narratives(NOW, [])
    assert records.narratives(at=NOW) == []
    with pytest.raises(ValueError, match="n9"):
        records.put_narratives(NOW, [story("n9", NOW + HOUR)])
    with pytest.raises(ValueError, match="same id"):
        records.put_narratives(NOW, [story("n9"), story("n9")])


def test_a_narrative_told_at_another_time_moves_there(records: Records) -> None:
    records.put_narratives(NOW, [story("n1")])
    records.put_narratives(NOW + HOUR, [story("n1", NOW + HOUR)])
    assert records.narratives() == [story("n1", NOW + HOUR)]


def figure(name: str, value: float | None, computed_at: datetime = NOW, model: str = "champion") -> KpiRow:
    return KpiRow(
        computed_at=computed_at,
        period_start=NOW - 24 * HOUR,
        period_end=NOW,
        model=model,
        scope="all",
        name=name,
        value=value,
        lower=None,
        upper=0.75,
        n=10,
    )


def test_figures_are_kept_in_sets(records: Records) -> None:
    assert records.kpis() == []
    records.put_kpis(NOW, [figure("b", 0.5), figure("a", math.nan)])
    records.put_kpis(NOW, [figure("b", 0.25), figure("a", math.nan)])
    assert records.kpis() == [figure("b", 0.25), figure("a", None)]
    later = [figure("b", 0.1, NOW + HOUR), figure("b", 0.2, NOW + HOUR, "velocity")]
    records.put_kpis(NOW + HOUR, later)
    assert records.kpis() == later
    assert records.kpis(NOW) == [figure("b", 0.25), figure("a", None)]
    assert records.kpis(NOW + 2 * HOUR) == []
    assert records.kpi_history("b", "all", "champion") == [figure("b", 0.25), later[0]]
    assert records.kpi_history("b", "early", "champion") == []
    with pytest.raises(ValueError, match="not in the set"):
        records.put_kpis(NOW, later)


def alert(key: str, number: int = 0) -> AlertRow:
    return AlertRow(
        key=key,
        kind="emerging_trend",
        raised_at=NOW + number * HOUR,
        title="title",
        body="body",
        hashtag="cats",
        detail={"rank": 1},
    )


def test_an_alert_is_raised_once_and_marked(records: Records) -> None:
    assert records.raise_alert(alert("k1"))
    assert not records.raise_alert(alert("k1"))
    assert records.raise_alert(alert("k2", 2).changed(hashtag=None))
    assert records.raise_alert(alert("k3", 1))
    assert [row.key for row in records.pending_alerts()] == ["k1", "k3", "k2"]
    records.mark_alert("k1", "sent", 2, "ok", NOW + HOUR)
    records.mark_alert("k3", "failed", 3, None, NOW + HOUR)
    assert [row.key for row in records.pending_alerts()] == ["k2"]
    assert [row.key for row in records.alerts()] == ["k2", "k3", "k1"]
    assert [row.key for row in records.alerts(limit=1, offset=1)] == ["k3"]
    assert records.alerts()[2] == alert("k1").changed(status="sent", attempts=2, receipt="ok", sent_at=NOW + HOUR)
    assert records.alerts()[1].sent_at is None
    with pytest.raises(ValueError, match="no alert k9"):
        records.mark_alert("k9", "sent", 1, None, NOW)


def test_of_eight_threads_one_raises_an_alert(records: Records) -> None:
    assert sum(at_once(lambda thread: records.raise_alert(alert("k1")))) == 1


def test_the_backlog_and_the_change_log_hold_each_entry_once(records: Records) -> None:
    items = [
        BacklogRow(
            title=title,
            category="feature",
            trigger="drift",
            hypothesis="it helps",
            success_metric="pr_auc",
            target_delta="+5 %",
            owner="improvement",
            review_date=DAY,
            status="open",
            created_at=NOW,
        )
        for title in ("b", "a")
    ]
    assert [records.add_backlog(row) for row in [*items, items[0]]] == [True, True, False]
    assert records.backlog() == items
    entries = [
        ChangeRow(change_id=f"c{number}", at=NOW + number * HOUR, kind="promotion", title="new", evidence={"old": "m1"})
        for number in range(3)
    ]
    assert [records.add_change(row) for row in [*entries, entries[0]]] == [True, True, True, False]
    assert records.changes() == entries[::-1]
    assert records.changes(limit=1) == entries[2:]


@pytest.mark.parametrize("value", [None, 1, 0.5, "text é", [1, [2]], {"a": {"b": None}}, True])
def test_a_value_comes_back_as_it_was_put(records: Records, value: Any) -> None:
    assert records.value("key") is None
    records.put_value("key", "before", NOW)
    records.put_value("key", value, NOW)
    assert records.value("key") == value
    assert records.value("other") is None


def test_times_come_back_in_utc(records: Records) -> None:
    records.claim("ingest", SLOT, "one", everyone_lives, NOW)
    row = records.jobs()[0]
    assert (row.slot.utcoffset(), row.started_at.utcoffset()) == (timedelta(0), timedelta(0))
    last = records.claim("ingest", SLOT + HOUR, "one", everyone_lives, NOW) and records.last_slot("ingest")
    assert last is None
    records.complete("ingest", SLOT, {}, NOW)
    newest = records.last_slot("ingest")
    assert newest is not None
    assert newest.utcoffset() == timedelta(0)


def test_check_is_one_line(records: Records) -> None:
    assert records.check()
    assert "\n" not in records.check()
