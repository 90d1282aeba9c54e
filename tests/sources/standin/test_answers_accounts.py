from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipelines.normalise.raw import keep
from sources.standin.account import Account
from sources.standin.app import build_app
from sources.standin.backend import Backend
from sources.standin.clock import SettableClock
from sources.standin.post import Poster
from tests.support.small_worlds import MIDDLE, READ_AT, small_recording, small_world

Get = Any


def getter(backend: Backend, at: datetime) -> Get:
    client = TestClient(build_app(backend, Account(units_per_day=10**6), SettableClock(at)))

    def get(path: str, **params: Any) -> tuple[Any, int, int]:
        answer = client.get(f"/apis/tt/{path}", params={"token": "groundswell-demo"} | params)
        return answer.json(), answer.status_code, int(answer.headers["units_charged"])

    return get


@pytest.fixture(scope="module")
def get() -> Iterator[Get]:
    return getter(small_world(), MIDDLE)


@pytest.fixture(scope="module")
def busy() -> Poster:
    """An account with many posts."""
    society = small_world().society
    posts = small_world().hashtag_page("fyp", MIDDLE, 0, 400).posts
    return max({post.account for post in posts}, key=lambda poster: len(society.newest(poster.uid, MIDDLE, None, 99)))


def test_posts_of_an_account_come_in_chunks_of_ten_and_cost_one_a_chunk(get: Get, busy: Poster) -> None:
    total = len(small_world().society.newest(busy.uid, MIDDLE, None, 999))
    assert total > 20
    body, _, units = get("user/posts", username=busy.handle, depth=1)
    assert (len(body["data"]), units) == (10, 2)
    assert body["nextCursor"] == body["data"][-1]["create_time"] * 1000
    seen = [post["aweme_id"] for post in body["data"]]
    cursor, charged = body["nextCursor"], units
    while cursor is not None:
        body, _, units = get("user/posts-from-secuid", secUid=busy.sec_uid, depth=1, start_cursor=cursor)
        seen += [post["aweme_id"] for post in body["data"]]
        cursor, charged = body.get("nextCursor"), charged + units
    whole, _, units = get("user/posts", username=busy.handle, depth=999)
    assert seen == [post["aweme_id"] for post in whole["data"]]
    assert (len(seen), "nextCursor" in whole, units) == (total, False, 1 + -(-total // 10))
    assert [post["create_time"] for post in whole["data"]] == sorted(
        (post["create_time"] for post in whole["data"]), reverse=True
    )


def test_fetching_stops_after_the_chunk_with_the_oldest_wanted(get: Get, busy: Poster) -> None:
    whole, _, _ = get("user/posts", username=busy.handle, depth=999)
    oldest = whole["data"][14]["create_time"]
    body, _, units = get("user/posts", username=busy.handle, depth=10, oldest_createtime=oldest)
    assert (len(body["data"]), units) == (20, 3)


def test_an_unknown_user_is_refused_and_charged(get: Get) -> None:
    for path in ("user/posts", "user/info"):
        body, status, units = get(path, username="no.such.user9", depth=1)
        assert (body, status, units) == ({"detail": "Invalid username or user id."}, 463, 1)
    assert get("user/info-from-secuid", secUid="MS4nobody") == ({"data": None}, 200, 1)
    assert get("user/followers", id="1", secUid="MS4nobody") == ({"data": {"followers": [], "total": 0}}, 200, 1)


def test_an_account_is_told_alike_by_handle_and_by_secuid(get: Get, busy: Poster) -> None:
    web = get("user/info", username=busy.handle)[0]["data"]
    mobile = get("user/info-from-secuid", secUid=busy.sec_uid)[0]["data"]["user"]
    assert (web["user"]["id"], web["user"]["uniqueId"]) == (mobile["uid"], mobile["unique_id"])
    assert web["stats"]["followerCount"] == mobile["follower_count"] > 0
    assert web["stats"]["videoCount"] == mobile["aweme_count"] > 20
    assert web["stats"]["heartCount"] == mobile["total_favorited"] > 0


def test_followers_are_paged_with_cursor_and_token_to_ten_thousand(get: Get) -> None:
    society = small_world().society
    who = max(society.accounts("a", MIDDLE)[:20], key=lambda profile: profile.poster.followers or 0).poster
    page, _, units = get("user/followers", id=who.uid, secUid=who.sec_uid)
    data = page["data"]
    assert (len(data["followers"]), units, data["total"] > 10_000) == (100, 2, True)
    by_token = get("user/followers", id=who.uid, secUid=who.sec_uid, page_token=data["nextPageToken"])[0]["data"]
    by_cursor = get("user/followers", id=who.uid, secUid=who.sec_uid, cursor=data["nextCursor"])[0]["data"]
    assert by_token == by_cursor != data
    last = get("user/followers", id=who.uid, secUid=who.sec_uid, page_token="9900")[0]["data"]
    assert (len(last["followers"]), "nextCursor" in last) == (100, False)


def test_a_sound_counts_the_posts_it_has(get: Get) -> None:
    page = get("music/info", name="golden", sorting="1")[0]["data"]
    uses = [sound["user_count"] for sound in page["music"]]
    assert (len(uses), uses) == (10, sorted(uses, reverse=True))
    posts = small_world().hashtag_page("fyp", MIDDLE, 0, 400).posts
    sound, _ = Counter(post.sound.sound_id for post in posts if post.sound).most_common(1)[0]
    used = get("music/details", id=sound)[0]["data"]["user_count"]
    shown, cursor = [], 0
    while cursor is not None:
        data = get("music/posts", music_id=sound, cursor=cursor)[0]["data"]
        shown += data["aweme_list"]
        cursor = data.get("nextCursor")
    assert {post["music"]["mid"] for post in shown} == {sound}
    assert len({post["aweme_id"] for post in shown}) == len(shown) <= used
    assert get("music/details", id="1") == ({"data": None}, 200, 2)


def test_comments_and_their_replies_add_up(get: Get) -> None:
    posts = small_world().hashtag_page("fyp", MIDDLE, 0, 100).posts
    post = next(candidate for candidate in posts if 40 < (candidate.counters.comments or 0) < 200)
    shown = get("post/multi-info", ids=post.post_id)[0]["data"][0]["statistics"]["comment_count"]
    comments, cursor = [], 0
    while cursor is not None:
        data = get("post/comments", aweme_id=post.post_id, cursor=cursor)[0]["data"]
        comments += data["comments"]
        cursor = data.get("nextCursor")
    assert len({comment["cid"] for comment in comments}) == len(comments) == data["total"] == shown
    assert all(post.created_s <= comment["create_time"] <= MIDDLE.timestamp() for comment in comments)
    for comment in comments[:10]:
        replies = get("post/comments-replies", aweme_id=post.post_id, comment_id=comment["cid"])[0]["data"]
        assert len(replies["comments"]) == comment["reply_comment_total"]
    assert get("post/comments", aweme_id="1")[0] == {"data": {"comments": [], "total": 0}}


@pytest.mark.parametrize(
    "url", ["https://vm.tiktok.com/x", "https://www.tiktok.com/@a", "www.tiktok.com/@a/video/1", ""]
)
def test_a_bad_address_is_refused(get: Get, url: str) -> None:
    body, status, units = get("post/info", url=url)
    assert (status, units, body["detail"][:13]) == (462, 0, "Url not valid")


def test_full_search_returns_what_the_pages_return(get: Get) -> None:
    cards, _, units = get("keyword/full-search", name="ballet", period="0", sorting="2")
    paged, cursor = [], 0
    while cursor is not None:
        data = get("keyword/search", name="ballet", period="0", sorting="2", cursor=cursor)[0]["data"]
        paged += data["data"]
        cursor = data.get("nextCursor")
    assert cards["data"] == paged
    assert units == -(-len(paged) // 20)


@pytest.mark.parametrize("newer", ["true", "false"])
def test_both_versions_of_a_post_say_the_same_to_the_normaliser(get: Get, newer: str) -> None:
    ids = ";".join(post.post_id for post in small_world().hashtag_page("dance", MIDDLE, 0, 10).posts)
    old = keep(get("post/multi-info", ids=ids)[0]["data"], b"k").body["posts"]
    new = keep(get("post/multi-info", ids=ids, new_version=newer)[0]["data"], b"k").body["posts"]
    for post, other in zip(old, new, strict=True):
        assert (
            post["statistics"].items()
            >= {k: int(v) for k, v in other["statistics"].items() if k != "lose_count"}.items()
        )
        for name in ("aweme_id", "desc", "text_extra", "cha_list"):
            assert post[name] == other[name]
        assert (post["author"]["uid"], post["music"]["mid"]) == (other["author"]["uid"], other["music"]["mid"])


def test_a_recording_tells_who_posted_and_what_was_heard() -> None:
    get = getter(small_recording(), READ_AT.replace(hour=23))
    body, _, units = get("user/posts", username="anna", depth=2)
    assert ([post["aweme_id"] for post in body["data"]], units) == (["7000000000000000001"], 2)
    assert get("user/info", username="anna")[0]["data"]["stats"]["heartCount"] == 12
    assert len(get("music/posts", music_id="71")[0]["data"]["aweme_list"]) == 2
    assert [match["user_info"]["unique_id"] for match in get("user/search", keyword="ben")[0]["data"]["users"]] == [
        "ben"
    ]
    early = getter(small_recording(), READ_AT.replace(hour=1))
    assert early("user/posts", username="anna", depth=1)[0] == {"data": []}
