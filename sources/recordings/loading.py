"""Loads recordings: folders of Parquet files, checked and brought into one shape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from core.errors import UsageError
from core.tables import UTC_TIME
from sources.recordings.cleaning import (
    RecordingQuality,
    clean_hashtag_snapshots,
    clean_video_snapshots,
    clean_videos,
)

HASHTAG_SNAPSHOTS = "hashtag_snapshots"
VIDEOS = "videos"
VIDEO_SNAPSHOTS = "video_snapshots"

COUNT = pl.Int64()
TEXT = pl.String()
REQUIRED: Mapping[str, Mapping[str, pl.DataType]] = {
    HASHTAG_SNAPSHOTS: {"hashtag": TEXT, "fetched_at": UTC_TIME, "views_total": COUNT},
    VIDEOS: {"video_id": TEXT, "created_at": UTC_TIME, "hashtags": pl.List(TEXT)},
    VIDEO_SNAPSHOTS: {
        "video_id": TEXT,
        "fetched_at": UTC_TIME,
        "plays": COUNT,
        "likes": COUNT,
        "comments": COUNT,
        "shares": COUNT,
    },
}
OPTIONAL: Mapping[str, Mapping[str, pl.DataType]] = {
    HASHTAG_SNAPSHOTS: {"videos_total": COUNT},
    VIDEOS: {
        "creator_id": TEXT,
        "creator_handle": TEXT,
        "caption": TEXT,
        "sound_id": TEXT,
        "sound_title": TEXT,
        "sound_licensed": pl.Boolean(),
        "duration_s": pl.Float64(),
        "region": TEXT,
        "language": TEXT,
        "is_ad": pl.Boolean(),
    },
    VIDEO_SNAPSHOTS: {"saves": COUNT, "creator_followers": COUNT, "sound_uses": COUNT},
}


@dataclass(frozen=True)
class Recording:
    """The content of one or more folders; a part that no folder has is None.

    Parameters
    ----------
    videos: one row per video, with all columns of a recording, optional ones null where missing, sorted by video_id
    video_snapshots: readings of videos, sorted by fetched_at, video_id
    hashtag_snapshots: readings of totals, sorted by fetched_at, hashtag
    quality: counts of what was wrong
    """

    videos: pl.DataFrame | None
    video_snapshots: pl.DataFrame | None
    hashtag_snapshots: pl.DataFrame | None
    quality: RecordingQuality

    @property
    def first(self) -> datetime:
        """Time of the first reading."""
        return min(time for time, _ in self._spans())

    @property
    def last(self) -> datetime:
        """Time of the last reading."""
        return max(time for _, time in self._spans())

    def _spans(self) -> list[tuple[datetime, datetime]]:
        parts = (part for part in (self.video_snapshots, self.hashtag_snapshots) if part is not None and part.height)
        return [(part["fetched_at"][0], part["fetched_at"][-1]) for part in parts]


def columns_of(part: str) -> dict[str, pl.DataType]:
    """Columns and types of `videos`, `video_snapshots` or `hashtag_snapshots`, optional ones last."""
    return {**REQUIRED[part], **OPTIONAL[part]}


def load_recording(folders: Sequence[Path]) -> Recording:
    """Read the union of some folders.

    Duplicated rows, rows out of order, nulls and falling counters are allowed, and counted in `quality`.

    Raises
    ------
    UsageError: names a missing folder, one without a recording, a file that isn't Parquet, or a bad column
    """
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in REQUIRED}
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"recording {folder}: no such folder")
        there = [name for name in REQUIRED if (folder / f"{name}.parquet").exists()]
        if HASHTAG_SNAPSHOTS not in there and VIDEO_SNAPSHOTS not in there:
            raise UsageError(
                f"recording {folder} has neither {HASHTAG_SNAPSHOTS}.parquet nor {VIDEO_SNAPSHOTS}.parquet"
            )
        for name in there:
            parts[name].append(_read(folder / f"{name}.parquet", name))
    quality = RecordingQuality()
    recording = Recording(
        videos=clean_videos(pl.concat(parts[VIDEOS]), quality) if parts[VIDEOS] else None,
        video_snapshots=clean_video_snapshots(pl.concat(parts[VIDEO_SNAPSHOTS]), quality)
        if parts[VIDEO_SNAPSHOTS]
        else None,
        hashtag_snapshots=clean_hashtag_snapshots(pl.concat(parts[HASHTAG_SNAPSHOTS]), quality)
        if parts[HASHTAG_SNAPSHOTS]
        else None,
        quality=quality,
    )
    if not recording._spans():
        raise UsageError(f"recording {', '.join(map(str, folders))} holds no readings")
    return recording


def _read(path: Path, name: str) -> pl.DataFrame:
    """Return one file, or a folder of such files as Spark writes it, with exactly the columns of its part, in order."""
    try:
        frame = pl.concat([pl.read_parquet(file) for file in _files(path)], how="diagonal_relaxed")
    except (pl.exceptions.PolarsError, OSError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise UsageError(f"{path} is not a readable Parquet file: {first}") from None
    for column in REQUIRED[name]:
        if column not in frame.columns:
            raise UsageError(f"{path} lacks the column {column}")
    if name == VIDEOS and not {"creator_id", "creator_handle"} & set(frame.columns):
        raise UsageError(f"{path} lacks the column creator_id (or creator_handle)")
    return frame.select(
        _cast(path, frame[column], dtype).alias(column)
        if column in frame.columns
        else pl.lit(None, dtype).alias(column)
        for column, dtype in columns_of(name).items()
    )


def _files(path: Path) -> list[Path]:
    """Return the file itself, or those in a folder; names with `.` or `_` in front are no data."""
    if not path.is_dir():
        return [path]
    inside = ((file, file.relative_to(path).parts) for file in path.rglob("*.parquet") if file.is_file())
    files = sorted(file for file, parts in inside if not any(part.startswith((".", "_")) for part in parts))
    if not files:
        raise UsageError(f"{path} holds no Parquet files")
    return files


def _cast(path: Path, column: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Return the column in its declared type; a time without zone is read as UTC."""
    actual = column.dtype
    problem = UsageError(f"{path}: column {column.name} is {actual}, expected {dtype}")
    if dtype == UTC_TIME:
        if not isinstance(actual, pl.Datetime):
            raise problem
        timed = column.dt.replace_time_zone("UTC") if actual.time_zone is None else column.dt.convert_time_zone("UTC")
        return timed.cast(UTC_TIME)
    fits = actual == dtype or actual == pl.Null
    if dtype == TEXT:
        fits = fits or actual.is_integer() or actual in (pl.Categorical, pl.Enum)
    elif dtype in (COUNT, pl.Float64()):
        fits = fits or actual.is_numeric()
    elif dtype == pl.List(TEXT):
        fits = fits or isinstance(actual, pl.List)
    if not fits:
        raise problem
    return column.cast(dtype, strict=False)
