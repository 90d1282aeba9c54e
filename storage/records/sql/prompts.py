"""Prompts, what came of them, and people's decisions in the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from storage.records.rows_prompts import FeedbackRow, PromptAnswerRow, PromptRow, PromptUseRow
from storage.records.schema import FeedbackTable, PromptAnswerTable, PromptTable, PromptUseTable, table_of
from storage.records.sql.database import Database, columns

PROMPTS = table_of(PromptTable)
USES = table_of(PromptUseTable)
ANSWERS = table_of(PromptAnswerTable)
FEEDBACK = table_of(FeedbackTable)


class SqlPrompts:
    """See `PromptRecords`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_prompt(self, row: PromptRow) -> bool:
        """See `PromptRecords.add_prompt`."""
        return self._database.put(PROMPTS, row)

    def prompts(self, name: str | None = None) -> list[PromptRow]:
        """See `PromptRecords.prompts`."""
        query = columns(PROMPTS, PromptRow).order_by(PROMPTS.c.id.desc())
        return self._database.rows(PromptRow, query if name is None else query.where(PROMPTS.c.name == name))

    def put_prompt_use(self, row: PromptUseRow) -> None:
        """See `PromptRecords.put_prompt_use`."""
        insert = self._database.insert(USES).values(**vars(row))
        with self._database.writing() as connection:
            connection.execute(insert.on_conflict_do_update(USES.primary_key, set_=vars(row)))

    def prompt_uses(self, *, since: datetime | None = None) -> list[PromptUseRow]:
        """See `PromptRecords.prompt_uses`."""
        query = columns(USES, PromptUseRow).order_by(USES.c.at, USES.c.prompt_id, USES.c.model)
        return self._database.rows(PromptUseRow, query if since is None else query.where(USES.c.at >= since))

    def put_prompt_answers(self, rows: Sequence[PromptAnswerRow], keep: datetime) -> None:
        """See `PromptRecords.put_prompt_answers`."""
        with self._database.writing("prompt_answers") as connection:
            connection.execute(delete(ANSWERS).where(ANSWERS.c.at < keep))
            connection.execute(delete(ANSWERS).where(ANSWERS.c.answer_id.in_([row.answer_id for row in rows])))
            if rows:
                connection.execute(ANSWERS.insert(), [vars(row) for row in rows])

    def prompt_answers(self, name: str, *, accepted: bool | None = None, limit: int = 50) -> list[PromptAnswerRow]:
        """See `PromptRecords.prompt_answers`."""
        query = columns(ANSWERS, PromptAnswerRow).where(ANSWERS.c.name == name)
        if accepted is not None:
            query = query.where(ANSWERS.c.accepted == accepted)
        newest_first = query.order_by(ANSWERS.c.at.desc(), ANSWERS.c.id.desc())
        return self._database.rows(PromptAnswerRow, newest_first.limit(limit))

    def add_feedback(self, row: FeedbackRow) -> None:
        """See `PromptRecords.add_feedback`."""
        self._database.put(FEEDBACK, row)

    def feedback(self, narrative_ids: Sequence[str] | None = None, limit: int = 10_000) -> list[FeedbackRow]:
        """See `PromptRecords.feedback`."""
        query = columns(FEEDBACK, FeedbackRow).order_by(FEEDBACK.c.id.desc()).limit(limit)
        if narrative_ids is not None:
            query = query.where(FEEDBACK.c.narrative_id.in_(narrative_ids))
        return self._database.rows(FeedbackRow, query)
