"""Counts and repairs what is wrong with a recording: duplicates, rows out of order, nulls, falling counters."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from core.hashtags import clean_hashtag

FIRST_YEAR, LAST_YEAR = 1970, 2099
LARGEST_COUNT = 2**53  # metrics are computed in floats
COUNTERS = ("plays", "likes", "comments", "shares", "saves")


@dataclass
class RecordingQuality:
    """Counts of findings by table; findings that didn't occur are absent."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def note(self, table: str, finding: str, count: int) -> None:
        """Add `count` of a finding."""
        if count:
            rows = self.counts.setdefault(table, {})
            rows[finding] = rows.get(finding, 0) + count


def clean_videos(videos: pl.DataFrame, quality: RecordingQuality) -> pl.DataFrame:
    """Return one row per video, the one with the most filled columns, with hashtags normalised by `core.hashtags`."""
    keyed = _with_key(_of_our_days(videos, "created_at", "videos", quality), ["video_id"], "videos", quality)
    filled = pl.sum_horizontal(pl.all().is_not_null())
    best = keyed.sort(filled, *keyed.columns[:2], descending=[True, False, False], maintain_order=True)
    once = best.unique("video_id", keep="first", maintain_order=True).sort("video_id")
    quality.note("videos", "duplicate rows", keyed.height - once.height)
    quality.note("videos", "created_at is null", once["created_at"].null_count())
    return once.with_columns(_clean_lists(once["hashtags"]))


def clean_video_snapshots(readings: pl.DataFrame, quality: RecordingQuality) -> pl.DataFrame:
    """Return the readings in order, one per video and time (the one with more plays); count falls and nulls."""
    name = "video_snapshots"
    readings = _of_our_days(readings, "fetched_at", name, quality)
    once = _once(_with_key(readings, ["video_id", "fetched_at"], name, quality), "video_id", "plays", name, quality)
    for counter in COUNTERS:
        quality.note(name, f"{counter} is null", once[counter].null_count())
        quality.note(name, f"{counter} falls", _falls(once, "video_id", counter))
        quality.note(name, f"{counter} below 0", once.filter(pl.col(counter) < 0).height)
        quality.note(name, f"{counter} beyond 2^53", once.filter(pl.col(counter) > LARGEST_COUNT).height)
    return once.with_columns(_possible_count(counter) for counter in (*COUNTERS, "creator_followers", "sound_uses"))


def clean_hashtag_snapshots(readings: pl.DataFrame, quality: RecordingQuality) -> pl.DataFrame:
    """Return the readings in order, one per hashtag and time (the larger total); count falls and nulls."""
    name = "hashtag_snapshots"
    readings = _of_our_days(readings, "fetched_at", name, quality)
    tags = readings["hashtag"].drop_nulls().unique()
    clean = tags.to_frame("hashtag").with_columns(
        pl.Series("clean", [clean_hashtag(tag) or None for tag in tags], dtype=pl.String)
    )
    written = readings.join(clean, on="hashtag", how="left").with_columns(hashtag=pl.col("clean")).drop("clean")
    once = _once(_with_key(written, ["hashtag", "fetched_at"], name, quality), "hashtag", "views_total", name, quality)
    quality.note(name, "views_total is null", once["views_total"].null_count())
    quality.note(name, "views_total falls", _falls(once, "hashtag", "views_total"))
    return once.with_columns(_possible_count(counter) for counter in ("views_total", "videos_total"))


def _of_our_days(frame: pl.DataFrame, column: str, table: str, quality: RecordingQuality) -> pl.DataFrame:
    """Return the rows with times before 1970 or from 2100 on as null: no calendar may hold the windows around them."""
    possible = pl.col(column).dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    dated = frame.with_columns(pl.when(possible).then(pl.col(column)).alias(column))
    quality.note(table, f"{column} is no time of our days", dated[column].null_count() - frame[column].null_count())
    return dated


def _with_key(frame: pl.DataFrame, key: Sequence[str], table: str, quality: RecordingQuality) -> pl.DataFrame:
    keyed = frame.drop_nulls(list(key))
    quality.note(table, f"{' or '.join(key)} is null", frame.height - keyed.height)
    return keyed


def _once(frame: pl.DataFrame, entity: str, counter: str, table: str, quality: RecordingQuality) -> pl.DataFrame:
    """Return one row per time and entity, sorted by both."""
    ordered = frame.sort("fetched_at", entity, counter, descending=[False, False, True], nulls_last=True)
    once = ordered.unique(["fetched_at", entity], keep="first", maintain_order=True)
    quality.note(table, "duplicate rows", frame.height - once.height)
    if not frame["fetched_at"].is_sorted():
        backwards = frame.select((pl.col("fetched_at").diff() < pl.duration()).sum()).item()
        quality.note(table, "out of order", int(backwards))
    return once


def _falls(frame: pl.DataFrame, entity: str, counter: str) -> int:
    """Return how often a counter is below its last known reading."""
    steps = frame.drop_nulls(counter).select((pl.col(counter) < pl.col(counter).shift().over(entity)).sum())
    return int(steps.item())


def _possible_count(counter: str) -> pl.Expr:
    return pl.when(pl.col(counter).is_between(0, LARGEST_COUNT)).then(pl.col(counter)).alias(counter)


def _clean_lists(hashtags: pl.Series) -> pl.Series:
    """Return the distinct clean hashtags of each row, in order; a null list becomes empty."""
    lists = [
        list(dict.fromkeys(tag for raw in names or () if raw and (tag := clean_hashtag(raw))))
        for names in hashtags.to_list()
    ]
    return pl.Series("hashtags", lists, dtype=pl.List(pl.String()))
