import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.features import FEATURE_SET
from core.judgements.perturbations import FACTORS, PERTURBATIONS, perturbed, place, value_range
from core.metrics.formulas import relative_rank

COUNTS = {perturbation.feature: perturbation for perturbation in PERTURBATIONS if perturbation.whole}
share = st.floats(1e-4, 1.0)
count = st.integers(1, 60).map(float)


@st.composite
def hashtags(draw: st.DrawFn) -> dict[str, float | None]:
    """A hashtag's features as they can be: nobody is counted that did not post."""
    posts, day = draw(count), draw(count)
    creators, creators_24h = draw(st.integers(1, int(posts))), draw(st.integers(1, int(day)))
    shares = {
        name: draw(st.none() | share)
        for perturbation in PERTURBATIONS
        if not perturbation.whole
        for name in perturbation.features
    }
    return {
        **shares,
        "volume": posts,
        "videos_24h": day,
        "unique_creators": float(creators),
        "creators_24h": float(creators_24h),
        "unique_sounds": float(draw(st.integers(1, int(posts)))),
        "top_creator_share_24h": draw(st.none() | st.just(1 / creators_24h)),
    }


def test_levers_move_features_that_are_declared() -> None:
    for perturbation in PERTURBATIONS:
        assert {*perturbation.features, *perturbation.against} <= set(FEATURE_SET.inputs)


@given(row=hashtags(), factor=st.sampled_from(FACTORS), reach=st.tuples(st.floats(0, 5), st.floats(5, 50)))
def test_a_lever_keeps_to_range_and_bounds(
    row: dict[str, float | None], factor: float, reach: tuple[float, float]
) -> None:
    for perturbation in PERTURBATIONS:
        moved = perturbed(perturbation, row, factor, *reach)
        start, target = row[perturbation.feature], moved.get(perturbation.feature)
        if target is None or start is None:
            assert not moved
            continue
        inside = (
            reach[0] - 1 <= target <= reach[1] + 1 if perturbation.whole else reach[0] <= target <= reach[1] + 1e-12
        )
        assert inside or (target - start) * (factor - 1) > 0
        assert (target > start) == (factor > 1)
        assert all(
            0 <= value <= perturbation.most * (1 + 1e-9)
            for name, value in moved.items()
            if name in perturbation.features
        )
        after = {**row, **moved}
        assert all(after[part] <= after[bound] for part, bound in perturbation.within if after[bound] is not None)  # type: ignore[operator]


@given(row=hashtags(), factor=st.sampled_from(FACTORS))
def test_what_follows_moves_by_the_same_factor(row: dict[str, float | None], factor: float) -> None:
    for perturbation in PERTURBATIONS:
        moved = perturbed(perturbation, row, factor, 0.0, 1e9)
        for name in moved.keys() & set(perturbation.features):
            ratio = moved[perturbation.feature] / row[perturbation.feature]  # type: ignore[operator]
            expected = row[name] * ratio  # type: ignore[operator]
            assert moved[name] == pytest.approx(expected, abs=0.5 if perturbation.whole else 1e-12)
        assert all(row[name] is not None for name in moved)


def test_a_count_stays_whole_and_an_unknown_or_zero_figure_stays_put() -> None:
    creators = COUNTS["unique_creators"]
    row = {"unique_creators": 3.0, "volume": 4.0, "creators_24h": 5.0, "videos_24h": 9.0}
    assert perturbed(creators, row, 2.0, 1.0, 50.0) == {"unique_creators": 4.0, "creators_24h": 7.0}
    assert perturbed(creators, row, 0.5, 1.0, 50.0) == {"unique_creators": 2.0, "creators_24h": 3.0}
    for value in (None, 0.0):
        assert perturbed(PERTURBATIONS[0], {"creator_dispersion": value}, 2.0, 0.0, 1.0) == {}


def test_fewer_creators_than_the_first_ones_share_allows_is_no_question() -> None:
    row = {"unique_creators": 2.0, "volume": 9.0, "creators_24h": 4.0, "videos_24h": 9.0, "top_creator_share_24h": 0.6}
    assert perturbed(COUNTS["unique_creators"], row, 0.5, 1.0, 50.0) == {}


@given(values=st.lists(st.none() | st.integers(0, 5).map(float), min_size=1, max_size=12))
def test_a_place_is_that_of_the_metrics_own_rule(values: list[float | None]) -> None:
    expected = pl.DataFrame({"x": [2.0, *values]}, schema={"x": pl.Float64}).select(relative_rank("x")).to_series()[0]
    others = np.array([np.nan if value is None else value for value in values])
    assert place(others, 2.0) == pytest.approx(expected)


def test_a_range_is_of_what_is_known() -> None:
    assert value_range([None, None]) is None
    assert value_range([None, 3.0]) == (3.0, 3.0)
    low, high = value_range([float(n) for n in range(101)]) or (0, 0)
    assert (low, high) == (5.0, 95.0)
