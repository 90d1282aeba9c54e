"""Momentum and emerging, which compare the hashtags of a window."""

import polars as pl
import pytest

from core.metrics.ranks import MomentumRule, relative_rank, with_ranks


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
