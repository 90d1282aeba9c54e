"""The interface to the accounts and sounds behind a backend's posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sources.standin.post import Post, Poster, PostPage, Sound

SOUNDS_FOUND = 200
ACCOUNTS_FOUND = 500


@dataclass(frozen=True, slots=True)
class Profile:
    """An account at one time. `posts` and `likes` count its visible posts, `following` is made up."""

    poster: Poster
    posts: int
    likes: int
    following: int


class Society(Protocol):
    """Answers as of a given time; equal calls get equal answers, in any order."""

    def find(self, at: datetime, *, handle: str = "", sec_uid: str = "") -> Profile | None:
        """Return an account by its handle or its secUid, None for an unknown one."""
        ...

    def newest(self, uid: str, at: datetime, before_s: int | None, count: int) -> tuple[Post, ...]:
        """Return an account's posts made before a time (Unix seconds; None: now), newest first, at most `count`."""
        ...

    def accounts(self, keyword: str, at: datetime) -> Sequence[Profile]:
        """Return the accounts whose handle or name holds a keyword, those with most followers first, at most 500."""
        ...

    def some(self, key: int, count: int) -> Sequence[Poster]:
        """Return some accounts, the same ones for the same key."""
        ...

    def sounds(self, name: str, at: datetime, titles: bool, creators: bool) -> Sequence[Sound]:
        """Return the sounds whose title or author holds a name, the most used first, at most 200."""
        ...

    def sound(self, sound_id: str, at: datetime) -> Sound | None:
        """Return a sound with its uses, None for an unknown one."""
        ...

    def sound_posts(self, sound_id: str, at: datetime, cursor: int, count: int) -> PostPage:
        """Return posts with a sound, newest first; empty for an unknown one."""
        ...
