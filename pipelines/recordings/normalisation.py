"""Turns files of answers, posts or rows into a recording. Memory use doesn't grow with them."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from core.json_elements import UNREADABLE
from pipelines.normalise.context import NOWHERE, Surroundings
from pipelines.normalise.counts import Doubt
from pipelines.normalise.raw import keep_items
from pipelines.normalise.readings import KeptPage, read_pages
from pipelines.normalise.unknown import UNKNOWN
from pipelines.normalise.walk import NOT_JSON, Opened, is_item, open_answer
from pipelines.recordings.decoding import decoded
from pipelines.recordings.documents import Document, Documents
from pipelines.recordings.inputs import Input, open_inputs
from pipelines.recordings.row_tables import PARQUET, csv_rows, is_csv, named, parquet_rows
from pipelines.recordings.writer import RecordingWriter

ENDPOINT = "file"
CHUNK = 8_000
ORIGINS = ("row", "wrapper", "request", "option", "file")


@dataclass
class Normalisation:
    """The counts of what was normalised: `items` = `accepted` + `duplicates` + what is quarantined.

    Parameters
    ----------
    lines: number of documents: lines where one stands on each, rows of a table
    items: number of items that were there: posts, and whatever is set aside
    accepted: number of readings of posts that were kept
    duplicates: number of those that repeat a video's reading at the same time
    videos, readings, totals: number of rows written
    quarantined: reason -> number of items or documents left out
    times: origin of a reading's time -> number of readings; see ORIGINS
    lost, rounded: counter -> number of readings whose count was there and could not be read, or was rounded
    """

    lines: int = 0
    items: int = 0
    accepted: int = 0
    duplicates: int = 0
    videos: int = 0
    readings: int = 0
    totals: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    rounded: Counter[str] = field(default_factory=Counter)


def normalise_file(
    path: Path,
    out: Path,
    key: bytes,
    fetched: int | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
    columns: Mapping[str, str] | None = None,
    now: int = 0,
) -> Normalisation:
    """Write the recording of `path` into the folder `out` and return the counts.

    What can't be used and items that are no post are listed in `quarantine.jsonl` with file, line and reason.

    Parameters
    ----------
    path: file, folder, or `-` for the standard input; JSON documents in any arrangement, or tables; plain or packed
    out: folder of the recording
    key: secret key of creators' hashes
    fetched: time of readings that nothing else gives one, microseconds since the epoch; None takes the file's own
    on_progress: called from time to time with the number of bytes read so far
    columns: column of a table -> column of a recording
    now: time of a pipe's readings that nothing gives one, microseconds since the epoch

    Raises
    ------
    UsageError: if a file is missing or can't be read
    """
    with RecordingWriter(out) as writer:
        run = _Run(writer, key)
        for packed in open_inputs(path, on_progress):
            changed = now if packed.changed is None else round(packed.changed * 1_000_000)
            run.source(packed.name, fetched, changed)
            # `map` lets go of each document before it takes the next.
            deque(map(run.add, documents(packed, columns or {})), maxlen=0)
            run.end_source(packed.losses)
        return run.finish()


def documents(packed: Input, columns: Mapping[str, str]) -> Iterator[Document]:
    """Yield the documents of an input: the rows of a table, or JSON values."""
    first = next(packed.chunks, b"")
    chunks = chain((first,), packed.chunks)
    if first.startswith(PARQUET):
        yield from parquet_rows(chunks, columns)
        return
    text = decoded(chunks)
    first = next(text, b"")
    if is_csv(first, packed.name, columns):
        yield from csv_rows(chain((first,), text), columns)
        return
    values = Documents(chain((first,), text), is_item)
    if columns:
        yield from (document._replace(value=_named(document.value, columns)) for document in values)
    else:
        yield from values


def _named(value: Any, columns: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_named(row, columns) for row in value]
    return named(value, columns) if isinstance(value, dict) else value


class _Run:
    """The state of one run: pages waiting to be written, and the counts so far."""

    def __init__(self, writer: RecordingWriter, key: bytes) -> None:
        self._writer, self._key = writer, key
        self._result = Normalisation()
        self._pages: list[KeptPage] = []
        self._places: dict[str, tuple[str, int]] = {}
        self._unread: Document | None = None
        self._file, self._otherwise, self._origin = "", 0, ""
        self._number = self._waiting = 0

    def source(self, name: str, fetched: int | None, changed: int) -> None:
        """Begin the documents of another file."""
        self._file = name
        self._origin = "file" if fetched is None else "option"
        self._otherwise = changed if fetched is None else fetched

    def add(self, document: Document) -> None:
        """Add a document. One that can't be read waits: a file that ends early within it says more about it."""
        self._end_document(NOT_JSON)
        if document.value is UNREADABLE:
            self._unread = document
        else:
            self._read(document)

    def end_source(self, losses: Sequence[str]) -> None:
        """End the documents of a file; `losses` says why it ended early, if it did."""
        waited = self._unread is not None
        self._end_document(losses[0] if losses else NOT_JSON)
        if losses and not waited:
            self._lose(0, losses[0])

    def _end_document(self, reason: str) -> None:
        if self._unread is not None:
            self._result.lines += 1
            self._lose(self._unread.line, reason)
            self._unread = None

    def _read(self, document: Document) -> None:
        self._result.lines += 1
        opened = open_answer(document.value)
        if document.is_part and not opened.posts and not opened.totals:
            opened.set_aside = {why: items for why, items in opened.set_aside.items() if not why.startswith(UNKNOWN)}
        self._result.items += len(opened.posts) + sum(opened.set_aside.values())
        for around, part in _by_surroundings(opened):
            fetched = self._otherwise if around.moment is None else around.moment
            self._result.times[around.origin or self._origin] += len(part.posts) + len(part.totals)
            posts, totals = [post for post, _ in part.posts], [totals for totals, _ in part.totals]
            body = keep_items(posts, totals, part.set_aside, self._key)
            self._page(document.line, body, around.name, fetched)
        if self._waiting >= CHUNK:
            self.write()

    def _lose(self, line: int, reason: str) -> None:
        self._result.items += 1
        self._page(line, {"posts": [], "set_aside": {reason: 1}}, "", self._otherwise)

    def _page(self, line: int, body: dict[str, Any], name: str, fetched: int) -> None:
        self._number += 1
        request_id = f"{self._number:012d}"
        self._places[request_id] = (self._file, line)
        self._pages.append(KeptPage(body, request_id, ENDPOINT, name, fetched))
        self._waiting += 1 + len(body["posts"])

    def write(self) -> None:
        read = read_pages(self._pages)
        for place, kind, reason, items in read.left_out.select("request_id", "kind", "reason", "items").iter_rows():
            self._result.items += items if kind == "totals" else 0
            self._set_aside(*self._places[place], reason, items)
        for doubt, counter, items in read.doubts.select("doubt", "counter", "items").iter_rows():
            (self._result.lost if doubt == Doubt.LOST else self._result.rounded)[counter] += items
        self._result.accepted += read.posts.height
        self._writer.add(read.posts, read.totals)
        self._pages, self._places, self._waiting = [], {}, 0

    def finish(self) -> Normalisation:
        self.write()
        result = self._result
        result.videos, result.readings, result.totals = self._writer.finish()
        result.duplicates = result.accepted - result.readings
        result.accepted = result.readings
        return result

    def _set_aside(self, file: str, line: int, reason: str, items: int) -> None:
        self._result.quarantined[reason] += items
        entry = {"line": line, "items": items, "reason": reason} | ({"file": file} if file else {})
        self._writer.quarantine.write(orjson.dumps(entry) + b"\n")


def _by_surroundings(opened: Opened) -> Iterator[tuple[Surroundings, Opened]]:
    """Yield the parts of a document that have a time and a requested hashtag in common."""
    if len(opened.posts) == 1 and not opened.totals:
        yield opened.posts[0][1], opened
        return
    parts: dict[Surroundings, Opened] = {}
    for items, kind in ((opened.posts, "posts"), (opened.totals, "totals")):
        for item in items:
            around = item[1]
            part = parts.get(around)
            if part is None:
                part = parts[around] = Opened()
            getattr(part, kind).append(item)
    if opened.set_aside:
        first = next(iter(parts), NOWHERE)
        parts.setdefault(first, Opened()).set_aside = opened.set_aside
    yield from parts.items()
