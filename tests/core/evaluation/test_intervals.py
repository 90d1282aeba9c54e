from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.evaluation.intervals import DayBlocks

START = datetime(2025, 5, 1, tzinfo=UTC)


def times(days: list[int]) -> pl.Series:
    return pl.Series([START + timedelta(days=d, hours=d % 24) for d in days], dtype=pl.Datetime("us", "UTC"))


@given(st.lists(st.integers(0, 30), min_size=1, max_size=80), st.integers(0, 100))
@settings(deadline=None)
def test_every_resample_draws_as_many_days_as_there_are(days: list[int], seed: int) -> None:
    blocks = DayBlocks.of(times(days), resamples=20, seed=seed)
    assert blocks.count == len(set(days))
    assert (blocks.weights[:, 0] == 1).all()
    assert (blocks.weights[:, 1:].sum(axis=0) == blocks.count).all()
    assert np.array_equal(blocks.weights, DayBlocks.of(times(days), 20, seed).weights)


def test_the_interval_is_as_wide_as_days_differ() -> None:
    rng = np.random.default_rng(0)
    days = np.repeat(np.arange(60), 50)
    blocks = DayBlocks.of(times(days.tolist()), resamples=400, seed=1)
    alike = blocks.estimate(blocks.mean(rng.normal(size=3000)), 3000)
    moved = blocks.estimate(blocks.mean(rng.normal(size=60)[days]), 3000)
    widths = [e.upper - e.lower for e in (alike, moved) if e.upper is not None and e.lower is not None]
    assert widths[0] == pytest.approx(2 * 1.96 / np.sqrt(3000), rel=0.25)
    assert widths[1] == pytest.approx(2 * 1.96 / np.sqrt(60), rel=0.3)


def test_what_is_undefined_stays_undefined() -> None:
    blocks = DayBlocks.of(times([0, 1]), resamples=5)
    nothing = blocks.estimate(blocks.ratio(np.zeros(2), np.zeros(2)), 0)
    assert (nothing.value, nothing.lower, nothing.upper) == (None, None, None)
    assert DayBlocks.of(times([]), 5).count == 0
