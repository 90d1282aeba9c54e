"""What the observed videos of each hashtag add up to in each window: all that its metrics need of them.

Formulas: docs/formulas.md, section 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.metrics.decay import AGE_EDGES
from core.metrics.engagement import RATED
from core.metrics.keyed_frame import Keys
from core.metrics.observed import Observed
from core.metrics.people import KINDS, Members, members
from core.metrics.time_log import Array, Flags, Floats, Ints

Earlier = Mapping[str, tuple[Keys, Ints]]


@dataclass(frozen=True)
class Tally:
    """Sums over the observed videos of cells (window x tags + code), and who is behind them.

    Parameters
    ----------
    sums: arrays (C,): `volume` and `new_videos`; `known` gains and their sum `gain`; for each rated counter its sum and
        that of the plays beside it (`likes`, `likes_plays`); by band of age `band_videos_0` and `band_gain_0`
    members: creators and sounds
    earlier: for each kind the keys of those observed before the first window, and when, microseconds
    """

    sums: Mapping[str, Floats]
    members: Mapping[str, Members]
    earlier: Earlier


def tally(observed: Observed, earlier: Earlier) -> Tally:
    """Add up the observed videos of every cell."""
    cells, size = observed.cells, observed.size
    gain = observed["gain"]
    known = ~np.isnan(gain)
    sums = {
        "volume": _sum(cells, size),
        "new_videos": _sum(cells, size, observed.born()),
        "known": _sum(cells, size, known),
        "gain": _sum(cells, size, known, gain),
    }
    sums |= _rated(observed, cells) | _by_age(observed, cells, known)
    return Tally(sums, {kind: members(observed, kind) for kind in KINDS}, earlier)


def _rated(observed: Observed, cells: Ints) -> dict[str, Floats]:
    """Return the sum of each rated counter, and of the plays beside it, over videos where both are known."""
    played = observed["plays"] > 0
    plays = np.where(played, observed["plays"], 0.0)
    all_plays = _sum(cells, observed.size, None, plays)
    sums = {}
    for counter in RATED:
        values = observed[counter]
        known = ~np.isnan(values)
        everywhere = bool(known.all())
        sums[counter] = _sum(cells, observed.size, None, np.where(played & known, values, 0.0))
        sums[f"{counter}_plays"] = all_plays if everywhere else _sum(cells, observed.size, None, plays * known)
    return sums


def _by_age(observed: Observed, cells: Ints, known: Flags) -> dict[str, Floats]:
    """Return the number and gain of videos in each band of age at the window's end."""
    age = observed.ends[observed.windows] - observed["created_at"]
    aged = np.flatnonzero((age >= 0) & (age < AGE_EDGES[-1]) & known)
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
