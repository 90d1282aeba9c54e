from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from sources.ensembledata.accounts import user_posts
from sources.ensembledata.requests import (
    Endpoint,
    Request,
    hashtag_posts,
    hashtag_recent_posts,
    keyword_search,
    multi_info,
    multi_infos,
    used_units,
)

NOW = datetime(2025, 5, 14, 10, 7, tzinfo=UTC)


def test_every_endpoint_has_a_request_with_its_parameters_and_cost(every_request: dict[str, Request]) -> None:
    assert set(every_request) == {endpoint.value for endpoint in Endpoint}
    cost = {path.removeprefix("/tt/"): request.estimate for path, request in every_request.items()}
    assert cost == {
        "hashtag/posts": 1,
        "hashtag/recent-posts": 20,
        "keyword/search": 11,
        "keyword/full-search": 10,
        "post/info": 2,
        "post/multi-info": 4,
        "post/comments": 1,
        "post/comments-replies": 1,
        "user/posts": 3,
        "user/posts-from-secuid": 3,
        "user/info": 1,
        "user/info-from-secuid": 1,
        "user/search": 2,
        "user/followers": 2,
        "user/followings": 2,
        "user/liked-posts": 1,
        "music/info": 2,
        "music/posts": 1,
        "music/details": 2,
        "live/search": 2,
        "/customer/get-used-units": 0,
        "/customer/get-history": 0,
    }
    flags = {"new_version": "true", "download_video": "true"}
    assert dict(every_request["/tt/keyword/search"].params) == {
        "name": "dance", "cursor": "20", "period": "7", "sorting": "1", "country": "GB",
        "match_exactly": "true", "get_author_stats": "true",
    }  # fmt: skip
    assert dict(every_request["/tt/user/posts-from-secuid"].params) == {
        "secUid": "MS4", "depth": "2", "start_cursor": "5", "oldest_createtime": "6", **flags,
    }  # fmt: skip
    assert dict(every_request["/tt/post/multi-info"].params) == {"ids": "71;72", **flags}
    assert dict(every_request["/tt/music/details"].params) == {"id": "31"}
    assert dict(every_request["/tt/live/search"].params) == {"keyword": "dance", "cursor": "20", "country": "GB"}


def test_what_is_not_asked_for_does_not_go_out() -> None:
    assert dict(keyword_search("a").params) == {"name": "a", "cursor": "0", "period": "1", "sorting": "2"}
    assert dict(hashtag_recent_posts("a", 30, 20).params) == {
        "name": "a", "days": "30", "remap_output": "false", "max_cursor": "20",
    }  # fmt: skip
    assert (hashtag_posts("a").estimate, keyword_search("a", author_stats=True).estimate) == (1, 21)
    assert dict(used_units(date(2025, 5, 14)).params) == {"date": "2025-05-14"}


@pytest.mark.parametrize(
    "build", [lambda: keyword_search("a", period=2), lambda: user_posts("a", depth=0), lambda: multi_info([])]
)
def test_a_request_the_interface_would_refuse_is_not_made(build: Callable[[], Request]) -> None:
    with pytest.raises(ValueError, match=r"period must be one of|depth must be at least 1|multi-info takes"):
        build()


def test_many_ids_are_asked_for_a_hundred_at_a_time() -> None:
    requests = multi_infos([str(n) for n in range(201)])
    assert [request.estimate for request in requests] == [200, 200, 2]


@pytest.mark.parametrize(("max_cursor", "units"), [(1, 1), (20, 1), (200, 1), (201, 2), (800, 4), (3200, 16)])
def test_recent_posts_cost_a_unit_for_ten_chunks(max_cursor: int, units: int) -> None:
    assert hashtag_recent_posts("a", 1, max_cursor).estimate == units


def test_too_many_ids_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="1 to 100 ids"):
        multi_info([str(n) for n in range(101)])


def test_a_request_has_one_name_in_a_slot_and_another_in_the_next() -> None:
    request = hashtag_posts("a")
    assert request.request_id(NOW) == hashtag_posts("a").request_id(NOW)
    assert request.request_id(NOW) != hashtag_posts("b").request_id(NOW)
    assert request.request_id(NOW) != request.request_id(NOW.replace(hour=11))
