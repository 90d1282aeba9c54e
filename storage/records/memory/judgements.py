"""Risks, counterfactuals and collisions in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from storage.records.judgements import MANY, CollisionRow, CounterfactualRow, J, RiskRow, of_one_time
from storage.records.rows import plain


class MemoryJudgements:
    """See `JudgementRecords`."""

    def __init__(self) -> None:
        super().__init__()
        self._risks: dict[datetime, list[RiskRow]] = {}
        self._counterfactuals: dict[datetime, list[CounterfactualRow]] = {}
        self._collisions: dict[datetime, list[CollisionRow]] = {}

    def put_risks(self, at: datetime, rows: Sequence[RiskRow]) -> None:
        """See `JudgementRecords.put_risks`."""
        self._risks[at] = [plain(row) for row in of_one_time(at, rows)]

    def risks(
        self,
        *,
        at: datetime | None = None,
        hashtag: str | None = None,
        flagged: bool | None = None,
        limit: int = MANY,
    ) -> list[RiskRow]:
        """See `JudgementRecords.risks`."""
        rows = [row for row in _newest_first(self._risks, at) if hashtag in (None, row.hashtag)]
        return [row for row in rows if flagged in (None, row.flagged)][:limit]

    def put_counterfactuals(self, at: datetime, rows: Sequence[CounterfactualRow]) -> None:
        """See `JudgementRecords.put_counterfactuals`."""
        self._counterfactuals[at] = [plain(row) for row in of_one_time(at, rows)]

    def counterfactuals(
        self, *, at: datetime | None = None, hashtag: str | None = None, limit: int = MANY
    ) -> list[CounterfactualRow]:
        """See `JudgementRecords.counterfactuals`."""
        rows = _newest_first(self._counterfactuals, at)
        return [row for row in rows if hashtag in (None, row.hashtag)][:limit]

    def put_collisions(self, at: datetime, rows: Sequence[CollisionRow]) -> None:
        """See `JudgementRecords.put_collisions`."""
        self._collisions[at] = [plain(row) for row in of_one_time(at, rows)]

    def collisions(self, *, at: datetime | None = None, limit: int = MANY) -> list[CollisionRow]:
        """See `JudgementRecords.collisions`."""
        return _newest_first(self._collisions, at)[:limit]

    def drop_judgements(self, before: datetime) -> None:
        """See `JudgementRecords.drop_judgements`."""
        self._risks = {at: rows for at, rows in self._risks.items() if at >= before}
        self._counterfactuals = {at: rows for at, rows in self._counterfactuals.items() if at >= before}
        self._collisions = {at: rows for at, rows in self._collisions.items() if at >= before}


def _newest_first(sets: Mapping[datetime, list[J]], at: datetime | None) -> list[J]:
    moments = sorted(sets, reverse=True) if at is None else [at]
    return [row for moment in moments for row in sets.get(moment, [])]
