"""The people and sounds of a recording, as far as its posts tell of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import xxhash

from sources.standin.backend import page_of
from sources.standin.post import Post, Poster, PostPage, Sound
from sources.standin.society import ACCOUNTS_FOUND, SOUNDS_FOUND, Profile

Integers = npt.NDArray[np.int64]


class RecordedSociety:
    """Implements `sources.standin.society.Society`: who posted and what was heard, nothing of who follows or likes.

    Parameters
    ----------
    posters: who posted, by number of the video
    sound_ids: id of the sound, by number of the video; None where unknown
    posts: makes posts of some videos at a time; those not there yet are left out
    """

    def __init__(
        self,
        posters: Sequence[Poster],
        sound_ids: Sequence[str | None],
        posts: Callable[[Integers, datetime], tuple[Post, ...]],
    ) -> None:
        self._posts = posts
        self._people = {poster.uid: poster for poster in posters}
        self._by_handle = {poster.handle: poster for poster in posters}
        self._by_sec_uid = {poster.sec_uid: poster for poster in posters}
        self._made = _grouped([poster.uid for poster in posters])
        self._heard = _grouped(sound_ids)

    def find(self, at: datetime, *, handle: str = "", sec_uid: str = "") -> Profile | None:
        """See `Society`."""
        poster = self._by_handle.get(handle) if handle else self._by_sec_uid.get(sec_uid)
        return None if poster is None else self._profile(poster, at)

    def newest(self, uid: str, at: datetime, before_s: int | None, count: int) -> tuple[Post, ...]:
        """See `Society`."""
        posts = self._newest_first(self._made.get(uid), at)
        return tuple(post for post in posts if before_s is None or post.created_s < before_s)[:count]

    def accounts(self, keyword: str, at: datetime) -> Sequence[Profile]:
        """See `Society`."""
        word = keyword.strip().lower()
        matching = [poster for poster in self._people.values() if word and word in poster.handle.lower()]
        profiles = [self._profile(poster, at) for poster in matching[:ACCOUNTS_FOUND]]
        return sorted(
            (profile for profile in profiles if profile.posts), key=lambda profile: -(profile.poster.followers or 0)
        )

    def some(self, key: int, count: int) -> Sequence[Poster]:
        """See `Society`."""
        people = list(self._people.values())
        picks = [xxhash.xxh64_intdigest(f"{key} {n}") % len(people) for n in range(count)] if people else []
        return [people[pick] for pick in picks]

    def sounds(self, name: str, at: datetime, titles: bool, creators: bool) -> Sequence[Sound]:
        """See `Society`; a recording tells no authors of sounds."""
        word = name.strip().lower()
        sounds = (self.sound(sound_id, at) for sound_id in self._heard)
        named = [sound for sound in sounds if sound and titles and word and word in sound.title.lower()]
        return sorted(named, key=lambda sound: -(sound.uses or 0))[:SOUNDS_FOUND]

    def sound(self, sound_id: str, at: datetime) -> Sound | None:
        """See `Society`."""
        posts = self._newest_first(self._heard.get(sound_id), at)
        return posts[0].sound if posts else None

    def sound_posts(self, sound_id: str, at: datetime, cursor: int, count: int) -> PostPage:
        """See `Society`."""
        page, more = page_of(self._newest_first(self._heard.get(sound_id), at), cursor, count)
        return PostPage(tuple(page), more)

    def _profile(self, poster: Poster, at: datetime) -> Profile:
        posts = self._newest_first(self._made.get(poster.uid), at)
        return Profile(posts[0].account if posts else poster, len(posts), sum(p.counters.likes or 0 for p in posts), 0)

    def _newest_first(self, numbers: Integers | None, at: datetime) -> list[Post]:
        posts = self._posts(numbers, at) if numbers is not None else ()
        return sorted(posts, key=lambda post: (-post.created_s, post.post_id))


def _grouped(keys: Sequence[Any]) -> Mapping[str, Integers]:
    """Numbers of the videos under each key that is known."""
    groups: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        if key is not None:
            groups.setdefault(key, []).append(number)
    return {key: np.asarray(numbers, np.int64) for key, numbers in groups.items()}
