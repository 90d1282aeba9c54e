"""Splits the text of a file into JSON documents, however they stand in it.

One a line, over many lines, one behind the other, in arrays with or without a row a line: in any mix and of any size,
within fixed memory. What is broken costs itself alone.
"""

import re
from collections.abc import Callable, Generator, Iterator
from typing import Any, NamedTuple

import orjson

from core.json_elements import LARGEST, UNREADABLE, Source, closing, elements, salvage
from core.lenient_json import parse

WINDOW = 1 << 18
JUNK = b" \t\r\n,;\x1e\xef\xbb\xbf"
CLOSERS = b"]}"
NOT_JSON = "not JSON"
_FIRST_KEY = re.compile(rb'\{\s*"[^"\\]{1,80}"')
_INDENTED = re.compile(rb"[{\[][^\n]*\n[ \t]")
_CONCATENATED = re.compile(rb"\}[ \r]*\{")
_OPENER = re.compile(rb"[{\[]")
_OPENING_LINE = re.compile(rb"\n(?=[{\[])")


class Document(NamedTuple):
    """A document of a file.

    Parameters
    ----------
    line: number of the line on which it begins, from 1
    value: the value, or `core.json_elements.UNREADABLE`
    is_part: whether it is a part of a document that was too large or broken, and perhaps one without an element
    """

    line: int
    value: Any
    is_part: bool = False


class Documents:
    """The documents of a text in UTF-8, in order; iterating reads it once.

    Parameters
    ----------
    chunks: the text
    is_item: see `core.json_elements.elements`
    """

    def __init__(self, chunks: Iterator[bytes], is_item: Callable[[Any], bool] = lambda _: False) -> None:
        self._source = Source(chunks)
        self._is_item = is_item
        self._line = 1

    def __iter__(self) -> Iterator[Document]:
        source = self._source
        while True:
            self._fill_a_line()
            if not source.data:
                return
            whole = len(source.data) if source.ended else source.data.rfind(b"\n") + 1
            used = yield from self._plain_lines(source.data[:whole])
            source.drop(used)
            if used < whole or not whole:
                yield from self._other()

    def _plain_lines(self, data: bytes) -> Generator[Document, None, int]:
        """Yield the lines that hold one document each, up to the first that doesn't; return the bytes they take."""
        used = 0
        for text in data.split(b"\n"):
            try:
                # No name holds the value: it is gone before the next is made, which then finds its memory in the cache.
                yield Document(self._line, orjson.loads(text))
            except orjson.JSONDecodeError:
                if text.strip(JUNK):
                    return used
            used += len(text) + 1
            self._line += 1
        self._line -= used > len(data)  # what follows the last line feed is no line yet
        return min(used, len(data))

    def _other(self) -> Iterator[Document]:
        """Yield what stands at the beginning of the text and is no plain line, up to the end of a line."""
        source = self._source
        while True:
            self._skip_junk()
            data = source.data
            if not data:
                return
            if data[:1] in (b"]", b"}") and not self._rest_of_line().strip(JUNK + CLOSERS):
                self._drop(len(self._rest_of_line()))
            elif data[:1] not in (b"{", b"["):
                yield from self._foreign_line()
            else:
                yield from self._document()
            if not self._rest_of_line().strip(JUNK):
                return

    def _foreign_line(self) -> Iterator[Document]:
        """Yield the value of a line that doesn't begin like a document, or the document inside of it."""
        begin, text = self._line, self._rest_of_line()
        opener = _OPENER.search(text)
        for part in (text, text[opener.start() :].rstrip(b" \t\r\n;)") if opener else b""):
            value = _parsed(part)
            if value is not UNREADABLE:
                break
        self._drop(len(text))
        yield Document(begin, value)

    def _document(self) -> Iterator[Document]:
        """Yield the document at the beginning of the text, in parts where it is too large or broken."""
        begin = self._line
        end, broken = self._extent()
        if end < 0:
            for value in elements(self._source, self._is_item):
                yield Document(begin, value, is_part=True)
            return
        text = self._source.data[:end]
        value = UNREADABLE if broken else _parsed(text)
        if value is UNREADABLE and not broken and not _goes_on(text):
            following = _OPENING_LINE.search(text)
            text = text[: following.end()] if following else text
        self._drop(len(text))
        if value is not UNREADABLE:
            yield Document(begin, value)
        elif text.strip(JUNK) != b"[":  # which opens nothing but rows that are read on their own
            for part in salvage(text, self._is_item):
                yield Document(begin, part, is_part=True)

    def _extent(self) -> tuple[int, bool]:
        """Return where the document at the beginning ends, and whether it is broken; -1 if it is too large to hold."""
        source = self._source
        end, at, depth = closing(source.data)
        checked = 0
        while True:
            beyond = self._rest_of_line(max(end, 0)) if end >= 0 else b""
            region = source.data[: end + len(beyond)] if end >= 0 else source.data
            proof = _next_document(region, checked, source.ended or end >= 0)
            if proof > 0:
                return proof, True
            if end >= 0:
                return end, False
            if source.ended:
                return self._next_opening(_goes_on(source.data)), True
            if len(source.data) >= LARGEST:
                return -1, False
            checked = max(0, source.data.rfind(b"\n", 0, max(0, source.data.rfind(b"\n"))))
            source.fill(2 * len(source.data) + 1)
            end, at, depth = closing(source.data, at, depth)

    def _next_opening(self, strict: bool) -> int:
        """Return where a line begins another document; if `strict`, a whole one, which is no element of a list."""
        data = self._source.data
        for match in _OPENING_LINE.finditer(data):
            at = match.end()
            element = data[max(0, at - 64) : at].rstrip().endswith(b",")
            if not strict or (not element and _parsed(self._rest_of_line(at)) is not UNREADABLE):
                return at
        return len(data)

    def _skip_junk(self) -> None:
        self._source.fill(1)
        left = self._source.data.lstrip(JUNK)
        self._drop(len(self._source.data) - len(left))
        while not left and not self._source.ended:
            self._source.fill(WINDOW)
            left = self._source.data.lstrip(JUNK)
            self._drop(len(self._source.data) - len(left))

    def _rest_of_line(self, start: int = 0) -> bytes:
        end = self._source.data.find(b"\n", start)
        return self._source.data[start : end if end >= 0 else len(self._source.data)]

    def _fill_a_line(self) -> None:
        """Have a whole line at hand, unless it is very long or holds documents one behind the other."""
        source, size = self._source, WINDOW
        source.fill(size)
        while b"\n" not in source.data and not source.ended and size < LARGEST:
            if _CONCATENATED.search(source.data):
                return
            size *= 2
            source.fill(size)

    def _drop(self, count: int) -> None:
        self._line += self._source.data.count(b"\n", 0, count)
        self._source.drop(count)


def _parsed(text: bytes) -> Any:
    try:
        return parse(text)
    except ValueError:
        return UNREADABLE


def _goes_on(text: bytes) -> bool:
    """Whether the first line ends like that of a document over many lines."""
    first = text.partition(b"\n")[0].rstrip()
    return first[-1:] in (b"{", b"[", b",", b":")


def _next_document(text: bytes, start: int, ended: bool) -> int:
    """Return where in `text` another document begins for certain, so that the one at its beginning is broken; else -1.

    It does where a line begins with the same first key at the left margin, where one opens a document there though the
    lines of this one are indented, and where a line that is a document is followed by one that opens another, without
    a comma between.
    """
    key, indented = _FIRST_KEY.match(text), _INDENTED.match(text) is not None
    at = text.find(b"\n", start)
    alone = -1
    while at >= 0:
        begin = at + 1
        at = text.find(b"\n", begin)
        if at < 0 and not ended:
            return -1
        line = text[begin : at if at >= 0 else len(text)]
        bare = line.strip()
        if not bare:
            continue
        if (key and line.startswith(key[0])) or (indented and line[:1] in (b"{", b"[")):
            return begin
        opens = bare[:1] in (b"{", b"[")
        if opens and alone >= 0:
            return alone
        alone = begin if opens and bare[-1:] in (b"}", b"]") and _parsed(bare) is not UNREADABLE else -1
    return -1
