"""Turns raw pages into the five fetched tables, by fetch window."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from core.tables import CREATOR_SNAPSHOTS, HASHTAG_SNAPSHOTS, SOUND_SNAPSHOTS, UTC_TIME, VIDEO_SNAPSHOTS, VIDEOS, Table
from core.windows import FETCH_WINDOW
from pipelines.normalise.raw import parameters, unpack
from pipelines.normalise.readings import KeptPage, PageReadings, read_pages

WINDOW_US = int(FETCH_WINDOW.total_seconds()) * 1_000_000
NORMALISED_TABLES = (VIDEOS, VIDEO_SNAPSHOTS, HASHTAG_SNAPSHOTS, CREATOR_SNAPSHOTS, SOUND_SNAPSHOTS)


@dataclass(frozen=True)
class Normalised:
    """The five frames by table name, and the items that could not be used.

    Parameters
    ----------
    frames: table name -> rows in the table's schema, sorted by key
    set_aside: reason -> number of items that stay in the raw pages only
    readings: readings from which the frames were chosen, each row with its `window`
    """

    frames: Mapping[str, pl.DataFrame]
    set_aside: Mapping[str, int]
    readings: PageReadings


def normalise(raw: pl.DataFrame) -> Normalised:
    """Turn rows of table `raw` into frames; the order of the rows does not matter.

    Within a window the latest `fetched_at` wins, ties go to the larger plays, then to the larger request id. `videos`
    holds every video of the pages as its first reading gave it.
    """
    return by_window(read_pages(_pages(raw)))


def by_window(readings: PageReadings) -> Normalised:
    """Choose one reading per entity and fetch window."""
    readings = readings.map(lambda part: part.with_columns(window=_window()))
    totals = readings.totals
    posts = readings.posts.sort("fetched_at", "request_id", maintain_order=True)
    video_readings = _last(posts, "video_id", "plays").filter(pl.col("hashtags").list.len() > 0)
    creators = posts.filter(pl.col("creator_id").is_not_null() & pl.col("followers").is_not_null())
    sounds = posts.filter(
        pl.col("sound_id").is_not_null() & (pl.col("uses").is_not_null() | pl.col("title").is_not_null())
    ).with_columns(licensed=licensed())
    frames = (
        (VIDEOS, posts.unique("video_id", keep="first", maintain_order=True)),
        (VIDEO_SNAPSHOTS, video_readings.rename({"hashtags": "hashtag"}).explode("hashtag")),
        (HASHTAG_SNAPSHOTS, _last(totals, "hashtag", "views_total")),
        (CREATOR_SNAPSHOTS, _last(creators, "creator_id", "followers")),
        (SOUND_SNAPSHOTS, _last(sounds, "sound_id", "uses")),
    )
    fitted = {table.name: _fit(table, frame) for table, frame in frames}
    return Normalised(fitted, dict(readings.set_aside), replace(readings, posts=posts))


def _pages(raw: pl.DataFrame) -> Iterator[KeptPage]:
    columns = (raw["request_id"], raw["endpoint"], raw["params"], raw["body"], raw["fetched_at"].to_physical())
    for request_id, endpoint, params, body, fetched in zip(*(column.to_list() for column in columns), strict=True):
        if body is not None:
            yield KeptPage(unpack(body), request_id, endpoint, str(parameters(params).get("name", "")), fetched)


def licensed() -> pl.Expr:
    """Return the column of `sound_snapshots` that marks titles kept by the rule of today: null without a title."""
    return pl.when(pl.col("title").is_not_null()).then(pl.lit(True))


def _window() -> pl.Expr:
    return (-(-pl.col("fetched_at").to_physical() // WINDOW_US) * WINDOW_US).cast(UTC_TIME)


def _last(rows: pl.DataFrame, key: str, counter: str) -> pl.DataFrame:
    """Return the latest row of each key and window; ties go to the larger counter, then to the larger request id."""
    ordered = rows.sort("fetched_at", counter, "request_id", nulls_last=False, maintain_order=True)
    return ordered.unique([key, "window"], keep="last", maintain_order=True)


def _fit(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(list(table.schema)).sort(*table.key, "window")
