"""How much an audience reacts: likes, comments, shares and saves per play.

Formulas: docs/formulas.md, section 3.
"""

from collections.abc import Mapping

import numpy as np

from core.metrics.time_log import Floats

RATED = ("likes", "comments", "shares", "saves")


def engagement(sums: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the rates of likes, comments, shares and saves, and engagement_efficiency, of each cell (C,).

    A rate is the sum of the counter over the sum of plays, of the videos where both are known and plays are positive.
    Efficiency adds likes, comments and shares; unknown parts count as 0. NaN where nothing is known.

    Parameters
    ----------
    sums: of a `Tally`
    """
    with np.errstate(invalid="ignore"):
        rates = {f"{counter}_rate": sums[counter] / sums[f"{counter}_plays"] for counter in RATED}
    parts = [rates["likes_rate"], rates["comments_rate"], rates["shares_rate"]]
    unknown = np.logical_and.reduce([np.isnan(part) for part in parts])
    total = sum(np.nan_to_num(part) for part in parts)
    return rates | {"engagement_efficiency": np.where(unknown, np.nan, total)}
