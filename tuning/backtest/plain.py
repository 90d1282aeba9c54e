"""The reference to beat: XGBoost as it comes, on lagged growth and ranks, made anew whenever the models are."""

from datetime import datetime

import polars as pl
from xgboost import XGBClassifier

from models.rows import matrix
from tuning.backtest.plan import BacktestPlan
from tuning.backtest.walk import KEY, training_rows

LAGGED = (
    *(f"gained_{hours}h" for hours in (3, 6, 12, 24, 48, 72, 168)),
    "gained_24h_before",
    "growth_24h_past",
    "views_total_log",
    *(f"rank_{name}" for name in ("growth_24h_past", "gained_6h", "gained_24h", "views_total_log")),
)


def plain_scores(
    features: pl.DataFrame, outcomes: pl.DataFrame, anchors: list[datetime], plan: BacktestPlan
) -> pl.DataFrame:
    """Return hashtag, at and `plain`, the untuned classifier's probability, at every anchor."""
    names = tuple(name for name in LAGGED if name in features.columns)
    labelled = features.select(*KEY, *names).join(outcomes, on=KEY, how="inner")
    parts = []
    for made_at, period in plan.periods(anchors):
        rows = training_rows(labelled, made_at, plan).rows
        model = XGBClassifier(n_jobs=plan.threads, random_state=plan.seed)
        model.fit(matrix(rows, names), rows["viral"].to_numpy())
        asked = features.filter(pl.col("at").is_in(period))
        chance = model.predict_proba(matrix(asked, names))[:, 1].astype(float)
        parts.append(asked.select(KEY).with_columns(plain=pl.Series(chance)))
    return pl.concat(parts)
