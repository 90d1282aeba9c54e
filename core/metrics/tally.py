"""What the observed videos of each hashtag add up to in each window, and how tallies of pieces are merged.

A heavy bucket is tallied in pieces, each with different videos of the same hashtags; tallies travel as tables.
Formulas: docs/formulas.md, section 3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from core.metrics.formulas import AGE_EDGES, RATED
from core.metrics.keyed_frame import Keys
from core.metrics.observed import Observed
from core.metrics.people import KINDS, People, collected, members
from core.metrics.state import HashtagTable
from core.metrics.time_log import Array, Flags, Floats, Ints
from core.windows import micros

Earlier = Mapping[str, tuple[Keys, Ints]]


@dataclass(frozen=True)
class Tally:
    """Sums over the observed videos of cells (window x tags + code), and their creators and sounds.

    Parameters
    ----------
    sums: arrays (C,): `volume` and `new_videos`; `known` gains and their sum `gain`; for each rated counter its sum and
        that of the plays beside it (`likes`, `likes_plays`); by band of age `band_videos_0` and `band_gain_0`
    members: creators and sounds
    earlier: for each kind the keys of members observed before the first window, and when, microseconds
    """

    sums: Mapping[str, Floats]
    members: Mapping[str, People]
    earlier: Earlier


def tally(observed: Observed, earlier: Earlier) -> Tally:
    """Return the sums over the observed videos of every cell.

    Parameters
    ----------
    observed: the videos observed in some windows
    earlier: for each kind the keys of members observed before the first window, and when, microseconds
    """
    cells, size = observed.cells, observed.size
    gain = observed["gain"]
    gain_known = ~np.isnan(gain)
    sums = {
        "volume": _sum(cells, size),
        "new_videos": _sum(cells, size, observed.born()),
        "known": _sum(cells, size, gain_known),
        "gain": _sum(cells, size, gain_known, gain),
    }
    sums |= _rated(observed, cells) | _by_age(observed, cells, gain_known)
    return Tally(sums, {kind: members(observed, kind) for kind in KINDS}, earlier)


def _rated(observed: Observed, cells: Ints) -> dict[str, Floats]:
    """Return the sum of each rated counter, and of the plays beside it, over videos where both are known."""
    played = observed["plays"] > 0
    plays = np.where(played, observed["plays"], 0.0)
    all_plays = _sum(cells, observed.size, None, plays)
    sums = {}
    for counter in RATED:
        values = observed[counter]
        defined = ~np.isnan(values)
        everywhere = bool(defined.all())
        sums[counter] = _sum(cells, observed.size, None, np.where(played & defined, values, 0.0))
        sums[f"{counter}_plays"] = all_plays if everywhere else _sum(cells, observed.size, None, plays * defined)
    return sums


def _by_age(observed: Observed, cells: Ints, gain_known: Flags) -> dict[str, Floats]:
    """Return the number and gain of videos in each band of age at the window's end."""
    age = observed.ends[observed.windows] - observed["created_at"]
    aged = np.flatnonzero((age >= 0) & (age < AGE_EDGES[-1]) & gain_known)
    bands = len(AGE_EDGES)
    band = cells[aged] * bands + np.searchsorted(AGE_EDGES, age[aged], side="right")
    videos = np.bincount(band, minlength=observed.size * bands).reshape(-1, bands)
    gain = np.bincount(band, observed["gain"][aged], observed.size * bands).reshape(-1, bands)
    named = {f"band_videos_{number}": videos[:, number].astype(np.float64) for number in range(bands)}
    return named | {f"band_gain_{number}": gain[:, number].astype(np.float64) for number in range(bands)}


def _sum(cells: Array, size: int, which: Flags | None = None, values: Floats | None = None) -> Floats:
    """Return for each cell the sum of `values` (None: ones) over its marked rows (None: all)."""
    if which is not None and not which.all():
        cells, values = cells[which], None if values is None else values[which]
    return np.bincount(cells, values, size).astype(np.float64, copy=False)


@dataclass(frozen=True)
class TallyTables:
    """A tally as tables that can be sent between processes and stacked.

    Parameters
    ----------
    sums: hashtag, window_end (microseconds) and the sums of a `Tally`, for cells with a video
    members: kind, hashtag, window_end, key, name, videos, plays and read_at of creators and sounds
    earlier: kind, before (start of the first window, microseconds), key and seen_at
    """

    sums: pl.DataFrame
    members: pl.DataFrame
    earlier: pl.DataFrame

    @classmethod
    def stacked(cls, parts: Sequence["TallyTables"]) -> "TallyTables":
        """Return the rows of all parts."""
        return cls(*(pl.concat([getattr(part, name) for part in parts]) for name in ("sums", "members", "earlier")))


def tables_of(tally: Tally, tags: HashtagTable, ends: Sequence[datetime], length: timedelta) -> TallyTables:
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
    entries = [_entries(tally.members[kind], kind, tags, stops) for kind in KINDS]
    return TallyTables(
        sums.with_columns(_names(tags, cells % max(len(tags), 1)), window_end=stops[cells // max(len(tags), 1)]),
        pl.concat(entries),
        pl.concat(earlier),
    )


def merged(tables: TallyTables, tags: HashtagTable, ends: Sequence[datetime], length: timedelta) -> Tally:
    """Return the tally of the rows of `tables` whose windows end at `ends`; `tags` has all their hashtags."""
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


def _members(entries: pl.DataFrame, tags: HashtagTable, stops: Ints, length: timedelta) -> People:
    numbers = {name: entries[name].to_numpy() for name in ("key", "videos", "plays", "read_at")}
    return collected(
        len(tags), stops - micros(length), tags.codes(entries["hashtag"]).to_numpy(), numbers["key"], entries["name"],
        np.arange(entries.height), _windows(entries, stops), numbers["videos"], numbers["plays"], numbers["read_at"],
    )  # fmt: skip


def _entries(members: People, kind: str, tags: HashtagTable, stops: Ints) -> pl.DataFrame:
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


def _names(tags: HashtagTable, codes: Ints) -> pl.Series:
    return tags.names.gather(pl.Series(codes, dtype=pl.UInt32)).alias("hashtag")


def _windows(rows: pl.DataFrame, stops: Ints) -> Ints:
    """Return the number of each row's window."""
    return np.searchsorted(stops, rows["window_end"].to_numpy())
