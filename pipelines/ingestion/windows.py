"""Rebuilds fetch windows from the raw pages. The tables don't depend on the order in which the pages came."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import polars as pl

from core.quality import Limits
from core.tables import RAW, VIDEOS
from core.windows import EPOCH, FETCH_WINDOW
from pipelines.ingestion.result import replace_windows
from pipelines.normalise.quality import promoted
from pipelines.normalise.tables import Normalised, normalise
from pipelines.polling.sightings import COLUMNS, SCHEMA, raw_sightings, sightings
from storage.lake.address import Address
from storage.lake.interface import Lake


class Windows:
    """Rebuilds ranges of windows of the five fetched tables from their raw pages.

    Several processes may rebuild at once: a process that finds new raw pages after writing rebuilds the range again, so
    the last one to finish has read every page.

    Parameters
    ----------
    lake: holds the raw pages and the tables
    limits: quality that readings need to go further than the raw pages
    """

    def __init__(self, lake: Lake, limits: Limits | None = None) -> None:
        self._lake = lake
        self._limits = limits or Limits()
        self._first_seen: dict[str, datetime] = {}
        self._videos_version = -2
        self._sightings = pl.DataFrame(schema=SCHEMA)
        self._covered = (EPOCH, EPOCH)
        self._raw_version = -2

    def make(self, start: datetime, end: datetime) -> tuple[Normalised, dict[str, Address], int]:
        """Rebuild (start, end]; return its rows, their addresses, and the number of videos never seen before."""
        fresh = 0
        while True:
            version = self._lake.version(RAW.name)
            first_seen = self._first_windows()
            raw = self._lake.read(RAW.name, start=start, end=end, version=version)
            read = normalise(raw)
            normalised = promoted(read, self._lake, start, self._limits)
            frames = dict(normalised.frames)
            videos = frames[VIDEOS.name] = _first_seen_here(frames[VIDEOS.name], first_seen, start)
            addresses = replace_windows(self._lake, frames, start, end)
            later = {video: first_seen[video] for video in videos["video_id"] if first_seen.get(video, end) > end}
            self._remove_from_later(later)
            fresh += sum(video not in first_seen for video in videos["video_id"])
            first_seen.update(videos.select("video_id", "window").iter_rows())
            self._videos_version = self._lake.version(VIDEOS.name)
            if self._lake.version(RAW.name) == version:
                self._keep_sightings(sightings(raw, read.readings.sightings), start, end, version)
                return replace(normalised, frames=frames), addresses, fresh

    def append(self, pages: pl.DataFrame, start: datetime, end: datetime) -> None:
        """Append raw pages of (start, end]; where nobody else wrote since, the sightings kept so far stay valid."""
        before = self._lake.version(RAW.name)
        address = self._lake.append(RAW.name, pages, start, end)
        if before == self._raw_version and address.version == before + 1:
            self._raw_version = address.version

    def sightings(self, start: datetime, end: datetime) -> pl.DataFrame:
        """Return the sightings of the windows in (start, end], columns as `pipelines.polling.sightings.SCHEMA`.

        They come from the pages as `make` parsed them. Raw bodies are parsed again only for windows that this process
        hasn't made, or when another process has written raw pages since. Windows up to `start` are dropped.
        """
        first, last = self._covered
        if start < first or self._lake.version(RAW.name) != self._raw_version:
            return self._parsed_again(start, end)
        self._sightings = self._sightings.filter(pl.col("fetched_at") > start)
        self._covered = (start, max(start, last))
        kept = self._sightings.filter(pl.col("fetched_at") <= end)
        return pl.concat([kept, self._parsed_again(max(start, last), end)]) if last < end else kept

    def _parsed_again(self, start: datetime, end: datetime) -> pl.DataFrame:
        return raw_sightings(self._lake.read(RAW.name, start=start, end=end, columns=list(COLUMNS)))

    def _keep_sightings(self, fresh: pl.DataFrame, start: datetime, end: datetime, version: int) -> None:
        """Keep the sightings of (start, end] at a version of the raw pages; drop earlier ones that may be outdated."""
        first, last = self._covered
        if version != self._raw_version or not first <= start <= last:
            self._sightings, first, last = fresh, start, end
        else:
            others = self._sightings.filter(~pl.col("fetched_at").is_between(start, end, closed="right"))
            self._sightings = pl.concat([others, fresh])
        self._covered, self._raw_version = (first, max(last, end)), version

    def _first_windows(self) -> dict[str, datetime]:
        """Return video -> window in which it was first seen; read again after another process has written."""
        version = self._lake.version(VIDEOS.name)
        if version != self._videos_version:
            rows = self._lake.read(VIDEOS.name, columns=["video_id", "window"])
            self._first_seen = dict(rows.sort("window", descending=True).iter_rows())
            self._videos_version = version
        return self._first_seen

    def _remove_from_later(self, later: Mapping[str, datetime]) -> None:
        """Remove videos from the later windows that held their first sighting until now."""
        for window in sorted(set(later.values())):
            start = window - FETCH_WINDOW
            rows = self._lake.read(VIDEOS.name, start=start, end=window)
            kept = rows.filter(~pl.col("video_id").is_in([video for video, seen in later.items() if seen == window]))
            self._lake.replace(VIDEOS.name, kept, start, window)


def _first_seen_here(videos: pl.DataFrame, first_seen: Mapping[str, datetime], start: datetime) -> pl.DataFrame:
    """Return the videos that were not seen in or before the window that ends at `start`."""
    here = [first_seen.get(video, start + FETCH_WINDOW) > start for video in videos["video_id"]]
    return videos.filter(pl.Series(here, dtype=pl.Boolean))
