import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.evaluation.ranking import alerts, rank


def scored(**columns: list[object]) -> pl.DataFrame:
    n = len(next(iter(columns.values())))
    plain: dict[str, list[object]] = {
        "hashtag": [f"t{i:02d}" for i in range(n)],
        "probability": [0.5] * n,
        "novelty": [None] * n,
        "spread": [None] * n,
        "videos_24h": [None] * n,
        "creators_24h": [None] * n,
    }
    types = {"novelty": pl.Float64, "spread": pl.Float64, "videos_24h": pl.Int64, "creators_24h": pl.Int64}
    return pl.DataFrame(plain | columns, schema_overrides=types)


def test_rank_score_follows_the_formula() -> None:
    ranked = rank(scored(novelty=[1.0, 0.0, None], spread=[None, 1.0, 0.5])).sort("hashtag")
    assert ranked["rank_score"].to_list() == pytest.approx([0.5, 0.5 * 0.5 * 1.1, 0.5 * 0.75 * 1.05])
    assert ranked["rank"].to_list() == [1, 3, 2]


def test_small_tags_are_not_ranked_and_unknown_counts_do_not_bar() -> None:
    ranked = rank(scored(videos_24h=[2, 3, None, 9], creators_24h=[9, 3, None, 2])).sort("hashtag")
    assert ranked["rank"].to_list() == [None, 1, 2, None]
    assert ranked["rank_score"].is_null().to_list() == [True, False, False, True]
    assert ranked["probability"].to_list() == [0.5] * 4


def test_ties_go_by_name() -> None:
    assert rank(scored(hashtag=["b", "a", "c"]))["hashtag"].to_list() == ["a", "b", "c"]


def test_alerts_need_probability_a_top_place_and_quiet() -> None:
    ranked = rank(scored(probability=[0.9 - i / 100 for i in range(12)]))
    assert alerts(ranked, 0.3, frozenset({"t03"})).to_list() == [i not in (3, 10, 11) for i in range(12)]
    assert alerts(ranked, 0.88, frozenset()).sum() == 3
    assert alerts(rank(scored(videos_24h=[1])), 0.1, frozenset()).to_list() == [False]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0, 1))
@settings(deadline=None)
def test_at_most_ten_alerts_and_ranks_are_a_permutation(probabilities: list[float], threshold: float) -> None:
    ranked = rank(scored(probability=list(probabilities)))
    assert sorted(ranked["rank"].to_list()) == list(range(1, len(probabilities) + 1))
    assert alerts(ranked, threshold, frozenset()).sum() <= 10
