"""How much an audience reacts: likes, comments, shares and saves per play (SPEC 3)."""

import numpy as np

from core.metrics_observed import Cells, Observed
from core.time_log import Floats

RATED = ("likes", "comments", "shares", "saves")


def engagement(observed: Observed, cells: Cells) -> dict[str, Floats]:
    """Return the rates of likes, comments, shares and saves, and engagement_efficiency, of each cell (C,).

    A rate is the sum of the counter over the sum of plays, of the videos where both are known and plays are positive.
    Efficiency adds likes, comments and shares; unknown parts count as 0. NaN where nothing is known.
    """
    rates = {f"{counter}_rate": _rate(observed, cells, counter) for counter in RATED}
    parts = [rates["likes_rate"], rates["comments_rate"], rates["shares_rate"]]
    unknown = np.logical_and.reduce([np.isnan(part) for part in parts])
    total = sum(np.nan_to_num(part) for part in parts)
    return rates | {"engagement_efficiency": np.where(unknown, np.nan, total)}


def _rate(observed: Observed, cells: Cells, counter: str) -> Floats:
    plays, counts = observed["plays"], observed[counter]
    both = (plays > 0) & ~np.isnan(counts)
    with np.errstate(invalid="ignore"):
        return cells.sum(counts, both) / cells.sum(plays, both)
