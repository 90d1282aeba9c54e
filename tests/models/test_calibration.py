import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calibration import Calibration, fit_calibration, sigmoid


@given(seed=st.integers(0, 1000), rows=st.sampled_from([30, 300, 8000]), bias=st.floats(-3, 3), scale=st.floats(0.2, 5))
@settings(max_examples=25, deadline=None)
def test_probabilities_rise_with_scores_and_average_to_what_happened(
    seed: int, rows: int, bias: float, scale: float
) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.normal(-2, 1.5, rows)
    viral = rng.random(rows) < sigmoid(truth)
    score = scale * truth + bias
    calibration = fit_calibration(score, viral)
    ordered = calibration(np.unique(score))
    assert (np.diff(ordered) > 0).all()
    assert ((ordered > 0) & (ordered < 1)).all()
    assert calibration(score).mean() == pytest.approx(viral.mean(), abs=0.04)
    assert np.array_equal(Calibration.from_json(calibration.as_json())(score), calibration(score))


def test_a_biased_score_is_set_right() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(-2, 1.5, 20_000)
    calibration = fit_calibration(3 * truth + 4, rng.random(20_000) < sigmoid(truth))
    assert np.abs(calibration(3 * truth + 4) - sigmoid(truth)).mean() < 0.01


def test_a_score_that_says_nothing_gets_the_base_rate() -> None:
    flat = fit_calibration(np.linspace(-3, 3, 100), np.zeros(100, dtype=bool))
    assert flat(np.array([-3.0, 3.0])) == pytest.approx([1 / 120] * 2, rel=0.01)
    inverted = fit_calibration(np.linspace(-3, 3, 1000), np.linspace(-3, 3, 1000) < -2)
    assert inverted(np.array([0.0]))[0] == pytest.approx(1 / 6, abs=0.01)
