"""The real model on Ray Serve, asked over HTTP by OpenAI's own client; `make llm` sets it up."""

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from openai import OpenAI

from benchmarks.llm.cycles import made_up_cycle
from cli.shared.installation import HOURLY
from cli.shared.language_model import what_is_missing
from configs.cadence import load_cadence
from configs.settings import Settings
from core.windows import HOUR
from pipelines.narratives.model import cases
from prompts.llm.asking import question
from prompts.llm.interface import Message, Question
from prompts.registry import load_prompt
from tests.actors.small_system import WORLD, play, small_installation, stores, system_of
from tests.support.hosted_model import NAME, HostedModel
from tests.support.requirements import require

pytestmark = [
    pytest.mark.llm,
    pytest.mark.ray,
    pytest.mark.slow,
    pytest.mark.usefixtures("ray_cluster"),
    pytest.mark.timeout(600),
]
SCHEMA = {
    "type": "object",
    "properties": {"mood": {"enum": ["calm", "busy"]}, "reason": {"type": "string", "maxLength": 60}},
    "required": ["mood", "reason"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedModel]:
    require(not what_is_missing(Settings().language_model), "needs the language model: make llm")
    model = HostedModel(tmp_path_factory.mktemp("llm") / "errors")
    yield model
    if model.process.poll() is None:
        model.stop()


@pytest.fixture
def client(hosted: HostedModel) -> Iterator[OpenAI]:
    with OpenAI(base_url=hosted.address, api_key="none", timeout=120, max_retries=0) as client:
        yield client


def test_the_official_client_lists_the_model_and_has_it_chat(client: OpenAI) -> None:
    assert [item.id for item in client.models.list()] == [NAME]
    answer = client.chat.completions.create(
        model=NAME, messages=[{"role": "user", "content": "Name one colour."}], max_tokens=12, temperature=0
    )
    assert answer.choices[0].message.content
    assert answer.usage is not None
    assert 0 < answer.usage.completion_tokens <= 12


def test_the_official_client_streams(client: OpenAI) -> None:
    stream = client.chat.completions.create(
        model=NAME, messages=[{"role": "user", "content": "Count to five."}], max_tokens=24, temperature=0, stream=True
    )
    parts = [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]
    assert sum(bool(part) for part in parts) > 1
    assert "".join(parts).strip()


def test_a_json_schema_constrains_what_is_decoded(client: OpenAI) -> None:
    for seed in range(3):
        answer = client.chat.completions.create(
            model=NAME,
            messages=[{"role": "user", "content": "Is a Monday morning calm or busy? Answer in JSON."}],
            response_format={"type": "json_schema", "json_schema": {"name": "mood", "schema": SCHEMA, "strict": True}},
            max_tokens=80,
            temperature=1.0,
            seed=seed,
        )
        answer = json.loads(answer.choices[0].message.content or "")
        assert set(answer) == {"mood", "reason"}
        assert answer["mood"] in ("calm", "busy")


def test_a_cycles_narratives_fit_their_schema_share_their_beginning_and_cite_what_there_is(hosted: HostedModel) -> None:
    prompt, template = load_prompt("narrative"), load_prompt("narrative_template")
    prompted = cases(made_up_cycle(1, 4), template)
    questions = [replace(question(prompt, item.inputs, item.choices), max_tokens=600) for item in prompted]
    answers = hosted.model.answer(questions[:1]) + hosted.model.answer(questions[1:])
    assert sum(item.cached_tokens for item in answers[1:]) > sum(item.prompt_tokens for item in answers[1:]) / 2
    for answer, case in zip(answers, prompted, strict=True):
        assert answer.error == ""
        reply = json.loads(answer.text or "")
        assert 2 <= len(reply["bullets"]) <= 4
        for bullet in reply["bullets"]:
            assert set(bullet["cites"]) <= set(case.choices["cites"])


def test_killing_the_model_in_the_middle_delays_no_metrics_and_no_predictions(
    hosted: HostedModel, tmp_path_factory: pytest.TempPathFactory
) -> None:
    installation = replace(
        small_installation(tmp_path_factory.mktemp("system") / "home"),
        history_ends=WORLD.start,
        jobs=load_cadence(hourly=HOURLY, model=True),
        language_model=hosted.model,
    )
    engine = hosted.engine()
    with system_of(installation) as system:
        play(system, WORLD.start, 1)
        time.sleep(2)  # the model is at work on the first hour's narratives
        os.kill(engine.pid, signal.SIGKILL)
        play(system, WORLD.start + HOUR, 3)
        _, records = stores(installation)
        states = {(row.job, row.slot): row.status for row in records.jobs(limit=500)}
        for job in ("measure", "predict", "narrate", "alert"):
            assert [states[job, WORLD.start + hour * HOUR] for hour in range(1, 5)] == ["completed"] * 4
        assert records.narratives(at=WORLD.start + 4 * HOUR)
        records.close()


def test_a_killed_model_comes_back_by_itself(hosted: HostedModel) -> None:
    until = time.monotonic() + 400
    while time.monotonic() < until:
        (answer,) = hosted.model.answer([Question([Message("user", "Say hello.")], max_tokens=8)])
        if answer.text is not None:
            return
        time.sleep(2)
    raise AssertionError(answer.error)


def test_ctrl_c_leaves_nothing(hosted: HostedModel) -> None:
    assert hosted.stop() == []
