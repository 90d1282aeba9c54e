"""A small cohort with a fitted model whose chances hang on more than growth, for tests of judgements."""

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import polars as pl

from core.tables import HASHTAG_METRICS
from models.boosted import BoostedSettings, BoostedTrees
from models.interface import Model
from pipelines.metrics.features import FEATURES
from pipelines.predictions.predict import AlertRule, predict

AT = datetime(2025, 5, 14, 10, tzinfo=UTC)
LEARNT = ("creator_dispersion", "engagement_efficiency", "momentum", "unique_creators", "volume", "gained_24h")


def cohort(seed: int = 0, tags: int = 60, at: datetime = AT) -> pl.DataFrame:
    """Rows of table `features` of one moment; what models do not learn from here is null."""
    rng = np.random.default_rng(seed)
    posts = rng.integers(2, 40, tags)
    creators = np.maximum(1, (posts * rng.uniform(0.3, 1.0, tags)).astype(int))
    day = posts + rng.integers(0, 30, tags)
    engagement = rng.uniform(0.01, 0.2, tags)
    columns = {
        "hashtag": [f"t{n:02d}" for n in range(tags)],
        "creator_dispersion": rng.uniform(0.1, 1.0, tags),
        "engagement_efficiency": engagement,
        "likes_rate": engagement * 0.9,
        "comments_rate": engagement * 0.04,
        "shares_rate": engagement * 0.06,
        "momentum": rng.uniform(0.1, 0.9, tags),
        "unique_creators": creators,
        "volume": posts,
        "videos_24h": day,
        "creators_24h": np.minimum(day, creators + 2),
        "gained_24h": rng.exponential(0.05, tags),
    }
    frame = pl.DataFrame(columns).with_columns(at=pl.lit(at), window=pl.lit(at), feature_set=pl.lit("v2"))
    filled = [frame[name] if name in frame.columns else pl.lit(None).alias(name) for name in FEATURES.schema]
    return frame.select([part if isinstance(part, pl.Expr) else pl.lit(part) for part in filled]).cast(
        dict(FEATURES.schema)  # type: ignore[arg-type]
    )


def metrics_of(features: pl.DataFrame) -> pl.DataFrame:
    """The rows of `hashtag_metrics` that go with them."""
    mine = {name: features[name] for name in features.columns if name in HASHTAG_METRICS.schema and name != "window"}
    rows = pl.DataFrame(mine).with_columns(
        window_end=features["at"], window=features["at"], window_length=pl.lit(60), emerging=pl.lit(False)
    )
    missing = [pl.lit(None).alias(name) for name in HASHTAG_METRICS.schema if name not in rows.columns]
    return rows.with_columns(missing).select(HASHTAG_METRICS.schema.keys()).cast(dict(HASHTAG_METRICS.schema))  # type: ignore[arg-type]


@cache
def fitted() -> Model:
    """Trees that learnt that evenness, engagement and momentum foretell a surge."""
    rows = pl.concat([cohort(seed, at=AT - timedelta(hours=30 + 6 * seed)) for seed in range(12)])
    heat = rows["creator_dispersion"] + 4 * rows["engagement_efficiency"] + 0.5 * rows["momentum"]
    viral = heat > float(heat.quantile(0.8) or 0.0)
    growth = viral.cast(pl.Float64) * 0.2
    model = BoostedTrees(settings=BoostedSettings(members=2, rounds=30, quantile_rounds=5))
    model.fit(rows.select(LEARNT), growth, viral, rows["at"], 0)
    return model


def predictions_of(features: pl.DataFrame) -> pl.DataFrame:
    """What that model says of them, ranked."""
    return predict(fitted(), "m-1", features, metrics_of(features), AlertRule(2.0)).rows
