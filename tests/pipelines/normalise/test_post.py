from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalise.post import whole_number
from pipelines.normalise.tables import normalise
from tests.support.awemes import aweme
from tests.support.raw_pages import frame, raw


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


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())))
def test_a_count_is_a_number_of_64_bits_or_unknown(value: object) -> None:
    count = whole_number(value)
    assert count is None or (type(count) is int and 0 <= count < 2**63)
