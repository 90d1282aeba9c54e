"""The data quality section of the page: findings past a limit in the last day, and items left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from core.quality import CHECKS, Level
from serve.api import rows
from serve.api.learning_schemas import QualityAnswer
from serve.reading.ordering import LEVEL_RANK, newest_first

SHOWN = 12


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


def data_quality(quality: pl.DataFrame) -> DataQuality:
    """Summarise some rows of table `quality`."""
    passed = newest_first(quality.filter(pl.col("level") != Level.OK.value))
    newest = passed.unique(["check", "entity"], keep="first", maintain_order=True)
    left_out = quality.filter(pl.col("check") == "quarantined").group_by("entity").agg(pl.col("items").sum())
    counted = left_out.sort("items", "entity", descending=[True, False]).select("entity", "items").rows()
    findings = rows.of_frame(QualityAnswer, newest)
    return DataQuality(
        windows=quality["window"].n_unique(),
        held_back=passed.filter(pl.col("level") == Level.CRITICAL.value)["window"].n_unique(),
        findings=sorted(findings, key=lambda finding: LEVEL_RANK.get(finding.level, 3))[:SHOWN],
        quarantined=counted,
    )
