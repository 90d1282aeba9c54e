"""`groundswell metrics`: the metrics of a recording, or of an installation's lake, for any window length.

Formulas: docs/formulas.md, section 3.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl
from rich.console import Console

from actors.runtime.local_ray import RayPlan, local_ray
from cli.shared.signals import interruptible
from cli.shared.stores import lake_of
from configs.settings import Settings
from core.errors import GroundswellError, StorageError, UsageError
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.metrics.formulas import MomentumRule
from core.tables import tables
from core.windows import FETCH_WINDOW, window_end
from pipelines.metrics.parallel import compute_windows
from pipelines.metrics.parts import WindowRange
from pipelines.recordings.metrics import recording_metrics
from sources.recordings.loading import load_recording
from storage.lake.delta import DeltaLake

SNAPSHOTS = ("video_snapshots", "hashtag_snapshots")


@dataclass(frozen=True)
class MetricsPlan:
    """What is computed.

    Parameters
    ----------
    recordings: folders, united; none means the installation's lake
    windows: range and length of the windows
    out: Parquet file for the rows
    """

    recordings: tuple[Path, ...]
    windows: WindowRange
    out: Path


def require_window_range(windows: WindowRange) -> WindowRange:
    """Return the range with both ends moved to ends of windows; UsageError when it holds no window."""
    if windows.length % FETCH_WINDOW:
        raise UsageError("--window must be a multiple of 15 minutes")
    start = window_end(windows.start, windows.length)
    end = window_end(windows.end, windows.length)
    end = end if end == windows.end else end - windows.length
    if end <= start:
        raise UsageError(f"no window of {windows.length} ends after {windows.start} and by {windows.end}")
    return WindowRange(start, end, windows.length)


def measure(settings: Settings, plan: MetricsPlan, out: Console) -> int:
    """Compute the rows of every window of the plan, write them and return their number."""
    weights = MomentumRule(*settings.learning.momentum_weights)
    windows = require_window_range(plan.windows)
    with interruptible():
        try:
            if plan.recordings:
                rows = recording_metrics(load_recording(plan.recordings), windows, weights)
            else:
                rows = _of_the_lake(settings, windows, weights)
        except KeyboardInterrupt:
            raise GroundswellError("stopped; nothing was written") from None
    _write(rows.drop("window"), plan.out)
    out.print(f"{rows.height:,} rows of {rows['hashtag'].n_unique():,} hashtags in {plan.out}")
    return rows.height


def _of_the_lake(settings: Settings, windows: WindowRange, weights: MomentumRule) -> pl.DataFrame:
    snapshots = [table for table in lake_of(settings).statistics() if table.table in SNAPSHOTS]
    firsts = [table.first for table in snapshots if table.first is not None]
    if not firsts:
        raise UsageError(f"the lake {settings.lake_root} holds no readings yet")
    open_lake = partial(
        DeltaLake, settings.lake_root, tables(features_table(FEATURE_SET)), buckets=settings.stores.buckets
    )
    with local_ray(RayPlan(settings.ray.num_cpus, settings.ray.object_store_mb, None)):
        rows = compute_windows(open_lake, windows.with_past(min(firsts) - FETCH_WINDOW), weights)
    return rows.filter(pl.col("window_end") > windows.start)


def _write(rows: pl.DataFrame, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        rows.write_parquet(path)
    except OSError as error:
        raise StorageError(f"can't write {path}: {error.strerror or error}") from None
