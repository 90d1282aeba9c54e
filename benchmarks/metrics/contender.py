"""One way of computing metrics, in a process of its own.

Run as `python -m benchmarks.metrics.contender NAME TABLE ROWS ROUNDS`.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import polars as pl

from actors.runtime.local_ray import RayPlan, local_ray
from benchmarks.metrics.table import START, TABLES, Shape
from core.windows import HOUR, window_ends
from pipelines.metrics.parallel import IN_PLACE_ROWS, compute_windows
from pipelines.metrics.parts import WindowRange
from storage.lake.delta import DeltaLake

CPUS = 2
BUCKETS = 8
OURS = "ours"
RIVALS = {"polars": "polars", "duckdb": "duckdb", "pandas": "pandas", "ray-groupby": "ray"}
ON_RAY = frozenset({OURS, "ray-groupby"})
COMPARED = ("volume", "views_gained", "engagement_efficiency", "creator_dispersion", "momentum", "novelty")


def main() -> int:
    """Run a warm-up, then `ROUNDS` timed runs; print the seconds of each and sums over the results."""
    name, folder, rows, rounds = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    with prepared(name, folder, rows) as compute:
        compute()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        seconds = []
        for _ in range(rounds):
            began = time.perf_counter()
            result = compute()
            seconds.append(time.perf_counter() - began)
        outcome = {
            "seconds": seconds,
            "rows": result.height,
            "sums": sums(result),
            "on_workers": on_workers(name, folder),
        }
        sys.stdout.write(json.dumps(outcome) + "\n")
    return 0


@contextmanager
def prepared(name: str, folder: Path, rows: int) -> Iterator[Callable[[], pl.DataFrame]]:
    """Yield a function that computes the metrics of the table in `folder`; Ray runs meanwhile if it is needed."""
    open_lake = partial(DeltaLake, folder, TABLES, buckets=BUCKETS)
    shape = Shape(rows)
    if name == OURS:
        compute = partial(compute_windows, open_lake, WindowRange(START, shape.end, HOUR))
    else:
        lake = open_lake()
        files = [lake.paths(table) for table in ("video_snapshots", "videos")]
        rival = importlib.import_module(f"benchmarks.rivals.{RIVALS[name]}")
        compute = partial(rival.metrics, *files, list(window_ends(START, shape.end, HOUR)))
    if name not in ON_RAY:
        yield compute
        return
    with local_ray(RayPlan(CPUS, 1_000, None)):
        yield compute


def on_workers(name: str, folder: Path) -> bool:
    """Return whether Ray's workers do a contender's work, and not its own process."""
    rows = DeltaLake(folder, TABLES, buckets=BUCKETS).statistics()[0].rows
    return name in ON_RAY and (name != OURS or rows > IN_PLACE_ROWS)


def sums(result: pl.DataFrame) -> dict[str, float]:
    """Return sums over some columns, which are equal for all contenders that did the same work."""
    return {column: float(result[column].sum()) for column in COMPARED}


if __name__ == "__main__":
    sys.exit(main())
