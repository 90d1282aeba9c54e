"""Injects faults into what the stand-in's backend shows: wrong pages, wrong counters, posts that are gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sources.standin.backend import PAGE_POSTS, Backend, RecentPosts, Sorting, Totals
from sources.standin.fault_injector import FaultInjector
from sources.standin.post import Counters, Post, Poster, PostPage, Sound
from sources.standin.society import Profile, Society

FALLS_BY = 0.1


class FaultyBackend:
    """Implements `sources.standin.backend.Backend` over another one.

    Parameters
    ----------
    backend: the backend without faults
    faults: decides where each fault strikes
    """

    def __init__(self, backend: Backend, faults: FaultInjector) -> None:
        self._backend, self._faults = backend, faults
        self.society: Society = _FaultySociety(backend.society, self)

    def hashtag_page(self, name: str, at: datetime, cursor: int, count: int = PAGE_POSTS) -> PostPage:
        """See `Backend`."""
        page = self._backend.hashtag_page(name, at, cursor, count)
        before = self._backend.hashtag_page(name, at, cursor - count, count).posts if cursor >= count else ()
        return self._page(page, before, f"tag {name}", cursor, at)

    def recent(self, name: str, at: datetime, days: int, max_cursor: int) -> RecentPosts:
        """See `Backend`."""
        recent = self._backend.recent(name, at, days, max_cursor)
        return RecentPosts(self.shown(recent.posts, at), recent.chunks)

    def totals(self, name: str, at: datetime) -> Totals | None:
        """See `Backend`."""
        return self._backend.totals(name, at)

    def search(
        self, keyword: str, at: datetime, period: int, sorting: Sorting, cursor: int, count: int, exactly: bool
    ) -> PostPage:
        """See `Backend`."""

        def page(start: int) -> PostPage:
            return self._backend.search(keyword, at, period, sorting, start, count, exactly)

        before = page(cursor - count).posts if cursor >= count else ()
        return self._page(page(cursor), before, f"word {keyword}", cursor, at)

    def posts(self, ids: Sequence[str], at: datetime) -> tuple[Post, ...]:
        """See `Backend`."""
        there = [post_id for post_id in ids if not self._faults.strikes("deleted_posts", post_id)]
        return self.shown(self._backend.posts(there, at), at)

    def busy_tags(self, at: datetime, count: int) -> list[str]:
        """See `Backend`."""
        return self._backend.busy_tags(at, count)

    def pinned(self, posts: tuple[Post, ...]) -> tuple[Post, ...]:
        """An account's newest posts, its best one first if it is pinned."""
        if len(posts) < 2 or not self._faults.strikes("pinned_posts", posts[0].account.uid):
            return posts
        best = max(posts, key=lambda post: (post.counters.likes or 0, post.post_id))
        return (replace(best, pinned=True), *(post for post in posts if post is not best))

    def shown(self, posts: Sequence[Post], at: datetime) -> tuple[Post, ...]:
        """Posts with the counters that are shown of them."""
        return tuple(self._counted(post, at) for post in posts)

    def _counted(self, post: Post, at: datetime) -> Post:
        strikes, counters = self._faults.strikes, post.counters
        if strikes("falling_counts", post.post_id, at.isoformat()):
            left = 1 - FALLS_BY * self._faults.drawn("fall", post.post_id, at.isoformat())
            counts = (counters.plays, counters.likes, counters.comments, counters.shares, counters.saves)
            counters = Counters(*(None if count is None else int(count * left) for count in counts))
        if strikes("zero_plays", post.post_id):
            counters = replace(counters, plays=0)
        if strikes("missing_plays", post.post_id):
            counters = replace(counters, plays=None)
        return post if counters is post.counters else replace(post, counters=counters)

    def _page(self, page: PostPage, before: Sequence[Post], feed: str, cursor: int, at: datetime) -> PostPage:
        strikes, posts, more = self._faults.strikes, page.posts, page.next_cursor
        if strikes("early_end", feed) and cursor == 0:
            more = None
        if cursor and more is not None and strikes("empty_page", feed, cursor):
            posts = ()
        if posts and before and strikes("duplicate_pages", feed, cursor):
            half = len(posts) // 2
            posts = (*before[-half:], *posts[half:]) if half else posts
        if more is not None and strikes("repeated_cursor", feed, cursor):
            more = cursor
        return PostPage(self.shown(posts, at), more)


class _FaultySociety:
    """Implements `sources.standin.society.Society` over another one."""

    def __init__(self, society: Society, backend: FaultyBackend) -> None:
        self._society, self._backend = society, backend

    def find(self, at: datetime, *, handle: str = "", sec_uid: str = "") -> Profile | None:
        return self._society.find(at, handle=handle, sec_uid=sec_uid)

    def newest(self, uid: str, at: datetime, before_s: int | None, count: int) -> tuple[Post, ...]:
        posts = self._backend.shown(self._society.newest(uid, at, before_s, count), at)
        return self._backend.pinned(posts) if before_s is None else posts

    def accounts(self, keyword: str, at: datetime) -> Sequence[Profile]:
        return self._society.accounts(keyword, at)

    def some(self, key: int, count: int) -> Sequence[Poster]:
        return self._society.some(key, count)

    def sounds(self, name: str, at: datetime, titles: bool, creators: bool) -> Sequence[Sound]:
        return self._society.sounds(name, at, titles, creators)

    def sound(self, sound_id: str, at: datetime) -> Sound | None:
        return self._society.sound(sound_id, at)

    def sound_posts(self, sound_id: str, at: datetime, cursor: int, count: int) -> PostPage:
        page = self._society.sound_posts(sound_id, at, cursor, count)
        return PostPage(self._backend.shown(page.posts, at), page.next_cursor)
