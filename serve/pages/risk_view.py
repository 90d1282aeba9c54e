"""What the pages show of hashtags that may be boosted artificially."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.judgements.boosting import SIGNALS
from pipelines.judgements.risks import words
from serve.reading.judgements import NewestJudgements
from storage.records.rows_judgements import RiskRow


@dataclass(frozen=True)
class RiskView:
    """A risk as a page shows it.

    Parameters
    ----------
    reasons: signals that point to boosting, in words with figures, each figure once
    """

    row: RiskRow
    reasons: Sequence[str]


def risk_views(rows: Sequence[RiskRow]) -> list[RiskView]:
    """Return risks as the pages show them."""
    return [_risk_view(row) for row in rows]


def hashtag_context(judgements: NewestJudgements, hashtag: str) -> dict[str, Any]:
    """Return what the page of a hashtag shows: `risk` (None where none is kept) and `what_ifs`."""
    row = judgements.risks.get(hashtag)
    return {"risk": _risk_view(row) if row else None, "what_ifs": judgements.of(hashtag)}


def _risk_view(row: RiskRow) -> RiskView:
    fired = {signal["name"]: signal["value"] for signal in row.signals if signal["fired"]}
    reasons = dict.fromkeys(words(signal, fired[signal.name]) for signal in SIGNALS if signal.name in fired)
    return RiskView(row, list(reasons))
