import itertools
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import VirtualClock
from core.events import Event, EventKind
from core.windows import FETCH_WINDOW, require_utc, window_end, window_ends

NOON = datetime(2025, 5, 14, 12, tzinfo=UTC)
times = st.datetimes(datetime(2024, 1, 1), datetime(2026, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


def test_a_virtual_clock_never_runs_backwards() -> None:
    clock = VirtualClock(NOON)
    with pytest.raises(ValueError, match="can't go back"):
        clock.set(NOON - timedelta(seconds=1))
    clock.set(NOON + timedelta(hours=1))
    assert clock.now() == NOON + timedelta(hours=1)


@pytest.mark.parametrize("moment", [datetime(2025, 5, 14), NOON.astimezone(timezone(timedelta(hours=7)))])
def test_only_utc_is_time(moment: datetime) -> None:
    with pytest.raises(ValueError, match="aware UTC"):
        require_utc(moment)


@given(times)
def test_a_window_holds_its_moment(moment: datetime) -> None:
    end = window_end(moment)
    assert end - FETCH_WINDOW < moment <= end


@given(times, st.integers(0, 10_000))
def test_windows_tile_a_range(start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    ends = list(window_ends(start, end, FETCH_WINDOW))
    assert all(start < end <= end for end in ends)
    assert all(later - earlier == FETCH_WINDOW for earlier, later in itertools.pairwise(ends))


def test_the_same_event_told_twice_has_one_id() -> None:
    first = Event(EventKind.JOB_DONE, "scheduler", NOON, "ingest", {"pid": 1})
    again = Event(EventKind.JOB_DONE, "scheduler", NOON, "ingest", {"pid": 2})
    other = Event(EventKind.JOB_DONE, "scheduler", NOON, "measure")
    assert first.event_id == again.event_id != other.event_id
