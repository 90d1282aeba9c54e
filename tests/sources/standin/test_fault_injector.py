from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.clock import VirtualClock
from core.errors import UsageError
from pipelines.normalise.raw import keep
from sources.ensembledata.accounts import user_info, user_posts
from sources.ensembledata.client import EnsembleData, Page, RetryPolicy
from sources.ensembledata.errors import Action
from sources.ensembledata.requests import (
    Request,
    hashtag_posts,
    hashtag_recent_posts,
    keyword_search,
    multi_info,
    post_info,
)
from sources.standin.account import Account
from sources.standin.app import build_app
from sources.standin.clock import SettableClock
from sources.standin.fault_injector import FAULTS, FaultInjector, read_faults
from sources.standin.faulty_backend import FaultyBackend
from sources.standin.server import StandinServer
from tests.support.small_worlds import MIDDLE, small_world

TOKEN = "groundswell-demo"
POSTS = small_world().hashtag_page("dance", MIDDLE, 0).posts
BUSY = max(
    (post.account for post in POSTS),
    key=lambda poster: (len(small_world().society.newest(poster.uid, MIDDLE, None, 9)), poster.uid),
)
IMPATIENT = RetryPolicy(attempts=2, wait_s=0.01, longest_wait_s=0.01, jitter_s=0.0)


def ask(request: Request, *faults: str, account: Account | None = None) -> Page:
    app = build_app(small_world(), account or Account(units_per_day=10_000), SettableClock(MIDDLE), read_faults(faults))
    with StandinServer(app) as server:
        client = EnsembleData(server.url, TOKEN, VirtualClock(MIDDLE), retry_policy=IMPATIENT)
        try:
            return client.call(request)
        finally:
            client.close()


def ids(page: Page) -> list[str]:
    return [post["aweme_id"] for post in keep(page.data, b"k").body["posts"]]


@pytest.mark.parametrize("fault", ["error_500", "error_429", "html_502", "no_answer"])
def test_what_strikes_once_is_answered_the_second_time(fault: str) -> None:
    account = Account(units_per_day=10_000)
    page = ask(hashtag_posts("dance"), fault, account=account)
    assert (page.status, page.error, len(ids(page))) == (200, None, 20)
    assert account.used(TOKEN, MIDDLE.date()) == (2 if fault == "no_answer" else 1)


@pytest.mark.parametrize(
    ("fault", "request_", "check"),
    [
        ("broken_json", hashtag_posts("dance"), lambda p: p.action is Action.RETRY and "bytes" in p.error),
        ("json_list", hashtag_posts("dance"), lambda p: p.data is None and "list" in p.error),
        ("data_with_error", hashtag_posts("dance"), lambda p: p.status == 404 and len(ids(p)) == 20),
        ("null_data", hashtag_posts("dance"), lambda p: p.error is None and p.data is None and p.units_charged == 1),
        ("unknown_user_null", user_info("nobody"), lambda p: p.error is None and p.data is None),
        ("item_refused", user_info(BUSY.handle), lambda p: p.action in (Action.SKIP, Action.MISSING)),
        ("item_refused", multi_info(["1"]), lambda p: p.status in (469, 520) and p.action is Action.SKIP),
        ("photo_urls", post_info("https://www.tiktok.com/@a/photo/71"), lambda p: p.status == 462),
        ("other_cards", keyword_search("dance", 0), lambda p: keep(p.data, b"k").set_aside == {"not a video card": 1}),
        ("no_units_header", hashtag_posts("dance"), lambda p: p.units_charged == 0 and len(ids(p)) == 20),
        ("alternate_envelope", hashtag_posts("dance"), lambda p: len(ids(p)) == 20 and p.more == 20),
        ("alternate_envelope", user_posts(BUSY.handle), lambda p: len(ids(p)) > 0),
        ("alternate_envelope", hashtag_recent_posts("dance", 30, 20), lambda p: len(ids(p)) > 0),
        ("deleted_posts", multi_info([POSTS[0].post_id]), lambda p: p.data == [] and p.units_charged == 0),
        ("early_end", hashtag_posts("dance"), lambda p: p.more is None and len(ids(p)) == 20),
        ("empty_page", hashtag_posts("dance", 20), lambda p: ids(p) == [] and p.more == 40),
        ("repeated_cursor", keyword_search("dance", 0, cursor=20), lambda p: p.more == 20),
        (
            "zero_plays",
            hashtag_posts("dance"),
            lambda p: {a["statistics"]["play_count"] for a in p.data["data"]} == {0},
        ),
        ("pinned_posts", user_posts(BUSY.handle), lambda p: [a["is_top"] for a in p.data][:2] == [1, 0]),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "endpoint", "check"),
)
def test_each_fault_does_what_it_says(fault: str, request_: Request, check: Callable[[Page], Any]) -> None:
    assert check(ask(request_, fault))


def test_a_slow_answer_is_given_up_by_an_impatient_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.standin.fault_injector.SLOW_S", 0.6)
    app = build_app(small_world(), Account(), SettableClock(MIDDLE), read_faults(["slow_answer"]))
    with StandinServer(app) as server:
        client = EnsembleData(server.url, TOKEN, VirtualClock(MIDDLE), retry_policy=RetryPolicy(attempts=1, read_s=0.1))
        assert client.call(hashtag_posts("dance")).error == "no answer (ReadTimeout)"
        client.close()


def test_missing_plays_are_absent_but_for_photos() -> None:
    page = ask(hashtag_posts("dance"), "missing_plays")
    plays = {post["aweme_type"]: post["statistics"].get("play_count") for post in page.data["data"]}
    assert plays[0] is None


def test_counts_fall_by_a_tenth_at_most() -> None:
    faulty = FaultyBackend(small_world(), FaultInjector({"falling_counts": 1.0}))
    for before, after in zip(POSTS, faulty.hashtag_page("dance", MIDDLE, 0).posts, strict=True):
        likes, fallen = before.counters.likes or 0, after.counters.likes or 0
        assert 0.9 * likes - 1 <= fallen <= likes


def test_a_page_repeats_half_of_the_one_before() -> None:
    faulty = FaultyBackend(small_world(), read_faults(["duplicate_pages"]))
    first, second = (faulty.hashtag_page("dance", MIDDLE, cursor).posts for cursor in (0, 20))
    assert second[:10] == first[-10:]
    assert len(second) == 20


def test_the_share_of_victims_is_as_asked_and_always_the_same() -> None:
    faults = read_faults(["duplicate_pages=0.1"], seed=3)
    struck = [faults.strikes("duplicate_pages", n) for n in range(4_000)]
    assert 300 < sum(struck) < 500
    assert struck == [read_faults(["duplicate_pages=0.1"], seed=3).strikes("duplicate_pages", n) for n in range(4_000)]
    assert not any(faults.strikes("early_end", n) for n in range(100))


@pytest.mark.parametrize("text", ["no_such", "error_500=2", "error_500=-1", "error_500=often"])
def test_a_wrong_switch_is_one_clear_line(text: str) -> None:
    with pytest.raises(UsageError):
        read_faults([text])


def test_every_fault_is_tested_here() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in FAULTS if f'"{name}' not in source] == []
