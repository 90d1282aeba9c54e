"""Narratives, judgements, alerts, the backlog and the change log in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from storage.records.interface import MANY
from storage.records.rows import AlertRow, AlertStatus, BacklogRow, ChangeRow, NarrativeRow, narrative_set
from storage.records.rows_judgements import CollisionRow, CounterfactualRow, RiskRow, of_one_time
from storage.records.stored import StoredRecord

R = TypeVar("R", bound=StoredRecord)


class MemoryTexts:
    """See `TextRecords`, `JudgementRecords` and `ImprovementRecords`."""

    def __init__(self) -> None:
        super().__init__()
        self._narratives: dict[datetime, list[NarrativeRow]] = {}
        self._risks: dict[datetime, list[RiskRow]] = {}
        self._counterfactuals: dict[datetime, list[CounterfactualRow]] = {}
        self._collisions: dict[datetime, list[CollisionRow]] = {}
        self._alerts: dict[str, AlertRow] = {}
        self._backlog: dict[str, BacklogRow] = {}
        self._changes: dict[str, ChangeRow] = {}

    def put_narratives(self, at: datetime, rows: Sequence[NarrativeRow]) -> None:
        """See `TextRecords.put_narratives`."""
        stories = [row.plain() for row in narrative_set(at, rows)]
        ids = {row.narrative_id for row in stories}
        for moment, others in self._narratives.items():
            self._narratives[moment] = [row for row in others if row.narrative_id not in ids]
        self._narratives[at] = stories

    def narratives(
        self, *, at: datetime | None = None, hashtag: str | None = None, limit: int = 50
    ) -> list[NarrativeRow]:
        """See `TextRecords.narratives`."""
        return [row for row in _newest_first(self._narratives, at) if hashtag in (None, row.hashtag)][:limit]

    def narrative(self, narrative_id: str) -> NarrativeRow | None:
        """See `TextRecords.narrative`."""
        rows = (row for stories in self._narratives.values() for row in stories)
        return next((row for row in rows if row.narrative_id == narrative_id), None)

    def put_risks(self, at: datetime, rows: Sequence[RiskRow]) -> None:
        """See `JudgementRecords.put_risks`."""
        self._risks[at] = [row.plain() for row in of_one_time(at, rows)]

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
        self._counterfactuals[at] = [row.plain() for row in of_one_time(at, rows)]

    def counterfactuals(
        self, *, at: datetime | None = None, hashtag: str | None = None, limit: int = MANY
    ) -> list[CounterfactualRow]:
        """See `JudgementRecords.counterfactuals`."""
        rows = _newest_first(self._counterfactuals, at)
        return [row for row in rows if hashtag in (None, row.hashtag)][:limit]

    def put_collisions(self, at: datetime, rows: Sequence[CollisionRow]) -> None:
        """See `JudgementRecords.put_collisions`."""
        self._collisions[at] = [row.plain() for row in of_one_time(at, rows)]

    def collisions(self, *, at: datetime | None = None, limit: int = MANY) -> list[CollisionRow]:
        """See `JudgementRecords.collisions`."""
        return _newest_first(self._collisions, at)[:limit]

    def drop_judgements(self, before: datetime) -> None:
        """See `JudgementRecords.drop_judgements`."""
        self._risks = {at: rows for at, rows in self._risks.items() if at >= before}
        self._counterfactuals = {at: rows for at, rows in self._counterfactuals.items() if at >= before}
        self._collisions = {at: rows for at, rows in self._collisions.items() if at >= before}

    def raise_alert(self, row: AlertRow) -> bool:
        """See `TextRecords.raise_alert`."""
        stored = row.plain()
        return self._alerts.setdefault(row.key, stored) is stored

    def pending_alerts(self) -> list[AlertRow]:
        """See `TextRecords.pending_alerts`."""
        pending = [row for row in self._alerts.values() if row.status == "pending"]
        return sorted(pending, key=lambda row: row.raised_at)

    def mark_alert(self, key: str, status: AlertStatus, attempts: int, receipt: str | None, now: datetime) -> None:
        """See `TextRecords.mark_alert`."""
        if key not in self._alerts:
            raise ValueError(f"there is no alert {key}")
        sent_at = now if status == "sent" else None
        changes = {"status": status, "attempts": attempts, "receipt": receipt, "sent_at": sent_at}
        self._alerts[key] = self._alerts[key].changed(**changes)

    def alerts(self, *, limit: int = 50, offset: int = 0) -> list[AlertRow]:
        """See `TextRecords.alerts`."""
        last_first = reversed(list(self._alerts.values()))
        return sorted(last_first, key=lambda row: row.raised_at, reverse=True)[offset : offset + limit]

    def add_backlog(self, row: BacklogRow) -> bool:
        """See `ImprovementRecords.add_backlog`."""
        stored = row.plain()
        return self._backlog.setdefault(row.title, stored) is stored

    def backlog(self) -> list[BacklogRow]:
        """See `ImprovementRecords.backlog`."""
        return list(self._backlog.values())

    def add_change(self, row: ChangeRow) -> bool:
        """See `ImprovementRecords.add_change`."""
        stored = row.plain()
        return self._changes.setdefault(row.change_id, stored) is stored

    def changes(self, limit: int = 50) -> list[ChangeRow]:
        """See `ImprovementRecords.changes`."""
        last_first = reversed(list(self._changes.values()))
        return sorted(last_first, key=lambda row: row.at, reverse=True)[:limit]


def _newest_first(sets: Mapping[datetime, list[R]], at: datetime | None) -> list[R]:
    moments = sorted(sets, reverse=True) if at is None else [at]
    return [row for moment in moments for row in sets.get(moment, [])]
