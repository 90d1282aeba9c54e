"""Tallies of different videos of the same hashtags, put together: how a heavy bucket is computed in pieces."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.metrics.people import KINDS, Members, collected
from core.metrics.state import Tags
from core.metrics.tally import Tally
from core.metrics.time_log import Ints
from core.windows import micros


@dataclass(frozen=True)
class TallyTables:
    """A tally as tables that can be sent and stacked.

    Parameters
    ----------
    sums: hashtag, window_end (microseconds) and the sums of a `Tally`, for cells with a video
    members: kind, hashtag, window_end, key, name, videos, plays and read_at of those behind the videos
    earlier: kind, before (start of the first window, microseconds), key and seen_at
    """

    sums: pl.DataFrame
    members: pl.DataFrame
    earlier: pl.DataFrame

    @classmethod
    def stacked(cls, parts: Sequence["TallyTables"]) -> "TallyTables":
        """Return the rows of all parts."""
        return cls(*(pl.concat([getattr(part, name) for part in parts]) for name in ("sums", "members", "earlier")))


def tables_of(tally: Tally, tags: Tags, ends: Sequence[datetime], length: timedelta) -> TallyTables:
    """Return the tables of a tally whose windows end at `ends`."""
    stops = np.array([micros(end) for end in ends])
    cells = np.flatnonzero(tally.sums["volume"])
    sums = pl.DataFrame({name: values[cells] for name, values in tally.sums.items()})
    earlier = [
        pl.DataFrame({"key": keys, "seen_at": seen_at}).select(
            pl.lit(kind).alias("kind"), pl.lit(stops[0] - micros(length), pl.Int64).alias("before"), "key", "seen_at"
        )
        for kind, (keys, seen_at) in tally.earlier.items()
    ]
    members = [_entries(tally.members[kind], kind, tags, stops) for kind in KINDS]
    return TallyTables(
        sums.with_columns(_names(tags, cells % max(len(tags), 1)), window_end=stops[cells // max(len(tags), 1)]),
        pl.concat(members),
        pl.concat(earlier),
    )


def merged(tables: TallyTables, tags: Tags, ends: Sequence[datetime], length: timedelta) -> Tally:
    """Return the tally of all that `tables` hold of the windows that end at `ends`; `tags` knows their hashtags."""
    stops = np.array([micros(end) for end in ends])
    inside = pl.col("window_end").is_in(stops.tolist())
    sums = tables.sums.filter(inside)
    cells = _windows(sums, stops) * len(tags) + tags.codes(sums["hashtag"]).to_numpy()
    size = len(stops) * len(tags)
    names = [name for name in sums.columns if name not in ("hashtag", "window_end")]
    people, before = tables.members.filter(inside), micros(ends[0] - length)
    earlier = tables.earlier.filter(pl.col("before") == before)
    return Tally(
        {name: np.bincount(cells, sums[name].to_numpy(), size).astype(np.float64) for name in names},
        {kind: _members(people.filter(pl.col("kind") == kind), tags, stops, length) for kind in KINDS},
        {
            kind: (rows["key"].to_numpy(), rows["seen_at"].to_numpy())
            for kind in KINDS
            for rows in [earlier.filter(pl.col("kind") == kind)]
        },
    )


def _members(entries: pl.DataFrame, tags: Tags, stops: Ints, length: timedelta) -> Members:
    numbers = {name: entries[name].to_numpy() for name in ("key", "videos", "plays", "read_at")}
    return collected(
        len(tags), stops - micros(length), tags.codes(entries["hashtag"]).to_numpy(), numbers["key"], entries["name"],
        np.arange(entries.height), _windows(entries, stops), numbers["videos"], numbers["plays"], numbers["read_at"],
    )  # fmt: skip


def _entries(members: Members, kind: str, tags: Tags, stops: Ints) -> pl.DataFrame:
    who = members.members
    return pl.DataFrame(
        {
            "key": members.keys[who],
            "videos": members.videos,
            "plays": members.plays,
            "read_at": members.read_at,
            "window_end": stops[members.windows],
        }
    ).with_columns(
        _names(tags, members.codes[who]),
        members.names.gather(pl.Series(who, dtype=pl.UInt32)).alias("name"),
        pl.lit(kind).alias("kind"),
    )


def _names(tags: Tags, codes: Ints) -> pl.Series:
    return tags.names.gather(pl.Series(codes, dtype=pl.UInt32)).alias("hashtag")


def _windows(rows: pl.DataFrame, stops: Ints) -> Ints:
    """Return the number of each row's window."""
    return np.searchsorted(stops, rows["window_end"].to_numpy())
