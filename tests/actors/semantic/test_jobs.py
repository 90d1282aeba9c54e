"""The jobs of the Semantic agent as plain functions, without Ray."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from actors.runtime.agent import JobCall
from actors.semantic.jobs import JOBS, SemanticContext
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.grounding.rules import grounded
from core.tables import tables
from core.windows import HOUR
from pipelines.narratives.feedback import decide
from prompts.llm.interface import LanguageModel
from prompts.registry import load_prompt
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.support.unreliable_model import UnreliableModel, dead, honest, inventive

AT = datetime(2025, 5, 14, 10, tzinfo=UTC)
TABLES = tables(features_table(FEATURE_SET))
GATE = SimpleNamespace(check_texts=grounded)


def context(model: LanguageModel | None, history_ends: datetime = AT - HOUR) -> SemanticContext:
    lake = MemoryLake(TABLES, buckets=2)
    common = {"at": AT, "model_id": "m", "alerted": False, "feature_set": "v2", "window": AT}
    ranked = [{"hashtag": tag, "rank": rank, "probability": 0.5} for rank, tag in enumerate(["gym", "cats"], 1)]
    measured = {"window_end": AT, "window_length": 60, "emerging": False, "window": AT, "views_gained": 12_345.0}
    put(lake, "predictions", [row | common for row in ranked])
    put(lake, "hashtag_metrics", [measured | {"hashtag": row["hashtag"], "unique_creators": 14} for row in ranked])
    return SemanticContext(SimpleNamespace(history_ends=history_ends), lake, MemoryRecords(), GATE, model)  # type: ignore[arg-type]


def put(lake: MemoryLake, table: str, rows: list[dict[str, Any]]) -> None:
    schema = TABLES[table].schema
    frame = pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)
    lake.replace(table, frame, AT - HOUR, AT)


def run(job: str, at: SemanticContext) -> dict[str, Any]:
    return dict(JOBS[job](JobCall(job, AT, AT), at).summary)


def statuses(at: SemanticContext) -> list[str]:
    return [row.status for row in at.records.narratives(at=AT)]


def test_templates_stand_first_and_the_models_texts_take_their_place() -> None:
    made = context(UnreliableModel(honest, "m1"))
    assert run("narrate", made)["narratives"] == 2
    assert statuses(made) == ["template", "template"]
    assert run("write", made)["written"] == 2
    assert statuses(made) == ["accepted", "accepted"]
    assert made.records.value("language_model")["model"] == "m1"
    uses = {use.model: use.prompt_id for use in made.records.prompt_uses()}
    assert uses == {"": load_prompt("narrative_template").id, "m1": load_prompt("narrative").id}


def test_what_the_gate_refuses_is_kept_and_not_shown() -> None:
    made = context(UnreliableModel(inventive))
    run("narrate", made)
    summary = run("write", made)
    assert (summary["written"], summary["refused"]) == (0, 4)
    assert statuses(made) == ["template", "template"]
    assert len(made.records.prompt_answers("narrative", accepted=False)) == 4


def test_a_dead_model_leaves_the_templates_and_is_told_of() -> None:
    made = context(UnreliableModel(dead, "m1"))
    run("narrate", made)
    assert run("write", made)["problem"] == "the language model can not be reached"
    assert statuses(made) == ["template", "template"]
    state = made.records.value("language_model")
    assert (state["model"], state["problem"]) == ("m1", "the language model can not be reached")


@pytest.mark.parametrize(
    ("model", "history_ends", "reason"),
    [
        (None, AT - HOUR, "no language model is set up"),
        (UnreliableModel(honest), AT + HOUR, "the first days are played without the language model"),
    ],
)
def test_without_a_model_and_while_days_are_played_templates_stand(
    model: LanguageModel | None, history_ends: datetime, reason: str
) -> None:
    made = context(model, history_ends)
    run("narrate", made)
    assert run("write", made)["reason"] == reason
    assert run("label", made)["reason"] == reason
    assert statuses(made) == ["template", "template"]
    assert made.records.value("language_model")["model"] == (model.name if model else None)


def test_a_text_that_people_judged_is_not_rewritten() -> None:
    made = context(UnreliableModel(honest))
    run("narrate", made)
    decide(made.records, made.records.narratives(at=AT)[0], "ACCEPT", "", "", AT)
    assert run("write", made)["written"] == 1
    assert statuses(made) == ["template", "accepted"]


def test_a_job_done_twice_leaves_the_same() -> None:
    made = context(UnreliableModel(honest))
    for job in ("narrate", "write", "write"):
        run(job, made)
    assert len(made.records.narratives(at=AT)) == 2
    assert len(made.records.prompt_uses()) == 2
    assert len(made.records.prompt_answers("narrative")) == 2


def test_refinement_is_an_event_or_says_that_there_is_no_model() -> None:
    assert run("refine", context(None)) == {"better": 0, "reason": "no language model is set up"}
    made = context(UnreliableModel(inventive))
    for number in range(3):
        run("narrate", made)
        call = JobCall("write", AT, AT + number * HOUR)
        JOBS["write"](call, made)
    assert run("refine", made)["tried"] == 0
    assert made.records.events(kind="PROMPT_UPDATE") == []
