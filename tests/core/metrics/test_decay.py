"""Half-life of engagement."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.metrics.decay import half_life_h
from core.windows import HOUR


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
