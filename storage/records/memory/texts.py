"""Narratives, alerts, the backlog and the change log in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from storage.records.rows import AlertRow, AlertStatus, BacklogRow, ChangeRow, NarrativeRow, narrative_set, plain


class MemoryTexts:
    """See `TextRecords` and `ImprovementRecords`."""

    def __init__(self) -> None:
        super().__init__()
        self._narratives: dict[datetime, list[NarrativeRow]] = {}
        self._alerts: dict[str, AlertRow] = {}
        self._backlog: dict[str, BacklogRow] = {}
        self._changes: dict[str, ChangeRow] = {}

    def put_narratives(self, at: datetime, rows: Sequence[NarrativeRow]) -> None:
        """See `TextRecords.put_narratives`."""
        stories = [plain(row) for row in narrative_set(at, rows)]
        ids = {row.narrative_id for row in stories}
        for moment, others in self._narratives.items():
            self._narratives[moment] = [row for row in others if row.narrative_id not in ids]
        self._narratives[at] = stories

    def narratives(
        self, *, at: datetime | None = None, hashtag: str | None = None, limit: int = 50
    ) -> list[NarrativeRow]:
        """See `TextRecords.narratives`."""
        moments = sorted(self._narratives, reverse=True) if at is None else [at]
        rows = [row for moment in moments for row in self._narratives.get(moment, [])]
        return [row for row in rows if hashtag in (None, row.hashtag)][:limit]

    def narrative(self, narrative_id: str) -> NarrativeRow | None:
        """See `TextRecords.narrative`."""
        rows = (row for told in self._narratives.values() for row in told)
        return next((row for row in rows if row.narrative_id == narrative_id), None)

    def raise_alert(self, row: AlertRow) -> bool:
        """See `TextRecords.raise_alert`."""
        stored = plain(row)
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
        changed = replace(self._alerts[key], status=status, attempts=attempts, receipt=receipt, sent_at=sent_at)
        self._alerts[key] = changed

    def alerts(self, *, limit: int = 50, offset: int = 0) -> list[AlertRow]:
        """See `TextRecords.alerts`."""
        last_first = reversed(list(self._alerts.values()))
        return sorted(last_first, key=lambda row: row.raised_at, reverse=True)[offset : offset + limit]

    def add_backlog(self, row: BacklogRow) -> bool:
        """See `ImprovementRecords.add_backlog`."""
        stored = plain(row)
        return self._backlog.setdefault(row.title, stored) is stored

    def backlog(self) -> list[BacklogRow]:
        """See `ImprovementRecords.backlog`."""
        return list(self._backlog.values())

    def add_change(self, row: ChangeRow) -> bool:
        """See `ImprovementRecords.add_change`."""
        stored = plain(row)
        return self._changes.setdefault(row.change_id, stored) is stored

    def changes(self, limit: int = 50) -> list[ChangeRow]:
        """See `ImprovementRecords.changes`."""
        last_first = reversed(list(self._changes.values()))
        return sorted(last_first, key=lambda row: row.at, reverse=True)[:limit]
