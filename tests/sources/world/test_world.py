from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UsageError
from core.hashtags import clean_hashtag
from sources.standin.backend import FEED_POSTS, Sorting
from sources.world.parameters import WorldParameters
from sources.world.world import World
from tests.support.small_worlds import MIDDLE, SMALL, small_world

moments = st.integers(0, 30 * 24 * 60).map(lambda minutes: SMALL.start + timedelta(minutes=minutes))
tags = st.integers(0, SMALL.hashtags - 1)


def test_equal_seeds_make_equal_worlds_in_whatever_order_they_are_asked() -> None:
    other, world = World(SMALL), small_world()
    late, early = MIDDLE + timedelta(days=9), MIDDLE - timedelta(days=9)
    names = world.hashtags[:40:7]
    forwards = [(world.hashtag_page(n, t, 0), world.totals(n, t)) for t in (early, MIDDLE, late) for n in names]
    backwards = [(other.hashtag_page(n, t, 0), other.totals(n, t)) for t in (late, MIDDLE, early) for n in names[::-1]]
    assert forwards == backwards[::-1]
    assert other.truth().equals(world.truth())


def test_other_seeds_make_other_worlds() -> None:
    other = World(replace(SMALL, seed=4))
    assert other.hashtag_page("dance", MIDDLE, 0) != small_world().hashtag_page("dance", MIDDLE, 0)


@settings(max_examples=15, deadline=None)
@given(tags, moments, st.integers(1, 50))
def test_a_feed_holds_every_post_exactly_once(tag: int, at: datetime, count: int) -> None:
    world = small_world()
    name = world.hashtags[tag]
    seen: list[str] = []
    cursor: int | None = 0
    while cursor is not None:
        page = world.hashtag_page(name, at, cursor, count)
        assert len(page.posts) <= count
        seen += [post.post_id for post in page.posts]
        cursor = page.next_cursor
    videos = world.videos
    quarter = int(world.parameters.hours(at) * 4) / 4
    index = videos.members.of_tag(tag)
    newest = index[videos.created_h[index] <= quarter][-FEED_POSTS:]
    there = newest[videos.deleted_h[newest] > quarter]
    assert len(seen) == len(set(seen)) == len(there)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(list(Sorting)), st.sampled_from(["dance", "tips", "gym"]), moments, st.sampled_from([0, 1, 7]))
def test_a_search_shows_matching_posts_once_and_nothing_of_the_future(
    sorting: Sorting, keyword: str, at: datetime, period: int
) -> None:
    world = small_world()
    first = world.search(keyword, at, period, sorting, 0, 20, False)
    second = world.search(keyword, at, period, sorting, first.next_cursor or 10**6, 20, False)
    posts = [*first.posts, *second.posts]
    assert len({post.post_id for post in posts}) == len(posts)
    assert all(post.created_s <= at.timestamp() for post in posts)
    assert not period or all(post.created_s >= at.timestamp() - 86_400 * period for post in posts)
    if sorting is Sorting.RECENT:
        assert [post.created_s for post in posts] == sorted((post.created_s for post in posts), reverse=True)


@settings(max_examples=30, deadline=None)
@given(tags, moments, st.floats(0, 200))
def test_views_never_fall_before_they_are_rounded_and_cached(tag: int, at: datetime, hours: float) -> None:
    world = small_world()
    name = world.hashtags[tag]
    later = at + timedelta(hours=hours)
    assert world.true_views(name, later) >= world.true_views(name, at)
    shown = world.totals(name, later)
    assert shown is not None
    assert shown.views <= world.true_views(name, later)


def test_views_of_all_tags_at_once_are_those_of_each() -> None:
    world = small_world()
    one_by_one = [world.true_views(name, MIDDLE) for name in world.hashtags]
    np.testing.assert_allclose(world.all_true_views(MIDDLE), one_by_one, rtol=1e-12)


def test_the_total_covers_the_plays_of_the_posts_shown() -> None:
    world = small_world()
    for name in world.hashtags[:12]:
        shown = world.recent(name, MIDDLE, 60, 10_000).posts
        assert world.true_views(name, MIDDLE) >= sum(post.counters.plays or 0 for post in shown)


def test_posts_are_found_by_id_until_they_are_deleted() -> None:
    world = small_world()
    index = np.flatnonzero(np.isfinite(world.videos.deleted_h))[:5]
    for video in index.tolist():
        before = SMALL.start + timedelta(hours=float(world.videos.deleted_h[video]) - 0.5)
        name = world.hashtags[int(world.videos.tag[video])]
        made = {post.post_id for post in world.recent(name, before, 60, 10**6).posts}
        gone = made - {post.post_id for post in world.recent(name, before + timedelta(hours=1), 60, 10**6).posts}
        assert gone
        assert not {post.post_id for post in world.posts(sorted(gone), before + timedelta(hours=1))} & gone
        assert {post.post_id for post in world.posts(sorted(gone), before)} == gone


def test_ids_that_are_none_of_ours_find_nothing() -> None:
    assert small_world().posts(["", "1", "x", "9" * 19, "７"], MIDDLE) == ()


def test_a_walk_through_a_feed_stops_at_the_cursor_and_keeps_recent_posts() -> None:
    world = small_world()
    walk = world.recent("fyp", MIDDLE, 1, 40)
    assert walk.chunks == 2
    assert 0 < len(walk.posts) <= 40
    assert all(post.created_s >= MIDDLE.timestamp() - 86_400 for post in walk.posts)
    assert world.recent("nosuchtag", MIDDLE, 1, 40).chunks == 0
    assert world.totals("nosuchtag", MIDDLE) is None


def test_there_are_posts_on_the_first_day() -> None:
    assert len(small_world().hashtag_page("gym", SMALL.start, 0).posts) == 20


def test_names_are_written_as_hashtags_are_and_any_spelling_finds_them() -> None:
    world = small_world()
    assert all(clean_hashtag(name) == name for name in world.hashtags)
    assert len(set(world.hashtags)) == SMALL.hashtags
    assert any(not name.isascii() for name in world.hashtags)
    assert world.totals(" #DANCE", MIDDLE) == world.totals("dance", MIDDLE)


def test_busy_tags_have_most_posts_of_the_day() -> None:
    busy = small_world().busy_tags(MIDDLE, 5)
    assert busy[0] == "fyp"
    assert len(busy) == 5


@pytest.mark.parametrize(
    "changes", [{"hashtags": 10}, {"videos": 100}, {"days": 1}, {"creators": 1}, {"seed": -1}], ids=str
)
def test_a_world_too_small_is_refused(changes: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="a world"):
        WorldParameters(**changes)
