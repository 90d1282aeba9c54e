"""Made-up labelled rows for tests of models, tuning and evaluation."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

START = datetime(2025, 5, 1, tzinfo=UTC)


def labelled(seed: int = 0, tags: int = 40, days: int = 12, every_h: int = 6) -> pl.DataFrame:
    """Rows of hashtags whose past growth, rank and sharing foretell growth; a third of the last is missing."""
    rng = np.random.default_rng(seed)
    anchors = days * 24 // every_h
    n = tags * anchors
    heat = np.repeat(rng.normal(size=tags), anchors) + 0.5 * rng.normal(size=n)
    growth = np.where(heat + rng.normal(size=n) > 0.8, np.exp(heat + 0.5 * rng.normal(size=n)) * 0.05, 0.0)
    at = [START + timedelta(hours=every_h * (i % anchors)) for i in range(n)]
    frame = pl.DataFrame(
        {
            "hashtag": [f"t{i // anchors:03d}" for i in range(n)],
            "at": at,
            "growth_24h_past": np.maximum(0, 0.05 * heat + 0.08 * rng.normal(size=n)),
            "gained_24h": np.maximum(0, 0.05 * heat + 0.03 * np.random.default_rng(seed + 1).normal(size=n)),
            "velocity": np.clip(heat + rng.normal(size=n), -1, 10),
            "shares_rate": np.where(rng.random(n) < 0.33, np.nan, 0.01 * np.abs(heat + 0.3 * rng.normal(size=n))),
            "semantic": pl.Series([None] * n, dtype=pl.Float64),
            "hours_since_detected": [float(every_h * (i % anchors) % 48) for i in range(n)],
            "growth_24h": growth,
        }
    ).with_columns(pl.col("shares_rate").fill_nan(None))
    k = (pl.len() * 0.05 + 0.5).floor().clip(lower_bound=1).over("at")
    place = pl.col("growth_24h").rank("min", descending=True).over("at")
    viral = (pl.col("growth_24h") > 0) & (place <= k)
    surge = pl.col("at") + pl.duration(minutes=60 + (pl.col("velocity").abs() * 7919 % 1300).cast(pl.Int64))
    return frame.with_columns(viral=viral).with_columns(surged_at=pl.when("viral").then(surge))


FEATURES = ("growth_24h_past", "gained_24h", "velocity", "shares_rate", "semantic", "hours_since_detected")
