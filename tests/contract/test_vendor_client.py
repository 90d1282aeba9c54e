"""The vendor's own client from PyPI against the stand-in server, unchanged but for its base address."""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ensembledata.api import EDAsyncClient, EDClient, EDError, EDResponse
from ensembledata.api import _requester as vendor_requester

from sources.standin.account import Account, TokenState
from sources.standin.app import build_app
from sources.standin.clock import SettableClock
from sources.standin.server import StandinServer
from tests.support.small_worlds import MIDDLE, small_world

TOKEN = "groundswell-demo"
DAY = MIDDLE.date().isoformat()
_post = small_world().hashtag_page("dance", MIDDLE, 0).posts[0]
ID, WHO, SOUND = _post.post_id, _post.account, _post.sound
assert SOUND is not None
URL = f"https://www.tiktok.com/@{WHO.handle}/video/{ID}"

Check = Callable[[Any], object]
CALLS: dict[str, tuple[dict[str, Any], int, Check]] = {
    "hashtag_search": ({"hashtag": "dance", "cursor": 20}, 1, lambda data: data["data"][0]["aweme_id"]),
    "full_hashtag_search": (
        {"hashtag": "fyp", "days": 60, "remap_output": False, "max_cursor": 400},
        2,
        lambda data: data["view_count"] and data["posts"][0]["statistics"]["play_count"],
    ),
    "keyword_search": (
        {"keyword": "dance", "period": "7", "sorting": "1", "country": "gb", "match_exactly": True},
        1,
        lambda data: len(data["data"]) == 10 and data["data"][0]["aweme_info"]["desc"],
    ),
    "full_keyword_search": (
        {"keyword": "ballet", "period": "1"},
        1,
        lambda data: data[0]["aweme_info"]["aweme_id"],
    ),
    "user_posts_from_username": (
        {"username": WHO.handle, "depth": 1},
        2,
        lambda body: body["data"][0]["author"]["unique_id"] == WHO.handle,
    ),
    "user_posts_from_secuid": (
        {"sec_uid": WHO.sec_uid, "depth": 1, "new_version": True},
        2,
        lambda body: body["data"][0]["author"]["secUid"] == WHO.sec_uid and body["data"][0]["statsV2"],
    ),
    "user_info_from_username": ({"username": WHO.handle}, 1, lambda data: data["stats"]["followerCount"] > 0),
    "user_info_from_secuid": ({"sec_uid": WHO.sec_uid}, 1, lambda data: data["user"]["unique_id"] == WHO.handle),
    "user_search": ({"keyword": WHO.handle[:4], "cursor": 10}, 2, lambda data: len(data["users"]) == 10),
    "post_info": ({"url": URL}, 2, lambda data: data[0]["aweme_id"] == ID),
    "multi_post_info": ({"aweme_ids": [ID, "1"]}, 2, lambda data: [post["aweme_id"] for post in data] == [ID]),
    "post_comments": ({"aweme_id": ID}, 1, lambda data: data["total"] >= len(data["comments"])),
    "post_comment_replies": ({"aweme_id": ID, "comment_id": "7"}, 1, lambda data: isinstance(data["comments"], list)),
    "music_search": (
        {"keyword": "golden", "sorting": "4", "filter_by": "1"},
        2,
        lambda data: data["music"][0]["duration"] >= data["music"][1]["duration"],
    ),
    "music_posts": ({"music_id": SOUND.sound_id}, 1, lambda data: data["aweme_list"][0]["music"]["mid"]),
    "music_details": ({"music_id": SOUND.sound_id}, 2, lambda data: data["user_count"] > 0),
    "user_followers": (
        {"id": WHO.uid, "sec_uid": WHO.sec_uid},
        2,
        lambda data: data["total"] >= len(data["followers"]) > 0,
    ),
    "user_followings": ({"id": WHO.uid, "sec_uid": WHO.sec_uid}, 2, lambda data: "followings" in data),
    "user_liked_posts": ({"sec_uid": WHO.sec_uid}, 1, lambda data: data["liked_posts"][0]["aweme_id"]),
    "lives_search": ({"keyword": "dance", "country": "US"}, 2, lambda data: "lives" in data),
}


@pytest.fixture(scope="module", autouse=True)
def served() -> Iterator[Account]:
    account = Account(units_per_day=10_000, tokens={TOKEN: TokenState.GOOD, "expired": TokenState.EXPIRED})
    patch = pytest.MonkeyPatch()
    with StandinServer(build_app(small_world(), account, SettableClock(MIDDLE))) as server:
        patch.setattr(vendor_requester, "BASE_URL", server.url)
        yield account
        patch.undo()


def test_every_tiktok_method_of_the_vendor_is_driven() -> None:
    for client in (EDClient(TOKEN), EDAsyncClient(TOKEN)):
        methods = {name for name, _ in inspect.getmembers(client.tiktok, inspect.ismethod) if not name.startswith("_")}
        assert methods == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_the_vendors_client_is_answered(served: Account, name: str) -> None:
    arguments, units, good = CALLS[name]
    before = served.used(TOKEN, MIDDLE.date())
    answer = getattr(EDClient(TOKEN, max_network_retries=1).tiktok, name)(**arguments)
    assert (answer.status_code, int(answer.units_charged)) == (200, units)
    assert good(answer.data)
    assert served.used(TOKEN, MIDDLE.date()) == before + units


def test_the_vendors_asynchronous_client_is_answered_alike() -> None:
    async def ask() -> list[EDResponse]:
        client = EDAsyncClient(TOKEN, max_network_retries=1)
        calls = (getattr(client.tiktok, name)(**arguments) for name, (arguments, _, _) in CALLS.items())
        usage, past = client.customer.get_usage(date=DAY), client.customer.get_usage_history(days=2)
        return list(await asyncio.gather(*calls, usage, past))

    *answers, usage, past = asyncio.run(ask())
    for (_, units, good), answer in zip(CALLS.values(), answers, strict=True):
        assert (answer.status_code, int(answer.units_charged)) == (200, units)
        assert good(answer.data)
    assert usage.data["tiktok"] >= 0
    assert past.data[0]["date"] == DAY


def test_the_account_is_told_without_cost() -> None:
    client = EDClient(TOKEN)
    usage, past = client.customer.get_usage(date=DAY), client.customer.get_usage_history(days=3)
    assert usage.data["tiktok"] == past.data[0]["tiktok"]
    assert [int(usage.units_charged), int(past.units_charged), len(past.data)] == [0, 0, 3]


@pytest.mark.parametrize(
    ("token", "call", "status", "detail"),
    [
        ("xxx", lambda tiktok: tiktok.hashtag_search(hashtag="a"), 491, "Token not found"),
        ("expired", lambda tiktok: tiktok.hashtag_search(hashtag="a"), 493, "Subscription expired"),
        (TOKEN, lambda tiktok: tiktok.user_info_from_username(username="nobody"), 463, "Invalid username"),
        (TOKEN, lambda tiktok: tiktok.post_info(url="https://example.com"), 462, "Url not valid"),
        (TOKEN, lambda tiktok: tiktok.multi_post_info(aweme_ids=["1"] * 101), 464, "Number of passed IDs"),
        (TOKEN, lambda tiktok: tiktok.keyword_search(keyword="a", period="1", country="xx"), 466, "Invalid country"),
    ],
)
def test_the_vendors_errors_come_through(token: str, call: Callable[[Any], Any], status: int, detail: str) -> None:
    with pytest.raises(EDError) as caught:
        call(EDClient(token).tiktok)
    assert caught.value.status_code == status
    assert str(caught.value.detail).startswith(detail)


def test_bad_parameters_are_listed_as_the_vendor_lists_them() -> None:
    with pytest.raises(EDError) as caught:
        EDClient(TOKEN).tiktok.user_posts_from_username(username="", depth=0)
    assert caught.value.status_code == 422
    assert [(problem["loc"], problem["msg"], problem["type"], problem["ctx"]) for problem in caught.value.detail] == [
        (
            ["query", "username"],
            "ensure this value has at least 1 characters",
            "value_error.any_str.min_length",
            {"limit_value": 1},
        ),
        (["query", "depth"], "ensure this value is greater than 0", "value_error.number.not_gt", {"limit_value": 0}),
    ]
