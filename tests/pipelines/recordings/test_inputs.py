import bz2
import gzip
import io
import lzma
import os
import random
import threading
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from core.errors import UsageError
from pipelines.recordings.inputs import open_inputs

CONTENT = b"\n".join(b'{"n": %d, "x": "%s"}' % (n, random.Random(n).randbytes(40).hex().encode()) for n in range(5000))


def opened(path: Path) -> list[tuple[str, bytes, list[str]]]:
    return [(packed.name, b"".join(packed.chunks), packed.losses) for packed in open_inputs(path)]


class Pipe(io.RawIOBase):
    """A file that can't go back, so that a zip file writes its sizes behind the members."""

    def __init__(self) -> None:
        self.content = io.BytesIO()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self.content.write(data)


def zipped(method: int, seekable: bool = True) -> bytes:
    target: Any = io.BytesIO() if seekable else Pipe()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr("folder/", b"")
        archive.writestr("folder/a.jsonl", CONTENT)
        archive.writestr("__MACOSX/._a.jsonl", b"\x00\x05\x16\x07")
        archive.writestr("b.jsonl.gz", gzip.compress(CONTENT))
    return target.getvalue() if seekable else target.content.getvalue()


PACKED = {
    "plain": CONTENT,
    "gz": gzip.compress(CONTENT),
    "two gz": gzip.compress(CONTENT[:1000]) + gzip.compress(CONTENT[1000:]) + b"\x00" * 512,
    "bz2": bz2.compress(CONTENT),
    "xz": lzma.compress(CONTENT),
    "zst": pa.compress(CONTENT, codec="zstd", asbytes=True),
    "gz in gz": gzip.compress(gzip.compress(CONTENT)),
}


@pytest.mark.parametrize("content", PACKED.values(), ids=PACKED.keys())
def test_a_file_is_unpacked_by_what_it_holds(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert opened(tmp_path / "file") == [("", CONTENT, [])]


@pytest.mark.parametrize("kind", ["gz", "bz2", "zst"])
def test_what_came_of_a_file_that_is_cut_off_is_kept_and_the_loss_told(tmp_path: Path, kind: str) -> None:
    packed = PACKED[kind]
    (tmp_path / "file").write_bytes(packed[: len(packed) * 9 // 10])
    ((_, content, losses),) = opened(tmp_path / "file")
    assert losses == ["the compressed file is cut off"]
    assert CONTENT.startswith(content)
    assert kind == "bz2" or len(content) > len(CONTENT) / 3


def test_a_damaged_file_is_told_as_such(tmp_path: Path) -> None:
    packed = bytearray(PACKED["gz"])
    packed[-6] ^= 255
    (tmp_path / "file").write_bytes(packed)
    assert opened(tmp_path / "file")[0][2] == ["the compressed file is damaged"]


@pytest.mark.parametrize(
    ("method", "seekable"),
    [  # nothing tells where a stored member without sizes ends
        (zipfile.ZIP_STORED, True),
        (zipfile.ZIP_DEFLATED, True),
        (zipfile.ZIP_DEFLATED, False),
        (zipfile.ZIP_BZIP2, True),
        (zipfile.ZIP_BZIP2, False),
    ],
)
def test_the_members_of_a_zip_file_are_read_whole_or_cut_off(tmp_path: Path, method: int, seekable: bool) -> None:
    archive = zipped(method, seekable)
    (tmp_path / "file.zip").write_bytes(archive)
    assert opened(tmp_path / "file.zip") == [("folder/a.jsonl", CONTENT, []), ("b.jsonl.gz", CONTENT, [])]
    end = archive.index(b"b.jsonl.gz") + 2000
    (tmp_path / "file.zip").write_bytes(archive[:end])
    first, second = opened(tmp_path / "file.zip")
    assert first == ("folder/a.jsonl", CONTENT, [])
    assert second[2]


def test_a_member_that_is_encrypted_is_a_loss(tmp_path: Path) -> None:
    archive = bytearray(zipped(zipfile.ZIP_DEFLATED))
    at = archive.index(b"folder/a.jsonl") - 30
    archive[at + 6] |= 1
    (tmp_path / "file.zip").write_bytes(archive)
    (_, content, losses), (name, other, none) = opened(tmp_path / "file.zip")
    assert (content, len(losses)) == (b"", 1)
    assert (name, other, none) == ("b.jsonl.gz", CONTENT, [])


def test_the_files_of_a_folder_are_read_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a/part-1.json", "_SUCCESS", ".part.crc", "a/.hidden/x.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    assert [(name, content) for name, content, _ in opened(tmp_path)] == [
        ("a/part-1.json", b"a/part-1.json"),
        ("b.jsonl", b"b.jsonl"),
    ]


def test_a_pipe_is_read_as_it_comes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(PACKED["gz"],))
    writer.start()
    for packed in open_inputs(tmp_path / "pipe"):
        assert packed.changed is None
        assert b"".join(packed.chunks) == CONTENT
    writer.join()


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_what_is_not_there_is_one_clear_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"can't be read: No such file|holds no files"):
        opened(tmp_path / name)
