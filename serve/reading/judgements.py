"""The newest risks, counterfactuals and collisions in the records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from storage.records.interface import Records
from storage.records.rows_judgements import CollisionRow, CounterfactualRow, RiskRow

JUDGED_WITHIN = timedelta(hours=2)
J = TypeVar("J", RiskRow, CounterfactualRow, CollisionRow)


@dataclass(frozen=True)
class NewestJudgements:
    """The judgements made at one time, without the texts that were refused.

    Parameters
    ----------
    at: the time of the risks; None where no recent ones exist
    risks: by hashtag, highest score first
    """

    at: datetime | None = None
    risks: Mapping[str, RiskRow] = field(default_factory=dict)
    counterfactuals: Sequence[CounterfactualRow] = ()
    collisions: Sequence[CollisionRow] = ()

    @property
    def flagged(self) -> list[RiskRow]:
        """Risks of the hashtags that the rule flags as boosted."""
        return [row for row in self.risks.values() if row.flagged]

    @property
    def boosted(self) -> frozenset[str]:
        """Names of those hashtags."""
        return frozenset(row.hashtag for row in self.flagged)

    def of(self, hashtag: str) -> list[CounterfactualRow]:
        """The counterfactuals of a hashtag, strongest first."""
        return [row for row in self.counterfactuals if row.hashtag == hashtag]


def newest(records: Records, at: datetime | None) -> NewestJudgements:
    """Return the newest judgements of predictions made at `at` or up to two hours earlier."""
    if at is None:
        return NewestJudgements()
    risks = _recent(records.risks(limit=200), at)
    return NewestJudgements(
        at=risks[0].at if risks else None,
        risks={row.hashtag: row for row in risks},
        counterfactuals=[row for row in _recent(records.counterfactuals(limit=60), at) if row.status != "rejected"],
        collisions=[row for row in _recent(records.collisions(limit=20), at) if row.status != "rejected"],
    )


def _recent(rows: Sequence[J], at: datetime) -> list[J]:
    """The newest set among rows that come newest first, unless it is too old."""
    return [row for row in rows if row.at == rows[0].at and row.at >= at - JUDGED_WITHIN]
