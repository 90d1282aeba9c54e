from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from core.evaluation.splits import time_split

START = datetime(2025, 5, 1, tzinfo=UTC)


@given(st.lists(st.integers(0, 800), min_size=1, max_size=60), st.floats(0.05, 0.9))
@settings(deadline=None)
def test_no_earlier_label_looks_into_the_later_part(hours: list[int], share: float) -> None:
    at = pl.Series([START + timedelta(hours=h) for h in hours], dtype=pl.Datetime("us", "UTC"))
    split = time_split(at, share)
    assert not (split.earlier & split.later).any()
    earlier, later = at.filter(pl.Series(split.earlier)), at.filter(pl.Series(split.later))
    if len(earlier) and len(later):
        assert earlier.max() + timedelta(hours=24) <= later.min()  # type: ignore[operator]
    if len(set(hours)) > 1:
        assert split.later.any()


def test_no_rows_split_into_none() -> None:
    split = time_split(pl.Series([], dtype=pl.Datetime("us", "UTC")), 0.25)
    assert len(split.earlier) == len(split.later) == 0
