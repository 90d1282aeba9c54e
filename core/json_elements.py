"""Splits a long or broken JSON document into documents that hold a few elements of its list, or map, of objects each.

Every part repeats what stands before the list (`{"fetched_at": 1, "data": [`) and its closing brackets, so that an
element keeps its surroundings. An element that can't be read costs itself alone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from core.lenient_json import parse

BULK = 1 << 20
LARGEST = 1 << 23
LONGEST_HEAD = 1 << 16
MOST_TRIES = 64
BETWEEN = b" \t\r\n,"
CLOSERS = BETWEEN + b"]}"
_BRACKET = re.compile(rb'(?:[^\[\]{}"]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+([\[\]{}])', re.DOTALL)
_LIST = re.compile(rb"\[\s*(?=[{\[])")
_MAP = re.compile(rb'\{\s*"(?:[^"\\]|\\.){1,200}"\s*:\s*\{\s*"', re.DOTALL)
_FIRST_KEY = re.compile(rb'\s*("(?:[^"\\]|\\.){1,200}"\s*:\s*)?\{\s*("(?:[^"\\]|\\.){1,200}")\s*:', re.DOTALL)
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
    """Yield the document at the start of `source` in parts that hold some elements of its first list or map of objects.

    UNREADABLE stands for each part that can't be read. A document without such a list or map is one such part.
    `source` is left behind the document.

    Parameters
    ----------
    source: bytes, from the first one of the document on
    is_item: whether a document holds an item, or the beginning of one, whose lists are parts of it
    """
    source.fill(BULK)
    place = _place(source.data, is_item)
    if place is None:
        source.drop(len(source.data))
        yield UNREADABLE
        return
    source.drop(place.begin)
    value = None
    while not source.ended or source.data.strip(BETWEEN):
        source.fill(BULK)
        value, used = _bulk(source, place)
        if not used:
            value, used = _next(source, place)
        if used < 0:
            yield from _rest(source, place, -used, is_item)
            return
        yield value
        source.drop(used)
    if value is not UNREADABLE:
        yield UNREADABLE


def _bulk(source: Source, place: "_Place") -> tuple[Any, int]:
    """Return all whole elements at hand as one document and how many bytes they take, 0 if that doesn't work."""
    last = None
    for last in place.splitter.finditer(source.data, 0, BULK):  # noqa: B007
        pass
    if last is None:
        return None, 0
    return _tried(place.around(source.data[: last.start()]), last.end())


def _next(source: Source, place: "_Place") -> tuple[Any, int]:
    """Return the next element and the bytes it takes, or their negative number up to the end of the list."""
    while True:
        data = source.data
        ends = [match.span() for _, match in zip(range(MOST_TRIES), place.splitter.finditer(data), strict=False)]
        for start, end in ends:
            value, used = _tried(place.around(data[:start]), end)
            if used:
                return value, used
        close, _, _ = closing(data, 0, 1)
        if (
            close > 0
            and data[close - 1 : close] == place.tail[:1]
            and (not ends or close <= ends[0][0] or _tried(place.around(data[: close - 1]), 1)[1])
        ):
            return None, -close
        if source.ended or len(data) >= LARGEST:
            if ends:
                return UNREADABLE, ends[0][1]
            value, used = _tried(place.around(data.strip(BETWEEN)), len(data))
            return (value, used) if used else (UNREADABLE, len(data))
        source.fill(2 * len(data) + 1)


def _rest(source: Source, place: "_Place", close: int, is_item: Callable[[Any], bool]) -> Iterator[Any]:
    """Yield the last elements of the list, which ends with byte `close`, and then what follows it in the document."""
    last = source.data[: close - 1].strip(BETWEEN)
    if last:
        value, used = _tried(place.around(last), 1)
        yield value if used else UNREADABLE
    source.drop(close - 1)
    end, at, depth = closing(source.data, 0, len(place.tail))
    while end < 0 and not source.ended and len(source.data) < LARGEST:
        source.fill(2 * len(source.data) + 1)
        end, at, depth = closing(source.data, at, depth)
    if end >= 0 and not source.data[:end].strip(CLOSERS):
        source.drop(end)
        return
    value, used = _tried(place.head + source.data[:end], end) if end >= 0 else (None, 0)
    if used:
        yield value
        source.drop(used)
        return
    others = Source(source.chunks, place.head + source.data[: end if end >= 0 else len(source.data)])
    behind = source.data[end:] if end >= 0 else b""
    others.ended = source.ended or end >= 0
    yield from elements(others, is_item)
    source.data, source.ended = others.data + behind, source.ended or (others.ended and end < 0)


def _tried(document: bytes, used: int) -> tuple[Any, int]:
    try:
        return parse(document), used
    except ValueError:
        return None, 0


@dataclass(frozen=True)
class _Place:
    """Where the elements of a document stand: what is before them, the brackets behind, and what is between two."""

    head: bytes
    tail: bytes
    begin: int
    splitter: re.Pattern[bytes]

    def around(self, elements_of: bytes) -> bytes:
        return self.head + elements_of + self.tail


def _place(data: bytes, is_item: Callable[[Any], bool]) -> _Place | None:
    """Return where the elements of the first list of objects stand, or those of the map around it.

    A list inside of an item is none of items: then the item's own place in a map counts.
    """
    opened: list[int] = []
    at = 0
    while match := _BRACKET.match(data, at):
        at = match.end()
        if match[1] in b"[{":
            opened.append(at - 1)
            if _LIST.match(data, at - 1):
                break
        elif opened:
            opened.pop()
    else:
        hidden = _LIST.search(data, at)  # an open quote may hide it
        return _place_at(data, hidden.start(), is_item) if hidden else None
    candidates = [opened[-1], *(start for start in reversed(opened[:-1]) if _MAP.match(data, start))]
    return next((place for start in candidates if (place := _place_at(data, start, is_item))), None)


def _place_at(data: bytes, start: int, is_item: Callable[[Any], bool]) -> _Place | None:
    """Return the place of the elements inside of the bracket at `start`; None where they are parts of an item."""
    head = data[: start + 1]
    tail = _closers(head)
    value, parsed = _tried(head + tail, 1)
    if parsed and is_item(value):
        return None
    splitter = _splitter(data, start + 1)
    if len(head) > LONGEST_HEAD or not parsed:
        return _Place(b"[", b"]", start + 1, splitter) if data[start : start + 1] == b"[" else None
    return _Place(head, tail, start + 1, splitter)


def _closers(head: bytes) -> bytes:
    stack: list[bytes] = []
    for match in _BRACKET.finditer(head):
        if match[1] in b"[{":
            stack.append(_CLOSING[match[1][0]])
        elif stack:
            stack.pop()
    return b"".join(reversed(stack))


def _splitter(data: bytes, begin: int) -> re.Pattern[bytes]:
    """Return what stands between two elements: their first key tells them from what lies inside of them.

    Where a map's keys are numbers, as ids are, that tells them too.
    """
    match = _FIRST_KEY.match(data, begin)
    if match is None:
        return re.compile(rb",\s*(?=[{\[])")
    name = rb'"\d{1,30}+"' if (match[1] or b"")[1:2].isdigit() else rb'"(?:[^"\\]|\\.){1,200}+"'
    key = name + rb"\s*:\s*" if match[1] else b""
    return re.compile(rb",\s*(?=" + key + rb"\{\s*" + re.escape(match[2]) + rb"\s*:)", re.DOTALL)
