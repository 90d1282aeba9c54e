"""The newest risks, counterfactuals and collisions: read from the records, answered as lists, shown on the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from core.judgements.boosting import SIGNALS
from pipelines.judgements.risks import words
from serve.api.judgement_schemas import CounterfactualAnswer, RiskAnswer, RiskSignalAnswer
from storage.records.interface import Records
from storage.records.judgements import CollisionRow, CounterfactualRow, RiskRow

PATIENCE = timedelta(hours=2)
J = TypeVar("J", RiskRow, CounterfactualRow, CollisionRow)


@dataclass(frozen=True)
class Judgements:
    """What was thought at one time, texts that were refused left out.

    Parameters
    ----------
    at: the time of the risks; None where there are none that are recent
    risks: by hashtag, highest score first
    """

    at: datetime | None = None
    risks: Mapping[str, RiskRow] = field(default_factory=dict)
    counterfactuals: Sequence[CounterfactualRow] = ()
    collisions: Sequence[CollisionRow] = ()

    @property
    def flagged(self) -> list[RiskRow]:
        """Hashtags that look boosted by the rule."""
        return [row for row in self.risks.values() if row.flagged]

    @property
    def boosted(self) -> frozenset[str]:
        """Names of those hashtags."""
        return frozenset(row.hashtag for row in self.flagged)

    def of(self, hashtag: str) -> list[CounterfactualRow]:
        """The counterfactuals of a hashtag, strongest first."""
        return [row for row in self.counterfactuals if row.hashtag == hashtag]


@dataclass(frozen=True)
class RiskView:
    """A risk as a page shows it.

    Parameters
    ----------
    told: what speaks for boosting, in words with figures, each figure once
    """

    row: RiskRow
    told: Sequence[str]


def newest(records: Records, at: datetime | None) -> Judgements:
    """The newest judgements, if they belong to predictions made at `at` or up to two hours earlier."""
    if at is None:
        return Judgements()
    risks = _recent(records.risks(limit=200), at)
    return Judgements(
        at=risks[0].at if risks else None,
        risks={row.hashtag: row for row in risks},
        counterfactuals=[row for row in _recent(records.counterfactuals(limit=60), at) if row.status != "rejected"],
        collisions=[row for row in _recent(records.collisions(limit=20), at) if row.status != "rejected"],
    )


def _recent(rows: Sequence[J], at: datetime) -> list[J]:
    """The newest set among rows that come newest first, unless it is too old."""
    return [row for row in rows if row.at == rows[0].at and row.at >= at - PATIENCE]


def risk_views(rows: Sequence[RiskRow]) -> list[RiskView]:
    """What the pages say of risks."""
    return [_risk_view(row) for row in rows]


def hashtag_context(judgements: Judgements, hashtag: str) -> dict[str, Any]:
    """What the page of a hashtag says of it: `risk` (None where nothing is kept) and `what_ifs`."""
    row = judgements.risks.get(hashtag)
    return {"risk": _risk_view(row) if row else None, "what_ifs": judgements.of(hashtag)}


def _risk_view(row: RiskRow) -> RiskView:
    fired = {one["name"]: one["value"] for one in row.signals if one["fired"]}
    told = dict.fromkeys(words(signal, fired[signal.name]) for signal in SIGNALS if signal.name in fired)
    return RiskView(row, list(told))


def risk_answer(row: RiskRow) -> RiskAnswer:
    """A risk as the interface answers it."""
    return RiskAnswer(
        hashtag=row.hashtag,
        at=row.at,
        rule_flagged=row.flagged,
        rule_score=row.score,
        rule_signals=[RiskSignalAnswer.model_validate(one) for one in row.signals],
        model_view=row.model_view,
        model_reason=row.model_reason,
        model=row.model,
    )


def hashtag_judgements(judgements: Judgements, hashtag: str) -> dict[str, Any]:
    """The fields of `JudgedHashtag` that say what is thought of it."""
    risk = judgements.risks.get(hashtag)
    return {
        "risk": risk_answer(risk) if risk else None,
        "counterfactuals": [CounterfactualAnswer.model_validate(row) for row in judgements.of(hashtag)],
    }
