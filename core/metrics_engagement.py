"""How much an audience reacts: likes, comments, shares and saves per play (SPEC 3)."""

import polars as pl

RATED = ("likes", "comments", "shares", "saves")
_EFFICIENCY = ("likes_rate", "comments_rate", "shares_rate")


def rates() -> list[pl.Expr]:
    """Return aggregations over a hashtag's observed videos: likes_rate, comments_rate, shares_rate and saves_rate.

    Sum of the counter over sum of plays, of the videos where both are known and plays are positive; null without any.
    """
    return [_rate(counter) for counter in RATED]


def _rate(counter: str) -> pl.Expr:
    both = pl.col(counter).is_not_null() & (pl.col("plays") > 0)
    return (pl.col(counter).filter(both).sum() / _positive(pl.col("plays").filter(both).sum())).alias(f"{counter}_rate")


def _positive(total: pl.Expr) -> pl.Expr:
    return pl.when(total > 0).then(total)


def efficiency() -> pl.Expr:
    """Return engagement_efficiency: likes, comments and shares per play; null parts count as 0, null if all are."""
    known = pl.any_horizontal(pl.col(_EFFICIENCY).is_not_null())
    return pl.when(known).then(sum((pl.col(name).fill_null(0.0) for name in _EFFICIENCY), pl.lit(0.0)))
