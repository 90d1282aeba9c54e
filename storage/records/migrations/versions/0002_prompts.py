"""Prompts with what came of them, people's decisions, and who wrote a narrative."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0002"
down_revision = "0001"


def _text(name: str, *, key: bool = False, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, primary_key=key, unique=unique)


def _time(name: str, *, key: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, UTCDateTime(), nullable=False, primary_key=key)


def _count(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, primary_key=key)


def _json(name: str, default: str | None = None) -> sa.Column[sa.JSON]:
    return sa.Column(name, sa.JSON(), nullable=False, server_default=default)


def upgrade() -> None:
    with op.batch_alter_table("narratives") as narratives:
        narratives.add_column(_json("bullets", "[]"))
        narratives.add_column(sa.Column("model", sa.String(), nullable=False, server_default=""))
    _prompts()
    _feedback()


def _prompts() -> None:
    op.create_table(
        "prompts",
        _count("id", key=True),
        _text("prompt_id", unique=True),
        _text("name"),
        _count("version"),
        _text("digest"),
        _text("source"),
        _text("content"),
        _time("added_at"),
    )
    counts = ("asked", "accepted", "refused", "unanswered")
    tokens = ("prompt_tokens", "cached_tokens", "completion_tokens")
    op.create_table(
        "prompt_uses",
        _text("prompt_id", key=True),
        _time("at", key=True),
        _text("model", key=True),
        *(_count(name) for name in counts),
        _json("violations"),
        sa.Column("seconds", sa.Float(), nullable=False),
        *(_count(name) for name in tokens),
    )
    op.create_table(
        "prompt_answers",
        _count("id", key=True),
        _text("answer_id", unique=True),
        _text("name"),
        _text("prompt_id"),
        _text("model"),
        _time("at"),
        _json("case"),
        _text("text"),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        _json("problems"),
    )
    op.create_index("ix_prompt_answers_name", "prompt_answers", ["name"])
    op.create_index("ix_prompt_answers_at", "prompt_answers", ["at"])


def _feedback() -> None:
    op.create_table(
        "feedback",
        _count("id", key=True),
        _text("narrative_id"),
        _time("at"),
        _text("decision"),
        _text("prompt_id"),
        _text("model"),
        _text("judged"),
        _text("text"),
        _text("reason"),
        _json("violations"),
    )
    op.create_index("ix_feedback_narrative_id", "feedback", ["narrative_id"])
