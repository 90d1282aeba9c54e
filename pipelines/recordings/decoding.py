"""Brings text of any Unicode encoding, with or without a byte order mark, into UTF-8."""

import codecs
import re
from collections.abc import Iterator

SAMPLE = 1 << 12
HOLE = re.compile(rb"\x00{8,}")
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MANY, FEW = 0.3, 0.05


def decoded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the text in UTF-8; bytes that are not UTF-8 stay as they are.

    NUL bytes are dropped; a long run of them, which a crash leaves in a file, ends a line. Carriage returns end lines
    where no line feed does.
    """
    first = b""
    while len(first) < SAMPLE and (chunk := next(chunks, None)) is not None:
        first += chunk
    mark, encoding = _encoding(first)
    first = first[len(mark) :]
    decode = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)(errors="replace")
    returns_only = False
    for index, chunk in enumerate(_all(first, chunks)):
        text = chunk if decode is None else decode.decode(chunk).encode()
        if index == 0:
            returns_only = b"\r" in text and b"\n" not in text
        if b"\x00" in text:
            text = HOLE.sub(b"\n", text).replace(b"\x00", b"")
        yield text.replace(b"\r", b"\n") if returns_only else text


def _all(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from chunks


def _encoding(sample: bytes) -> tuple[bytes, str]:
    """Return the byte order mark and the encoding. Without a mark, UTF-16 shows in the NULs of every other byte."""
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return mark, encoding
    half = len(sample) // 2
    if half:
        even, odd = sample[: 2 * half : 2].count(0) / half, sample[1::2].count(0) / half
        if odd > MANY and even < FEW:
            return b"", "utf-16-le"
        if even > MANY and odd < FEW:
            return b"", "utf-16-be"
    return b"", "utf-8"
