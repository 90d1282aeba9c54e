"""A simulated world behind the stand-in server: hashtags of known kinds, their videos and totals at any time.

Everything is a pure function of the parameters and the time asked for; nothing is played up to it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
import polars as pl

from core.hashtags import clean_hashtag
from core.tables import UTC_TIME
from sources.standin.backend import FEED_POSTS, PAGE_POSTS, RecentPosts, Sorting, Totals
from sources.standin.post import Post, PostPage
from sources.standin.society import Society
from sources.world.counters import cached_hours, plays
from sources.world.draws import Integers, Numbers
from sources.world.parameters import WorldParameters
from sources.world.posts import PostMaker
from sources.world.society import WorldSociety
from sources.world.streams import make_streams
from sources.world.tags import make_tags
from sources.world.totals import all_true_views, make_old_views, shown_views, true_views
from sources.world.videos import make_videos
from sources.world.words import THEMES

FEED_REFRESHED_H = 0.25
HOT_H = 10.0
HOT_PLAYS = 50.0
KEYWORDS_KEPT = 64
FEEDS_KEPT = 64


class World:
    """Implements `sources.standin.backend.Backend`.

    Parameters
    ----------
    parameters: seed, span and size

    Examples
    --------
    >>> small = World(WorldParameters(hashtags=60, videos=1200, days=10))
    >>> page = small.hashtag_page("dance", small.parameters.start, 0)
    >>> len(page.posts), page.next_cursor
    (20, 20)
    """

    def __init__(self, parameters: WorldParameters | None = None) -> None:
        self.parameters = parameters or WorldParameters()
        chance = [np.random.default_rng([self.parameters.seed, stage]) for stage in range(4)]
        self.tags = make_tags(self.parameters, chance[0])
        self.streams = make_streams(self.parameters, self.tags, chance[1])
        self.videos = make_videos(self.parameters, self.tags, self.streams, chance[2])
        self.old = make_old_views(self.parameters, self.tags, self.videos, chance[3])
        self._maker = PostMaker(self.parameters, self.tags, self.videos)
        self.society: Society = WorldSociety(self.parameters, self.videos, self._maker)
        self._numbers = {name: tag for tag, name in enumerate(self.tags.names)}
        self._matching = lru_cache(maxsize=KEYWORDS_KEPT)(self._match)
        self._ordered = lru_cache(maxsize=FEEDS_KEPT)(self._order_feed)

    @property
    def hashtags(self) -> tuple[str, ...]:
        """All hashtags, the most used first."""
        return self.tags.names

    def hashtag_page(self, name: str, at: datetime, cursor: int, count: int = PAGE_POSTS) -> PostPage:
        """See `Backend`: the hottest of the newest 5,000 posts first, as the platform ordered them last."""
        return self._page(self.feed(name, at), at, cursor, count)

    def recent(self, name: str, at: datetime, days: int, max_cursor: int) -> RecentPosts:
        """See `Backend`."""
        feed = self.feed(name, at)
        chunks = min(-(-max(0, max_cursor) // PAGE_POSTS), -(-len(feed) // PAGE_POSTS))
        hours = self.parameters.hours(at)
        walked = feed[: chunks * PAGE_POSTS]
        fresh = walked[self.videos.created_h[walked] >= hours - 24.0 * days]
        return RecentPosts(self._maker.posts(fresh, hours), chunks)

    def totals(self, name: str, at: datetime) -> Totals | None:
        """See `Backend`: rounded, refreshed every half hour, sometimes from a copy that lags."""
        tag = self._numbers.get(clean_hashtag(name))
        if tag is None:
            return None
        hours = self.parameters.hours(at)
        so_far = int(np.searchsorted(self.videos.created_h, hours, side="right"))
        made = int(np.searchsorted(self.videos.members.of_tag(tag), so_far))
        views = shown_views(self.parameters, self.old, self.videos, tag, hours)
        return Totals(self._maker.tag_id(tag), views, int(self.old.videos[tag]) + made)

    def search(
        self, keyword: str, at: datetime, period: int, sorting: Sorting, cursor: int, count: int, exactly: bool
    ) -> PostPage:
        """See `Backend`: posts that carry a hashtag with the keyword in it, or whose theme it is."""
        return self._page(self.matching(keyword, at, period, sorting, exactly), at, cursor, count)

    def posts(self, ids: Sequence[str], at: datetime) -> tuple[Post, ...]:
        """See `Backend`."""
        hours = self.parameters.hours(at)
        videos = dict.fromkeys(video for video in map(self._maker.find, ids) if video is not None)
        index = np.asarray(list(videos), np.int64)
        there = (self.videos.created_h[index] <= hours) & (self.videos.deleted_h[index] > hours)
        return self._maker.posts(index[there], hours, whole=True)

    def busy_tags(self, at: datetime, count: int) -> list[str]:
        """See `Backend`."""
        hours = self.parameters.hours(at)
        begin, end = np.searchsorted(self.videos.created_h, [hours - 24.0, hours]).tolist()
        first = self.videos.members.first_tag
        posted = np.bincount(self.videos.members.tag[first[begin] : first[end]], minlength=len(self.hashtags))
        order = np.argsort(-posted, kind="stable")[:count]
        return [self.hashtags[tag] for tag in order.tolist() if posted[tag]]

    def feed(self, name: str, at: datetime) -> Integers:
        """Return the videos of a tag's feed by number, in order, which is settled anew every quarter of an hour."""
        tag = self._numbers.get(clean_hashtag(name))
        if tag is None:
            return np.zeros(0, np.int64)
        return self._ordered(tag, int(self.parameters.hours(at) // FEED_REFRESHED_H))

    def matching(self, keyword: str, at: datetime, period: int, sorting: Sorting, exactly: bool = False) -> Integers:
        """Return the videos that a search finds by number, in order."""
        hours = self.parameters.hours(at)
        index = self._matching(clean_hashtag("".join(keyword.split())), exactly)
        if period:
            made_before = int(np.searchsorted(self.videos.created_h, hours - 24.0 * period))
            index = index[int(np.searchsorted(index, made_before)) :]
        index = self._seen(index, hours)
        if sorting is Sorting.RECENT:
            index = index[::-1]
        elif sorting is Sorting.LIKES:
            shown = plays(self.videos, index, cached_hours(self.parameters.seed, index, hours))
            index = index[np.argsort(-shown * self.videos.rates[index, 0], kind="stable")]
        else:
            index = self._hottest_first(index[-FEED_POSTS:], hours)
        return index

    def true_views(self, name: str, at: datetime) -> float:
        """Return the views a hashtag really has, before rounding and caching; never falling. For tests."""
        hours = self.parameters.hours(at)
        return true_views(self.parameters, self.old, self.videos, self._numbers[name], hours)

    def all_true_views(self, at: datetime) -> Numbers:
        """Return the real views of all hashtags, in the order of `hashtags`. For tests."""
        return all_true_views(self.parameters, self.old, self.videos, self.parameters.hours(at))

    def truth(self) -> pl.DataFrame:
        """Return what moves each hashtag: hashtag, kind, theme, surge_at (list of times). For tests, never served."""
        onsets: list[list[datetime]] = [[] for _ in self.hashtags]
        for tag, hour in zip(self.streams.tag.tolist(), self.streams.onset_h().tolist(), strict=True):
            if hour == hour:
                onsets[tag].append(self.parameters.start + timedelta(seconds=round(hour * 3600)))
        themes = list(THEMES)
        return pl.DataFrame(
            {
                "hashtag": self.hashtags,
                "kind": [self.tags.kind(tag).value for tag in range(len(self.hashtags))],
                "theme": [themes[theme] if theme >= 0 else None for theme in self.tags.themes.tolist()],
                "surge_at": [sorted(times) for times in onsets],
            },
            schema={"hashtag": pl.String, "kind": pl.String, "theme": pl.String, "surge_at": pl.List(UTC_TIME)},
        )

    def _order_feed(self, tag: int, quarter: int) -> Integers:
        hours = quarter * FEED_REFRESHED_H
        return self._hottest_first(self._seen(self.videos.members.of_tag(tag), hours, newest=FEED_POSTS), hours)

    def _seen(self, index: Integers, hours: float, newest: int = 0) -> Integers:
        """Those of some videos, in order of creation, that are there; of the newest ones only unless 0."""
        made = int(np.searchsorted(self.videos.created_h, hours, side="right"))
        posted = index[: int(np.searchsorted(index, made))][-newest:]
        return np.asarray(posted[self.videos.deleted_h[posted] > hours], np.int64)

    def _hottest_first(self, index: Integers, hours: float) -> Integers:
        """Sort by log of plays less age: a post must have e times the plays of one that is 10 h younger."""
        shown = plays(self.videos, index, cached_hours(self.parameters.seed, index, hours))
        heat = np.log(shown + HOT_PLAYS) - (hours - self.videos.created_h[index]) / HOT_H
        return index[np.lexsort((-index, -heat))]

    def _page(self, index: Integers, at: datetime, cursor: int, count: int) -> PostPage:
        end = cursor + count
        posts = self._maker.posts(index[cursor:end], self.parameters.hours(at))
        return PostPage(posts, end if end < len(index) else None)

    def _match(self, keyword: str, exactly: bool) -> Integers:
        """Videos with a tag that has the keyword in its name, or of its theme, in order of creation."""
        if not keyword:
            return np.zeros(0, np.int64)
        names, themes = self.hashtags, list(THEMES)
        tags = [tag for tag, name in enumerate(names) if name == keyword or (not exactly and keyword in name)]
        members = [self.videos.members.of_tag(tag) for tag in tags]
        if keyword in themes:
            members.append(np.flatnonzero(self.tags.themes[self.videos.tag] == themes.index(keyword)))
        return np.unique(np.concatenate(members)).astype(np.int64) if members else np.zeros(0, np.int64)
