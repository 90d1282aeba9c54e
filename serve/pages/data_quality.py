"""What the page says of the quality of the data: what passed a limit in the last day, and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from core.quality import CHECKS, Level
from serve.api import rows
from serve.api.learning_schemas import QualityAnswer

SHOWN = 12
_RANK = {Level.CRITICAL.value: 0, Level.WARNING.value: 1, Level.OK.value: 2}


@dataclass(frozen=True)
class DataQuality:
    """The last day of table `quality`.

    Parameters
    ----------
    windows, held_back: fetch windows that were checked, and those that went no further than the raw pages
    findings: the newest that passed a limit, one for each check and entity, the worst first
    quarantined: (reason, items left out), most first
    """

    windows: int
    held_back: int
    findings: Sequence[QualityAnswer]
    quarantined: Sequence[tuple[str, int]]

    @staticmethod
    def meaning(check: str) -> str:
        """What the value of a check is."""
        return CHECKS.get(check, check)


def newest_first(quality: pl.DataFrame) -> pl.DataFrame:
    """The newest windows first, within one the worst findings."""
    rank = pl.col("level").replace_strict(_RANK, default=3, return_dtype=pl.Int64)
    order = (pl.col("window"), rank, pl.col("check"), pl.col("entity"))
    return quality.sort(*order, descending=[True, False, False, False])


def data_quality(quality: pl.DataFrame) -> DataQuality:
    """What there is to say of some rows of table `quality`."""
    passed = newest_first(quality.filter(pl.col("level") != Level.OK.value))
    newest = passed.unique(["check", "entity"], keep="first", maintain_order=True)
    left_out = quality.filter(pl.col("check") == "quarantined").group_by("entity").agg(pl.col("items").sum())
    counted = left_out.sort("items", "entity", descending=[True, False]).select("entity", "items").rows()
    return DataQuality(
        windows=quality["window"].n_unique(),
        held_back=passed.filter(pl.col("level") == Level.CRITICAL.value)["window"].n_unique(),
        findings=sorted(rows.of_frame(QualityAnswer, newest), key=lambda one: _RANK.get(one.level, 3))[:SHOWN],
        quarantined=counted,
    )
