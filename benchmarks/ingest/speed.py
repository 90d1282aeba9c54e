"""How fast raw answers become tables, beside `orjson.loads` alone on the same bytes: `groundswell bench ingest`."""

import gzip
import itertools
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from benchmarks.ingest.slots import run_slots
from core.errors import UsageError
from pipelines.recordings.normalisation import normalise_file

ROUNDS = 3
KEY = b"groundswell bench"
FETCHED_US = 1_746_684_600_000_000
LONGER = 4
PAGE_POSTS = 20
_ID = re.compile(rb'"aweme_id":"(\d+)"')
_MEASURE = """
import resource, sys
from pathlib import Path
from pipelines.recordings.normalisation import normalise_file
normalise_file(Path(sys.argv[1]), Path(sys.argv[2]), b"groundswell bench", 1746684600000000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@dataclass(frozen=True)
class Speed:
    """Posts a second, medians over rounds.

    Parameters
    ----------
    way: what was done
    posts, parsed: posts a second of that, and of `orjson.loads` alone right before it
    ratio: median of the quotients of each round
    cpu_ratio: the same in processor time of all threads, which other work on the machine does not touch
    """

    way: str
    posts: float
    parsed: float
    ratio: float
    cpu_ratio: float


def measure(payload: Path, posts: int) -> dict[str, Any]:
    """Measure everything; a UsageError when the payload can't be read.

    Parameters
    ----------
    payload: bare posts or answers, one JSON a line, gzip
    posts: lines to repeat it to
    """
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as scratch:
        folder = Path(scratch)
        lines = _lines(payload)
        repeated, distinct, pages = (folder / f"{name}.jsonl" for name in ("repeated", "distinct", "pages"))
        size = _write(repeated, _repeated(lines, posts))
        _write(distinct, _distinct(lines, posts))
        _write(pages, _pages(lines, posts))
        ways: dict[str, tuple[Path, Callable[[], object]]] = {
            "normalize, the file repeated": (repeated, lambda: _normalise(repeated, folder / "out")),
            "normalize, every post another": (distinct, lambda: _normalise(distinct, folder / "out")),
            "ingestion, slots of 100 pages of 20": (pages, lambda: run_slots(pages, folder / "lake")),
        }
        speeds = [_beside(way, posts, path, run) for way, (path, run) in ways.items()]
        longer = folder / "longer.jsonl"
        _write(longer, _distinct(lines, LONGER * posts))
        memory = {count: _peak_mb(path, folder) for count, path in ((posts, distinct), (LONGER * posts, longer))}
    return {"posts": posts, "mb": size / 1e6, "speeds": [vars(speed) for speed in speeds], "peak_mb": memory}


def table(measured: dict[str, Any]) -> str:
    """The figures as Markdown."""
    lines = [
        "| way | posts/s | `orjson.loads` alone | ratio | ratio in processor time |",
        "|---|---:|---:|---:|---:|",
    ]
    for speed in measured["speeds"]:
        speeds = f"{speed['posts']:,.0f} | {speed['parsed']:,.0f} | {speed['ratio']:.2f} | {speed['cpu_ratio']:.2f}"
        lines.append(f"| {speed['way']} | {speeds} |")
    memory = ", ".join(f"{mb:.0f} MB at {count:,} posts" for count, mb in measured["peak_mb"].items())
    lines += ["", f"{measured['posts']:,} posts, {measured['mb']:.0f} MB. Peak memory of normalize: {memory}."]
    return "\n".join(lines)


def _beside(way: str, posts: int, path: Path, run: Callable[[], object]) -> Speed:
    """Time a way and the parser alone in turns, after one round that is not counted."""
    run()
    rounds = [(*_seconds(lambda: _parse(path)), *_seconds(run)) for _ in range(ROUNDS)]
    parsed, _, taken, _ = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(alone / whole for alone, _, whole, _ in rounds)
    cpu_ratio = statistics.median(alone / whole for _, alone, _, whole in rounds)
    return Speed(way, posts / taken, posts / parsed, ratio, cpu_ratio)


def _parse(path: Path) -> None:
    with path.open("rb") as lines:
        for line in lines:
            orjson.loads(line)


def _normalise(path: Path, out: Path) -> None:
    normalise_file(path, out, KEY, FETCHED_US)


def _seconds(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of processor time."""
    begin, cpu = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - begin, time.process_time() - cpu


def _peak_mb(path: Path, folder: Path) -> float:
    """Peak memory of a process that does nothing but normalise one file."""
    command = [sys.executable, "-c", _MEASURE, str(path), str(folder / "memory")]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _lines(payload: Path) -> list[bytes]:
    try:
        with gzip.open(payload) as lines:
            return lines.readlines()
    except OSError as error:
        raise UsageError(f"{payload} can't be read ({error}); name a file of raw posts with --payload") from None


def _repeated(lines: list[bytes], count: int) -> Iterator[bytes]:
    return (lines[n % len(lines)] for n in range(count))


def _pages(lines: list[bytes], count: int) -> Iterator[bytes]:
    """The lines over and over as answers of 20 posts each."""
    posts = _repeated(lines, count)
    for page in iter(lambda: list(itertools.islice(posts, PAGE_POSTS)), []):
        yield b'{"data":[' + b",".join(line.strip() for line in page) + b"]}\n"


def _distinct(lines: list[bytes], count: int) -> Iterator[bytes]:
    """The lines over and over, each time with other ids."""
    for n in range(count):
        line, turn = lines[n % len(lines)], n // len(lines)
        match = _ID.search(line)
        yield line.replace(match[1], b"%d" % (int(match[1]) + turn)) if match else line


def _write(path: Path, lines: Iterator[bytes]) -> int:
    with path.open("wb") as file:
        file.writelines(lines)
    return path.stat().st_size
