from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from sources.standin.account import Account, TokenState
from sources.standin.app import build_app
from sources.standin.clock import SettableClock
from sources.standin.server import StandinServer
from tests.support.small_worlds import MIDDLE, SMALL, small_recording, small_world

TOKENS = {"groundswell-demo": TokenState.GOOD, "unverified": TokenState.UNVERIFIED, "expired": TokenState.EXPIRED}
RECENT = "/tt/hashtag/recent-posts"
SEARCH = "/tt/keyword/search"


class Asker:
    """Calls one server with a token, and sets its clock."""

    def __init__(self, server: StandinServer, account: Account) -> None:
        self.account = account
        self.http = httpx.Client(base_url=server.url)
        self.clock_url = server.url.removesuffix("/apis") + "/_standin/clock"

    def get(self, path: str, token: str | None = "groundswell-demo", **params: Any) -> httpx.Response:
        return self.http.get(path, params=({"token": token} if token is not None else {}) | params)

    def data(self, path: str, **params: Any) -> Any:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def set_clock(self, now: datetime) -> None:
        self.http.post(self.clock_url, json={"now": now.isoformat()}).raise_for_status()


@pytest.fixture(scope="module")
def served() -> Iterator[Asker]:
    account = Account(units_per_day=10_000, tokens=TOKENS)
    with StandinServer(build_app(small_world(), account, SettableClock(MIDDLE))) as server:
        asker = Asker(server, account)
        yield asker
        asker.http.close()


@pytest.fixture
def asker(served: Asker) -> Asker:
    served.account.units_per_day = 10_000
    served.set_clock(MIDDLE)
    return served


def units(answer: httpx.Response) -> int:
    return int(answer.headers["units_charged"])


def test_a_hashtag_page_is_a_page_of_awemes_for_one_unit(asker: Asker) -> None:
    answer = asker.get("/tt/hashtag/posts", name="dance")
    assert (answer.status_code, units(answer), answer.headers["content-type"]) == (200, 1, "application/json")
    body = answer.json()
    assert list(body) == ["data"]
    assert body["data"]["nextCursor"] == 20
    assert len(body["data"]["data"]) == 20
    assert b": " not in answer.content[:200]


@pytest.mark.parametrize("params", [{"name": "nosuchtag"}, {"name": "dance", "cursor": 100_000}], ids=str)
def test_nothing_found_is_an_empty_page_for_one_unit(asker: Asker, params: dict[str, Any]) -> None:
    answer = asker.get("/tt/hashtag/posts", **params)
    assert (answer.json(), units(answer)) == ({"data": {"data": []}}, 1)


def test_following_the_cursor_shows_every_post_once(asker: Asker) -> None:
    seen: list[str] = []
    cursor: int | None = 0
    while cursor is not None:
        page = asker.data("/tt/hashtag/posts", name="gym", cursor=cursor)
        seen += [post["aweme_id"] for post in page["data"]]
        cursor = page.get("nextCursor")
    walked = asker.data(RECENT, name="gym", days=90, remap_output=False)["posts"]
    assert sorted(seen) == sorted({post["aweme_id"] for post in walked})
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(("most", "cost"), [(20, 1), (200, 1), (220, 2), (500, 3)])
def test_recent_posts_cost_a_unit_for_ten_chunks(asker: Asker, most: int, cost: int) -> None:
    answer = asker.get(RECENT, name="fyp", days=90, remap_output="False", max_cursor=most)
    data = answer.json()["data"]
    assert units(answer) == cost
    assert len(data["posts"]) == most
    assert data["view_count"] > 0
    assert data["video_count"] >= most


def test_days_leave_out_older_posts_and_cost_the_same(asker: Asker) -> None:
    answers = [asker.get(RECENT, name="fyp", days=days, max_cursor=400, remap_output=False) for days in (1, 60)]
    counts = [len(answer.json()["data"]["posts"]) for answer in answers]
    assert counts[0] < counts[1] == 400
    assert [units(answer) for answer in answers] == [2, 2]


def test_an_unknown_hashtag_costs_a_unit_and_has_no_totals(asker: Asker) -> None:
    answer = asker.get(RECENT, name="nosuchtag", days=1)
    data = answer.json()["data"]
    assert (units(answer), data["posts"], data["view_count"], data["id"]) == (1, [], 0, "")


def test_recent_posts_are_remapped_unless_asked_otherwise(asker: Asker) -> None:
    web = asker.data(RECENT, name="dance", days=30, max_cursor=20)["posts"]
    mobile = asker.data(RECENT, name="dance", days=30, max_cursor=20, remap_output="no")["posts"]
    assert [entry["itemInfos"]["id"] for entry in web] == [entry["aweme_id"] for entry in mobile]
    for entry, other in zip(web, mobile, strict=True):
        assert entry["itemInfos"]["createTime"] == str(other["create_time"])
        assert entry["itemInfos"]["playCount"] == other["statistics"]["play_count"]
        assert [tag["challengeName"] for tag in entry["challengeInfoList"]] == [
            c["cha_name"] for c in other["cha_list"]
        ]


def test_spans_are_counted_in_utf16_units(asker: Asker) -> None:
    posts = asker.data(RECENT, name="fyp", days=60, max_cursor=400, remap_output=False)["posts"]
    kinds = set()
    for post in posts:
        encoded = post["desc"].encode("utf-16-le")
        for span in post["text_extra"]:
            word = encoded[2 * span["start"] : 2 * span["end"]].decode("utf-16-le")
            assert word == f"#{span['hashtag_name']}" if span["type"] == 1 else word.startswith("@")
            kinds.add(span["type"])
    assert kinds == {0, 1}
    assert any(not post["desc"].isascii() for post in posts)


def test_posts_carry_what_must_be_kept_private_and_leave_out_what_feeds_leave_out(asker: Asker) -> None:
    posts = asker.data(RECENT, name="fyp", days=60, max_cursor=400, remap_output=False)["posts"]
    for post in posts:
        assert len(post["aweme_id"]) == 19
        assert int(post["aweme_id"]) >> 32 == post["create_time"]
        assert post["author"]["unique_id"] in post["share_url"]
        assert post["author"]["nickname"]
    with_followers = sum(post["author"]["follower_count"] > 0 for post in posts) / len(posts)
    assert 0.35 < with_followers < 0.65
    photos = [post for post in posts if post["aweme_type"] == 150]
    assert photos
    assert all(post["statistics"]["play_count"] == 0 for post in photos)
    whole = asker.data("/tt/post/multi-info", ids=photos[0]["aweme_id"])[0]
    assert whole["statistics"]["play_count"] > 0
    assert whole["image_post_info"]["images"]
    assert photos[0]["image_post_info"] is None
    assert whole["author"]["follower_count"] > 0


def test_a_search_wraps_its_posts(asker: Asker) -> None:
    answer = asker.get(SEARCH, name="dance", period="7", sorting="2")
    data = answer.json()["data"]
    assert units(answer) == 1
    assert data["nextCursor"] == 20
    card = data["data"][0]
    assert (card["type"], card["provider_doc_id_str"]) == (1, card["aweme_info"]["aweme_id"])
    newest = [entry["aweme_info"]["create_time"] for entry in data["data"]]
    assert newest == sorted(newest, reverse=True)


def test_a_search_may_be_exact_or_with_authors(asker: Asker) -> None:
    exact = asker.get(SEARCH, name="dance", period=0, match_exactly="true", country="vn")
    assert len(exact.json()["data"]["data"]) == 10
    assert units(exact) == 1
    with_authors = asker.get(SEARCH, name="dance", period=0, get_author_stats="1")
    cards = with_authors.json()["data"]["data"]
    assert units(with_authors) == 1 + len(cards)
    assert all(card["aweme_info"]["author"]["follower_count"] > 0 for card in cards)


def test_posts_by_id_cost_two_units_each_and_unknown_ones_nothing(asker: Asker) -> None:
    page = asker.data("/tt/hashtag/posts", name="travel")["data"]
    ids = [post["aweme_id"] for post in page[:3]]
    answer = asker.get("/tt/post/multi-info", ids=";".join([*ids, "123", ids[0]]))
    assert [post["aweme_id"] for post in answer.json()["data"]] == ids
    assert units(answer) == 6


REFUSALS: list[tuple[str, dict[str, Any], int, Any]] = [
    ("/tt/hashtag/posts", {"token": None}, 422, "value_error.missing"),
    ("/tt/hashtag/posts", {"token": "xxx", "name": "a"}, 491, "Token not found, please sign up at"),
    ("/tt/hashtag/posts", {"token": "unverified"}, 492, "Your email has not been verified."),
    ("/tt/hashtag/posts", {"token": "expired"}, 493, "Subscription expired."),
    ("/tt/hashtag/posts", {}, 422, "value_error.missing"),
    ("/tt/hashtag/posts", {"name": "a", "cursor": "x"}, 422, "type_error.integer"),
    (RECENT, {"name": "a"}, 422, "value_error.missing"),
    (RECENT, {"name": "a", "days": 1, "remap_output": "maybe"}, 422, "type_error.bool"),
    (SEARCH, {"name": "a", "period": 5}, 422, "permitted: '0', '1', '7', '30', '90', '180'"),
    (SEARCH, {"name": "a", "period": 1, "country": "XX"}, 466, "Invalid country code."),
    ("/tt/post/multi-info", {"ids": ";".join(["1"] * 101)}, 464, "Number of passed IDs are more than"),
    ("/customer/get-used-units", {"date": "20260101"}, 422, "value_error.date"),
    ("/customer/get-used-units", {"token": "xxx"}, 491, "Token not found"),
    ("/tt/hashtag/info", {"name": "a"}, 404, "Not Found"),
]


@pytest.mark.parametrize(
    ("path", "params", "status", "words"), REFUSALS, ids=[f"{r[0]}-{r[2]}-{r[3]}" for r in REFUSALS]
)
def test_what_is_refused_says_why_and_costs_nothing(
    asker: Asker, path: str, params: dict[str, Any], status: int, words: str
) -> None:
    answer = asker.get(path, **params)
    assert (answer.status_code, units(answer)) == (status, 0)
    assert list(answer.json()) == ["detail"]
    assert words in answer.text


def test_a_complaint_has_the_interfaces_shape(asker: Asker) -> None:
    detail = asker.get(SEARCH, name="a", period="2").json()["detail"]
    permitted = ["0", "1", "7", "30", "90", "180"]
    listed = ", ".join(f"'{value}'" for value in permitted)
    assert detail == [
        {
            "loc": ["query", "period"],
            "msg": f"value is not a valid enumeration member; permitted: {listed}",
            "type": "type_error.enum",
            "ctx": {"enum_values": permitted},
        }
    ]


@pytest.mark.parametrize("method", ["POST", "HEAD", "DELETE"])
def test_only_get_is_known(asker: Asker, method: str) -> None:
    answer = asker.http.request(method, "/tt/hashtag/posts", params={"token": "groundswell-demo", "name": "a"})
    assert answer.status_code == 405
    assert method == "HEAD" or answer.json() == {"detail": "Method Not Allowed"}


def test_units_run_out_and_come_back_at_midnight_utc(asker: Asker) -> None:
    evening = (MIDDLE + timedelta(days=3)).replace(hour=23, minute=59)
    asker.set_clock(evening)
    asker.account.units_per_day = 3
    for _ in range(3):
        assert asker.get("/tt/hashtag/posts", name="gym").status_code == 200
    refused = asker.get("/tt/hashtag/posts", name="gym")
    assert (refused.status_code, units(refused)) == (495, 0)
    assert refused.json() == {
        "detail": "Maximum requests limit reached for today. Send an email at hello@ensembledata.com"
    }
    assert asker.get("/tt/hashtag/posts").status_code == 422
    assert asker.data("/customer/get-used-units", date=evening.date().isoformat())["tiktok"] == 3
    asker.set_clock(evening + timedelta(minutes=1))
    assert asker.get("/tt/hashtag/posts", name="gym").status_code == 200
    history = asker.data("/customer/get-history", days=2)
    assert [(day["date"], day["tiktok"]) for day in history] == [
        ((evening.date() + timedelta(days=1)).isoformat(), 1),
        (evening.date().isoformat(), 3),
    ]


def test_the_account_may_be_asked_with_any_known_token(asker: Asker) -> None:
    used = asker.data("/customer/get-used-units", token="expired", date="2026-01-06")
    assert used == {"tiktok": 0, "instagram": 0, "reddit": 0, "youtube": 0, "twitch": 0}


def test_counters_grow_with_the_clock_and_nothing_of_the_future_shows(asker: Asker) -> None:
    post = asker.data(SEARCH, name="dance", period=1, sorting=2)["data"][3]["aweme_info"]
    asker.set_clock(MIDDLE + timedelta(days=5))
    later = asker.data("/tt/post/multi-info", ids=post["aweme_id"])
    assert later[0]["statistics"]["digg_count"] >= post["statistics"]["digg_count"]
    asker.set_clock(SMALL.start)
    assert asker.data("/tt/post/multi-info", ids=post["aweme_id"]) == []


@pytest.mark.parametrize("body", [b"", b"[]", b'{"now": 5}', b'{"now": "soon"}'])
def test_a_clock_set_to_nonsense_stays(asker: Asker, body: bytes) -> None:
    assert asker.http.post(asker.clock_url, content=body).status_code == 422
    assert datetime.fromisoformat(asker.http.get(asker.clock_url).json()["now"]) == MIDDLE


def test_the_real_clock_is_told_but_not_set() -> None:
    class Fixed:
        def now(self) -> datetime:
            return datetime(2025, 5, 14, tzinfo=UTC)

    account = Account()
    with StandinServer(build_app(small_recording(), account, Fixed())) as server:
        asker = Asker(server, account)
        refused = asker.http.post(asker.clock_url, json={"now": "2025-05-15T00:00:00+00:00"})
        assert refused.status_code == 409
        assert asker.http.get(asker.clock_url).json() == {"now": "2025-05-14T00:00:00+00:00", "settable": False}
        asker.http.close()
