"""Risks, counterfactuals and collisions."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"


def _texts(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(), nullable=null) for name in names]


def _numbers(*names: str) -> list[sa.Column[float]]:
    return [sa.Column(name, sa.Float(), nullable=False) for name in names]


def _json(*names: str) -> list[sa.Column[sa.JSON]]:
    return [sa.Column(name, sa.JSON(), nullable=False) for name in names]


def _place() -> list[sa.Column[sa.DateTime] | sa.Column[int]]:
    return [
        sa.Column("at", UTCDateTime(), nullable=False, primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False, primary_key=True),
    ]


def upgrade() -> None:
    op.create_table(
        "risks",
        *_place(),
        *_texts("hashtag"),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        *_numbers("score"),
        *_json("signals"),
        *_texts("model", "model_view", "model_reason", "prompt_version", null=True),
        *_json("cites", "evidence"),
    )
    op.create_table(
        "counterfactuals",
        *_place(),
        *_texts("hashtag", "model_id", "feature"),
        *_numbers("value_from", "value_to"),
        *_json("moved"),
        *_numbers("probability_from", "probability_to"),
        *_texts("text"),
        *_json("cites"),
        *_texts("status", "prompt_version"),
        *_json("evidence"),
    )
    op.create_table(
        "collisions",
        *_place(),
        *_texts("rising", "falling", "rising_label", "falling_label", "rising_tag", "falling_tag"),
        *_numbers("similarity", "rising_change", "falling_change"),
        *_texts("text"),
        *_json("cites"),
        *_texts("status", "prompt_version"),
        *_json("evidence"),
    )
    for table in ("risks", "counterfactuals"):
        op.create_index(f"ix_{table}_hashtag", table, ["hashtag"])


def downgrade() -> None:
    for name in ("collisions", "counterfactuals", "risks"):
        op.drop_table(name)
