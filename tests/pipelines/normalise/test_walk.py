from typing import Any

import orjson
import pytest

from pipelines.normalise.privacy import pseudonym
from pipelines.normalise.raw import unpack
from pipelines.normalise.tables import normalise
from tests.support.awemes import aweme
from tests.support.raw_pages import KEY, frame, raw

WEB: dict[str, Any] = {
    "id": "7100000000000000001",
    "desc": "look #a",
    "createTime": 1_747_210_000,
    "author": {"id": "6800000000000000001", "uniqueId": "demo.user", "nickname": "Demo Person"},
    "stats": {"playCount": 100, "diggCount": 10, "commentCount": 2, "shareCount": 1},
    "video": {"duration": 15},
}
USER = {
    "id": "6800000000000000001",
    "uniqueId": "demo.user",
    "nickname": "Demo Person",
    "createTime": 1_600_000_000,
    "signature": "bio",
    "stats": {"followerCount": 12, "diggCount": 7, "heartCount": 5, "videoCount": 3},
}
SOUND = {
    "id": "6900000000000000001",
    "title": "original sound",
    "authorName": "Demo Person",
    "original": True,
    "stats": {"videoCount": 12},
}


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
        ("text", "not an object"),
        ({"users": []}, "unknown shape: users"),
        ({"data": {"a": 1}}, "unknown shape: a"),
        ({"data": 3}, "unknown shape: data"),
        ({"detail": "Internal error."}, "an error answer"),
        ({"statusCode": 10204, "itemInfo": {}}, "an error answer"),
        ([3], "not an object"),
        ([{"type": 4, "user_list": []}], "not a video card"),
        ([{"itemInfos": {"text": "no id", "createTime": "1668767258", "playCount": 3}}], "no video id"),
        ([{**WEB, "id": True}], "no video id"),
        ([aweme("", ["a"])], "no video id"),
        ([{"id": "7100000000000000001", "stats": {}}], "unknown shape: id, stats"),
        ([{"aweme_id": "7100000000000000001"}], "unknown shape: aweme_id"),
        ([{"aweme_id": "7100000000000000001", "play_count": 5}], "unknown shape: aweme_id, play_count"),
        ([aweme("seven", ["a"])], "video_id is not a platform id"),
        ([aweme(7, ["a"], duration=10**12)], "duration_s is out of range"),
        ([aweme(7, ["a"]) | {"aweme_id": 7.123456789012346e18}], "a video id that was rounded"),
        ([aweme("7.12345678901235E+18", ["a"])], "a video id that was rounded"),
        ([aweme(7, ["a"], aweme_type=101)], "a live room"),
        ([{**WEB, "liveRoomInfo": {"roomID": "7"}}], "a live room"),
        ([{**WEB, "takeDown": 1}], "a removed post"),
        ([aweme(7, ["a"], status={"is_delete": True})], "a removed post"),
    ],
)
def test_unknown_shapes_are_counted_with_their_reason(data: Any, reason: str) -> None:
    assert normalise(frame(raw(data))).set_aside == {reason: 1}


@pytest.mark.parametrize("data", [None, {"data": []}, {"data": None}, []])
def test_an_empty_page_is_nothing_wrong(data: Any) -> None:
    assert not normalise(frame(raw(data))).set_aside


def views_and_videos(data: Any, name: str = "") -> list[tuple[Any, ...]]:
    rows = normalise(frame(raw(data, name=name))).frames["hashtag_snapshots"]
    return rows.select("hashtag", "views_total", "videos_total").rows()


TEXT = orjson.dumps({"data": [WEB, aweme(2, ["a"])]}).decode()


@pytest.mark.parametrize(
    ("data", "videos"),
    [
        ({"itemInfo": {"itemStruct": WEB}, "statusCode": 0}, 1),
        ({"itemList": [WEB], "hasMore": True, "extra": {"logid": "x", "fatal_item_ids": []}}, 1),
        ({"ItemModule": {WEB["id"]: {**WEB, "author": "demo.user", "authorId": "6800000000000000001"}}}, 1),
        ({"anything": {"at": [{"all": {"deep": [[WEB]]}}]}}, 1),
        (TEXT, 2),
        ({"log": {"entries": [{"response": {"content": {"text": TEXT, "mimeType": "application/json"}}}]}}, 2),
        ({"body": orjson.dumps(TEXT).decode()}, 2),
        ({"props": {"pageProps": {"videoData": {"itemInfos": WEB}}}}, 1),
        ([{"item": WEB, "author": USER, "music": SOUND}], 1),
    ],
)
def test_posts_are_found_behind_any_wrapper(data: Any, videos: int) -> None:
    normalised = normalise(frame(raw(data)))
    assert normalised.frames["videos"].height == videos
    assert not normalised.set_aside


@pytest.mark.parametrize(
    ("data", "reasons"),
    [
        ([USER], {"a user": 1}),
        ({"user": USER, "itemList": []}, {"a user": 1}),
        ([USER["stats"] | {"uniqueId": "demo.user"}], {"a user": 1}),
        ([SOUND], {"a sound": 1}),
        ([{"music": SOUND, "stats": {"videoCount": 3}}], {"a sound": 1}),
        (
            [{"cid": "1", "aweme_id": "2", "text": "nice", "create_time": 1_589_803_573, "digg_count": 1}],
            {"a comment": 1},
        ),
        (
            [{"id": 1, "video_id": 2, "text": "x", "like_count": 3, "create_time": 4, "reply_count": 0}],
            {"a comment": 1},
        ),
        ([{"id": "5", "title": "dance", "desc": "", "isCommerce": False}], {"a hashtag without totals": 1}),
        ([{"room_id": "5", "title": "live", "stream_url": {"x": "y"}}], {"a live room": 1}),
        (
            [{"id": "1", "username": "demo.user", "followers": 5, "likes": 7, "url": "x", "created_at": "y"}],
            {"a user": 1},
        ),
        (
            {"data": [WEB, {"type": 4, "user_list": [{"user_info": USER}, {"user_info": USER}]}]},
            {"not a video card": 1},
        ),
        ({"data": [WEB, {"what": 1}, 3, None]}, {"unknown shape: what": 1, "not an object": 2}),
    ],
)
def test_what_is_no_post_never_becomes_one(data: Any, reasons: dict[str, int]) -> None:
    normalised = normalise(frame(raw(data)))
    assert set(normalised.frames["videos"]["video_id"]) <= {WEB["id"]}
    assert normalised.set_aside == reasons
    assert normalised.frames["hashtag_snapshots"].is_empty()


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ({"challenge": {"id": "1", "title": "Dance"}, "stats": {"viewCount": 9, "videoCount": 2}}, [("dance", 9, 2)]),
        ({"ch_info": {"cid": "1", "cha_name": "dance", "view_count": 9, "user_count": 2}}, [("dance", 9, 2)]),
        (
            [{"hashtag": "#Dance", "views": "1.5B"}, {"hashtag": "jazz", "views": 7}],
            [("dance", 1_500_000_000, None), ("jazz", 7, None)],
        ),
        ([{"name": "dance", "views": 9, "videos": 2}], [("dance", 9, 2)]),
        ({"id": "1", "view_count": 9, "video_count": 2, "posts": []}, []),
        ([{"id": "7100000000000000001", "title": "x", "view_count": 9, "like_count": 1, "create_time": 1}], []),
        ([{"hashtag": "dance", "video_id": "71", "views": 9}], []),
        ([{"name": "demo", "views": 9, "videos": 2, "subscribers": 4}], []),
    ],
)
def test_totals_are_those_of_hashtags_alone(data: Any, rows: list[tuple[Any, ...]]) -> None:
    assert views_and_videos(data) == rows


def test_the_request_names_totals_that_have_no_name_and_only_those() -> None:
    nameless = {"id": "1", "view_count": 9, "video_count": 2, "posts": []}
    assert views_and_videos(nameless, "Jazz") == [("jazz", 9, 2)]
    challenge = {"challenge": {"title": "Dance"}, "stats": {"viewCount": 9, "videoCount": 2}}
    assert views_and_videos(challenge, "Jazz") == [("dance", 9, 2)]


def test_an_unknown_shape_does_not_repeat_what_may_be_a_person() -> None:
    normalised = normalise(frame(raw({"users": {"demo.user": {"a": 1}, "other_user": {"a": 2}}, "demo.user": 1})))
    assert normalised.set_aside == {"unknown shape: users, ...": 1}
    normalised = normalise(frame(raw({"demouser": {"a": 1}, "otheruser": {"a": 2}})))
    assert normalised.set_aside == {"unknown shape: a map of 2 objects (a)": 1}


def test_no_id_of_a_person_is_kept_of_what_is_set_aside() -> None:
    body = unpack(raw([USER, SOUND, {"type": 4, "users": [USER]}])["body"])
    assert "6800000000000000001" not in str(body)
    assert pseudonym(KEY, "6800000000000000001") not in str(body)
