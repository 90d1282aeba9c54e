"""Opens what is to be normalised: a file, a pipe, a folder, and what is packed in them, as streams of bytes."""

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from core.errors import UsageError
from pipelines.recordings.zip_members import MAGIC as ZIP
from pipelines.recordings.zip_members import members

CHUNK = 1 << 18
CUT_OFF = "the compressed file is cut off"
DAMAGED = "the compressed file is damaged"
STANDARD_INPUT = ("-", "/dev/stdin")
ZSTD = b"\x28\xb5\x2f\xfd"
HIDDEN = (".", "_")


@dataclass
class Input:
    """One stream of bytes, unpacked.

    Parameters
    ----------
    name: for people; empty if nothing else is read with it
    chunks: its bytes
    changed: when the file was last changed, seconds since the epoch; None for a pipe
    losses: reasons why `chunks` ended early, once they have ended
    path: the file, where `chunks` are its bytes as they are
    """

    name: str
    chunks: Iterator[bytes]
    changed: float | None
    losses: list[str] = field(default_factory=list)
    path: Path | None = None


def open_inputs(path: Path, on_progress: Callable[[int], None] = lambda _: None) -> Iterator[Input]:
    """Yield the inputs of a path, in order of their names; each must be read before the next.

    A folder yields its files, of all levels, without those whose name begins with `.` or `_`.

    Raises
    ------
    UsageError: if a file is missing or can't be read
    """
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        on_progress(done)

    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file() and not _hidden(file.relative_to(path)))
        if not files:
            raise UsageError(f"{path} holds no files")
        for file in files:
            yield from _opened(file, str(file.relative_to(path)), count)
    else:
        yield from _opened(path, "", count)


def size_of(path: Path) -> int:
    """Return the size of what `open_inputs` reads in bytes; 0 for a pipe."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.is_file() else 0


def _hidden(path: Path) -> bool:
    return any(part.startswith(HIDDEN) for part in path.parts)


def _opened(path: Path, name: str, count: Callable[[int], None]) -> Iterator[Input]:
    try:
        if str(path) in STANDARD_INPUT:
            yield from _unpacked(Input(name, _chunks(sys.stdin.buffer, count), None))
            return
        with path.open("rb") as file:
            changed = path.stat().st_mtime if path.is_file() else None
            yield from _unpacked(Input(name, _chunks(file, count), changed, path=path if path.is_file() else None))
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror or error}") from None


def _chunks(file: IO[bytes], count: Callable[[int], None]) -> Iterator[bytes]:
    while chunk := file.read1(CHUNK) if hasattr(file, "read1") else file.read(CHUNK):
        count(len(chunk))
        yield chunk


def _unpacked(packed: Input) -> Iterator[Input]:
    """Yield the inputs inside of an input, which may be packed several times."""
    begin, chunks = _peeked(packed.chunks)
    if begin.startswith(ZIP):
        for member in members(chunks):
            name = f"{packed.name}/{member.name}".lstrip("/")
            inner = Input(name, member.chunks, member.changed or packed.changed, member.losses)
            yield from _unpacked(inner)
        return
    for magic, unpack in UNPACKED.items():
        if begin.startswith(magic):
            inner = Input(packed.name, iter(()), packed.changed, packed.losses)
            inner.chunks = unpack(chunks, inner.losses)
            yield from _unpacked(inner)
            return
    packed.chunks = chunks
    yield packed


def _peeked(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first bytes, and all chunks again."""
    first = b""
    for chunk in chunks:
        first += chunk
        if len(first) >= 8:
            break

    def again() -> Iterator[bytes]:
        if first:
            yield first
        yield from chunks

    return first, again()


def _by(make: Callable[[], Any], errors: tuple[type[Exception], ...]) -> Callable[..., Iterator[bytes]]:
    """Return what unpacks chunks with the decompressors of the standard library, one for each packed stream in them."""

    def unpack(chunks: Iterator[bytes], losses: list[str]) -> Iterator[bytes]:
        packer, begun = make(), False
        for chunk in chunks:
            data = chunk
            while data:
                if packer.eof:
                    data = data.lstrip(b"\x00")
                    if not data:
                        break
                    packer = make()
                try:
                    # Small steps: a step that fails loses what it would have unpacked.
                    step, data = data[:STEP], data[STEP:]
                    unpacked = packer.decompress(step)
                except errors:
                    losses.append(DAMAGED)
                    return
                data = packer.unused_data + data if packer.eof else data
                begun = True
                if unpacked:
                    yield unpacked
        if begun and not packer.eof:
            losses.append(CUT_OFF)

    return unpack


def _zstd(chunks: Iterator[bytes], losses: list[str]) -> Iterator[bytes]:
    stream = pa.CompressedInputStream(pa.PythonFile(_Reader(chunks), mode="r"), "zstd")
    while True:
        try:
            unpacked = stream.read(STEP)
        except OSError as error:
            losses.append(CUT_OFF if "runcated" in str(error) else DAMAGED)
            return
        if not unpacked:
            return
        yield unpacked


class _Reader:
    """Chunks as the file that pyarrow wants."""

    closed = False

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._left = chunks, b""

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and (chunk := next(self._chunks, b"")):
            self._left += chunk
        taken, self._left = self._left[:size], self._left[size:]
        return taken

    def close(self) -> None:
        self.closed = True


STEP = 1 << 14
UNPACKED: dict[bytes, Callable[[Iterator[bytes], list[str]], Iterator[bytes]]] = {
    b"\x1f\x8b": _by(lambda: zlib.decompressobj(31), (zlib.error,)),
    b"BZh": _by(bz2.BZ2Decompressor, (OSError, ValueError)),
    b"\xfd7zXZ\x00": _by(lzma.LZMADecompressor, (lzma.LZMAError,)),
    ZSTD: _zstd,
}
