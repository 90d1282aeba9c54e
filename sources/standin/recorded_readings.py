"""The readings of a recording in order of time: the last ones at or before any time."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from core.tables import UTC_TIME
from core.windows import micros

Integers = npt.NDArray[np.int64]
COUNTERS = ("plays", "likes", "comments", "shares", "saves", "creator_followers", "sound_uses")
NEVER = np.iinfo(np.int64).min
MOMENTS_KEPT = 8
VIDEO_COLUMNS: Mapping[str, pl.DataType] = {
    "video_id": pl.String(),
    "created_at": UTC_TIME,
    "creator_id": pl.String(),
    "creator_handle": pl.String(),
    "caption": pl.String(),
    "hashtags": pl.List(pl.String()),
    "sound_id": pl.String(),
    "sound_title": pl.String(),
    "sound_licensed": pl.Boolean(),
    "duration_s": pl.Float64(),
    "region": pl.String(),
    "language": pl.String(),
    "is_ad": pl.Boolean(),
}


class RecordedVideoReadings:
    """Readings of videos; those of videos without a description are left out.

    Parameters
    ----------
    videos, snapshots: as in a `Recording`; None when missing

    Attributes
    ----------
    videos: all columns of VIDEO_COLUMNS, null where missing, by number of the video
    created: microseconds since the epoch, NEVER where unknown, by number of the video
    times: microseconds since the epoch, by row, rising
    counters: COUNTERS by row, NaN where unknown (r, 7)
    """

    def __init__(self, videos: pl.DataFrame | None, snapshots: pl.DataFrame | None) -> None:
        self.videos = _fit(videos, VIDEO_COLUMNS).unique("video_id", keep="first", maintain_order=True)
        self.created = self.videos["created_at"].to_physical().fill_null(NEVER).to_numpy()
        columns = {"video_id": pl.String(), "fetched_at": UTC_TIME, **dict.fromkeys(COUNTERS, pl.Int64())}
        numbers = self.videos.select("video_id").with_row_index("number")
        rows = _fit(snapshots, columns).join(numbers, on="video_id").sort("fetched_at", "number", maintain_order=True)
        self.times: Integers = rows["fetched_at"].to_physical().to_numpy()
        self._number: Integers = rows["number"].cast(pl.Int64).to_numpy()
        self.counters = rows.select(pl.col(COUNTERS).cast(pl.Float64).fill_null(float("nan"))).to_numpy()
        filled = rows.select(pl.col("plays").forward_fill().over("number").fill_null(0))
        self._known_plays: Integers = filled.to_series().to_numpy()
        self.last = lru_cache(maxsize=MOMENTS_KEPT)(self._last)

    def known_plays(self, numbers: Integers, at: datetime) -> int:
        """Sum of the last known plays of some videos."""
        rows = self.last(at)[numbers]
        return int(self._known_plays[rows[rows >= 0]].sum())

    def counts(self, rows: Integers) -> list[list[int | None]]:
        """COUNTERS of some rows, None where unknown."""
        return [[None if count != count else int(count) for count in row] for row in self.counters[rows].tolist()]

    def _last(self, at: datetime) -> Integers:
        """Row of the last reading at or before `at` of each video, -1 for none."""
        until = int(np.searchsorted(self.times, micros(at), side="right"))
        last = np.full(self.videos.height, -1, np.int64)
        np.maximum.at(last, self._number[:until], np.arange(until))
        return last


class RecordedTotalReadings:
    """Readings of hashtags' totals.

    Parameters
    ----------
    snapshots: as in a `Recording`; None when missing
    """

    def __init__(self, snapshots: pl.DataFrame | None) -> None:
        columns = {
            "hashtag": pl.String(),
            "fetched_at": UTC_TIME,
            "views_total": pl.Int64(),
            "videos_total": pl.Int64(),
        }
        rows = _fit(snapshots, columns).drop_nulls("views_total").sort("hashtag", "fetched_at")
        self._by_tag = {
            str(tag): (part["fetched_at"].to_physical().to_list(), part["views_total"], part["videos_total"])
            for (tag,), part in rows.group_by("hashtag", maintain_order=True)
        }

    def at(self, tag: str, at: datetime) -> tuple[int | None, int | None]:
        """Last known views and videos of a hashtag, None where unknown."""
        times, views, videos = self._by_tag.get(tag, ([], None, None))
        row = bisect_right(times, micros(at)) - 1
        if row < 0 or views is None or videos is None:
            return None, None
        return views[row], videos[row]

    def largest(self, at: datetime) -> list[str]:
        """Hashtags whose totals are known, the largest first."""
        views = {tag: self.at(tag, at)[0] for tag in self._by_tag}
        with_views = {tag: count for tag, count in views.items() if count is not None}
        return sorted(with_views, key=lambda tag: (-with_views[tag], tag))


def _fit(frame: pl.DataFrame | None, columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The columns of a frame in order, null where missing."""
    if frame is None:
        return pl.DataFrame(schema=columns)
    return frame.select(
        pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in columns.items()
    )
