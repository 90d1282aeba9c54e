"""How many videos were observed under a hashtag and what they gained.

Formulas: docs/formulas.md, section 3.
"""

from collections.abc import Mapping

import numpy as np

from core.metrics.time_log import Floats


def volumes(sums: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return volume, new_videos, views_increment and increment_coverage of each cell (C,), NaN without a video.

    Parameters
    ----------
    sums: of a `Tally`
    """
    volume, known = sums["volume"], sums["known"]
    with np.errstate(invalid="ignore"):
        coverage = known / volume
    return {
        "volume": np.where(volume > 0, volume, np.nan),
        "new_videos": np.where(volume > 0, sums["new_videos"], np.nan),
        "views_increment": np.where(known > 0, sums["gain"], np.nan),
        "increment_coverage": coverage,
    }
