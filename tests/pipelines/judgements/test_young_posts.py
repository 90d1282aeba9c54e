import pytest

from core.judgements.boosting import POSTS, YOUNG
from core.windows import HOUR
from pipelines.judgements.young_posts import YoungPosts, advance, advance_from_lake
from tests.support.worlds import T0, random_world

HOURS = 40


@pytest.mark.parametrize("seed", range(4))
def test_hour_by_hour_is_what_the_lake_gives_at_once(seed: int) -> None:
    world = random_world(seed, hours=HOURS)
    lake = world.lake()
    state = YoungPosts.none(T0 - YOUNG)
    for hour in range(1, HOURS + 1):
        state = advance_from_lake(state, lake, T0 + hour * HOUR)
        if hour % 13 == 0:
            assert state.posts.equals(advance_from_lake(YoungPosts.none(T0 - 90 * HOUR), lake, state.at).posts)
    assert dict(state.posts.schema) == dict(POSTS)
    assert state.posts.height
    assert not state.posts.select("hashtag", "video_id").is_duplicated().any()


def test_a_state_of_another_time_is_built_anew() -> None:
    lake = random_world(5, hours=HOURS).lake()
    at = T0 + 20 * HOUR
    fresh = advance_from_lake(YoungPosts.none(at - YOUNG), lake, at)
    assert advance_from_lake(advance_from_lake(fresh, lake, at + HOUR), lake, at).posts.equals(fresh.posts)
    assert advance_from_lake(fresh, lake, at).posts.equals(fresh.posts)


def test_the_latest_known_reading_stands_and_old_posts_are_dropped() -> None:
    world = random_world(1, hours=HOURS)
    end = T0 + HOURS * HOUR
    snapshots, _, videos = world.between(T0 - 90 * HOUR, end)
    posts = advance(YoungPosts.none(T0), end, snapshots, videos).posts
    created = {row["video_id"]: row["created_at"] for row in world.videos}
    expected = {}
    for row in sorted(world.readings, key=lambda row: (row["fetched_at"], row["plays"] or -1)):
        at = created[row["video_id"]]
        if at is not None and end - YOUNG < at <= end and row["fetched_at"] <= end and row["plays"] is not None:
            expected[row["hashtag"], row["video_id"]] = row["plays"]
    plays = {(row["hashtag"], row["video_id"]): row["plays"] for row in posts.iter_rows(named=True)}
    assert plays == expected
