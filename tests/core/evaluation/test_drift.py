import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy

from core.evaluation.drift import Bins, Divergence, level

VALUES = arrays(
    float, st.integers(0, 60), elements=st.one_of(st.just(np.nan), st.just(0.0), st.floats(-1e6, 1e6, width=32))
)


@given(VALUES, VALUES)
def test_every_value_is_in_one_bin_and_distances_are_those_of_the_definition(old: np.ndarray, new: np.ndarray) -> None:  # type: ignore[type-arg]
    bins = Bins.of(old)
    before, after = bins.counts(old), bins.counts(new)
    assert before.sum() == len(old)
    assert after.sum() == len(new)
    assert len(before) <= 11
    divergence = Divergence.of(before, after)
    p, q = before + 0.5, after + 0.5
    assert divergence.kl == pytest.approx(entropy(q, p), abs=1e-12)
    assert divergence.psi == pytest.approx(entropy(q, p) + entropy(p, q), abs=1e-12)


def test_bins_of_many_equal_values_are_merged_and_nulls_stand_apart() -> None:
    reference = np.array([0.0] * 62 + list(np.linspace(0.1, 1, 38)))
    bins = Bins.of(reference)
    assert len(bins.edges) == 4
    assert bins.counts(reference)[0] == 62
    gone = Divergence.of(bins.counts(reference), bins.counts(np.full(100, np.nan)))
    assert level(gone.psi) == "critical"


def test_the_same_again_is_no_drift_and_a_shift_is() -> None:
    rng = np.random.default_rng(0)
    old = rng.normal(size=5000)
    bins = Bins.of(old)
    same = Divergence.of(bins.counts(old), bins.counts(rng.normal(size=2000)))
    moved = Divergence.of(bins.counts(old), bins.counts(rng.normal(0.4, 1, size=2000)))
    far = Divergence.of(bins.counts(old), bins.counts(rng.normal(0.7, 1, size=2000)))
    assert [level(each.psi) for each in (same, moved, far)] == ["ok", "warning", "critical"]
