"""From metrics to the table `features`: what models know of each hashtag at the end of a window."""

from datetime import timedelta

import numpy as np
import polars as pl

from core.features import FEATURE_SET
from core.features.cohort import place_among, with_clusters, with_cohort
from core.features.growth import growth_features
from core.features.people import people_features
from core.features.rises import rise_features
from core.features.set_v1 import RANKED
from core.features.sets import features_table
from core.labels.labels import HORIZON
from core.labels.rises import TotalReadings
from core.metrics.state import MetricState
from core.metrics.time_log import Floats
from core.tables import Table
from core.windows import micros
from storage.lake.interface import Lake

FEATURES: Table = features_table(FEATURE_SET)
RESIDUAL_SPAN = timedelta(days=7)
_AS_THEY_ARE = (
    "velocity",
    "acceleration",
    "momentum",
    "z_14d",
    "likes_rate",
    "comments_rate",
    "shares_rate",
    "saves_rate",
    "half_life_h",
    "retention_6",
    "retention_24",
    "retention_72",
    "increment_coverage",
    "volume",
    "unique_creators",
    "unique_sounds",
)


def features(
    state: MetricState,
    rises: TotalReadings,
    metrics: pl.DataFrame,
    residuals: pl.DataFrame | None = None,
    clusters: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return rows of table `features` (feature set v2) at the end of a window, sorted by hashtag.

    Parameters
    ----------
    state: the state at the end of the window
    rises: rises of totals until then, by the state's codes
    metrics: the window's rows of `hashtag_metrics`
    residuals: hashtag, at and residual (viral less probability) of past predictions; those whose 24 h are not over are
        ignored
    clusters: clusters before the end of the window, as `pipelines.metrics.known_clusters` returns them
    """
    ordered = metrics.sort("hashtag")
    codes = state.tags.codes(ordered["hashtag"]).to_numpy()
    columns = growth_features(state, codes) | people_features(state, codes)
    columns |= rise_features(rises, codes, np.full(len(codes), micros(state.as_of)))
    rows = ordered.select(
        "hashtag",
        pl.lit(state.as_of).cast(FEATURES.schema["at"]).alias("at"),
        pl.lit(FEATURE_SET.name).alias("feature_set"),
        *_AS_THEY_ARE,
        pl.col("views_gained").log1p().alias("views_gained_log"),
        (pl.col("v_source") == "totals").cast(pl.Float64).alias("from_totals"),
        (pl.col("new_videos") / pl.col("volume")).alias("new_video_share"),
    ).hstack(_known(columns))
    rows = with_cohort(rows.with_columns(place_among(name).alias(f"rank_{name}") for name in RANKED))
    if clusters is not None:
        rows = with_clusters(rows, clusters, state.as_of)
    return _declared(_with_residuals(rows, state, residuals))


def load_rises(lake: Lake, state: MetricState) -> TotalReadings:
    """Return the rises of totals until `state.as_of`, from the lake; an agent does this once, when it starts."""
    totals = lake.read("hashtag_snapshots", end=state.as_of, columns=["hashtag", "fetched_at", "views_total"])
    return advance_rises(TotalReadings.none(), state, totals)


def advance_rises(rises: TotalReadings, state: MetricState, totals: pl.DataFrame) -> TotalReadings:
    """Return the rises until `state.as_of`, from the rises before and the rows of `hashtag_snapshots` read since."""
    readings = totals.filter(pl.col("views_total").is_not_null() & (pl.col("fetched_at") <= state.as_of))
    codes = state.tags.codes(readings["hashtag"]).to_numpy().astype(np.int64)
    times, views = readings["fetched_at"].to_physical().to_numpy(), readings["views_total"].cast(pl.Float64).to_numpy()
    return rises.extended(TotalReadings.of(codes, times, views), state.as_of)


def _known(columns: dict[str, Floats]) -> pl.DataFrame:
    """Return values as columns, null where they are not finite."""
    finite = {name: np.where(np.isfinite(values), values, np.nan) for name, values in columns.items()}
    return pl.DataFrame(finite, nan_to_null=True)


def _with_residuals(rows: pl.DataFrame, state: MetricState, residuals: pl.DataFrame | None) -> pl.DataFrame:
    if residuals is None:
        return rows
    over = residuals.filter(pl.col("at") <= state.as_of - HORIZON)
    week = pl.col("at") > state.as_of - HORIZON - RESIDUAL_SPAN
    of_tag = over.group_by("hashtag").agg(
        pl.col("residual").get(pl.col("at").arg_max()).alias("residual_last"),
        pl.col("residual").filter(week).mean().alias("residual_mean_7d"),
    )
    return rows.join(of_tag, "hashtag", "left", maintain_order="left")


def _declared(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with every declared feature, in order; null in features that could not be computed yet."""
    nothing_yet = [pl.lit(None, pl.Float64).alias(name) for name in FEATURE_SET.names if name not in rows.columns]
    rows = rows.with_columns(*nothing_yet, pl.col("at").alias("window"))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in FEATURES.schema.items())
