"""Reads tables of posts, as CSV or Parquet, row by row; a mapping names their columns."""

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from core.errors import UsageError
from core.json_elements import UNREADABLE
from core.lenient_json import parse
from pipelines.normalise.rows import row_post
from pipelines.recordings.documents import Document
from sources.recordings.loading import HASHTAG_SNAPSHOTS, VIDEO_SNAPSHOTS, VIDEOS, columns_of

PARQUET = b"PAR1"
BATCH = 1_000
MOST_LINES = 200
DELIMITERS = ",\t;|"
LEAST_COLUMNS = 3
NOTHING = ("", "null", "none", "nan", "n/a", "\\n")
COLUMNS = tuple(
    dict.fromkeys(column for part in (VIDEOS, VIDEO_SNAPSHOTS, HASHTAG_SNAPSHOTS) for column in columns_of(part))
)
Columns = Mapping[str, str]


def require_columns(pairs: list[str]) -> dict[str, str]:
    """Return a mapping from `plays=view_count` and its like: the table's column -> the recording's; else UsageError."""
    columns = {}
    for pair in pairs:
        ours, _, theirs = pair.partition("=")
        if ours.strip() not in COLUMNS or not theirs.strip():
            raise UsageError(f"--map {pair}: write OURS=THEIRS, with one of {', '.join(COLUMNS)} for OURS")
        columns[theirs.strip()] = ours.strip()
    return columns


def named(row: Mapping[str, Any], columns: Columns) -> dict[str, Any]:
    """Return a row under the recording's names. What the mapping declares to be a post has the mobile shape then."""
    if not columns:
        return dict(row)
    missing = [theirs for theirs in columns if theirs not in row]
    if missing:
        raise UsageError(f"--map: there is no column {missing[0]}; there are {', '.join(map(str, row))}")
    ours = {columns[name]: row[name] for name in columns}
    others = {name: value for name, value in row.items() if name not in columns and name not in ours}
    whole = {**others, **ours}
    if "video_id" not in ours:
        return whole
    return {**row_post(whole), **({"fetched_at": whole["fetched_at"]} if "fetched_at" in whole else {})}


def parquet_rows(chunks: Iterator[bytes], columns: Columns) -> Iterator[Document]:
    """Yield the rows of a Parquet file, numbered from 1; a file that can't be read is one unreadable document."""
    with tempfile.TemporaryFile() as spooled:
        for chunk in chunks:
            spooled.write(chunk)
        place = 0
        try:
            for batch in pq.ParquetFile(spooled).iter_batches(batch_size=BATCH):
                for row in batch.to_pylist():
                    place += 1
                    yield Document(place, named({name: _plain(value) for name, value in row.items()}, columns))
        except (pa.ArrowException, OSError, ValueError, OverflowError):
            yield Document(place + 1, UNREADABLE)


def is_csv(text: bytes, name: str, columns: Columns) -> bool:
    """Whether a text is a table: by its name, or by a first line of columns where JSON would have a bracket."""
    first = text.lstrip()[:1]
    if first in (b"{", b"[", b""):
        return False
    header = text.partition(b"\n")[0].decode(errors="replace")
    usual = set(COLUMNS) | set(columns) | {"id", "videoId", "createTime", "create_time", "desc", "text", "playCount"}
    wide = len(_fields(header, _delimiter(header))) >= LEAST_COLUMNS
    return name.lower().endswith((".csv", ".tsv")) or (wide and len(usual & set(_header(header))) >= 2)


def csv_rows(chunks: Iterator[bytes], columns: Columns) -> Iterator[Document]:
    """Yield the rows of a CSV file with a header. A row that doesn't fit the header costs itself alone."""
    lines = enumerate(_lines(chunks), 1)
    _, first = next(lines, (1, ""))
    delimiter, header = _delimiter(first), _header(first)
    waiting: Iterator[tuple[int, str]] = lines
    while (entry := next(waiting, None)) is not None:
        place, text = entry
        if not text.strip():
            continue
        more: list[tuple[int, str]] = []
        while text.count('"') % 2 and len(more) < MOST_LINES and (following := next(waiting, None)) is not None:
            more.append(following)
            text += following[1]
        fields = _fields(text, delimiter)
        if text.count('"') % 2 or any(fields[len(header) :]):
            # An open quote may have taken rows along that are whole.
            waiting = chain(more, waiting) if more else waiting
            yield Document(place, UNREADABLE)
            continue
        row = {name: _cell(value) for name, value in zip(header, fields, strict=False)}
        yield Document(place, named(_nested(row) if not columns else row, columns))


def _lines(chunks: Iterator[bytes]) -> Iterator[str]:
    decoder = io.IncrementalNewlineDecoder(None, translate=True)
    left = ""
    pending = b""
    for chunk in chunks:
        data = pending + chunk
        cut = data.rfind(b"\n") + 1
        data, pending = data[:cut], data[cut:]
        left += decoder.decode(data.decode(errors="replace"))
        *whole, left = left.split("\n")
        yield from (line + "\n" for line in whole)
    left += pending.decode(errors="replace")
    if left:
        yield left


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _fields(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _header(line: str) -> list[str]:
    return [name.strip().removeprefix("\ufeff") for name in _fields(line, _delimiter(line))]


def _cell(text: str) -> Any:
    bare = text.strip()
    if bare.lower() in NOTHING:
        return None
    if bare[:1] in ("{", "["):
        try:
            return parse(bare.encode(errors="replace"))
        except ValueError:
            return text
    return text


def _nested(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with the columns `author/name` and `hashtags.0.name` as the objects and lists they were."""
    nested: dict[str, Any] = {}
    for name, value in row.items():
        parts = name.replace("/", ".").split(".")
        place = nested
        for part in parts[:-1]:
            inner = place.setdefault(part, {})
            place = inner if isinstance(inner, dict) else {}
        if value is not None or len(parts) == 1:
            place[parts[-1]] = value
    return {name: _as_list(value) for name, value in nested.items()}


def _as_list(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _as_list(held) for name, held in value.items()}
    return list(inner.values()) if inner and all(name.isdecimal() for name in inner) else inner


def _plain(value: Any) -> Any:
    """Return a value of a Parquet column as JSON would hold it."""
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value.isoformat() if hasattr(value, "isoformat") else value
