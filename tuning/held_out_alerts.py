"""The alerts a model would have raised over a period, by the rule they are raised by live."""

from datetime import datetime

import polars as pl

from core.evaluation.ranking import QUIET, alerts, rank

ASKED = {"novelty": pl.Float64, "spread": pl.Float64, "videos_24h": pl.Float64, "creators_24h": pl.Float64}


def with_alerts(said: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """Add `alerted` to rows of predictions, going through their anchors in order of time.

    Parameters
    ----------
    said: hashtag, at, probability, and what ranking asks for where it is known
    threshold: least probability of an alert
    """
    unknown = [pl.lit(None, dtype).alias(name) for name, dtype in ASKED.items() if name not in said.columns]
    last: dict[str, datetime] = {}
    parts = []
    for (at,), anchor in said.with_columns(unknown).sort("at").partition_by("at", as_dict=True).items():
        assert isinstance(at, datetime)
        ranked = rank(anchor)
        recent = frozenset(tag for tag, moment in last.items() if at - moment < QUIET)
        marked = ranked.with_columns(alerts(ranked, threshold, recent))
        last |= dict.fromkeys(marked.filter("alerted")["hashtag"], at)
        parts.append(marked)
    return pl.concat(parts) if parts else said.with_columns(alerted=pl.lit(False))


def true_lead_times(marked: pl.DataFrame) -> list[float]:
    """Hours from each alert that came true to its surge."""
    won = marked.filter(pl.col("alerted") & pl.col("viral") & pl.col("surged_at").is_not_null())
    lead = (pl.col("surged_at") - pl.col("at")).dt.total_seconds() / 3600
    hours: list[float] = won.select(lead).to_series().to_list()
    return hours
