"""Reads the members of a zip file one behind the other, so that a pipe or a file that is cut off will do."""

import bz2
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

MAGIC = b"PK\x03\x04"
UNSUPPORTED = "a member of the zip file is encrypted or packed in an unusual way"
CUT_OFF = "the zip file is cut off"
DAMAGED = "the zip file is damaged"
STORED, DEFLATED, BZIPPED = 0, 8, 12
ENCRYPTED, SIZES_FOLLOW = 1, 8
UNKNOWN_SIZE = 0xFFFFFFFF
ZIP64 = 1
STEP = 1 << 14
SKIPPED = ("__MACOSX/", ".")
_HEADER = struct.Struct("<4sHHHHHIIIHH")


@dataclass
class ZipMember:
    """A file in a zip file; `changed` is in seconds since the epoch, None if the zip file doesn't tell."""

    name: str
    chunks: Iterator[bytes]
    changed: float | None
    losses: list[str] = field(default_factory=list)


def members(chunks: Iterator[bytes]) -> Iterator[ZipMember]:
    """Yield the files in a zip file; each must be read before the next. Folders and hidden files are left out."""
    stream = _Bytes(chunks)
    while True:
        header = stream.take(_HEADER.size)
        if len(header) < _HEADER.size or not header.startswith(MAGIC):
            if not header.startswith(b"PK"):
                yield ZipMember("", iter(()), None, [CUT_OFF if len(header) < _HEADER.size else DAMAGED])
            return
        _, _, flags, method, clock, date, _, packed, _, name_size, extra_size = _HEADER.unpack(header)
        name = stream.take(name_size).decode("utf-8", errors="replace")
        extra = stream.take(extra_size)
        member = ZipMember(name, iter(()), _moment(date, clock))
        size = None if flags & SIZES_FOLLOW else _packed_size(packed, extra)
        if flags & ENCRYPTED or method not in (STORED, DEFLATED, BZIPPED) or (method == STORED and size is None):
            member.losses.append(UNSUPPORTED)
            if size is None:
                yield member
                return
            stream.skip(size)
            yield member
            continue
        member.chunks = _content(stream, method, size, member.losses)
        if name.endswith("/") or name.rpartition("/")[2].startswith(SKIPPED[1]) or name.startswith(SKIPPED[0]):
            for _ in member.chunks:
                pass
        else:
            yield member
            for _ in member.chunks:  # whatever the caller left
                pass
        if flags & SIZES_FOLLOW:
            stream.skip_descriptor()
        if member.losses:
            return


class _Bytes:
    """Chunks from which any number of bytes can be taken."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""

    def take(self, size: int) -> bytes:
        while len(self._left) < size and (chunk := next(self._chunks, b"")):
            self._left += chunk
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def give_back(self, data: bytes) -> None:
        self._left = data + self._left

    def skip(self, size: int) -> None:
        while size > 0 and (taken := self.take(min(size, STEP))):
            size -= len(taken)

    def skip_descriptor(self) -> None:
        """Skip the sizes behind a member, which have 12 to 24 bytes, up to the next header."""
        begin = self.take(28)
        at = next((at for at in (16, 24, 12, 20) if begin[at : at + 2] == b"PK"), len(begin))
        self.give_back(begin[at:])


def _content(stream: _Bytes, method: int, size: int | None, losses: list[str]) -> Iterator[bytes]:
    unpack: Any = None
    if method != STORED:
        unpack = zlib.decompressobj(-15) if method == DEFLATED else bz2.BZ2Decompressor()
    left = size
    while left is None or left > 0:
        data = stream.take(STEP if left is None else min(left, STEP))
        if not data:
            losses.append(CUT_OFF)
            return
        left = None if left is None else left - len(data)
        if unpack is None:
            yield data
            continue
        try:
            unpacked = unpack.decompress(data)
        except (zlib.error, OSError, ValueError):
            losses.append(DAMAGED)
            stream.skip(left or 0)
            return
        if unpacked:
            yield unpacked
        if unpack.eof:
            stream.give_back(unpack.unused_data if left is None else b"")
            stream.skip(left or 0)
            return


def _packed_size(packed: int, extra: bytes) -> int | None:
    """Return the size of a member as it is packed: large ones have it in the extra fields, behind the unpacked size."""
    if packed != UNKNOWN_SIZE:
        return packed
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == ZIP64 and size >= 16:
            return int(struct.unpack_from("<Q", extra, at + 12)[0])
        at += 4 + size
    return None


def _moment(date: int, clock: int) -> float | None:
    try:
        parts = (1980 + (date >> 9), date >> 5 & 15, date & 31, clock >> 11, clock >> 5 & 63, (clock & 31) * 2)
        return datetime(*parts, tzinfo=UTC).timestamp()
    except ValueError:
        return None
