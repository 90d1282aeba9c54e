"""What compares the hashtags of one window with each other: momentum, and which are emerging.

Formulas: docs/formulas.md, section 3.
"""

from dataclasses import dataclass

import polars as pl

_TIED_DECIMALS = 12


@dataclass(frozen=True)
class MomentumRule:
    """Weights of the ranks that make momentum, and the thresholds of an emerging hashtag."""

    velocity: float = 0.4
    acceleration: float = 0.3
    engagement_efficiency: float = 0.2
    creator_dispersion: float = 0.1
    emerging_quantile: float = 0.95
    emerging_novelty: float = 0.6
    emerging_volume: int = 3


def relative_rank(column: str) -> pl.Expr:
    """Return (average rank - 0.5) / n among the n rows with a value, 0.5 where there is none.

    Values that differ by a rounding error only (1e-12) are tied: an entropy of 1 must not outrank another one.

    Examples
    --------
    >>> pl.DataFrame({"velocity": [1.0, 3.0, None]}).select(relative_rank("velocity")).to_series().to_list()
    [0.25, 0.75, 0.5]
    """
    value = pl.col(column).round(_TIED_DECIMALS)
    return ((value.rank("average") - 0.5) / value.count()).fill_null(0.5)


def with_ranks(metrics: pl.DataFrame, rule: MomentumRule) -> pl.DataFrame:
    """Return rows with `momentum` and `emerging`; all hashtags of each of their windows have to be there."""
    momentum = (
        rule.velocity * relative_rank("velocity")
        + rule.acceleration * relative_rank("acceleration")
        + rule.engagement_efficiency * relative_rank("engagement_efficiency")
        + rule.creator_dispersion * relative_rank("creator_dispersion")
    )
    ranked = metrics.with_columns(momentum=momentum.over("window_end"))
    least = _quantile("momentum", rule.emerging_quantile).over("window_end") - 10**-_TIED_DECIMALS
    novel = (pl.col("novelty") >= rule.emerging_novelty).fill_null(False)
    large = (pl.col("volume") >= rule.emerging_volume).fill_null(False)
    return ranked.with_columns(emerging=(pl.col("momentum") >= least) & novel & large)


def _quantile(column: str, quantile: float) -> pl.Expr:
    """Return the linearly interpolated quantile; a place that is whole but for rounding is that value exactly."""
    ordered = pl.col(column).sort()
    place = (quantile * (pl.len().cast(pl.Float64) - 1)).round(9)
    below = place.floor().cast(pl.UInt32)
    low, high = ordered.get(below), ordered.get(pl.min_horizontal(below + 1, pl.len() - 1))
    return low + (high - low) * (place - below)
