"""Events and the ledger of units: one suite over every records database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.events import Event, EventKind
from core.windows import HOUR
from storage.records.interface import Records
from storage.records.rows import BudgetRow
from tests.support.threads import at_once

NOW = datetime(2025, 5, 14, 10, 15, 0, 123456, tzinfo=UTC)
DAY = date(2025, 5, 14)


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
    defaults = {"purpose": "discovery", "agent": "ingestion", "endpoint": "/tt/hashtag/posts", "now": NOW, "day": DAY}
    return records.reserve(request, estimate=estimate, cap=cap, **(defaults | changes))


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
