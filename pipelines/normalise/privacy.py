"""Keeps people out of the stores: keyed hashes for creators, titles of licensed sounds alone."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any

PSEUDONYM_BYTES = 12
SHORTEST_PART = 4
_ORIGINAL_SOUND = (
    "original sound", "original audio", "sonido original", "som original", "son original", "suono originale",
    "originalton", "original ton", "оригинальный звук", "оригінальний звук", "dźwięk oryginalny",
    "oryginalny dźwięk", "origineel geluid", "orijinal ses", "suara asli", "bunyi asal", "nhạc nền",
    "âm thanh gốc", "เสียงต้นฉบับ", "الصوت الأصلي", "オリジナル楽曲", "오리지널 사운드", "原声", "原聲",
    "原创音乐", "オリジナル",
)  # fmt: skip
_OWNER = ("owner_handle", "owner_nickname", "sec_uid")
_SHOPS = ("tt_to_dsp_song_infos", "external_song_info")
_AUTHORS = ("author", "owner_nickname", "owner_handle")


def pseudonym(key: bytes, identity: str) -> str:
    """Return the keyed hash that stands for a person; a guess can't be tested without the key.

    Examples
    --------
    >>> pseudonym(b"k", "6800000000000000001") == pseudonym(b"k", "6800000000000000001")
    True
    >>> pseudonym(b"k", "1") == pseudonym(b"other", "1")
    False
    """
    return blake2b(identity.encode(errors="replace"), digest_size=PSEUDONYM_BYTES, key=key[:64]).hexdigest()


def licensed_title(music: Mapping[str, Any], poster: Iterable[object] = ()) -> str | None:
    """Return the title of a sound that is known to be licensed; None for any other.

    Users' own sounds are named after them in every language, so that no title tells. The platform must say that a
    label or a publisher provided the sound (`is_pgc`; `isCopyrighted` on the web), or name it in music shops. A sound
    with an owner, or one the platform calls original, is a user's in any case, and a title that holds a name of its
    author or of the poster is never kept.

    Parameters
    ----------
    music: sound in the mobile shape
    poster: names of the person who posted
    """
    title, get = music.get("title"), music.get
    if not isinstance(title, str) or not title or get("is_original_sound") or get("is_original") or get("owner_id"):
        return None
    if get("is_pgc") is not True and get("is_copyrighted") is not True and not any(_listed(get(at)) for at in _SHOPS):
        return None
    if any(get(field) for field in _OWNER):
        return None
    return None if names_a_person(title, (*(music.get(field) for field in _AUTHORS), *poster)) else title


def names_a_person(title: str, names: Iterable[object]) -> bool:
    """Return whether a title looks like that of a user's sound, or holds one of these names."""
    folded = _folded(title)
    if "@" in folded or folded.startswith(_ORIGINAL_SOUND):
        return True
    return any(_holds(folded, _folded(name)) for name in names if isinstance(name, str))


def _listed(shops: object) -> bool:
    return isinstance(shops, list) and any(isinstance(shop, dict) and shop for shop in shops)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _holds(title: str, name: str) -> bool:
    """Return whether a title holds a name; a short one must stand as a word of its own."""
    if not name or name not in title:
        return False
    if len(name) >= SHORTEST_PART or not name.isascii():
        return True
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", title) is not None
