"""Splits a long or broken JSON document into documents that hold a few elements of its list each.

Every part repeats what stands before the list (`{"fetched_at": 1, "data": [`) and its closing brackets, so that an
element keeps its surroundings. An element that can't be read costs itself alone.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from core.lenient_json import parse

BULK = 1 << 20
LARGEST = 1 << 24
LONGEST_HEAD = 1 << 16
MOST_TRIES = 64
BETWEEN = b" \t\r\n,"
CLOSERS = BETWEEN + b"]}"
_BRACKET = re.compile(rb'(?:[^\[\]{}"]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([\[\]{}])', re.DOTALL)
_LIST = re.compile(rb"\[\s*(?=[{\[])")
_FIRST_KEY = re.compile(rb'\s*\{\s*("(?:[^"\\]|\\.){1,200}")\s*:', re.DOTALL)
_CLOSING = {ord("["): b"]", ord("{"): b"}"}


class Unreadable:
    """Stands for an element that could not be read."""


UNREADABLE = Unreadable()


class Source:
    """Bytes that arrive in chunks, and a window on those not yet used.

    Parameters
    ----------
    chunks: the bytes, in order
    data: bytes before them

    Attributes
    ----------
    data: the bytes not yet used
    ended: whether `data` reaches the end
    """

    def __init__(self, chunks: Iterator[bytes], data: bytes = b"") -> None:
        self.chunks = chunks
        self.data = data
        self.ended = False

    def fill(self, size: int) -> None:
        """Read on until `data` holds `size` bytes, or everything there is."""
        if self.ended or len(self.data) >= size:
            return
        parts, held = [self.data], len(self.data)
        while held < size:
            chunk = next(self.chunks, None)
            if chunk is None:
                self.ended = True
                break
            parts.append(chunk)
            held += len(chunk)
        self.data = b"".join(parts) if held > len(parts[-1]) else parts[-1]

    def drop(self, count: int) -> None:
        """Use `count` bytes up."""
        self.data = self.data[count:]


def closing(data: bytes, start: int = 0, depth: int = 0) -> tuple[int, int, int]:
    """Return where the value closes that is open at `start`, or begins there at depth 0, as (end, start, depth).

    `end` is -1 if `data` is too short; the other two are where to go on and at which depth once more bytes are there.
    """
    while match := _BRACKET.match(data, start):
        start = match.end()
        depth += 1 if match[1] in b"[{" else -1
        if depth <= 0:
            return start, start, depth
    return -1, start, depth


def salvage(data: bytes, is_item: Callable[[Any], bool] = lambda _: False) -> list[Any]:
    """Return documents made of the parts of a broken document that can be read, with UNREADABLE for each other part."""
    return list(elements(Source(iter(()), data), is_item))


def elements(source: Source, is_item: Callable[[Any], bool] = lambda _: False) -> Iterator[Any]:
    """Yield the document at the start of `source` in parts: documents with some elements of its first list of objects.

    UNREADABLE stands for each part that can't be read. A document without such a list is one such part. `source` is
    left behind the document.

    Parameters
    ----------
    source: bytes, from the first one of the document on
    is_item: whether a document is an item of its own, whose lists are parts of it: it is not taken apart
    """
    source.fill(BULK)
    begin = _first_list(source.data)
    if begin < 0:
        source.drop(len(source.data))
        yield UNREADABLE
        return
    head = source.data[:begin]
    tail = _closers(head)
    whole, parsed = _tried(head + tail, 1)
    if parsed and is_item(whole):
        source.drop(len(source.data))
        yield UNREADABLE
        return
    if len(head) > LONGEST_HEAD or not parsed:
        head, tail = b"[", b"]"
    source.drop(begin)
    splitter = _splitter(source.data)
    value = None
    while not source.ended or source.data.strip(BETWEEN):
        source.fill(BULK)
        value, used = _bulk(source, head, tail, splitter)
        if not used:
            value, used = _next(source, head, tail, splitter)
        if used < 0:
            yield from _rest(source, head, tail, -used, is_item)
            return
        yield value
        source.drop(used)
    if value is not UNREADABLE:
        yield UNREADABLE


def _bulk(source: Source, head: bytes, tail: bytes, splitter: re.Pattern[bytes]) -> tuple[Any, int]:
    """Return all whole elements at hand as one document and how many bytes they take, 0 if that doesn't work."""
    last = None
    for last in splitter.finditer(source.data):  # noqa: B007
        pass
    if last is None:
        return None, 0
    return _tried(head + source.data[: last.start()] + tail, last.end())


def _next(source: Source, head: bytes, tail: bytes, splitter: re.Pattern[bytes]) -> tuple[Any, int]:
    """Return the next element and the bytes it takes, or their negative number up to the end of the list."""
    while True:
        data = source.data
        ends = [match.span() for _, match in zip(range(MOST_TRIES), splitter.finditer(data), strict=False)]
        for start, end in ends:
            value, used = _tried(head + data[:start] + tail, end)
            if used:
                return value, used
        close, _, _ = closing(data, 0, 1)
        if (
            close > 0
            and data[close - 1 : close] == b"]"
            and (not ends or close <= ends[0][0] or _tried(head + data[: close - 1] + tail, 1)[1])
        ):
            return None, -close
        if source.ended or len(data) >= LARGEST:
            if ends:
                return UNREADABLE, ends[0][1]
            value, used = _tried(head + data.strip(BETWEEN) + tail, len(data))
            return (value, used) if used else (UNREADABLE, len(data))
        source.fill(2 * len(data) + 1)


def _rest(source: Source, head: bytes, tail: bytes, close: int, is_item: Callable[[Any], bool]) -> Iterator[Any]:
    """Yield the last elements of the list, which ends with byte `close`, and then what follows it in the document."""
    last = source.data[: close - 1].strip(BETWEEN)
    if last:
        value, used = _tried(head + last + tail, 1)
        yield value if used else UNREADABLE
    source.drop(close - 1)
    end, at, depth = closing(source.data, 0, len(tail))
    while end < 0 and not source.ended and len(source.data) < LARGEST:
        source.fill(2 * len(source.data) + 1)
        end, at, depth = closing(source.data, at, depth)
    if end >= 0 and not source.data[:end].strip(CLOSERS):
        source.drop(end)
        return
    value, used = _tried(head + source.data[:end], end) if end >= 0 else (None, 0)
    if used:
        yield value
        source.drop(used)
        return
    others = Source(source.chunks, head + source.data[: end if end >= 0 else len(source.data)])
    behind = source.data[end:] if end >= 0 else b""
    others.ended = source.ended or end >= 0
    yield from elements(others, is_item)
    source.data, source.ended = others.data + behind, source.ended or (others.ended and end < 0)


def _tried(document: bytes, used: int) -> tuple[Any, int]:
    try:
        return parse(document), used
    except ValueError:
        return None, 0


def _first_list(data: bytes) -> int:
    """Return where the first element of the first list of objects or lists begins; -1 without one."""
    at = 0
    while match := _BRACKET.match(data, at):
        at = match.end()
        if match[1] == b"[" and (opening := _LIST.match(data, at - 1)):
            return opening.end()
    rest = _LIST.search(data, at)  # an open quote may hide it
    return rest.end() if rest else -1


def _closers(head: bytes) -> bytes:
    stack: list[bytes] = []
    for match in _BRACKET.finditer(head):
        if match[1] in b"[{":
            stack.append(_CLOSING[match[1][0]])
        elif stack:
            stack.pop()
    return b"".join(reversed(stack))


def _splitter(data: bytes) -> re.Pattern[bytes]:
    """Return what stands between two elements: their first key tells them from what lies inside of them."""
    match = _FIRST_KEY.match(data)
    if match is None:
        return re.compile(rb",\s*(?=[{\[])")
    return re.compile(rb",\s*(?=\{\s*" + re.escape(match[1]) + rb"\s*:)")
