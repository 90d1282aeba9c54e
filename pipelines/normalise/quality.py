"""The quality of what was read: shares of bad readings by fetch window, and the windows that are held back for them.

A window held back stays in the raw pages and reaches no metric.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from core.quality import Level, Limits
from core.tables import QUALITY, VIDEO_SNAPSHOTS
from pipelines.normalise.readings import PageReadings
from pipelines.normalise.tables import Normalised
from storage.lake.interface import Lake

COUNTERS = ("plays", "likes", "comments", "shares", "saves")
FIELDS = ("created_at", "creator_id", "sound_id", "language", "region", "duration_s", *COUNTERS)
SPIKE_TIMES = 20
LEAST_RISES = 3
FINDING = ("window", "check", "entity", "value", "items")
LOOK_BACK = timedelta(hours=48)
COLUMNS = ("hashtag", "video_id", "fetched_at", *COUNTERS, "window")


def promoted(normalised: Normalised, lake: Lake, start: datetime, limits: Limits) -> Normalised:
    """Return the frames without the windows that are held back, and with the rows of table `quality`.

    Windows after `start` are judged in order, each against the promoted readings of the 48 h before it, so the result
    is the same whether windows are made one by one or all at once. With other limits a window held back may pass.
    """
    past = lake.read(VIDEO_SNAPSHOTS.name, start=start - LOOK_BACK, end=start, columns=COLUMNS)
    snapshots = normalised.frames[VIDEO_SNAPSHOTS.name].select(COLUMNS)
    rows, critical = [QUALITY.empty()], []
    for window in normalised.readings.pages["window"].unique().sort():
        recent = past.filter(pl.col("window") > window - LOOK_BACK)
        findings = quality_rows(normalised.readings.of(window), recent, limits)
        rows.append(findings)
        if (findings["level"] == Level.CRITICAL.value).any():
            critical.append(window)
        else:
            past = pl.concat([past, snapshots.filter(pl.col("window") == window)])
    frames = {
        name: frame.filter(~pl.col("window").is_in(critical)) if critical else frame
        for name, frame in normalised.frames.items()
    }
    return replace(normalised, frames={**frames, QUALITY.name: pl.concat(rows).sort(*QUALITY.key)})


def quality_counts(rows: pl.DataFrame) -> dict[str, int]:
    """Return the counts for the event: findings by level, and windows held back."""
    bad = rows.filter(pl.col("level") == Level.CRITICAL.value)
    return {
        "quality_warnings": rows.filter(pl.col("level") == Level.WARNING.value).height,
        "quality_critical": bad.height,
        "windows_held_back": bad["window"].n_unique(),
    }


def quality_rows(readings: PageReadings, past: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Return the rows of table `quality` for every fetch window of some readings, sorted by key.

    Parameters
    ----------
    readings: readings of whole windows, each row with its `window`
    past: earlier rows of `video_snapshots`; empty if there are none
    limits: thresholds of warnings and critical findings
    """
    once = readings.posts.sort("fetched_at", maintain_order=True)
    once = once.unique(["video_id", "window"], keep="last", maintain_order=True)
    parts = [*_of_the_window(readings), *_of_its_past(once, past)]
    rows = pl.concat([part.select(_finding_column(name) for name in FINDING) for part in parts]).drop_nulls("value")
    judged = [limits.judge(*row) for row in rows.select("check", "entity", "value", "items").iter_rows()]
    levels = pl.Series("level", [level.value for level, _ in judged], dtype=pl.String)
    thresholds = pl.Series("threshold", [limit for _, limit in judged], dtype=pl.Float64)
    return rows.with_columns(levels, thresholds).select(list(QUALITY.schema)).sort(*QUALITY.key)


def _of_the_window(readings: PageReadings) -> Iterator[pl.DataFrame]:
    """Yield the checks that need the window's readings alone."""
    posts, pages, left_out = readings.posts, readings.pages, readings.left_out
    unknown = [pl.col(name).is_null().mean().alias(name) for name in FIELDS]
    empty = (pl.col("hashtags").list.len() == 0).mean().alias("hashtags")
    missing = posts.group_by("window").agg(pl.len().alias("items"), *unknown, empty)
    yield _by_entity(missing, "missing", (*FIELDS, "hashtags"))
    yield _share(posts, "duplicates", 1 - pl.col("video_id").n_unique() / pl.len())
    yield _share(posts, "clock_skew", (pl.col("created_at") > pl.col("fetched_at")).mean())
    yield _share(pages, "empty_pages", pl.col("empty").mean())
    by_reason = left_out.group_by("window", pl.col("reason").alias("entity")).agg(pl.col("items").sum())
    yield by_reason.with_columns(check=pl.lit("quarantined"), value=pl.col("items"))
    if not readings.doubts.is_empty():
        yield _of_doubts(readings)
    for check, kinds, of in (("schema", ["schema"], "posts"), ("set_aside", ["schema", "shape"], "items")):
        wrong = (
            left_out.filter(pl.col("kind").is_in(kinds)).group_by("window").agg(pl.col("items").sum().alias("wrong"))
        )
        total = pages.group_by("window").agg(pl.col(of).sum().alias("items")).filter(pl.col("items") > 0)
        share = pl.col("wrong").fill_null(0) / pl.col("items")
        yield total.join(wrong, on="window", how="left").with_columns(
            check=pl.lit(check), entity=pl.lit(""), value=share
        )


def _of_doubts(readings: PageReadings) -> pl.DataFrame:
    """Return the shares of readings whose counts were lost or rounded, by counter."""
    read = readings.posts.group_by("window").agg(pl.len().alias("readings"))
    doubted = readings.doubts.group_by("window", "doubt", "counter").agg(pl.col("items").sum().alias("times"))
    return doubted.join(read, on="window").select(
        "window",
        pl.col("readings").alias("items"),
        (pl.col("doubt") + "_counts").alias("check"),
        pl.col("counter").alias("entity"),
        (pl.col("times") / pl.col("readings")).alias("value"),
    )


def _of_its_past(once: pl.DataFrame, past: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the checks against earlier readings: falling counters, outlying rises, unknown hashtags."""
    if past.is_empty():
        return
    columns = ["video_id", "window", "fetched_at", *COUNTERS]
    mine = past.select(columns).join(once.select("video_id"), on="video_id", how="semi")  # others say nothing here
    before = mine.unique(["video_id", "window"])
    read = pl.concat([before.with_columns(new=False), once.select(columns).with_columns(new=True)])
    ordered = read.sort("video_id", "fetched_at")
    steps = [(pl.col(name) - pl.col(name).forward_fill().shift().over("video_id")).alias(name) for name in COUNTERS]
    steps_of_all = ordered.with_columns(steps)
    new = steps_of_all.filter("new")
    falls = new.group_by("window").agg(pl.len().alias("items"), *((pl.col(name) < 0).mean() for name in COUNTERS))
    yield _by_entity(falls, "falls", COUNTERS)
    yield _spikes(steps_of_all)
    tags = once.select("window", pl.col("hashtags").alias("hashtag")).explode("hashtag").drop_nulls().unique()
    yield _share(tags, "unknown_hashtags", (~pl.col("hashtag").is_in(past["hashtag"].unique().implode())).mean())


def _spikes(steps: pl.DataFrame) -> pl.DataFrame:
    """Return the share of new readings whose rise in plays exceeds 20 times the video's median rise so far."""
    rises = pl.col("plays").filter(~pl.col("new") & pl.col("plays").is_not_null())
    usual = steps.group_by("video_id").agg(rises.median().alias("usual"), rises.len().alias("rises"))
    judged = steps.filter("new").join(usual, on="video_id").drop_nulls("plays")
    judged = judged.filter((pl.col("rises") >= LEAST_RISES) & (pl.col("usual") > 0))
    return _share(judged, "spikes", (pl.col("plays") > SPIKE_TIMES * pl.col("usual")).mean(), "plays")


def _share(rows: pl.DataFrame, check: str, share: pl.Expr, entity: str = "") -> pl.DataFrame:
    shares = rows.group_by("window").agg(pl.len().alias("items"), share.alias("value"))
    return shares.with_columns(check=pl.lit(check), entity=pl.lit(entity))


def _by_entity(shares: pl.DataFrame, check: str, entities: tuple[str, ...]) -> pl.DataFrame:
    long = shares.unpivot(list(entities), index=["window", "items"], variable_name="entity")
    return long.with_columns(check=pl.lit(check))


def _finding_column(name: str) -> pl.Expr:
    return pl.col(name).cast({**QUALITY.schema}[name])
