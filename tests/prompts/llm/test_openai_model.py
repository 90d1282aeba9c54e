import pickle
import socket
import time

import pytest

from prompts.llm.interface import Message, Question
from prompts.llm.openai_model import OpenAIModel
from tests.support.chat_server import ChatServer

SCHEMA = {"type": "object", "properties": {"view": {"enum": ["a", "b"]}}, "required": ["view"]}
SHUT = "http://127.0.0.1:9/v1"


def questions(count: int) -> list[Question]:
    return [Question([Message("system", "Say it again."), Message("user", f"question {n}")]) for n in range(count)]


def test_a_batch_is_answered_in_its_order_with_so_many_in_flight() -> None:
    with ChatServer(seconds=0.05) as server:
        answers = OpenAIModel(server.address, "echo", in_flight=3).answer(questions(12))
    assert [answer.text for answer in answers] == [f"question {n}" for n in range(12)]
    assert server.most_at_once == 3
    first = answers[0]
    assert (first.error, first.prompt_tokens, first.cached_tokens, first.completion_tokens) == ("", 9, 7, 4)
    assert first.seconds > 0


def test_the_server_is_told_the_schema_the_limits_and_the_key() -> None:
    choice = Question([Message("user", "a or b?")], SCHEMA, max_tokens=5, temperature=0.5, seed=3)
    with ChatServer() as server:
        OpenAIModel(server.address, "echo", "secret").answer([choice])
    request = server.requests[0]
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA
    wanted = {"model": "echo", "max_tokens": 5, "temperature": 0.5, "seed": 3}
    assert {name: request[name] for name in wanted} == wanted
    assert server.keys == {"Bearer secret": 1}


def test_one_deadline_holds_for_the_whole_batch_and_what_came_before_it_is_kept() -> None:
    with ChatServer(retry_policy=2) as server:
        answers = OpenAIModel(server.address, "echo", timeout_s=2, in_flight=1).answer(questions(8))
    assert [answer.text for answer in answers[:2]] == ["question 0", "question 1"]
    assert all(answer.text is None and "within 2 s" in answer.error for answer in answers[2:])
    assert len(server.requests) == 3


def test_a_server_that_accepts_and_never_answers_costs_the_deadline_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        answers = OpenAIModel(address, "echo", timeout_s=0.3, in_flight=1).answer(questions(5))
    assert all("no answer from" in answer.error for answer in answers)
    assert time.monotonic() - began < 5


def test_nobody_there_is_an_error_and_no_exception() -> None:
    (answer,) = OpenAIModel(SHUT, "echo").answer(questions(1))
    assert answer.text is None
    assert "can't be reached" in answer.error
    assert "can't be reached" in OpenAIModel(SHUT, "echo").problem()


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (429, b'{"error": {"message": "too many requests"}}', "answered 429"),
        (500, b"<h1>broken</h1>", "answered 500"),
        (200, b"<html>a gateway</html>", "no chat completion: Invalid JSON"),
        (200, b"{}", "choices Field required"),
        (200, b'{"choices": []}', "no chat completion"),
        (200, b'{"choices": "many"}', "no chat completion"),
        (200, b'{"choices": [{"message": {"content": 5}}]}', "no chat completion"),
        (200, b'{"choices": [{"message": {"content": null, "refusal": "I would rather not"}}]}', "I would rather not"),
        (200, b'{"choices": [{"message": {"content": ""}}]}', "the model said nothing"),
        (200, b'{"choices": [{"message": {"content": "{"}, "finish_reason": "length"}]}', "cut at 160 tokens"),
    ],
)
def test_whatever_a_server_says_is_an_answer_or_one_line_of_error(status: int, body: bytes, problem: str) -> None:
    with ChatServer(body=body, status=status) as server:
        (answer,) = OpenAIModel(server.address, "echo").answer([Question([Message("user", "a?")], SCHEMA)])
    assert answer.text is None
    assert problem in answer.error
    assert "\n" not in answer.error


def test_a_model_is_plain_values_whose_key_is_not_shown() -> None:
    model = OpenAIModel(SHUT, "echo", "secret")
    assert pickle.loads(pickle.dumps(model)) == model
    assert "secret" not in repr(model)
    assert model.answer([]) == []


def test_a_server_says_whether_it_knows_the_model() -> None:
    with ChatServer() as server:
        assert OpenAIModel(server.address, "echo").problem() == ""
        assert "knows no model other, but echo" in OpenAIModel(server.address, "other").problem()
