"""Turns a file of answers or posts into a recording. Memory use doesn't grow with the file."""

import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

import orjson

from core.errors import UsageError
from pipelines.normalise.raw import keep
from pipelines.normalise.readings import KeptPage, read_pages
from pipelines.recordings.lines import read_line
from pipelines.recordings.writer import RecordingWriter

ENDPOINT = "file"
CHUNK = 4_000
CUT_OFF = "the compressed file is cut off"
BREAK = b"\x00cut off"
GZIP = b"\x1f\x8b"


@dataclass
class Normalisation:
    """The counts of a normalised file.

    Parameters
    ----------
    lines: number of lines that are not blank
    accepted: number of posts that could be read, including repeated readings
    duplicates: number of those that repeat a video's reading at the same time
    videos, readings, totals: number of rows written
    quarantined: reason -> number of items or lines left out
    """

    lines: int = 0
    accepted: int = 0
    duplicates: int = 0
    videos: int = 0
    readings: int = 0
    totals: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)


def normalise_file(
    path: Path, out: Path, key: bytes, fetched: int, on_progress: Callable[[int], None] = lambda _: None
) -> Normalisation:
    """Write the recording of `path` into the folder `out` and return the counts.

    Lines that can't be used and items that are no post are listed in `quarantine.jsonl` with line number and reason.

    Parameters
    ----------
    path: file with one JSON value per line, plain or gzip
    out: folder of the recording
    key: secret key of creators' hashes
    fetched: time of lines without one, microseconds since the epoch
    on_progress: called from time to time with the number of bytes read so far

    Raises
    ------
    UsageError: if the file is missing or can't be read
    """
    with _open(path) as file, RecordingWriter(out) as writer:
        run = _Run(writer, key, fetched)
        for place, text in enumerate(_lines(file, path), 1):
            if text.strip():
                run.add(place, text)
            if run.waiting >= CHUNK:
                run.write()
                on_progress(file.tell())
        return run.finish()


class _Run:
    """The state of one run: pages waiting to be written, and the counts so far."""

    def __init__(self, writer: RecordingWriter, key: bytes, fetched: int) -> None:
        self._writer, self._key, self._fetched = writer, key, fetched
        self._result = Normalisation()
        self._pages: list[KeptPage] = []
        self.waiting = 0

    def add(self, place: int, text: bytes) -> None:
        self._result.lines += 1
        line = CUT_OFF if text is BREAK else read_line(text)
        if isinstance(line, str):
            self._set_aside(place, line)
            return
        kept = keep(line.data, self._key)
        fetched = self._fetched if line.fetched is None else line.fetched
        self._pages.append(KeptPage(kept.body, f"{place:012d}", ENDPOINT, line.name, fetched))
        self.waiting += 1 + len(kept.body["posts"])

    def write(self) -> None:
        read = read_pages(self._pages)
        for place, reason, items in read.left_out.select("request_id", "reason", "items").iter_rows():
            self._set_aside(int(place), reason, items)
        self._result.accepted += read.posts.height
        self._writer.add(read.posts, read.totals)
        self._pages, self.waiting = [], 0

    def finish(self) -> Normalisation:
        self.write()
        result = self._result
        result.videos, result.readings, result.totals = self._writer.finish()
        result.duplicates = result.accepted - result.readings
        return result

    def _set_aside(self, place: int, reason: str, items: int = 1) -> None:
        self._result.quarantined[reason] += items
        entry = {"line": place, "items": items, "reason": reason}
        self._writer.quarantine.write(orjson.dumps(entry) + b"\n")


def _open(path: Path) -> BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}") from None


def _lines(file: BufferedReader, path: Path) -> Iterator[bytes]:
    """Yield the lines of a plain or gzip file; a truncated gzip file ends with BREAK."""
    packed = file.peek(2)[:2] == GZIP
    try:
        yield from gzip.GzipFile(fileobj=file) if packed else file
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield BREAK
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}") from None
