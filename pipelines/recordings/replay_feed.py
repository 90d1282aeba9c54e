"""Replays a recording as if it were being fetched: the rows of any range of time, in the lake's own tables."""

from datetime import datetime

import numpy as np
import polars as pl

from core.tables import (
    CREATOR_SNAPSHOTS,
    HASHTAG_SNAPSHOTS,
    SOUND_SNAPSHOTS,
    UTC_TIME,
    VIDEO_SNAPSHOTS,
    VIDEOS,
    Table,
)
from core.windows import FETCH_WINDOW, MICROSECOND, micros, window_end
from pipelines.ingestion.result import IngestResult, replace_windows
from pipelines.normalise.captions import without_personal_data
from pipelines.normalise.privacy import names_a_person, pseudonym
from pipelines.normalise.tables import licensed
from sources.recordings.loading import Recording, columns_of
from storage.lake.interface import Lake
from storage.records.interface import Records

ENDPOINT = "recording"
PLATFORM = "tiktok"
FED_UNTIL = "replay.fed_until"
WINDOW_US = int(FETCH_WINDOW / MICROSECOND)


class _Timeline:
    """Rows sorted by `fetched_at`, sliced by binary search without copying."""

    def __init__(self, frame: pl.DataFrame, entity: str) -> None:
        self._frame = frame.sort("fetched_at", entity)
        self._times = self._frame["fetched_at"].to_physical().to_numpy()

    def between(self, start: datetime, end: datetime) -> pl.DataFrame:
        """Return the rows fetched in (start, end]."""
        low, high = np.searchsorted(self._times, [micros(start), micros(end)], side="right")
        return self._frame.slice(int(low), int(high - low))


class ReplayFeed:
    """A recording in order of time.

    Parameters
    ----------
    recording: recording to replay
    key: secret key of creators' hashes
    """

    def __init__(self, recording: Recording, key: bytes) -> None:
        self.first = recording.first
        self.last = recording.last
        videos = _videos(recording.videos, key)
        readings = _with_window(_part(recording.video_snapshots, VIDEO_SNAPSHOTS.name))
        of_video = videos.select("video_id", "hashtags", "creator_id", "sound_id", "sound_title")
        read = readings.join(of_video, on="video_id")
        seen = read.group_by("video_id").agg(pl.col("fetched_at", "window").min())
        self._readings = _Timeline(read, "video_id")
        self._videos = _Timeline(videos.join(seen, on="video_id"), "video_id")
        self._totals = _Timeline(_with_window(_part(recording.hashtag_snapshots, HASHTAG_SNAPSHOTS.name)), "hashtag")

    def frames(self, start: datetime, end: datetime) -> dict[str, pl.DataFrame]:
        """Return the rows fetched in (start, end] by table name; a video belongs to the window of its first reading.

        `start` is the end of a fetch window. `end` need not be: its window then holds the readings so far.
        """
        readings = self._readings.between(start, end)
        totals = self._totals.between(start, end)
        return {
            VIDEOS.name: _fit(VIDEOS, self._videos.between(start, end)),
            VIDEO_SNAPSHOTS.name: _fit(VIDEO_SNAPSHOTS, _by_hashtag(_last(readings, "video_id"))),
            HASHTAG_SNAPSHOTS.name: _fit(HASHTAG_SNAPSHOTS, _last(totals, "hashtag")),
            CREATOR_SNAPSHOTS.name: _fit(CREATOR_SNAPSHOTS, _creators(readings)),
            SOUND_SNAPSHOTS.name: _fit(SOUND_SNAPSHOTS, _sounds(readings)),
        }

    def fill(self, lake: Lake, until: datetime) -> int:
        """Write everything fetched up to `until` into the lake; return the number of readings."""
        start = window_end(self.first) - FETCH_WINDOW
        if until <= start:
            return 0
        replace_windows(lake, self.frames(start, until), start, window_end(until))
        return sum(part.between(start, until).height for part in (self._readings, self._totals))


class Replay:
    """Feeds a recording into the lake slot by slot; `run` has the shape of `Ingest.run`.

    Parameters
    ----------
    feed: recording to replay
    lake, records: the stores
    start: readings up to this time are already in the lake, or left out
    """

    def __init__(self, feed: ReplayFeed, lake: Lake, records: Records, start: datetime) -> None:
        self._feed = feed
        self._lake = lake
        self._records = records
        self._start = start

    def run(self, slot: datetime, now: datetime) -> IngestResult:
        """Feed everything from the previous run up to `now`; running it again leaves the same tables."""
        saved = self._records.value(FED_UNTIL)
        fed = datetime.fromisoformat(saved["until"]) if saved is not None else self._start
        if saved is not None and saved["slot"] == slot.isoformat():
            fed = datetime.fromisoformat(saved["from"])
        start = _closed(min(fed, now))
        frames = self._feed.frames(start, now)
        addresses = replace_windows(self._lake, frames, start, max(window_end(now), start + FETCH_WINDOW))
        self._records.put_value(
            FED_UNTIL, {"slot": slot.isoformat(), "from": fed.isoformat(), "until": now.isoformat()}, now
        )
        counts = {
            "requests": 0,
            "failed": 0,
            "videos_read": frames[VIDEO_SNAPSHOTS.name]["video_id"].n_unique(),
            "hashtags_read": frames[HASHTAG_SNAPSHOTS.name].height,
            "new_videos": frames[VIDEOS.name].height,
            "set_aside": 0,
        }
        return IngestResult(frames, addresses, counts, 0)


def _videos(videos: pl.DataFrame | None, key: bytes) -> pl.DataFrame:
    """Return videos as the lake holds them: creators hashed, captions without personal data, licensed titles only."""
    described = _part(videos, VIDEOS.name)
    person = pl.coalesce("creator_id", "creator_handle")
    people = described.select(person.alias("person")).unique().drop_nulls()["person"]
    hashes = pl.Series([pseudonym(key, identity) for identity in people], dtype=pl.String)
    captions = [None if caption is None else without_personal_data(caption) for caption in described["caption"]]
    return described.with_columns(
        creator_id=person.replace_strict(people, hashes, default=None, return_dtype=pl.String),
        caption=pl.Series(captions, dtype=pl.String),
        sound_title=pl.Series(_titles(described), dtype=pl.String),
        endpoint=pl.lit(ENDPOINT),
        platform=pl.lit(PLATFORM),
    )


def _titles(videos: pl.DataFrame) -> list[str | None]:
    """Return the titles of sounds that the recording calls licensed, if they don't hold the poster's handle."""
    named = videos.select("sound_title", "sound_licensed", "creator_handle").iter_rows()
    return [
        title if is_licensed and title and not names_a_person(title, (handle,)) else None
        for title, is_licensed, handle in named
    ]


def _creators(readings: pl.DataFrame) -> pl.DataFrame:
    with_followers = readings.filter(pl.col("creator_id").is_not_null() & (pl.col("creator_followers") > 0))
    ordered = with_followers.sort("fetched_at", "creator_followers", "video_id")
    return _last(ordered, "creator_id").rename({"creator_followers": "followers"})


def _sounds(readings: pl.DataFrame) -> pl.DataFrame:
    uses = pl.when(pl.col("sound_uses") > 0).then(pl.col("sound_uses"))
    described = readings.with_columns(uses=uses, title=pl.col("sound_title")).filter(
        pl.col("sound_id").is_not_null() & (pl.col("uses").is_not_null() | pl.col("title").is_not_null())
    )
    described = described.with_columns(licensed=licensed())
    return _last(described.sort("fetched_at", "uses", "video_id", nulls_last=False), "sound_id")


def _by_hashtag(readings: pl.DataFrame) -> pl.DataFrame:
    tagged = readings.filter(pl.col("hashtags").list.len() > 0).rename({"hashtags": "hashtag"})
    return tagged.explode("hashtag")


def _last(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return the last row of each key and fetch window, in order of time."""
    return frame.unique([key, "window"], keep="last", maintain_order=True)


def _fit(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in table.schema.items()).sort(*table.key, "window")


def _part(frame: pl.DataFrame | None, name: str) -> pl.DataFrame:
    return pl.DataFrame(schema=columns_of(name)) if frame is None else frame


def _with_window(frame: pl.DataFrame) -> pl.DataFrame:
    fetched = pl.col("fetched_at").to_physical()
    return frame.with_columns(window=(-(-fetched // WINDOW_US) * WINDOW_US).cast(UTC_TIME))


def _closed(moment: datetime) -> datetime:
    """Return the end of the last fetch window that is over at `moment`."""
    end = window_end(moment)
    return end if end == moment else end - FETCH_WINDOW
