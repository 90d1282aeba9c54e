from datetime import UTC, datetime

import pytest

from pipelines.normalise.privacy import pseudonym
from pipelines.normalise.tables import normalise
from sources.standin import aweme as standin_aweme
from sources.standin.post import PostPage
from sources.standin.web_shapes import web_post
from tests.support.raw_pages import KEY, frame, raw
from tests.support.small_worlds import MIDDLE, small_world

mobile_shape = standin_aweme.aweme


@pytest.fixture
def page() -> PostPage:
    return small_world().hashtag_page("dance", MIDDLE, 0)


def test_the_older_web_shape_says_what_the_mobile_one_says(page: PostPage) -> None:
    """Except what it does not know: saves, region, language, followers."""
    mobile = normalise(frame(raw([mobile_shape(post) for post in page.posts]))).frames
    web = normalise(frame(raw([web_post(post) for post in page.posts]))).frames
    unknown = {"language", "region", "duration_s"}
    for name in ("videos", "video_snapshots"):
        columns = [column for column in mobile[name].columns if column not in unknown | {"saves"}]
        assert web[name].select(columns).equals(mobile[name].select(columns))
    assert web["video_snapshots"]["saves"].null_count() == web["video_snapshots"].height
    assert [round(seconds) for seconds in mobile["videos"]["duration_s"]] == web["videos"]["duration_s"].to_list()


def test_hashtags_that_the_older_web_shape_leaves_nameless_are_read_off_the_text() -> None:
    text = "🔥 demo #Magic ok"
    item = {
        "itemInfos": {"id": "3", "text": text, "createTime": "1668767258", "playCount": "2686", "diggCount": 201},
        "textExtra": [{"Start": 8, "End": 14, "HashtagName": "", "Type": 1}],
    }
    video = normalise(frame(raw([item]))).frames["videos"].row(0, named=True)
    assert (video["hashtags"], video["created_at"]) == (["magic"], datetime(2022, 11, 18, 10, 27, 38, tzinfo=UTC))


def test_the_newer_web_shape_is_read_with_its_exact_counters() -> None:
    item = {
        "id": "9",
        "contents": [{"desc": "with @demo.friend #Dance"}],
        "createTime": "1747210000",
        "author": {"id": "5", "uniqueId": "demo.user"},
        "authorStats": {"followerCount": 12},
        "stats": {"playCount": 1_200_000, "diggCount": 3, "commentCount": 2, "shareCount": 1, "collectCount": "4"},
        "statsV2": {"playCount": "1234567"},
        "music": {"id": "31", "title": "Song", "original": False},
        "challenges": [{"id": "1", "title": "Dance"}],
        "textExtra": [{"hashtagName": "dance", "type": 1, "start": 18, "end": 24}],
        "video": {"duration": 15},
        "isAd": False,
    }
    frames = normalise(frame(raw([item]))).frames
    reading = frames["video_snapshots"].row(0, named=True)
    assert [reading[name] for name in ("plays", "likes", "comments", "shares", "saves")] == [1_234_567, 3, 2, 1, 4]
    video = frames["videos"].row(0, named=True)
    assert (video["caption"], video["duration_s"], video["sound_id"]) == ("with #Dance", 15.0, "31")
    assert video["creator_id"] == pseudonym(KEY, "5")
    assert frames["creator_snapshots"]["followers"].to_list() == [12]
