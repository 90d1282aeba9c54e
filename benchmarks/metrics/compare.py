"""Times and memory of the project's metrics on Ray Data and of implementations with other tools, in one run."""

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.figures import MEASUREMENTS, Bar, bars, replace_section
from benchmarks.metrics.contender import BUCKETS, OURS, RIVALS
from benchmarks.metrics.table import Shape, write_table
from core.errors import GroundswellError
from pipelines.metrics.parallel import IN_PLACE_ROWS

SLOW, SLOW_ROWS = "ray-groupby", 1_000_000  # one timed run, and none of a larger table
SAMPLE_S = 0.05
PAGE, PICTURE = MEASUREMENTS / "metrics.md", MEASUREMENTS / "metrics.svg"


@dataclass(frozen=True)
class Result:
    """What one contender needed for one table.

    Parameters
    ----------
    name: name of the contender
    rows: number of snapshot rows of the table
    seconds: time of the best warm run
    peak_mb: highest summed PSS of the computing processes in those runs: Ray's workers, or the contender's own process
    driver_mb: highest PSS of the process that hands out work to Ray's workers, 0 where it computes itself
    sums: sums over columns of the result
    """

    name: str
    rows: int
    seconds: float
    peak_mb: float
    driver_mb: float
    sums: dict[str, float]


def run(sizes: list[int], rounds: int, write: bool, tell: Callable[[str], None]) -> list[Result]:
    """Measure every contender on every table.

    Parameters
    ----------
    sizes: number of snapshot rows of each table
    rounds: number of warm runs of each contender
    write: whether to write the figures into `docs/measurements/`
    tell: takes one line of results
    """
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            root = Path(folder) / str(rows)
            write_table(root, Shape(rows), BUCKETS)
            for name in (OURS, *RIVALS):
                if name == SLOW and rows > SLOW_ROWS:
                    continue
                result = measured(name, root, rows, 1 if name == SLOW else rounds)
                tell(f"{rows:>12,} rows  {name:<12} {result.seconds:7.2f} s  {result.peak_mb:7,.0f} MB")
                results.append(result)
            require_same(results, rows)
    text = table(results)
    tell(text)
    if write:
        bars(PICTURE, "Seconds for 24 windows of all metrics", [_bar(result) for result in results])
        replace_section(PAGE, "bench metrics", f"{text}\n\n![Seconds of each way]({PICTURE.name})")
    return results


def measured(name: str, root: Path, rows: int, rounds: int) -> Result:
    """Return the result of a contender, run in a process of its own; raise GroundswellError when it fails."""
    command = [sys.executable, "-m", "benchmarks.metrics.contender", name, str(root), str(rows), str(rounds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        while (line := process.stdout.readline()) and line.strip() != "ready":
            pass
        peak = Peak(process.pid)
        with peak:
            answer = next((line for line in process.stdout if line.startswith('{"seconds"')), None)
        process.wait()
    if answer is None:
        raise GroundswellError(f"{name} ended without a result on {rows:,} rows")
    outcome = json.loads(answer)
    workers, own = peak.workers_mb, peak.own_mb
    peaks = (workers, own) if outcome["on_workers"] else (own, 0.0)
    return Result(name, rows, min(outcome["seconds"]), *peaks, outcome["sums"])


class Peak:
    """Records, while entered, the highest PSS of a process and the highest summed PSS of the Ray workers it started."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.own_mb = self.workers_mb = 0.0

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.is_set():
            workers = self._root.children(recursive=True)
            self.workers_mb = max(self.workers_mb, sum(_pss(worker) for worker in workers if _is_worker(worker)) / 1e6)
            self.own_mb = max(self.own_mb, _pss(self._root) / 1e6)
            time.sleep(SAMPLE_S)


def _is_worker(process: psutil.Process) -> bool:
    try:
        return " ".join(process.cmdline()).startswith("ray::")
    except psutil.Error:
        return False


def _pss(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss)
    except psutil.Error:
        return 0.0


def require_same(results: list[Result], rows: int) -> None:
    """Raise GroundswellError when two contenders disagree about the results of a table."""
    of_table = [result for result in results if result.rows == rows]
    for result in of_table[1:]:
        for name, value in result.sums.items():
            if not math.isclose(value, of_table[0].sums[name], rel_tol=1e-9):
                raise GroundswellError(f"{result.name} and {of_table[0].name} disagree on {name} at {rows:,} rows")


def table(results: list[Result]) -> str:
    """Return the figures as Markdown, with ratios to one-process Polars."""
    by_key = {(result.name, result.rows): result for result in results}
    sizes = sorted({result.rows for result in results})
    lines = ["| rows | way | seconds | against Polars | peak MB | against Polars |", "|---:|---|---:|---:|---:|---:|"]
    for result in results:
        polars = by_key["polars", result.rows]
        ratios = result.seconds / polars.seconds, result.peak_mb / polars.peak_mb
        lines.append(
            f"| {result.rows:,} | {result.name} | {result.seconds:.2f} | {ratios[0]:.2f} | {result.peak_mb:,.0f} "
            f"| {ratios[1]:.2f} |"
        )
    if len(sizes) > 1:
        small, large = by_key[OURS, sizes[0]], by_key[OURS, sizes[-1]]
        slope = math.log(large.seconds / small.seconds) / math.log(large.rows / small.rows)
        lines += ["", f"Ours from {sizes[0]:,} to {sizes[-1]:,} rows: time grows as rows to the power {slope:.2f}."]
    drivers = [result for result in results if result.driver_mb]
    beside = ", ".join(f"{driver.name} at {driver.rows:,} rows {driver.driver_mb:,.0f} MB" for driver in drivers)
    lines += ["", f"Memory is that of the processes that compute. Beside Ray's workers the driver holds: {beside}."]
    lines += [f"Up to {IN_PLACE_ROWS:,} rows ours computes in place: Ray's tasks would take longer to start."]
    lines += ["", f"{os.cpu_count()} cores; the best of the warm runs, one contender after another in one run."]
    return "\n".join(lines)


def _bar(result: Result) -> Bar:
    return Bar(f"{result.name}, {result.rows // 1_000_000} M rows", result.seconds, result.name == OURS)
