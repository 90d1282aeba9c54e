"""The first tables: jobs, events, units, models, aliases, narratives, alerts, kpis, backlog, changes, values."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0001"
down_revision = None


def _text(name: str, *, null: bool = False, key: bool = False, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=null, primary_key=key, unique=unique)


def _time(name: str, *, null: bool = False, key: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, UTCDateTime(), nullable=null, primary_key=key)


def _count(name: str, *, null: bool = False, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null, primary_key=key)


def _json(name: str, *, null: bool = False) -> sa.Column[sa.JSON]:
    return sa.Column(name, sa.JSON(none_as_null=null), nullable=null)


def upgrade() -> None:
    _jobs_events_units()
    _models()
    _texts()
    _improvement()


def _jobs_events_units() -> None:
    op.create_table(
        "jobs",
        _text("job", key=True),
        _time("slot", key=True),
        _text("status"),
        _text("owner"),
        _count("attempts"),
        _time("started_at"),
        _time("finished_at", null=True),
        _json("result", null=True),
        _text("error", null=True),
    )
    op.create_table(
        "events",
        _count("seq", key=True),
        _text("event_id", unique=True),
        _text("kind"),
        _text("agent"),
        _time("at"),
        _text("subject"),
        _json("detail"),
    )
    op.create_index("ix_events_kind", "events", ["kind"])
    op.create_index("ix_events_at", "events", ["at"])
    op.create_table(
        "units",
        _text("request_id", key=True),
        sa.Column("day", sa.Date(), nullable=False),
        _text("purpose"),
        _text("agent"),
        _text("endpoint"),
        _count("estimate"),
        _count("charged", null=True),
        _time("reserved_at"),
        _time("settled_at", null=True),
    )
    op.create_index("ix_units_day", "units", ["day"])


def _models() -> None:
    op.create_table(
        "models",
        _text("model_id", key=True),
        _text("kind"),
        _time("created_at"),
        _json("training_set"),
        _json("features"),
        _json("metrics"),
        _json("importance"),
        _json("environment"),
        _text("data_hash"),
    )
    op.create_table("aliases", _text("name", key=True), _text("model_id"), _time("set_at"))
    op.create_table(
        "kpis",
        _count("id", key=True),
        _time("computed_at"),
        _time("period_start"),
        _time("period_end"),
        _text("model"),
        _text("scope"),
        _text("name"),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("value", "lower", "upper")),
        _count("n"),
    )
    op.create_index("ix_kpis_computed_at", "kpis", ["computed_at"])


def _texts() -> None:
    op.create_table(
        "narratives",
        _text("narrative_id", key=True),
        _count("position"),
        _time("at"),
        _text("hashtag"),
        _text("text"),
        _json("cites"),
        _text("status"),
        _text("prompt_version"),
        _json("violations"),
        _json("evidence"),
    )
    op.create_index("ix_narratives_at", "narratives", ["at"])
    op.create_index("ix_narratives_hashtag", "narratives", ["hashtag"])
    op.create_table(
        "alerts",
        _count("id", key=True),
        _text("key", unique=True),
        _text("kind"),
        _time("raised_at"),
        _text("title"),
        _text("body"),
        _text("hashtag", null=True),
        _text("status"),
        _count("attempts"),
        _text("receipt", null=True),
        _time("sent_at", null=True),
        _json("detail"),
    )
    op.create_index("ix_alerts_status", "alerts", ["status"])


def _improvement() -> None:
    op.create_table(
        "backlog",
        _count("id", key=True),
        _text("title", unique=True),
        *(_text(name) for name in ("category", "trigger", "hypothesis", "success_metric", "target_delta", "owner")),
        sa.Column("review_date", sa.Date(), nullable=False),
        _text("status"),
        _time("created_at"),
    )
    op.create_table(
        "changes",
        _count("id", key=True),
        _text("change_id", unique=True),
        _time("at"),
        _text("kind"),
        _text("title"),
        _json("evidence"),
    )
    op.create_table("values", _text("key", key=True), _text("value"), _time("updated_at"))


def downgrade() -> None:
    names = "values changes backlog alerts narratives kpis aliases models units events jobs"
    for name in names.split():
        op.drop_table(name)
