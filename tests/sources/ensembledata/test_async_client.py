import asyncio
import logging
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from core.clock import VirtualClock
from sources.ensembledata.async_client import AsyncEnsembleData, RetryPolicy
from sources.ensembledata.page import Page
from sources.ensembledata.requests import Request, hashtag_posts
from tests.support.http2_server import http2_server

CLOCK = VirtualClock(datetime(2025, 5, 14, 10, 7, tzinfo=UTC))
TOKEN = "hush-hush-hush-1"


async def asked(base: str, count: int, concurrency: int) -> list[Page]:
    async with AsyncEnsembleData(base, TOKEN, CLOCK, concurrency=concurrency) as client:
        return await asyncio.gather(*(client.call(hashtag_posts(f"tag{n}")) for n in range(count)))


def test_calls_share_one_http2_connection_and_their_addresses_are_in_no_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    paths: list[str] = []

    def answer(path: str) -> bytes:
        paths.append(path)
        return b'{"data":[]}'

    with http2_server(tmp_path, answer) as (base, connections):
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
        pages = asyncio.run(asked(base, 6, concurrency=8))
    assert [page.units_charged for page in pages] == [1] * 6
    assert len(connections) == 1
    assert sorted(path.split("name=")[1].split("&")[0] for path in paths) == [f"tag{n}" for n in range(6)]
    assert all(f"token={TOKEN}" in path for path in paths)
    assert caplog.records
    assert TOKEN not in caplog.text


class Slow(httpx.AsyncBaseTransport):
    """Answers after a moment and remembers how many calls were on their way at once."""

    def __init__(self) -> None:
        self.now = self.most = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.01)
        self.now -= 1
        return httpx.Response(200, content=b'{"data":[]}')


def test_no_more_calls_than_allowed_are_on_their_way() -> None:
    slow = Slow()

    async def run() -> None:
        client = AsyncEnsembleData("http://127.0.0.1:9/apis", TOKEN, CLOCK, concurrency=3)
        client._http = httpx.AsyncClient(transport=slow)
        await asyncio.gather(*(client.call(hashtag_posts("a")) for _ in range(12)))
        await client.aclose()

    asyncio.run(run())
    assert slow.most == 3


def test_an_answer_that_trickles_is_given_up_at_the_deadline() -> None:
    """Each piece comes in time, the whole never does."""

    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        try:
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)
        except OSError:
            writer.close()

    async def run() -> tuple[Page, float]:
        server = await asyncio.start_server(trickle, "127.0.0.1", 0)
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/apis"
        retry_policy = RetryPolicy(attempts=1, connect_s=0.1, read_s=0.2)
        begin = time.monotonic()
        async with AsyncEnsembleData(base, TOKEN, CLOCK, retry_policy=retry_policy) as client:
            page = await client.call(hashtag_posts("a"))
        server.close()
        return page, time.monotonic() - begin

    page, took = asyncio.run(run())
    assert (page.status, page.error, page.units_charged) == (0, "no answer (TimeoutError)", None)
    assert took < 3


def test_each_call_waits_as_long_as_its_endpoint_may_take(every_request: dict[str, Request]) -> None:
    patient = {path for path, request in every_request.items() if request.timeout_s == 600}
    assert patient == {"/tt/keyword/full-search", "/tt/hashtag/recent-posts"}
