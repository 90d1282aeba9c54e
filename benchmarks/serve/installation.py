"""A made installation in a folder, made once: what `groundswell bench serve` serves."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.serve.made_lake import END, TABLES, fill_lake
from benchmarks.serve.made_records import fill_records
from core.windows import MICROSECOND
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords

VERSION = 1
_MARK = "made.json"


@dataclass(frozen=True)
class MadeInstallation:
    """Where the installation lies and how big it is."""

    home: Path
    hashtags: int
    days: int

    @property
    def lake_root(self) -> str:
        """Folder of the lake."""
        return str(self.home / "lake")

    @property
    def records_url(self) -> str:
        """Address of the records."""
        return f"sqlite:///{self.home / 'records.db'}"

    def leaders(self, count: int) -> list[str]:
        """Return the best-ranked hashtags of the newest time."""
        lake = DeltaLake(self.lake_root, TABLES)
        rows = lake.read("predictions", start=END - MICROSECOND, columns=["hashtag", "rank"])
        return [str(tag) for tag in rows.drop_nulls().sort("rank")["hashtag"][:count]]


def made_installation(folder: Path, hashtags: int, days: int, progress: Callable[[str], None]) -> MadeInstallation:
    """Return the installation of that size in `folder`, made where it is missing or was made by other code."""
    schemas = {name: {column: str(dtype) for column, dtype in table.schema.items()} for name, table in TABLES.items()}
    wanted = {"version": VERSION, "tables": schemas}
    made = MadeInstallation((folder / f"{hashtags}-hashtags-{days}-days").absolute(), hashtags, days)
    mark = made.home / _MARK
    if mark.exists() and json.loads(mark.read_text()) == wanted:
        return made
    progress(f"makes {hashtags} hashtags over {days} days in {made.home}")
    shutil.rmtree(made.home, ignore_errors=True)
    made.home.mkdir(parents=True)
    lake = DeltaLake(made.lake_root, TABLES, durable=False)
    fill_lake(lake, hashtags, days, progress)
    lake.vacuum(timedelta(0), datetime.now(UTC))
    records = SqlRecords(made.records_url)
    fill_records(records, made.leaders(10), hashtags, days)
    records.close()
    mark.write_text(json.dumps(wanted))
    return made
