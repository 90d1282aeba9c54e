"""Units of parallel work: a bucket of hashtags, or a piece of a heavy bucket's videos, over a range of windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from core.metrics.formulas import HALF_LIFE_WINDOWS
from core.metrics.keyed_frame import keys_of
from core.metrics.state import HISTORY
from core.windows import window_end
from storage.lake.interface import Lake

ROWS_IN_PART = 2_000_000


@dataclass(frozen=True)
class BucketPart:
    """The hashtags of a bucket, with all of their videos or a share of them.

    Parameters
    ----------
    bucket: number of the bucket
    piece: which share of the videos the part has
    pieces: number of shares
    """

    bucket: int
    piece: int = 0
    pieces: int = 1

    @property
    def whole(self) -> bool:
        """Whether the part has all videos of the bucket."""
        return self.pieces == 1

    def of(self, readings: pl.DataFrame) -> pl.DataFrame:
        """Return the readings (video_id, ...) of the bucket whose videos are in this part."""
        if self.whole:
            return readings
        return readings.filter(pl.Series(keys_of(readings["video_id"]) % self.pieces == self.piece))


@dataclass(frozen=True)
class WindowRange:
    """All windows of one length whose ends lie in (start, end]; both bounds are ends of windows."""

    start: datetime
    end: datetime
    length: timedelta

    def with_past(self, first: datetime) -> "WindowRange":
        """Return the range extended by the windows that its windows look back on, none before the reading at `first`.

        Z-scores look back 14 days, half-lives 12 windows, accelerations two more.
        """
        earliest = self.start - max(HISTORY, HALF_LIFE_WINDOWS * self.length) - 2 * self.length
        begin = max(window_end(earliest, self.length), window_end(first, self.length) - self.length)
        return WindowRange(min(begin, self.start), self.end, self.length)


def plan_parts(lake: Lake, start: datetime, end: datetime, rows_in_part: int = ROWS_IN_PART) -> list[BucketPart]:
    """Return the parts of all buckets, heaviest first, so that none has many more readings than `rows_in_part`.

    A bucket is split by videos and not by hashtags, since a single hashtag may have most of the rows.
    """
    rows = lake.bucket_rows("video_snapshots", start, end)
    pieces = {bucket: max(1, round(rows.get(bucket, 0) / rows_in_part)) for bucket in lake.bucket_ids()}
    by_weight = sorted(pieces, key=lambda bucket: -rows.get(bucket, 0) / pieces[bucket])
    return [BucketPart(bucket, piece, pieces[bucket]) for bucket in by_weight for piece in range(pieces[bucket])]


def split_buckets(parts: Sequence[BucketPart]) -> list[int]:
    """Return the buckets that are split into pieces."""
    return sorted({part.bucket for part in parts if not part.whole})
