"""One suite over every language model: whatever becomes of a question, there is an answer in its place."""

from collections.abc import Callable, Iterator

import pytest

from prompts.llm.asking import question, read
from prompts.llm.interface import Answer, LanguageModel, Question
from prompts.llm.openai_model import OpenAIModel
from prompts.registry import load_prompt
from tests.support.chat_server import ChatServer
from tests.support.unreliable_model import (
    UnreliableModel,
    babbling,
    dead,
    facts_of,
    honest,
    inventive,
    misciting,
    repentant,
    replaying,
    slow,
)

PROMPT = load_prompt("narrative")
CITES = {"cites": ["m1", "m2"]}


def asked(tag: str) -> Question:
    facts = [{"id": "m1", "text": f"4 creators posted with #{tag}."}, {"id": "m2", "text": "It gained 9 views."}]
    return question(PROMPT, {"tag": tag, "theme": "", "facts": facts}, CITES)


MODELS: dict[str, Callable[[], LanguageModel]] = {
    "honest": lambda: UnreliableModel(honest),
    "inventive": lambda: UnreliableModel(inventive),
    "misciting": lambda: UnreliableModel(misciting),
    "babbling": lambda: UnreliableModel(babbling),
    "dead": lambda: UnreliableModel(dead),
    "slow": lambda: UnreliableModel(slow(0.01)),
    "repentant": lambda: UnreliableModel(repentant(babbling, honest)),
    "replaying": lambda: UnreliableModel(replaying({"Hashtag: #a": "{}"})),
}


@pytest.fixture(params=[*MODELS, "OpenAI's shape", "OpenAI's shape, gone"])
def model(request: pytest.FixtureRequest) -> Iterator[LanguageModel]:
    if request.param in MODELS:
        yield MODELS[request.param]()
        return
    with ChatServer() as server:
        gone = "http://127.0.0.1:9/v1"
        yield OpenAIModel(gone if request.param.endswith("gone") else server.address, "echo", timeout_s=10.0)


def test_every_question_has_its_answer_in_its_place(model: LanguageModel) -> None:
    assert model.name
    assert model.answer([]) == []
    answers = model.answer([asked("a"), asked("b"), asked("a")])
    assert len(answers) == 3
    assert answers[0].text == answers[2].text
    for answer in answers:
        assert (answer.text is None) == bool(answer.error)
        assert "\n" not in answer.error
        assert min(answer.prompt_tokens, answer.cached_tokens, answer.completion_tokens, answer.seconds) >= 0


def test_each_behaviour_goes_wrong_in_its_own_way() -> None:
    problems = {name: read(PROMPT, make().answer([asked("a")])[0], CITES).problem for name, make in MODELS.items()}
    assert problems["honest"] == problems["inventive"] == ""
    assert "'m99' is not one of" in problems["misciting"]
    assert "no JSON" in problems["babbling"]
    assert problems["dead"] == "the language model can not be reached"
    assert problems["slow"] == "no answer within 0.01 s"
    assert "'bullets' is a required property" in problems["replaying"]
    assert read(PROMPT, UnreliableModel(replaying({})).answer([asked("b")])[0], CITES).value is None


def test_facts_are_read_from_the_question_however_often_it_was_asked() -> None:
    facts = [("m1", "4 creators posted with #a."), ("m2", "It gained 9 views.")]
    assert facts_of(asked("a")) == facts
    assert Answer(None, "x") != Answer("x")
