"""A lake whose reader dies once, as with its node."""

import os
import signal
from pathlib import Path

import polars as pl

from storage.lake.delta import DeltaLake


class DeadlyLake(DeltaLake):
    """Kills the process of the first reader of bucket 1."""

    def read(self, table: str, **wanted: object) -> pl.DataFrame:
        mark = Path(str(self._arguments[0])) / "killed"
        if wanted.get("buckets") == [1] and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(table, **wanted)  # type: ignore[arg-type]
