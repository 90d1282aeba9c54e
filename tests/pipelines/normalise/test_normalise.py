import gzip
import random
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.hashtags import clean_hashtag
from core.tables import RAW, VIDEO_SNAPSHOTS
from core.windows import window_end
from pipelines.normalise.normalise import NORMALISED_TABLES, normalise
from pipelines.normalise.post import whole_number
from pipelines.normalise.privacy import licensed_title, pseudonym, without_handles
from pipelines.normalise.raw import keep
from sources.standin import aweme as standin_aweme
from sources.standin.post import PostPage
from sources.standin.webpost import webpost
from tests.support.awemes import aweme
from tests.support.paths import PAYLOADS
from tests.support.requirements import require_data
from tests.support.small_worlds import MIDDLE, small_world

mobile_shape = standin_aweme.aweme
NOW = datetime(2025, 5, 14, 10, 7, tzinfo=UTC)
KEY = b"test key"
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


def raw(data: Any, request_id: str = "r1", at: datetime = NOW, name: str = "dance") -> dict[str, Any]:
    return {
        "request_id": request_id,
        "endpoint": "/tt/hashtag/recent-posts",
        "params": orjson.dumps({"name": name}).decode(),
        "purpose": "tracking",
        "status": 200,
        "body": zlib.compress(orjson.dumps(keep(data, KEY).body)),
        "error": None,
        "units_charged": 1,
        "fetched_at": at,
        "window": window_end(at),
    }


@pytest.fixture
def page() -> PostPage:
    return small_world().hashtag_page("dance", MIDDLE, 0)


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=RAW.schema)


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


def test_the_older_web_shape_says_what_the_mobile_one_says(page: PostPage) -> None:
    """Except what it does not know: saves, region, language, followers."""
    mobile = normalise(frame(raw([mobile_shape(post) for post in page.posts]))).frames
    web = normalise(frame(raw([webpost(post) for post in page.posts]))).frames
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


@pytest.mark.parametrize("data", [None, {"data": []}, {"data": None}, []])
def test_an_empty_page_is_nothing_wrong(data: Any) -> None:
    assert not normalise(frame(raw(data))).set_aside


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"statistics": {}}, (None, None, None)),
        ({"statistics": {"play_count": "120", "digg_count": None, "comment_count": -1}}, (120, None, None)),
        ({"statistics": {"play_count": 0, "digg_count": 0, "comment_count": 0}}, (0, 0, 0)),
        ({"statistics": {"play_count": 0, "digg_count": 7, "comment_count": 0}}, (None, 7, 0)),
        ({"statistics": {"play_count": 0, "digg_count": 0, "comment_count": 9, "lose_count": 1}}, (None, None, 9)),
        (
            {"aweme_type": 150, "statistics": {"play_count": 0, "digg_count": 0, "comment_count": 0}},
            (None, 0, 0),
        ),
        (
            {"image_post_info": {"images": []}, "statistics": {"play_count": 5, "digg_count": 0, "comment_count": 0}},
            (5, 0, 0),
        ),
    ],
)
def test_unknown_counters_are_null_and_never_0(changes: dict[str, Any], counts: tuple[int | None, ...]) -> None:
    row = normalise(frame(raw([aweme(1, ["a"], **changes)]))).frames["video_snapshots"].row(0, named=True)
    assert (row["plays"], row["likes"], row["comments"]) == counts


def test_followers_and_uses_of_0_are_unknown() -> None:
    frames = normalise(frame(raw([aweme(1, ["a"])]))).frames
    assert frames["creator_snapshots"].is_empty()
    assert frames["sound_snapshots"].select("uses", "title").rows() == [(None, "Song of May")]
    complete = aweme(1, ["a"], author={"uid": "5", "follower_count": 12}, music={"mid": "3", "user_count": 4})
    frames = normalise(frame(raw([complete]))).frames
    assert frames["creator_snapshots"]["followers"].to_list() == [12]
    assert frames["sound_snapshots"].select("sound_id", "uses", "title").rows() == [("3", 4, None)]


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


def test_nothing_of_a_person_is_kept() -> None:
    post = aweme(
        1,
        ["a"],
        desc="with @Wendy Shay and mail me@home.example #a",
        original_client_text={"markup_text": "secret"},
        text_extra=[{"type": 0, "start": 5, "end": 16, "user_id": "77", "sec_uid": "MS4w"}],
        music={"mid": "3", "title": "original sound - demo.user", "owner_handle": "demo.user", "author": "Demo Person"},
    )
    stored = orjson.dumps(keep([post], KEY).body).decode()
    for secret in (
        "681",
        "demo.user",
        "Demo Person",
        "Wendy",
        "Shay",
        "home.example",
        "secret",
        "77",
        "MS4w",
        "share_url",
    ):
        assert f'"{secret}"' not in stored or secret == "share_url", secret
        assert secret not in stored.replace(pseudonym(KEY, "681"), ""), secret


def test_mentions_are_found_by_utf_16_offsets() -> None:
    caption = "🔥 with @Ann Lee 🔥 and @bob.1, cre:@cy"
    start = len(caption[: caption.index("@Ann")].encode("utf-16-le")) // 2
    assert without_handles(caption, [(start, start + 8)]) == "🔥 with 🔥 and , cre:"


@pytest.mark.parametrize(
    ("music", "title"),
    [
        ({"title": "Song"}, "Song"),
        ({"title": "Song", "owner_id": "3"}, None),
        ({"title": "Song", "is_original_sound": True}, None),
        ({"title": "nhạc nền - somebody"}, None),
        ({"title": "original sound - x"}, None),
        ({"title": "mix by demo.user"}, None),
        ({"title": None}, None),
        ({}, None),
    ],
)
def test_only_licensed_titles_are_kept(music: dict[str, Any], title: str | None) -> None:
    assert licensed_title(music, "demo.user") == title


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())))
def test_a_count_is_a_number_of_64_bits_or_unknown(value: object) -> None:
    count = whole_number(value)
    assert count is None or (type(count) is int and 0 <= count < 2**63)


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
