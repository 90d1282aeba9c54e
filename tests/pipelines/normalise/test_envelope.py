from typing import Any

import pytest

from pipelines.normalise.tables import normalise
from tests.support.awemes import aweme
from tests.support.raw_pages import frame, raw


@pytest.mark.parametrize(
    "data",
    [
        [aweme(1, ["a"])],
        aweme(1, ["a"]),
        {"data": {"aweme_list": [aweme(1, ["a"])]}},
        {"liked_posts": [aweme(1, ["a"])]},
        {"data": [aweme(1, ["a"])], "nextCursor": 20},
        {"posts": [aweme(1, ["a"])]},
        {"aweme_list": [aweme(1, ["a"])]},
        {"data": [{"type": 1, "aweme_info": aweme(1, ["a"])}]},
        [{"aweme_detail": aweme(1, ["a"])}],
    ],
)
def test_all_envelopes_of_posts_are_opened(data: Any) -> None:
    assert normalise(frame(raw(data))).frames["videos"]["video_id"].to_list() == ["1"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("text", "data is a str"),
        ({"users": []}, "unknown envelope"),
        ({"data": {"a": 1}}, "unknown envelope"),
        ({"data": 3}, "data is a int"),
        ({"detail": "Internal error."}, "an error answer"),
        ([3], "not an object"),
        ([{"type": 4, "user_list": []}], "not a video card"),
        ([{"itemInfos": {"text": "no id"}}], "no video id"),
        ([{"id": True, "stats": {}}], "no video id"),
        ([{"desc": "no id"}], "no video id"),
        ([{"aweme_id": "seven"}], "video_id is not a platform id"),
        ([{"aweme_id": "7", "duration": 10**12}], "duration_s is out of range"),
    ],
)
def test_unknown_shapes_are_counted_with_their_reason(data: Any, reason: str) -> None:
    assert normalise(frame(raw(data))).set_aside == {reason: 1}


@pytest.mark.parametrize("data", [None, {"data": []}, {"data": None}, []])
def test_an_empty_page_is_nothing_wrong(data: Any) -> None:
    assert not normalise(frame(raw(data))).set_aside
