"""The metric formulas at their edges: V and gains from totals, velocity, z-scores, half-life, momentum, emerging."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.metrics.formulas import (
    MomentumRule,
    acceleration,
    gained_from_totals,
    half_life_h,
    lanes,
    relative_rank,
    velocity,
    views_at,
    with_ranks,
    z_scores,
)
from core.metrics.time_log import TimeLog
from core.windows import EPOCH, HOUR, micros

NOW = EPOCH + 100 * HOUR


def totals(*readings: tuple[float, float]) -> TimeLog:
    times = np.array([micros(EPOCH + hours * HOUR) for hours, _ in readings], dtype=np.int64)
    views = np.array([views for _, views in readings])
    return TimeLog(times, np.zeros(len(readings), np.int32), {"views": views})


@pytest.mark.parametrize(("hours", "fresh"), [(94.0, False), (94.001, True), (100.0, True), (100.001, False)])
def test_views_are_known_for_six_hours(hours: float, fresh: bool) -> None:
    assert np.isnan(views_at(totals((hours, 5.0)), 1, NOW)[0]) != fresh


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([(95.0, 100.0), (98.0, 400.0)], 100.0),
        ([(98.5, 100.0), (99.0, 400.0)], np.nan),
        ([(97.0, 100.0), (98.5, 300.0), (99.0, 400.0)], 150.0),
        ([(75.0, 100.0), (99.0, 400.0)], 12.5),
        ([(74.99, 100.0), (99.0, 400.0)], np.nan),
        ([(94.0, 400.0)], np.nan),
        ([], np.nan),
    ],
)
def test_gain_is_scaled_from_the_newest_pair_an_hour_apart(
    readings: list[tuple[float, float]], expected: float
) -> None:
    assert gained_from_totals(totals(*readings), 1, NOW, HOUR)[0] == pytest.approx(expected, nan_ok=True)


def test_windows_longer_than_a_day_have_no_pair() -> None:
    assert np.isnan(gained_from_totals(totals((60.0, 1.0), (99.0, 5.0)), 1, NOW, 25 * HOUR)[0])


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [(15.0, 10.0, 0.5), (0.0, 0.0, 0.0), (1.0, 0.0, 10.0), (500.0, 1.0, 10.0), (0.0, 7.0, -1.0)],
)
def test_velocity(now: float, before: float, expected: float) -> None:
    assert velocity(np.array([now]), np.array([before]), np.array([True]))[0] == expected


def test_velocity_is_unknown_across_sources_and_gaps() -> None:
    unknown = velocity(
        np.array([1.0, np.nan, 1.0, 0.0]), np.array([1.0, 0.0, np.nan, 0.0]), np.array([False, True, True, False])
    )
    assert np.isnan(unknown).all()


def test_acceleration_is_relative_to_at_least_a_tenth_and_clipped() -> None:
    assert acceleration(np.array([0.05, 5.0, -1.0]), np.array([0.0, 0.0, 10.0])).tolist() == [
        0.5,
        10.0,
        pytest.approx(-1.1),
    ]


def test_z_scores_need_24_values_that_differ() -> None:
    values = np.tile([1.0, 3.0], 12)
    lane = np.array([3])
    assert z_scores(np.array([4.0]), lane, values, np.full(24, 3))[0] == pytest.approx(2.0)
    assert math.isnan(z_scores(np.array([4.0]), lane, values[:23], np.full(23, 3))[0])
    assert math.isnan(z_scores(np.array([4.0]), lane, np.full(30, 0.1), np.full(30, 3))[0])
    assert math.isnan(z_scores(np.array([4.0]), lane, values, np.full(24, 4))[0]), "another source"
    assert z_scores(np.zeros(0), np.zeros(0, int), np.zeros(0), np.zeros(0, int)).size == 0


def test_a_lane_is_one_hashtag_and_source() -> None:
    codes, gained = np.array([0, 0, 1, 1]), np.array([1.0, 2.0, 3.0, np.nan])
    assert lanes(codes, gained, np.array([False, True, False, True])).tolist() == [1, 2, 3, 0]


@given(hours=st.floats(0.1, 700), start=st.floats(1e-6, 1), length_h=st.sampled_from([0.25, 1, 3]))
def test_an_exact_decay_is_found_again(hours: float, start: float, length_h: float) -> None:
    curve = np.array([[start * 0.5 ** (step * length_h / hours)] for step in range(12)])
    assert half_life_h(curve, length_h * HOUR)[0] == pytest.approx(hours, rel=1e-6)


def test_a_slow_decay_is_capped_and_none_is_unknown() -> None:
    slow = np.array([[1.0], [1 - 1e-6], [1 - 2e-6]])
    assert half_life_h(slow, HOUR)[0] == 720
    assert np.isnan(half_life_h(slow[::-1], HOUR)[0])
    assert np.isnan(half_life_h(np.full((12, 1), 0.1), HOUR)[0])


def test_unknown_and_zero_windows_are_left_out_but_keep_their_place() -> None:
    curve = np.array([[0.4], [np.nan], [0.1], [0.0], [0.025]])
    assert half_life_h(curve, HOUR)[0] == pytest.approx(1.0)
    assert np.isnan(half_life_h(curve[:3], HOUR)[0])


def window(**columns: list[float | None]) -> pl.DataFrame:
    size = len(next(iter(columns.values())))
    names = ("velocity", "acceleration", "engagement_efficiency", "creator_dispersion", "novelty", "volume")
    rows = {name: columns.get(name, [None] * size) for name in names}
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64)).with_columns(window_end=pl.lit(1))


def test_ties_share_their_rank_even_across_rounding_errors() -> None:
    frame = pl.DataFrame({"x": [0.1 + 0.2, 0.3, 0.5, None]})
    assert frame.select(relative_rank("x")).to_series().to_list() == pytest.approx([1 / 3, 1 / 3, 2.5 / 3, 0.5])


def test_momentum_is_half_where_nothing_is_known() -> None:
    assert with_ranks(window(velocity=[None, None]), MomentumRule())["momentum"].to_list() == pytest.approx([0.5, 0.5])
    two = with_ranks(window(velocity=[1.0, 2.0]), MomentumRule())["momentum"]
    assert two.to_list() == pytest.approx([0.4, 0.6])


def test_emerging_takes_the_top_of_the_window_if_novel_and_large() -> None:
    size = 41
    rows = window(
        velocity=[float(n) for n in range(size)],
        novelty=[0.6] * 40 + [0.5],
        volume=[3.0] * 39 + [2.0, 9.0],
    )
    assert not with_ranks(rows, MomentumRule())["emerging"][39:].any()
    assert with_ranks(rows, MomentumRule())["emerging"][38], "the 95th percentile of 41 is the third from the top"
    assert not with_ranks(rows, MomentumRule())["emerging"][:38].any()


def test_an_empty_window_has_no_momentum() -> None:
    assert with_ranks(window(velocity=[]), MomentumRule()).columns[-2:] == ["momentum", "emerging"]


def test_windows_are_ranked_apart() -> None:
    first, second = window(velocity=[1.0, 2.0, None]), window(velocity=[5.0, 0.0]).with_columns(window_end=pl.lit(2))
    together = with_ranks(pl.concat([first, second]), MomentumRule())
    alone = [with_ranks(rows, MomentumRule()) for rows in (first, second)]
    assert together.equals(pl.concat(alone))
