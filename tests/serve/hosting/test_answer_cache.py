"""Answers are kept exactly as long as nothing they show can have changed."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from serve.hosting.answer_cache import AnswerCache
from serve.hosting.app import build_api
from serve.reading.reader import Reader
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.serve.small_lake import NOW, TABLES
from tests.serve.small_world import SmallWorld, fill


class CountingApp:
    """Answers each request with how many it has had."""

    def __init__(self, body: str = "") -> None:
        self.calls = 0
        self._body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.calls += 1
        mine = f"{self.calls}{self._body}".encode()
        await asyncio.sleep(0.01)
        etag = [(b"etag", b'W/"%d"' % self.calls), (b"content-type", b"text/plain")]
        status = 404 if "missing" in scope["path"] else 200
        await send({"type": "http.response.start", "status": status, "headers": etag})
        await send({"type": "http.response.body", "body": mine})


@pytest.fixture
def reader() -> Reader:
    reader = Reader(MemoryLake(TABLES), MemoryRecords(), wall=lambda: NOW, fresh_for=1000.0)
    reader.snapshot()
    return reader


async def answer_to(app: Any, path: str, method: str = "GET", query: str = "", **headers: str) -> tuple[int, bytes]:
    """Status and body of a request."""
    sent: list[Any] = []
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": pairs}

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], sent[1]["body"]


def test_one_snapshot_gives_one_answer_and_the_next_another(reader: Reader) -> None:
    inner = CountingApp()
    cache = AnswerCache(inner, reader)

    async def ask() -> list[bytes]:
        return [(await answer_to(cache, "/"))[1] for _ in range(3)]

    assert asyncio.run(ask()) == [b"1"] * 3
    reader._read_at = float("-inf")
    assert asyncio.run(ask()) == [b"2"] * 3


def test_requests_for_one_answer_wait_for_the_first(reader: Reader) -> None:
    inner = CountingApp()
    cache = AnswerCache(inner, reader)

    async def ask() -> set[bytes]:
        return {body for _, body in await asyncio.gather(*(answer_to(cache, "/themes") for _ in range(20)))}

    assert asyncio.run(ask()) == {b"1"}


def test_what_an_answer_depends_on_keeps_answers_apart(reader: Reader) -> None:
    cache = AnswerCache(CountingApp(), reader)

    async def ask() -> list[bytes]:
        ways: list[dict[str, str]] = [
            {}, {"query": "limit=2"}, {"accept": "text/csv"}, {"accept_encoding": "br, gzip"}, {"accept": "text/html"},
        ]  # fmt: skip
        return [(await answer_to(cache, "/v1/trends", **way))[1] for way in ways]  # type: ignore[arg-type]

    assert asyncio.run(ask()) == [b"1", b"2", b"3", b"4", b"1"]


def test_what_is_read_from_the_records_and_what_fails_is_not_kept(reader: Reader) -> None:
    cache = AnswerCache(CountingApp(), reader)

    async def ask(path: str) -> list[bytes]:
        return [(await answer_to(cache, path))[1] for _ in range(2)]

    for path in ("/v1/alerts", "/v1/narratives", "/words", "/partials/prompts", "/v1/status", "/hashtags/missing"):
        first, second = asyncio.run(ask(path))
        assert first != second, path


def test_a_change_drops_what_is_kept_and_what_is_being_made(reader: Reader) -> None:
    cache = AnswerCache(CountingApp(), reader)

    async def ask() -> list[bytes]:
        early = asyncio.ensure_future(answer_to(cache, "/"))
        await asyncio.sleep(0.005)
        await answer_to(cache, "/v1/narratives/x/feedback", "POST")
        return [(await early)[1], (await answer_to(cache, "/"))[1], (await answer_to(cache, "/"))[1]]

    assert asyncio.run(ask()) == [b"1", b"3", b"3"]


def test_a_client_that_holds_the_answer_is_told_so(reader: Reader) -> None:
    cache = AnswerCache(CountingApp(), reader)

    async def ask(tag: str) -> tuple[int, bytes]:
        return await answer_to(cache, "/", if_none_match=tag)

    assert asyncio.run(ask('W/"9"')) == (200, b"1")
    assert asyncio.run(ask('W/"1"')) == (304, b"")


def test_the_oldest_answers_go_when_there_are_too_many_bytes(reader: Reader) -> None:
    inner = CountingApp("x" * 100)
    cache = AnswerCache(inner, reader, kept_bytes=250)

    async def ask(number: int) -> None:
        await answer_to(cache, f"/hashtags/{number}")

    for number in (1, 2, 3, 3, 2, 1):
        asyncio.run(ask(number))
    assert inner.calls == 4


@pytest.fixture
def fresh_world() -> tuple[MemoryLake, MemoryRecords, SmallWorld]:
    lake, records = MemoryLake(TABLES), MemoryRecords()
    return lake, records, fill(lake, records, tags=12)


def moving(start: datetime) -> Callable[[], datetime]:
    """A time of day that goes on by an hour whenever it is read."""
    times = iter(start + timedelta(hours=hour) for hour in range(100))
    return lambda: next(times)


def test_the_age_of_the_data_goes_on(fresh_world: tuple[MemoryLake, MemoryRecords, SmallWorld]) -> None:
    lake, records, world = fresh_world
    records.put_value("clock", {"now": NOW.isoformat(), "virtual": False}, NOW)
    with TestClient(build_api(Reader(lake, records, wall=moving(NOW), fresh_for=0.0))) as client:
        for path in ("/v1/predictions", f"/v1/hashtags/{world.leader}"):
            first, second = (client.get(path).json()["data_freshness"]["age_s"] for _ in range(2))
            assert second >= first + 3600


def test_a_decision_shows_at_once(fresh_world: tuple[MemoryLake, MemoryRecords, SmallWorld]) -> None:
    lake, records, world = fresh_world
    path = f"/v1/hashtags/{world.leader}"
    with TestClient(build_api(Reader(lake, records, wall=lambda: NOW, fresh_for=1000.0))) as client:
        (before,) = client.get(path).json()["narratives"]
        assert before["decision"] is None
        decision = {"decision": "EDIT", "text": "Words of a person."}
        client.post(f"/v1/narratives/{before['narrative_id']}/feedback", json=decision).raise_for_status()
        (after,) = client.get(path).json()["narratives"]
    assert (after["decision"], after["text"]) == ("EDIT", "Words of a person.")
