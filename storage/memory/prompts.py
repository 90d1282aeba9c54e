"""Prompts, what came of them, and people's decisions in memory."""

from collections.abc import Sequence
from datetime import datetime

from storage.records.rows_prompts import FeedbackRow, PromptAnswerRow, PromptRow, PromptUseRow


class MemoryPrompts:
    """See `PromptRecords`."""

    def __init__(self) -> None:
        self._prompts: dict[str, PromptRow] = {}
        self._uses: dict[tuple[datetime, str, str], PromptUseRow] = {}
        self._answers: dict[str, PromptAnswerRow] = {}
        self._feedback: list[FeedbackRow] = []

    def add_prompt(self, row: PromptRow) -> bool:
        """See `PromptRecords.add_prompt`."""
        stored = row.plain()
        return self._prompts.setdefault(row.prompt_id, stored) is stored

    def prompts(self, name: str | None = None) -> list[PromptRow]:
        """See `PromptRecords.prompts`."""
        return [row for row in reversed(list(self._prompts.values())) if name in (None, row.name)]

    def put_prompt_use(self, row: PromptUseRow) -> None:
        """See `PromptRecords.put_prompt_use`."""
        self._uses[row.at, row.prompt_id, row.model] = row.plain()

    def prompt_uses(self, *, since: datetime | None = None) -> list[PromptUseRow]:
        """See `PromptRecords.prompt_uses`."""
        return [row for key, row in sorted(self._uses.items()) if since is None or key[0] >= since]

    def put_prompt_answers(self, rows: Sequence[PromptAnswerRow], keep: datetime) -> None:
        """See `PromptRecords.put_prompt_answers`."""
        new = {row.answer_id: row.plain() for row in rows}
        kept = {name: row for name, row in self._answers.items() if row.at >= keep and name not in new}
        self._answers = kept | new

    def prompt_answers(self, name: str, *, accepted: bool | None = None, limit: int = 50) -> list[PromptAnswerRow]:
        """See `PromptRecords.prompt_answers`."""
        last_first = reversed(list(self._answers.values()))
        rows = [row for row in last_first if row.name == name and accepted in (None, row.accepted)]
        return sorted(rows, key=lambda row: row.at, reverse=True)[:limit]

    def add_feedback(self, row: FeedbackRow) -> None:
        """See `PromptRecords.add_feedback`."""
        self._feedback.append(row.plain())

    def feedback(self, narrative_ids: Sequence[str] | None = None, limit: int = 10_000) -> list[FeedbackRow]:
        """See `PromptRecords.feedback`."""
        rows = reversed(self._feedback)
        return [row for row in rows if narrative_ids is None or row.narrative_id in narrative_ids][:limit]
