"""Jobs: one suite over every records database."""

from datetime import UTC, datetime, timedelta

import pytest

from core.windows import HOUR
from storage.records.interface import Records
from storage.records.rows import JobRow
from tests.support.threads import at_once

NOW = datetime(2025, 5, 14, 10, 15, 0, 123456, tzinfo=UTC)
SLOT = datetime(2025, 5, 14, 10, tzinfo=UTC)


def everyone_lives(owner: str) -> bool:
    return True


def nobody_lives(owner: str) -> bool:
    return False


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
