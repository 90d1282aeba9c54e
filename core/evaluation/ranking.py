"""Which predictions are shown first, and which are alerts. The probability itself is never altered.

Formulas: docs/formulas.md, section 5.
"""

from datetime import datetime, timedelta

import polars as pl

MIN_VIDEOS = 3
MIN_CREATORS = 3
TOP = 10
QUIET = timedelta(hours=24)
UNKNOWN_NOVELTY = 0.5
RANKED_BY = dict.fromkeys(("novelty", "spread", "videos_24h", "creators_24h"), pl.Float64())
"""Columns that ranking uses beside the probability; each may be unknown (null)."""


def rank(scored: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with `rank_score` and `rank` (1 is best, ties by name), both null for hashtags without a rank.

    `rank_score = probability x (0.5 + 0.5 novelty) x (1 + 0.1 spread)`. A hashtag with fewer than 3 videos or creators
    in the last 24 h has no rank; an unknown (null) count does not exclude it. An unknown novelty counts as 0.5, halfway
    between all seen before and all new; an unknown spread counts as 0.

    Parameters
    ----------
    scored: hashtag, probability, novelty, spread, videos_24h, creators_24h of one moment
    """
    shown = (
        (pl.col("videos_24h") >= MIN_VIDEOS).fill_null(True)
        & (pl.col("creators_24h") >= MIN_CREATORS).fill_null(True)
        & pl.col("probability").is_not_null()
    )
    score = (
        pl.col("probability")
        * (0.5 + 0.5 * pl.col("novelty").fill_null(UNKNOWN_NOVELTY))
        * (1 + 0.1 * pl.col("spread").fill_null(0.0))
    )
    ordered = scored.with_columns(rank_score=pl.when(shown).then(score)).sort(
        ["rank_score", "hashtag"], descending=[True, False], nulls_last=True
    )
    place = pl.when(pl.col("rank_score").is_not_null()).then(pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    return ordered.with_columns(rank=place)


def alerts(ranked: pl.DataFrame, threshold: float, recent: frozenset[str]) -> pl.Series:
    """Return which rows are alerts: probable enough, among the top 10, of a hashtag without an alert in 24 h.

    Parameters
    ----------
    ranked: what `rank` returned for one moment
    threshold: least probability of an alert
    recent: hashtags alerted in the 24 h before
    """
    return ranked.select(
        alerted=(
            (pl.col("probability") >= threshold) & (pl.col("rank") <= TOP) & ~pl.col("hashtag").is_in(sorted(recent))
        ).fill_null(False)
    ).to_series()


def with_alerts(predictions: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """Return predictions of many moments with `rank` and `alerted`, as they would have been raised one after another.

    Parameters
    ----------
    predictions: hashtag, at, probability, and those columns of `RANKED_BY` that are known
    threshold: least probability of an alert
    """
    unknown = [pl.lit(None, dtype).alias(name) for name, dtype in RANKED_BY.items() if name not in predictions.columns]
    last: dict[str, datetime] = {}
    parts = []
    for (at,), moment in predictions.with_columns(unknown).sort("at").partition_by("at", as_dict=True).items():
        assert isinstance(at, datetime)
        ranked = rank(moment)
        recent = frozenset(tag for tag, raised in last.items() if at - raised < QUIET)
        marked = ranked.with_columns(alerts(ranked, threshold, recent))
        last |= dict.fromkeys(marked.filter("alerted")["hashtag"], at)
        parts.append(marked)
    return pl.concat(parts) if parts else predictions.with_columns(alerted=pl.lit(False))
