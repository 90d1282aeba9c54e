import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.uncertainty import ScoreQuantiles, upper_level


def test_the_interval_covers_four_fifths_of_rows_that_grow_though_most_do_not() -> None:
    rng = np.random.default_rng(1)
    growth = np.where(rng.random(20_000) < 0.7, 0.0, rng.exponential(0.1, 20_000))
    stated = ScoreQuantiles.fit(rng.random(20_000), growth)(rng.random(20_000))
    grew = growth > 0
    assert abs(((growth >= stated[:, 0]) & (growth <= stated[:, 2]))[grew].mean() - 0.8) < 0.02


def test_the_upper_level_is_plain_where_half_or_more_grow() -> None:
    assert upper_level(np.array([0.0, 0.1])) == 0.9
    assert upper_level(np.array([0.0, 0.0, 0.0, 0.1])) == 0.95
    assert upper_level(np.zeros(3)) == 0.995


@given(st.lists(st.tuples(st.floats(-5, 5) | st.just(float("nan")), st.floats(0, 3)), min_size=1, max_size=60))
@settings(deadline=None)
def test_quantiles_rise_and_survive_json(pairs: list[tuple[float, float]]) -> None:
    score, growth = (np.array(column) for column in zip(*pairs, strict=True))
    fitted = ScoreQuantiles.fit(score, growth)
    stated = fitted(score)
    assert stated.shape == (len(pairs), 3)
    assert (np.diff(stated, axis=1) >= 0).all()
    assert np.array_equal(ScoreQuantiles.from_json(fitted.as_json())(score), stated)
