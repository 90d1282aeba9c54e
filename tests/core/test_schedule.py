from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.schedule import Job, next_moment

times = st.datetimes(datetime(2024, 1, 1), datetime(2026, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
periods = st.integers(1, 5000).map(lambda minutes: timedelta(minutes=minutes))


@given(times, periods, periods)
def test_slots_enclose_the_present(now: datetime, every: timedelta, offset: timedelta) -> None:
    job = Job("a", "agent", every, offset)
    assert job.last_slot(now) <= now < job.next_slot(now)
    assert job.last_slot(job.last_slot(now)) == job.last_slot(now)
    assert next_moment([job], now) == job.next_slot(now)


@given(times, st.integers(1, 40))
def test_catch_up_runs_every_missed_slot_and_skip_only_the_newest(now: datetime, missed: int) -> None:
    hour = timedelta(hours=1)
    done = Job("a", "agent", hour).last_slot(now) - missed * hour
    caught = list(Job("a", "agent", hour, missed="catch_up").due(done, now))
    skipped = list(Job("a", "agent", hour, missed="skip").due(done, now))
    assert [slot for slot, _ in caught] == [slot for slot, _ in skipped]
    assert len(caught) == missed
    assert all(wanted for _, wanted in caught)
    assert [wanted for _, wanted in skipped] == [False] * (missed - 1) + [True]


def test_a_period_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        Job("a", "agent", timedelta(0))


def test_a_sparse_job_has_fewer_slots_until_its_sparse_days_end() -> None:
    start, hour = datetime(2026, 1, 5, tzinfo=UTC), timedelta(hours=1)
    job = Job("a", "agent", hour, missed="catch_up", sparse=6 * hour, sparse_until=start + 12 * hour)
    hours = [(slot - start) // hour for slot, _ in job.due(start, start + 15 * hour)]
    assert hours == [6, 12, 13, 14, 15]
