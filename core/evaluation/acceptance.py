"""How people judge narratives: the shares that they accept and edit, with 95 % intervals."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import polars as pl

from core.evaluation.intervals import DayBlocks, Estimate

FIGURES = {"narrative_acceptance": "ACCEPT", "narrative_edit_share": "EDIT"}


def acceptance_figures(
    judged: Sequence[tuple[datetime, str]], *, resamples: int = 200, seed: int = 0
) -> dict[str, Estimate]:
    """Return `narrative_acceptance` = ACCEPT / (ACCEPT + EDIT + REJECT), and `narrative_edit_share` = EDIT / all three.

    Parameters
    ----------
    judged: time and decision of each narrative that was judged
    resamples: number of bootstrap resamples by day
    seed: random seed of the bootstrap

    Examples
    --------
    >>> from datetime import UTC
    >>> day = datetime(2025, 5, 14, tzinfo=UTC)
    >>> found = acceptance_figures([(day, "ACCEPT"), (day, "ACCEPT"), (day, "EDIT"), (day, "REJECT")])
    >>> found["narrative_acceptance"].value, found["narrative_edit_share"].value
    (0.5, 0.25)
    """
    if not judged:
        return {}
    ordered = sorted(judged)
    blocks = DayBlocks.of(pl.Series("at", [at for at, _ in ordered]), resamples, seed)
    decisions = np.array([decision for _, decision in ordered])
    return {
        name: blocks.estimate(blocks.mean((decisions == decision).astype(float)), len(ordered))
        for name, decision in FIGURES.items()
    }
