"""Keeps personal data out of the stores: keyed hashes for creators, captions and sound titles without handles."""

import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

PSEUDONYM_BYTES = 12
HANDLE = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@[\w.]+"
ORIGINAL_SOUND = (
    r"(?i)^\s*(?:original sound|original audio|sonido original|som original|son original|suono originale|"
    r"originalton|original ton|оригинальный звук|оригінальний звук|dźwięk oryginalny|oryginalny dźwięk|"
    r"origineel geluid|orijinal ses|suara asli|bunyi asal|nhạc nền|âm thanh gốc|เสียงต้นฉบับ|الصوت الأصلي|"
    r"オリジナル楽曲|오리지널 사운드|原声|原聲|原创音乐|オリジナル)"
)

_handle = re.compile(HANDLE)
_original_sound = re.compile(ORIGINAL_SOUND)


def pseudonym(key: bytes, identity: str) -> str:
    """Return the keyed hash that stands for a person; a guess can't be tested without the key.

    Examples
    --------
    >>> pseudonym(b"k", "6800000000000000001") == pseudonym(b"k", "6800000000000000001")
    True
    >>> pseudonym(b"k", "1") == pseudonym(b"other", "1")
    False
    """
    return blake2b(identity.encode(), digest_size=PSEUDONYM_BYTES, key=key[:64]).hexdigest()


def without_handles(caption: str, mentions: Iterable[tuple[int, int]] = ()) -> str:
    """Return a caption without @handles and mail addresses, blanks joined.

    Parameters
    ----------
    caption: text as posted
    mentions: spans the platform marks as mentions, in UTF-16 code units, end exclusive; needed for names with blanks

    Examples
    --------
    >>> without_handles("with @Wendy Shay and @omar_1 #dance", [(5, 16)])
    'with and #dance'
    """
    if "@" not in caption:
        return caption.strip()
    units = caption.encode("utf-16-le")
    for start, end in sorted(mentions, reverse=True):
        if units[2 * start : 2 * start + 2] == b"@\x00" and end > start:
            units = units[: 2 * start] + units[2 * end :]
    left = _handle.sub("", units.decode("utf-16-le", errors="ignore"))
    return " ".join(left.split())


def licensed_title(music: Mapping[str, Any], handle: object) -> str | None:
    """Return the title of a licensed sound; None for sounds of users, whose titles and names carry handles.

    A sound with an owner, one the platform calls original, and one titled like an original sound in any of its
    languages or after the poster belongs to a user.
    """
    title = music.get("title")
    if not isinstance(title, str) or not title:
        return None
    if music.get("is_original_sound") or music.get("is_original") or music.get("owner_id") or music.get("owner_handle"):
        return None
    if _original_sound.match(title) or "@" in title:
        return None
    if isinstance(handle, str) and len(handle) > 2 and handle.casefold() in title.casefold():
        return None
    return title
