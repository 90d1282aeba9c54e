"""Every key of a hashtag can be asked for, on every route that takes one, and every link to it leads there."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import httpx
import polars as pl
import pytest

from core.hashtags import clean_hashtag
from serve.hosting.app import build_api
from serve.pages.views import tag_url
from serve.reading.reader import Reader
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.serve.small_lake import NOW, TABLES, TAGS
from tests.serve.small_world import fill

KEYS = (
    "100%", "%41", "a%2fb", "..", ".", "what?", "c++", "a;b=c", "a\"b'c", "👨👩👧", "❤", "تحدي", "علی", "ශ්\u200dරී",
    "a:b", "a,b", "{x}", "[y]", "a\\b", "~", "fypシ゚", "strasse", "null", "x" * 200, "*", "@me", "$1", "'--", "a|b",
    "\U000fffff",
)  # fmt: skip
NAMES = dict(zip(TAGS, (clean_hashtag(key) for key in KEYS), strict=False))


Get = Callable[[str], httpx.Response]


@pytest.fixture(scope="module")
def get() -> Get:
    """Ask as a server is asked: Starlette's own client would decode a path twice."""
    plain, lake, records = MemoryLake(TABLES), MemoryLake(TABLES), MemoryRecords()
    world = fill(plain, records)
    for name, table in TABLES.items():
        rows = plain.read(name)
        if "hashtag" in table.schema:
            rows = rows.with_columns(pl.col("hashtag").replace(NAMES))
        if rows.height:
            lake.replace(name, rows, rows["window"].min() - timedelta(days=1), rows["window"].max())  # type: ignore[operator,arg-type]
    reader = Reader(lake, records, wall=lambda: NOW, units_cap=300, job_agents=world.job_agents)
    transport = httpx.ASGITransport(build_api(reader))

    async def ask(path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path)

    return lambda path: asyncio.run(ask(path))


@pytest.mark.parametrize("key", NAMES.values())
def test_every_route_takes_every_key(get: Get, key: str) -> None:
    encoded = quote(key, safe="")
    answer = get(f"/v1{tag_url(key)}")
    assert (answer.status_code, answer.json()["hashtag"]) == (200, key)
    assert get(f"/v1/hashtags/%23{encoded}").json()["hashtag"] == key
    assert get(tag_url(key)).status_code == 200
    for route in ("predictions", "scoreboard", "narratives", "themes", "risks", "counterfactuals"):
        answer = get(f"/v1/{route}?hashtag={encoded}")
        assert answer.status_code == 200, route
        assert all(item.get("hashtag", key) == key for item in answer.json()["items"])
        assert get(f"/v1/{route}?format=csv&hashtag={encoded}").status_code == 200, route
    assert get(f"/v1/predictions?hashtag={encoded}").json()["items"][0]["hashtag"] == key


def test_links_of_the_pages_lead_to_their_hashtag(get: Get) -> None:
    page = get(tag_url("..")).text
    assert 'href="/v1/hashtags/%23.."' in page
    assert get("/v1/hashtags/%23..").json()["hashtag"] == ".."


@pytest.mark.parametrize("text", ["a%20b", "%00", "%3Cb%3E", "a%26b", "%E2%80%8B", "%FF", "%ED%A0%BD"])
def test_what_is_no_hashtag_is_a_clear_problem(get: Get, text: str) -> None:
    answer = get(f"/v1/hashtags/{text}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert get(f"/v1/predictions?hashtag={text}").json()["items"] == []
