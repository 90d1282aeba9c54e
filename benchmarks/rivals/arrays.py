"""The metrics of docs/formulas.md, section 3, over dense arrays of hashtags, people and windows.

The pandas and Ray rivals share them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.rivals.columns import (
    COUNTERS,
    DAY_WINDOWS,
    HALF_LIFE_WINDOWS,
    LEADERS,
    LONGEST_HALF_LIFE_H,
    RATED,
    RETENTION_AGES_H,
    ROUNDING,
    Z_LEAST,
    Z_WINDOWS,
)
from core.metrics.time_log import Array, Flags, Floats, Ints
from core.windows import HOUR_US

KINDS = {"creator": "creator_id", "sound": "sound_id"}
_DAY_US = DAY_WINDOWS * HOUR_US
_BEFORE = DAY_WINDOWS + 1


@dataclass(frozen=True)
class PairReadings:
    """Readings sorted by pair of hashtag and video, then by time.

    Parameters
    ----------
    tags: number of hashtags (T)
    pairs: columns over pairs: tag, created (microseconds since the first window), creator and sound, numbered by
        (tag, id), -1 where unknown
    columns: columns over readings: pair, t (microseconds since the first window), w (number of the window), counters
    """

    tags: int
    pairs: Mapping[str, Array]
    columns: Mapping[str, Array]


@dataclass(frozen=True)
class Grid:
    """Sums over the cells of a table of hashtags and windows, including the day before the first window."""

    tags: int
    windows: int
    cells: Ints

    def sum(self, values: Array, which: Flags | slice = slice(None)) -> Floats:
        """Return the sum of the chosen values in each cell of the computed windows (T, W)."""
        return self._table(np.bincount(self.cells[which], values[which], self.tags * self.windows))

    def count(self, which: Flags | slice = slice(None)) -> Floats:
        """Return the number of chosen rows in each cell (T, W)."""
        return self._table(np.bincount(self.cells[which], minlength=self.tags * self.windows).astype(np.float64))

    def _table(self, flat: Array) -> Floats:
        return flat.reshape(self.tags, self.windows)[:, _BEFORE:]


def of_readings(readings: PairReadings, windows: int) -> dict[str, Array]:
    """Return the metrics that rest on the readings alone, each a table of hashtags and windows (T, W)."""
    observed = _observed(readings.columns, readings.pairs)
    pair, w = observed.pop("pair"), observed.pop("w")
    tag = readings.pairs["tag"]
    grid = Grid(readings.tags, windows + _BEFORE, tag[pair] * (windows + _BEFORE) + w + _BEFORE)
    with np.errstate(divide="ignore", invalid="ignore"):
        tables = _volumes(grid, observed) | _rates(grid, observed) | _retention(grid, observed)
        overlaps = []
        for kind in KINDS:
            members = _Members(readings.pairs, kind, windows, pair, w, np.nan_to_num(observed["plays"]))
            tables[f"unique_{kind}s"] = members.count()
            overlaps.append(members.overlap())
            if kind == "creator":
                tables["creator_dispersion"] = members.dispersion()
        defined = ~np.isnan(overlaps)
        tables["novelty"] = 1 - np.nansum(overlaps, axis=0) / defined.sum(axis=0)
    return tables


def _observed(readings: Mapping[str, Array], pairs: Mapping[str, Array]) -> dict[str, Array]:
    """Return one row per pair and window: last known counters, gain, age at the window's end, born inside it."""
    pair, t, w, plays = (readings[name] for name in ("pair", "t", "w", "plays"))
    opens = np.ones(len(pair), bool)
    opens[1:] = pair[1:] != pair[:-1]
    first = opens.copy()
    first[1:] |= w[1:] != w[:-1]
    last = np.append(first[1:], True)
    begin = np.flatnonzero(first)
    counters = {name: _last_known(readings[name], first)[last] for name in COUNTERS}
    latest = np.maximum.accumulate(np.where(~np.isnan(plays), np.arange(len(pair)), -1))
    before, now = np.append(-1, latest[:-1])[begin], latest[last]
    has_before = (before >= 0) & (pair[before] == pair[begin]) & (t[before] >= w[begin] * HOUR_US - _DAY_US)
    start = w[begin] * HOUR_US
    created = pairs["created"][pair[begin]]
    born = (created > start) & (created <= start + HOUR_US)
    with np.errstate(divide="ignore", invalid="ignore"):
        rise = np.maximum(counters["plays"] - plays[before], 0.0) * np.minimum(1.0, HOUR_US / (t[now] - t[before]))
    gain = np.where(has_before, rise, np.where(born, counters["plays"], np.nan))
    gain[np.isnan(counters["plays"])] = np.nan
    return {
        **counters,
        "pair": pair[begin],
        "w": w[begin],
        "gain": gain,
        "born": born,
        "age": start + HOUR_US - created,
    }


def _last_known(values: Floats, first: Flags) -> Floats:
    """Return each row's value or the last known before it in the same group; `first` marks where groups begin."""
    if first.all():
        return values
    places = np.arange(len(values))
    latest = np.maximum.accumulate(np.where(~np.isnan(values), places, 0))
    return np.where(latest >= np.maximum.accumulate(np.where(first, places, 0)), values[latest], np.nan)


def _volumes(grid: Grid, observed: Mapping[str, Array]) -> dict[str, Floats]:
    gained_known = ~np.isnan(observed["gain"])
    volume, share = grid.count(), grid.count(gained_known)
    gained = np.where(share > 0, grid.sum(observed["gain"], gained_known), np.nan)
    return {
        "volume": volume,
        "new_videos": grid.count(observed["born"]),
        "views_increment": gained,
        "views_gained": gained,
        "increment_coverage": share / volume,
    }


def _rates(grid: Grid, observed: Mapping[str, Array]) -> dict[str, Floats]:
    plays, rates = observed["plays"], {}
    for name in RATED:
        both = (plays > 0) & ~np.isnan(observed[name])
        rates[f"{name}_rate"] = grid.sum(observed[name], both) / grid.sum(plays, both)
    parts = np.array([rates[f"{name}_rate"] for name in ("likes", "comments", "shares")])
    efficiency = np.where(np.isnan(parts).all(axis=0), np.nan, np.nansum(parts, axis=0))
    return {**rates, "engagement_efficiency": efficiency}


def _retention(grid: Grid, observed: Mapping[str, Array]) -> dict[str, Floats]:
    gain = observed["gain"]
    age = np.where(np.isnan(gain), np.nan, observed["age"])
    tables = {}
    for hours in RETENTION_AGES_H:
        limit = hours * HOUR_US
        old, young = (age >= limit) & (age < 2 * limit), (age >= 0) & (age < limit)
        old_videos, young_videos, young_gain = grid.count(old), grid.count(young), grid.sum(gain, young)
        ratio = (grid.sum(gain, old) / old_videos) / (young_gain / young_videos)
        enough = (old_videos >= 3) & (young_videos >= 3) & (young_gain > 0)
        tables[f"retention_{hours}"] = np.where(enough, ratio, np.nan)
    return tables


class _Members:
    """The creators, or sounds, of each hashtag, as a table of members and windows of which few cells are empty."""

    def __init__(self, pairs: Mapping[str, Array], kind: str, windows: int, pair: Ints, w: Ints, plays: Floats) -> None:
        member = pairs[kind]
        size = int(member.max(initial=-1)) + 1
        tags = np.zeros(size, np.int64)
        tags[member[member >= 0]] = pairs["tag"][member >= 0]
        wide = windows + _BEFORE
        cells = member[pair] * wide + w + _BEFORE
        named = member[pair] >= 0
        videos = np.bincount(cells[named], minlength=size * wide)
        total = np.bincount(cells[named], plays[named], size * wide)
        seen = _seen_the_day_before(videos.reshape(size, wide) > 0).ravel()
        used = np.flatnonzero(videos)
        used = used[used % wide >= _BEFORE]
        self._shape = (int(pairs["tag"].max()) + 1, windows)
        self._cells = tags[used // wide] * windows + used % wide - _BEFORE
        self._videos, self._plays, self._seen = videos[used], total[used], seen[used]

    def count(self) -> Floats:
        """Return the number of members (T, W)."""
        return self._sum(None)

    def dispersion(self) -> Floats:
        """Return the entropy of videos over members / ln(members)."""
        videos, count = self._sum(self._videos), self.count()
        even = (np.log(videos) - self._sum(self._videos * np.log(self._videos)) / videos) / np.log(count)
        return np.where(count > 1, even, np.where(count == 1, 0.0, np.nan))

    def overlap(self) -> Floats:
        """Return the share of the 20 most viewed that were there in the day before."""
        crowded = np.flatnonzero(self.count().ravel()[self._cells] > LEADERS)
        order = crowded[np.lexsort((-self._plays[crowded], self._cells[crowded]))]
        cells = self._cells[order]
        first = np.ones(len(order), bool)
        first[1:] = cells[1:] != cells[:-1]
        places = np.arange(len(order))
        leads = np.ones(len(self._cells), bool)
        leads[order] = places - np.maximum.accumulate(np.where(first, places, 0)) < LEADERS
        return self._sum(self._seen & leads) / np.minimum(self.count(), LEADERS)

    def _sum(self, values: Array | None) -> Floats:
        flat = np.bincount(self._cells, values, self._shape[0] * self._shape[1])
        return flat.reshape(self._shape).astype(np.float64)


def _seen_the_day_before(there: Flags) -> Flags:
    """Return for each member and window whether it was there in one of the 24 windows before."""
    windows = np.arange(there.shape[1], dtype=np.int16)
    latest = np.maximum.accumulate(np.where(there, windows, np.int16(-_BEFORE)), axis=1)
    seen = np.zeros_like(there)
    seen[:, 1:] = windows[1:] - latest[:, :-1] <= DAY_WINDOWS
    return seen


def over_time(tables: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the metrics that compare a hashtag with its own past (T, W)."""
    now = tables["views_gained"]
    before = _earlier(now)
    change = np.where(before == 0, np.where(now == 0, 0.0, 10.0), (now - before) / before)
    velocity = np.where(np.isnan(now) | np.isnan(before), np.nan, np.clip(change, -1.0, 10.0))
    past = _earlier(velocity)
    acceleration = np.clip((velocity - past) / np.maximum(np.abs(past), 0.1), -10.0, 10.0)
    half_life = _half_life(tables["engagement_efficiency"])
    return {"velocity": velocity, "acceleration": acceleration, "half_life_h": half_life, "z_14d": _z_14d(now)}


def _earlier(table: Floats, windows: int = 1) -> Floats:
    moved = np.full_like(table, np.nan)
    moved[:, windows:] = table[:, : table.shape[1] - windows]
    return moved


def _half_life(efficiency: Floats) -> Floats:
    curve = np.array([_earlier(efficiency, back) for back in range(min(HALF_LIFE_WINDOWS, efficiency.shape[1]))])
    used = curve > 0
    count = used.sum(axis=0)
    hours = -np.arange(len(curve), dtype=np.float64)[:, None, None]
    log = np.where(used, np.log(np.where(used, curve, 1.0)), 0.0)
    from_mean = np.where(used, hours - (hours * used).sum(axis=0) / count, 0.0)
    slope = (from_mean * log).sum(axis=0) / (from_mean**2).sum(axis=0)
    halving = np.minimum(np.log(2) / -slope, LONGEST_HALF_LIFE_H)
    return np.where((count >= 3) & (slope < -ROUNDING), halving, np.nan)


def _z_14d(gained: Floats) -> Floats:
    scores = np.full_like(gained, np.nan)
    for window in range(Z_LEAST, gained.shape[1]):
        past = gained[:, max(0, window - Z_WINDOWS) : window]
        count = (~np.isnan(past)).sum(axis=1)
        mean = np.nansum(past, axis=1) / count
        deviation = np.sqrt(np.nansum((past - mean[:, None]) ** 2, axis=1) / count)
        defined = (count >= Z_LEAST) & (deviation > ROUNDING * np.abs(mean))
        scores[:, window] = np.where(defined, (gained[:, window] - mean) / deviation, np.nan)
    return scores
