"""Odd answers and damaged pages in each step of ingestion: the slot ends, neighbours stay, the loss is counted."""

import zlib
from datetime import timedelta
from typing import Any

import orjson
import polars as pl
import pytest

from core.clock import VirtualClock
from core.quality import Limits
from core.tables import RAW
from core.windows import HOUR, window_end
from pipelines.ingestion.deletion_sync import gone
from pipelines.ingestion.gate import LedgerGate
from pipelines.ingestion.ingest import Ingest
from pipelines.metrics.rebuild import raw_span, rebuild_fetched
from pipelines.normalise.privacy import pseudonym
from pipelines.normalise.raw import unpack
from pipelines.operations.forget import erase
from pipelines.operations.sweep import sweep
from pipelines.polling.plan import Planner
from sources.ensembledata.page import parse_body
from sources.ensembledata.requests import Endpoint, Request
from tests.pipelines.ingestion.test_ingest import KEY, SEEDS, IngestionSystem
from tests.support.awemes import aweme
from tests.support.paper_source import T0

DEEP: list[Any] = []
for _ in range(900):
    DEEP = [DEEP]
ODD_FIELDS: list[dict[str, Any]] = [
    {"aweme_type": []},
    {"aweme_type": {}},
    {"statistics": {"play_count": "9" * 5000}},
    {"statistics": {"play_count": 10**300, "digg_count": float("nan"), "comment_count": [], "share_count": {}}},
    {"statistics": []},
    {"desc": "cut \ud83d"},
    {"desc": "\x00", "region": ["GB"], "desc_language": {}},
    {"author": {"uid": DEEP, "follower_count": "many"}},
    {"author": "demo.user", "music": "a song"},
    {"music": {"mid": {}, "title": [], "user_count": -1}},
    {"text_extra": [None, 3, {"type": 1}, {"type": 1, "hashtag_name": ["a"]}, {"type": [], "start": {}, "end": []}]},
    {"text_extra": {}, "cha_list": "x"},
    {"create_time": 10**40, "duration": -(10**40)},
    {"create_time": "soon", "duration": "long", "is_ads": "yes"},
    {"video": {"duration": DEEP}},
    {"image_post_info": [[]]},
]
OTHERS: list[Any] = [None, 3, "text", DEEP, {"type": []}, {"aweme_info": []}, {"aweme_id": []}, {"a": {"b": 1}}]


def poisoned(request: Request) -> dict[str, Any]:
    """A page of one whole post, every odd one and some other things."""
    number = sum(map(ord, request.params["name"]))
    odd = [aweme(number * 1000 + n, ["odd"]) | fields for n, fields in enumerate(ODD_FIELDS)]
    return {"data": [*odd, *OTHERS, aweme(number * 1000 + 999, ["whole"])]}


@pytest.fixture
def system() -> IngestionSystem:
    system = IngestionSystem()
    system.paper._data = poisoned  # type: ignore[method-assign]
    return system


def test_odd_answers_stop_no_slot_and_cost_no_neighbour(system: IngestionSystem) -> None:
    for hour in range(4):
        result = system.run(T0 + hour * HOUR)
        assert result.counts["requests"] > 0
        assert result.counts["set_aside"] > 0
    requested = {request.params["name"] for request in system.paper.calls}
    whole = {str(sum(map(ord, name)) * 1000 + 999) for name in requested}
    assert whole <= set(system.lake.read("videos")["video_id"])
    snapshots = system.lake.read("video_snapshots")
    assert {"odd", "whole"} <= set(snapshots["hashtag"])
    assert "lost_counts" in set(system.lake.read("quality")["check"])


def test_an_account_that_says_nonsense_is_not_believed(system: IngestionSystem) -> None:
    system.paper.account = {"tiktok": 10**300, "instagram": "x", "reddit": 3}  # type: ignore[dict-item]
    assert system.run(T0).counts["requests"] > 0


def test_a_torn_answer_keeps_what_can_be_read_and_counts_as_failed(system: IngestionSystem) -> None:
    whole = orjson.dumps({"data": {"nextCursor": 20, "data": [aweme(n, ["torn"]) for n in range(1, 21)]}})
    body, problem = parse_body(whole[:-4000])
    system.paper.trouble = lambda nth, request: (
        system.paper.page(request, body["data"], 200, f"200: {problem}") if nth == 1 else None
    )
    result = system.run(T0)
    assert result.counts["failed"] == 1
    kept = set(system.lake.read("videos")["video_id"]) & {str(n) for n in range(1, 21)}
    assert 10 < len(kept) < 20
    assert result.counts["set_aside: not JSON"] == 1


def stored(request_id: str, endpoint: Endpoint, params: str, body: bytes | None) -> dict[str, Any]:
    return {
        "request_id": request_id,
        "endpoint": endpoint.value,
        "params": params,
        "purpose": "tracking",
        "status": 200,
        "body": body,
        "error": None,
        "units_charged": 1,
        "fetched_at": T0,
        "window": window_end(T0),
    }


def damaged_pages() -> pl.DataFrame:
    """Pages as an older version or a damaged disk may have left them, of every endpoint that is read again."""
    post = {"aweme_id": "5", "author": {"uid": "h", "follower_count": 1}, "music": {"mid": "1"}, "statistics": {}}
    post |= {"text_extra": [], "cha_list": [], "desc": None}
    kept = {"posts": [{**post, "aweme_type": []}, {**post, "aweme_id": "6", "statistics": {"play_count": "9" * 5000}}]}
    bodies = [
        b"",
        b"garbage",
        zlib.compress(b"not JSON"),
        *map(
            zlib.compress, map(orjson.dumps, (kept, [], {}, {"posts": {}}, {"posts": [None, 3, {}, {"aweme_id": "7"}]}))
        ),
        *map(
            zlib.compress,
            map(
                orjson.dumps,
                (
                    {"posts": [{**post, name: value}]}
                    for name in (*post, "create_time", "duration", "image_post_info", "is_ads", "region")
                    for value in (None, [], {}, "x", 2**62, [[]], {"uid": [], "title": {}, "play_count": {}})
                ),
            ),
        ),
        *map(
            zlib.compress,
            map(
                orjson.dumps,
                (
                    {"posts": [], name: value}
                    for name in ("totals", "set_aside")
                    for value in (3, [3], {"a": "b"}, [{}], "x")
                ),
            ),
        ),
    ]
    endpoints = (Endpoint.KEYWORD_SEARCH, Endpoint.HASHTAG_RECENT_POSTS, Endpoint.MULTI_INFO)
    queries = (
        "",
        "[]",
        "{}",
        '{"name": 3, "cursor": "x"}',
        '{"name": "a", "cursor": "9' + "9" * 5000 + '"}',
        '{"ids": 4}',
    )
    rows = [
        stored(f"damaged{n}.{m}", endpoint, queries[(n + m) % len(queries)], body)
        for n, body in enumerate(bodies)
        for m, endpoint in enumerate(endpoints)
    ]
    return pl.DataFrame(rows, schema=RAW.schema)


def test_damaged_pages_in_the_lake_stop_nothing_that_reads_them_again() -> None:
    system = IngestionSystem()
    system.run(T0)
    before = set(system.lake.read("videos")["video_id"])
    system.lake.append(RAW.name, damaged_pages(), window_end(T0) - timedelta(minutes=15), window_end(T0))
    # The window is made again, an unfinished slot is made whole, and the planner learns from pages parsed again.
    for after in (timedelta(minutes=1), HOUR, 2 * HOUR, 3 * HOUR):
        system.start()
        assert system.run(T0 + after).counts["requests"] > 0
    assert before <= set(system.lake.read("videos")["video_id"])
    reasons = system.lake.read("quality").filter(pl.col("check") == "quarantined")["entity"]
    assert {"a stored page that can't be read", "a stored post that can't be read"} <= set(reasons)


def test_damaged_pages_are_rebuilt_from_swept_and_erased_around() -> None:
    system = IngestionSystem()
    system.run(T0)
    whole = system.tables()
    system.lake.append(RAW.name, damaged_pages(), window_end(T0) - timedelta(minutes=15), window_end(T0))
    span = raw_span(system.lake)
    assert span is not None
    rebuild_fetched(system.lake, *span, Limits(), lambda _: None)
    for table in ("videos", "video_snapshots", "hashtag_snapshots"):
        assert {str(row) for row in whole[table]} <= {str(row) for row in system.tables()[table]}
    sweep(system.lake)
    video = whole["videos"][0]
    erase(system.lake, [video["video_id"]], [])
    assert video["video_id"] not in set(system.lake.read("videos")["video_id"])
    for body in system.lake.read("raw")["body"].drop_nulls():
        assert video["video_id"] not in {post["aweme_id"] for post in unpack(body)["posts"]}
        assert pseudonym(KEY, "demo.user").encode() not in body


def test_a_look_up_that_was_not_read_whole_erases_nothing() -> None:
    requested = '{"ids": "1;2;3;4"}'
    answer = zlib.compress(orjson.dumps({"posts": [{"aweme_id": "1", "author": {}}], "set_aside": {"not JSON": 1}}))
    rows = [
        stored("a", Endpoint.MULTI_INFO, requested, answer),
        stored("b", Endpoint.MULTI_INFO, requested, b"garbage"),
    ]
    assert gone(pl.DataFrame(rows, schema=RAW.schema)) == []


def test_a_fresh_process_begins_on_a_poisoned_lake() -> None:
    system = IngestionSystem()
    system.run(T0)
    system.lake.append(RAW.name, damaged_pages(), window_end(T0) - timedelta(minutes=15), window_end(T0))
    gate = LedgerGate(system.records, 288, ["discovery", "tracking", "sampling", "follow_up"])
    system.clock = VirtualClock(T0 + HOUR)
    ingest = Ingest(system.paper, system.lake, system.records, gate, Planner(SEEDS, 288, HOUR), KEY)
    assert ingest.run(T0 + HOUR, T0 + HOUR).counts["requests"] > 0
