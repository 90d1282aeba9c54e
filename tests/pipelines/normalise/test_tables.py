import gzip
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from core.hashtags import clean_hashtag
from core.tables import VIDEO_SNAPSHOTS
from core.windows import window_end
from pipelines.normalise.privacy import pseudonym
from pipelines.normalise.tables import NORMALISED_TABLES, normalise
from tests.support.awemes import aweme
from tests.support.paths import PAYLOADS
from tests.support.raw_pages import KEY, NOW, frame, raw
from tests.support.requirements import require_data

KEYS = [
    "data",
    "posts",
    "aweme_list",
    "aweme_info",
    "aweme_id",
    "id",
    "author",
    "uid",
    "music",
    "mid",
    "title",
    "statistics",
    "play_count",
    "text_extra",
    "cha_list",
    "cha_name",
    "cid",
    "desc",
    "type",
    "start",
    "end",
    "hashtag_name",
    "video",
    "duration",
    "itemInfos",
    "text",
    "textExtra",
    "challenges",
    "stats",
    "statsV2",
    "playCount",
    "createTime",
    "contents",
    "view_count",
    "authorStats",
    "create_time",
    "region",
    "desc_language",
    "is_ads",
]


def test_a_post_becomes_a_video_and_a_snapshot_for_each_hashtag() -> None:
    frames = normalise(frame(raw([aweme(1, ["Dance", "fypシ゚"])]))).frames
    video = frames["videos"].row(0, named=True)
    assert video == {
        "video_id": "1",
        "created_at": datetime(2025, 5, 14, 8, 6, 40, tzinfo=UTC),
        "hashtags": ["dance", clean_hashtag("fypシ゚")],
        "creator_id": pseudonym(KEY, "681"),
        "sound_id": "7100000000000000002",
        "caption": "look #Dance #fypシ゚",
        "language": "en",
        "region": "GB",
        "duration_s": 39.727,
        "is_ad": False,
        "endpoint": "/tt/hashtag/recent-posts",
        "platform": "tiktok",
        "window": window_end(NOW),
    }
    snapshots = frames["video_snapshots"]
    assert snapshots["hashtag"].to_list() == sorted(video["hashtags"])
    assert snapshots.row(0, named=True)["plays"] == 100
    assert snapshots.row(0, named=True)["saves"] == 0


def test_every_frame_has_the_schema_of_its_table_even_without_rows() -> None:
    for rows in (frame(), frame(raw([aweme(1, ["a"])]))):
        frames = normalise(rows).frames
        for table in NORMALISED_TABLES:
            assert dict(frames[table.name].schema) == table.schema


def test_totals_belong_to_the_hashtag_that_was_asked_for() -> None:
    data = {"id": "1", "view_count": 121_946_001_354, "video_count": 6_955_041, "posts": []}
    rows = normalise(frame(raw(data, name="#BookTok"))).frames["hashtag_snapshots"].to_dicts()
    assert [(row["hashtag"], row["views_total"], row["videos_total"]) for row in rows] == [
        ("booktok", 121_946_001_354, 6_955_041)
    ]
    nothing = normalise(frame(raw({"view_count": 0, "video_count": 0, "posts": []})))
    assert nothing.frames["hashtag_snapshots"].is_empty()


def test_the_latest_reading_of_a_window_wins_then_plays_then_the_request() -> None:
    later = NOW + timedelta(minutes=2)
    next_window = NOW + timedelta(minutes=20)
    rows = frame(
        raw([aweme(1, ["a"], 500)], "r1"),
        raw([aweme(1, ["a"], 90)], "r2", later),
        raw([aweme(1, ["a"], 95), aweme(1, ["a"], 94)], "r0", later),
        raw([aweme(1, ["a"], 10)], "r9", next_window),
    )
    result = normalise(rows).frames
    assert result["video_snapshots"].select("plays", "window").rows() == [
        (95, window_end(NOW)),
        (10, window_end(next_window)),
    ]
    assert result["videos"]["window"].to_list() == [window_end(NOW)]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32), st.lists(st.tuples(st.integers(1, 5), st.integers(0, 9), st.integers(0, 40)), max_size=12)
)
def test_the_order_of_pages_and_repeated_pages_change_nothing(seed: int, readings: list[tuple[int, int, int]]) -> None:
    pages = [
        raw([aweme(video, ["a", f"t{video}"], plays)], f"r{place}", NOW + timedelta(minutes=minutes))
        for place, (video, plays, minutes) in enumerate(readings)
    ]
    shuffled = pages + pages[: len(pages) // 2]
    random.Random(seed).shuffle(shuffled)
    expected, reordered = normalise(frame(*pages)).frames, normalise(frame(*shuffled)).frames
    for name, rows in expected.items():
        assert rows.equals(reordered[name]), name
    assert not expected["video_snapshots"].select(VIDEO_SNAPSHOTS.key).is_duplicated().any()


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(KEYS),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_whatever_breaks_it(data: Any) -> None:
    normalise(frame(raw(data)))


def test_real_posts_are_all_accepted_with_their_counters() -> None:
    require_data(PAYLOADS)
    with gzip.open(PAYLOADS) as lines:
        posts = [orjson.loads(line)["aweme"] for line in lines]
    result = normalise(frame(*(raw(posts[i : i + 20], f"r{i}") for i in range(0, len(posts), 20))))
    assert not result.set_aside
    distinct = {post["aweme_id"]: post for post in posts}
    videos = result.frames["videos"]
    assert sorted(videos["video_id"]) == sorted(distinct)
    plays = dict(result.frames["video_snapshots"].select("video_id", "plays").iter_rows())
    for video, count in plays.items():
        readings = {post["statistics"]["play_count"] for post in posts if post["aweme_id"] == video}
        assert (count or 0) in readings
    handles = {post["author"]["unique_id"] for post in posts if len(post["author"]["unique_id"]) > 6}
    titles = set(result.frames["sound_snapshots"]["title"].drop_nulls())
    assert not any(handle in title for handle in handles for title in titles)
