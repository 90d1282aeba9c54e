"""The accounts and sounds of a simulated world, for the stand-in server."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

import numpy as np

from sources.standin.post import Post, Poster, PostPage, Sound
from sources.standin.society import ACCOUNTS_FOUND, SOUNDS_FOUND, Profile
from sources.world.counters import readings
from sources.world.draws import Integers, mix
from sources.world.parameters import WorldParameters
from sources.world.posts import PostMaker
from sources.world.videos import Videos

DRAWN, FOLLOWING = 41, 42
FOLLOWS_AT_MOST = 3_000


class WorldSociety:
    """Implements `sources.standin.society.Society`.

    Parameters
    ----------
    parameters, videos, maker: the world
    """

    def __init__(self, parameters: WorldParameters, videos: Videos, maker: PostMaker) -> None:
        self._parameters, self._videos, self._maker = parameters, videos, maker

    def find(self, at: datetime, *, handle: str = "", sec_uid: str = "") -> Profile | None:
        """See `Society`."""
        digits = handle[len(handle.rstrip("0123456789")) :]
        try:
            creator = int(digits) if handle else int(sec_uid[-8:], 16)
        except ValueError:
            return None
        if not 0 <= creator < self._parameters.creators:
            return None
        account = self._maker.account(creator, True)
        return self._profile(creator, at) if (account.handle == handle or account.sec_uid == sec_uid) else None

    def newest(self, uid: str, at: datetime, before_s: int | None, count: int) -> tuple[Post, ...]:
        """See `Society`."""
        creator = self._maker.creator_of(uid)
        if creator is None:
            return ()
        hours = self._parameters.hours(at)
        index = self._posted(creator, hours)
        if before_s is not None:
            before_h = (before_s - self._parameters.start_s) / 3600.0
            index = index[self._videos.created_h[index] < before_h - 1e-6]
        return self._maker.posts(index[::-1][:count], hours, whole=True)

    def accounts(self, keyword: str, at: datetime) -> Sequence[Profile]:
        """See `Society`."""
        word = keyword.strip().lower()
        matching = [creator for creator, name in self._names if word and word in name][:ACCOUNTS_FOUND]
        return [self._profile(creator, at) for creator in matching]

    def some(self, key: int, count: int) -> Sequence[Poster]:
        """See `Society`."""
        creators = [mix(self._parameters.seed, DRAWN, key, n) % self._parameters.creators for n in range(count)]
        return [self._maker.account(creator, False) for creator in creators]

    def sounds(self, name: str, at: datetime, titles: bool, creators: bool) -> Sequence[Sound]:
        """See `Society`."""
        word = name.strip().lower()
        sounds = [
            sound
            for sound, title, author in self._titles
            if word and ((titles and word in title) or (creators and word in author))
        ][:SOUNDS_FOUND]
        hours = self._parameters.hours(at)
        return sorted((self._maker.sound(sound, hours, True) for sound in sounds), key=lambda sound: -(sound.uses or 0))

    def sound(self, sound_id: str, at: datetime) -> Sound | None:
        """See `Society`."""
        sound = self._maker.find_sound(sound_id)
        return None if sound is None else self._maker.sound(sound, self._parameters.hours(at), True)

    def sound_posts(self, sound_id: str, at: datetime, cursor: int, count: int) -> PostPage:
        """See `Society`."""
        sound = self._maker.find_sound(sound_id)
        if sound is None:
            return PostPage((), None)
        hours = self._parameters.hours(at)
        index = self._there(self._by_sound[sound], hours)[::-1] if sound in self._by_sound else np.zeros(0, np.int64)
        end = cursor + count
        return PostPage(self._maker.posts(index[cursor:end], hours), end if end < len(index) else None)

    def _profile(self, creator: int, at: datetime) -> Profile:
        hours = self._parameters.hours(at)
        index = self._posted(creator, hours)
        likes = int(readings(self._videos, index, hours, self._parameters.seed)[:, 1].sum()) if len(index) else 0
        following = mix(self._parameters.seed, FOLLOWING, creator) % FOLLOWS_AT_MOST
        return Profile(self._maker.account(creator, True), len(index), likes, following)

    def _posted(self, creator: int, hours: float) -> Integers:
        order, owners = self._by_creator
        first, end = np.searchsorted(owners, [creator, creator + 1]).tolist()
        return self._there(order[first:end], hours)

    def _there(self, index: Integers, hours: float) -> Integers:
        """Those of some videos that are posted and not taken down."""
        videos = self._videos
        return np.asarray(index[(videos.created_h[index] <= hours) & (videos.deleted_h[index] > hours)], np.int64)

    @cached_property
    def _by_creator(self) -> tuple[Integers, Integers]:
        """Videos ordered by creator and time, and the creator of each."""
        order = np.argsort(self._videos.creator, kind="stable")
        return order, self._videos.creator[order]

    @cached_property
    def _by_sound(self) -> dict[int, Integers]:
        order = np.argsort(self._videos.sound, kind="stable")
        sounds, first = np.unique(self._videos.sound[order], return_index=True)
        return dict(zip(sounds.tolist(), np.split(order, first[1:]), strict=True))

    @cached_property
    def _names(self) -> list[tuple[int, str]]:
        """Number and searchable name of every account, those with most followers first."""
        return [
            (creator, f"{account.handle} {account.nickname}".lower())
            for creator in reversed(range(self._parameters.creators))
            for account in (self._maker.account(creator, False),)
        ]

    @cached_property
    def _titles(self) -> list[tuple[int, str, str]]:
        """Number, title and author of every sound of the catalogue."""
        sounds = ((sound, self._maker.sound(sound, 0.0, False)) for sound in range(self._parameters.sounds))
        return [(number, sound.title.lower(), sound.author.lower()) for number, sound in sounds]
