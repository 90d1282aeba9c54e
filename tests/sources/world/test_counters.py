import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.world.counters import cached_hours, plays, readings, rounded
from sources.world.draws import mix, uniform
from sources.world.rhythm import POSTING, WATCHING, Rhythm
from sources.world.totals import shown_hours
from tests.support.small_worlds import SMALL, small_world

hours = st.floats(-240, 2_000)
EVERY = np.arange(0, 2_000, 7)


@given(st.floats(0, 1e12))
def test_rounding_keeps_small_counts_and_two_figures_of_large_ones(count: float) -> None:
    shown = int(rounded(np.asarray([count]))[0])
    assert shown <= count
    assert count - shown < max(1.0, 0.1 * count)
    assert count >= 10_000 or shown == int(count)
    assert shown % (1 if count < 1e4 else 100 if count < 1e6 else 100_000 if count < 1e9 else 100_000_000) == 0


@settings(deadline=None)
@given(hours, st.floats(0, 300))
def test_plays_never_fall_and_are_none_before_the_post(at: float, step: float) -> None:
    videos = small_world().videos
    now, later = plays(videos, EVERY, at), plays(videos, EVERY, at + step)
    assert (later >= now).all()
    assert (now[videos.created_h[EVERY] >= at] == 0).all()
    assert (later <= videos.plays[EVERY]).all()


@given(hours)
def test_a_reading_is_at_most_half_an_hour_old(at: float) -> None:
    shown = cached_hours(3, EVERY, at)
    assert (at - shown >= -1e-9).all()
    assert (at - shown <= 0.5 + 1e-9).all()


def test_readings_stay_the_same_until_refreshed_and_fall_only_when_cleaned() -> None:
    videos = small_world().videos
    index = np.arange(len(videos.tag))
    steps = [readings(videos, index, at, 3) for at in np.arange(100.0, 400.0, 24.0)]
    fell = np.zeros(len(index), bool)
    for before, after in itertools.pairwise(steps):
        fell |= after[:, 0] < before[:, 0]
    assert fell.any()
    assert np.isfinite(videos.cleaned_h[fell]).all()
    assert (steps[0][:, 1:].max(axis=0) > 0).all()
    assert (steps[-1][:, 1] <= steps[-1][:, 0]).mean() > 0.999


def test_totals_lag_now_and_then() -> None:
    tags = np.arange(SMALL.hashtags)
    lags = np.concatenate([at - shown_hours(SMALL, tags, at) for at in np.arange(100.0, 160.0, 3.0)])
    assert lags.min() >= -1e-9
    assert lags.max() <= 0.5 + SMALL.fitted.stale_h
    assert abs((lags > 0.5).mean() - SMALL.fitted.stale_share) < 0.03


@given(st.floats(-500, 2_000), st.sampled_from([POSTING, WATCHING, Rhythm(0.9, 3.0)]))
def test_bent_time_comes_back(at: float, rhythm: Rhythm) -> None:
    assert abs(float(rhythm.unbend(np.asarray([rhythm.bend(at)]).ravel())[0]) - at) < 1e-2
    assert float(rhythm.bend(at + 0.1)) > float(rhythm.bend(at))


@given(st.integers(0, 2**31), st.integers(0, 2**31))
def test_drawn_numbers_are_those_of_the_mixed_bits(seed: int, index: int) -> None:
    drawn = float(uniform(seed, np.asarray([index]))[0])
    assert drawn == (mix(seed, index) >> 11) / 2**53
