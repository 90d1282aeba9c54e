"""The interface behind the stand-in server, which a simulated world or a recording implements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol, TypeVar

from sources.standin.post import Post, PostPage
from sources.standin.society import Society

PAGE_POSTS = 20
FEED_POSTS = 5_000
T = TypeVar("T")


class Sorting(Enum):
    """Order of a keyword search, as the interface numbers it."""

    RELEVANCE = "0"
    LIKES = "1"
    RECENT = "2"


@dataclass(frozen=True)
class Totals:
    """A hashtag's totals as the platform shows them; 0 where it has none."""

    hashtag_id: str
    views: int
    videos: int


@dataclass(frozen=True)
class RecentPosts:
    """The posts of a walk through a hashtag's feed, and the chunks of 20 that were walked."""

    posts: tuple[Post, ...]
    chunks: int


class Backend(Protocol):
    """Answers as of a given time; equal calls get equal answers, in any order.

    Attributes
    ----------
    society: the people and sounds behind the posts
    """

    society: Society

    def hashtag_page(self, name: str, at: datetime, cursor: int, count: int = PAGE_POSTS) -> PostPage:
        """Return part of a hashtag's feed, in the platform's own order; empty for an unknown one."""
        ...

    def recent(self, name: str, at: datetime, days: int, max_cursor: int) -> RecentPosts:
        """Walk a hashtag's feed up to `max_cursor` and return its posts of the last `days` days."""
        ...

    def totals(self, name: str, at: datetime) -> Totals | None:
        """Return a hashtag's totals, None for an unknown one."""
        ...

    def search(
        self, keyword: str, at: datetime, period: int, sorting: Sorting, cursor: int, count: int, exactly: bool
    ) -> PostPage:
        """Return posts of the last `period` days (0 = any) that match a keyword."""
        ...

    def posts(self, ids: Sequence[str], at: datetime) -> tuple[Post, ...]:
        """Return the posts with these ids that exist at that time, with all that is known of them."""
        ...

    def busy_tags(self, at: datetime, count: int) -> list[str]:
        """Return the hashtags with most posts in the last day, most first."""
        ...


def page_of(items: Sequence[T], cursor: int, count: int) -> tuple[Sequence[T], int | None]:
    """Return one page of `items` and the next cursor, None if nothing is left.

    Examples
    --------
    >>> page_of([1, 2, 3], 0, 2), page_of([1, 2, 3], 2, 2), page_of([1, 2, 3], 9, 2)
    (([1, 2], 2), ([3], None), ([], None))
    """
    end = cursor + count
    return items[cursor:end], end if end < len(items) else None
