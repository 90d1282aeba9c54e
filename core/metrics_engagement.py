"""How much an audience reacts: likes, comments, shares and saves per play (SPEC 3)."""

import numpy as np

from core.metrics_observed import Observed
from core.time_log import Floats

RATED = ("likes", "comments", "shares", "saves")


def engagement(observed: Observed) -> dict[str, Floats]:
    """Return the rates of likes, comments, shares and saves, and engagement_efficiency, of each hashtag (M,).

    A rate is the sum of the counter over the sum of plays, of the videos where both are known and plays are positive.
    Efficiency adds likes, comments and shares; unknown parts count as 0. NaN where nothing is known.
    """
    rates = {f"{counter}_rate": _rate(observed, counter) for counter in RATED}
    parts = np.array([rates["likes_rate"], rates["comments_rate"], rates["shares_rate"]])
    total = np.nansum(parts, axis=0)
    return rates | {"engagement_efficiency": np.where(np.isnan(parts).all(axis=0), np.nan, total)}


def _rate(observed: Observed, counter: str) -> Floats:
    plays, counts = observed["plays"], observed[counter]
    both = (plays > 0) & ~np.isnan(counts)
    with np.errstate(invalid="ignore"):
        return observed.sum(counts, both) / observed.sum(plays, both)
