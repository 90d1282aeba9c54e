"""Turns videos of a world into posts: names, captions, accounts and sounds are drawn from the video's number."""

from bisect import bisect_right
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate

import numpy as np

from sources.standin.post import Counters, Post, Poster, Sound
from sources.world.counters import readings
from sources.world.creators import followers_of
from sources.world.draws import Integers, mix
from sources.world.names import artist, caption, handle, nickname, sound_title
from sources.world.parameters import WorldParameters
from sources.world.tags import WorldTags
from sources.world.videos import Videos
from sources.world.words import LANGUAGE_SHARES, LANGUAGES, REGIONS

ID_BITS = 32
MENTION_ONE_IN = 9
SIGNATURES = ("", "mail: {handle}@example.com", "new videos every week", "♡ {handle} ♡", "collab? write to me")
ACCOUNTS_KEPT = 20_000
FIRST_ACCOUNT, ACCOUNT_STEP = 6_800_000_000_000_000_000, 60_000
FIRST_SOUND, SOUND_STEP = 7_100_000_000_000_000_000, 1_000_003
_EDGES = tuple(accumulate(LANGUAGE_SHARES))[:-1]


class PostMaker:
    """Makes posts of a world.

    Parameters
    ----------
    parameters, tags, videos: the world
    """

    def __init__(self, parameters: WorldParameters, tags: WorldTags, videos: Videos) -> None:
        self._parameters, self._tags, self._videos = parameters, tags, videos
        self._number_bits = max(18, len(videos.tag).bit_length())
        by_sound = np.argsort(videos.sound, kind="stable")
        self._sounds_used = videos.sound[by_sound]
        self._used_h = videos.created_h[by_sound]
        self._named = [(name, str(mix(parameters.seed, 32, tag) % 10**16)) for tag, name in enumerate(tags.names)]
        self._account = lru_cache(maxsize=ACCOUNTS_KEPT)(self._make_account)

    def post_id(self, video: int) -> str:
        """Return a video's id: Unix seconds in the upper half as the platform has it, then noise and its number."""
        noise = self._drawn(video) >> (ID_BITS + self._number_bits)
        return str(self._created_s(video) << ID_BITS | noise << self._number_bits | video)

    def find(self, post_id: str) -> int | None:
        """Return the number of the video with this id, None when there is none."""
        number = _number(post_id)
        if number is None:
            return None
        video = number & ((1 << self._number_bits) - 1)
        return video if video < len(self._videos.tag) and self.post_id(video) == post_id else None

    def creator_of(self, uid: str) -> int | None:
        """Return the number of the account with this id, None when there is none."""
        number = _number(uid)
        if number is None or number < FIRST_ACCOUNT:
            return None
        first = (number - FIRST_ACCOUNT) % ACCOUNT_STEP
        creators = range(first, self._parameters.creators, ACCOUNT_STEP)
        return next((creator for creator in creators if self.account(creator, False).uid == uid), None)

    def find_sound(self, sound_id: str) -> int | None:
        """Return the number of the sound with this id, None when there is none."""
        number = _number(sound_id)
        sound = -1 if number is None else (number - FIRST_SOUND) // SOUND_STEP
        if not 0 <= sound < self._parameters.sounds + self._parameters.creators:
            return None
        return sound if self.sound(sound, 0.0, False).sound_id == sound_id else None

    def tag_id(self, tag: int) -> str:
        """Return a hashtag's id."""
        return self._named[tag][1]

    def posts(self, index: Integers, hours: float, whole: bool = False) -> tuple[Post, ...]:
        """Return some videos as read at `hours`; `whole` also gives what feeds leave out."""
        counters = readings(self._videos, index, hours, self._parameters.seed).tolist()
        return tuple(self._post(video, row, hours, whole) for video, row in zip(index.tolist(), counters, strict=True))

    def _post(self, video: int, row: list[int], hours: float, whole: bool) -> Post:
        videos, drawn = self._videos, self._drawn(video)
        source = int(videos.caption_key[video])
        account = self.account(int(videos.creator[video]), whole or drawn % 2 == 0)
        photo = bool(videos.photo[video])
        language = self._language(int(videos.creator[source]))
        return Post(
            post_id=self.post_id(video),
            created_s=self._created_s(video),
            text=caption(language, int(self._tags.themes[videos.tag[source]]), self._drawn(source)),
            tags=tuple(self._named[tag] for tag in videos.members.of_video(video).tolist()),
            mention=self._mention(drawn),
            language=language,
            region=account.region,
            duration_s=float(videos.duration_s[video]),
            photo=photo,
            ad=bool(videos.ad[video]),
            account=account,
            sound=self.sound(int(videos.sound[video]), hours, whole or drawn // 2 % 2 == 0),
            counters=Counters(None if photo and not whole else row[0], *row[1:]),
        )

    def account(self, creator: int, with_followers: bool) -> Poster:
        """Return an account; followings are known in some places only."""
        account = self._account(creator)
        return account if with_followers else replace(account, followers=None)

    def _make_account(self, creator: int) -> Poster:
        key = mix(self._parameters.seed, 35, creator)
        language = self._language(creator)
        regions = REGIONS[language]
        name = handle(key, creator)
        return Poster(
            uid=str(FIRST_ACCOUNT + key % 10**12 * ACCOUNT_STEP + creator % ACCOUNT_STEP),
            handle=name,
            sec_uid=f"MS4wLjABAAAA{key:016x}{creator:08x}",
            nickname=nickname(key),
            signature=SIGNATURES[key // 4096 % len(SIGNATURES)].format(handle=name),
            region=regions[key // 512 % len(regions)],
            language=language if language != "un" else "en",
            followers=int(followers_of(self._parameters, np.asarray([creator]))[0]),
        )

    def _language(self, creator: int) -> str:
        return LANGUAGES[bisect_right(_EDGES, mix(self._parameters.seed, 36, creator) / 2**64)]

    def _drawn(self, video: int) -> int:
        return mix(self._parameters.seed, 31, video)

    def _created_s(self, video: int) -> int:
        return self._parameters.start_s + round(float(self._videos.created_h[video]) * 3600)

    def _mention(self, drawn: int) -> Poster | None:
        return None if drawn // 4 % MENTION_ONE_IN else self.account(drawn // 64 % self._parameters.creators, False)

    def sound(self, sound: int, hours: float, with_uses: bool) -> Sound:
        """Return a sound; its uses are known in some places only."""
        key = mix(self._parameters.seed, 38, sound)
        own = sound >= self._parameters.sounds
        maker = self.account(sound - self._parameters.sounds, False) if own else None
        return Sound(
            sound_id=str(FIRST_SOUND + sound * SOUND_STEP + key % SOUND_STEP),
            title=f"original sound - {maker.handle}" if maker else sound_title(key),
            author=maker.nickname if maker else artist(key),
            owner=maker,
            duration_s=key % 50 + 10,
            uses=self._uses(sound, hours, 0 if own else key % 20_000) if with_uses else None,
            licensed=not own,
        )

    def _uses(self, sound: int, hours: float, before: int) -> int:
        """Posts with a sound so far, and `before` older ones."""
        first, end = np.searchsorted(self._sounds_used, [sound, sound + 1]).tolist()
        return before + int(np.searchsorted(self._used_h[first:end], hours, side="right"))


def _number(text: str) -> int | None:
    """A platform id as a number, None for what can't be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else None
