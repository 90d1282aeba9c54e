"""Holds back fetch windows whose readings are too bad: they stay in the raw pages and reach no metric."""

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from core.quality import Level, Limits
from core.tables import QUALITY, VIDEO_SNAPSHOTS
from pipelines.normalise.normalise import Normalised
from pipelines.normalise.quality_checks import COUNTERS, quality_rows
from storage.lake.interface import Lake

LOOK_BACK = timedelta(hours=48)
COLUMNS = ("hashtag", "video_id", "fetched_at", *COUNTERS, "window")


def promoted(normalised: Normalised, lake: Lake, start: datetime, limits: Limits) -> Normalised:
    """Return what of the windows after `start` may go on, and beside it the rows of table `quality`.

    Windows are judged one after the other, each by the 48 h before it as they were promoted, so that many made at once
    are judged as they were one by one. With other limits a window held back may pass.
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
    """Figures for the event: findings by level, and windows that were held back."""
    bad = rows.filter(pl.col("level") == Level.CRITICAL.value)
    return {
        "quality_warnings": rows.filter(pl.col("level") == Level.WARNING.value).height,
        "quality_critical": bad.height,
        "windows_held_back": bad["window"].n_unique(),
    }
