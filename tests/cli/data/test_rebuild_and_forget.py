"""`groundswell rebuild`, `forget` and `budget` on an installation on the disk."""

import json
import sys
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from actors.runtime.installation import PSEUDONYM_KEY
from cli.app import main
from cli.shared.installation import prepare_home
from core.clock import VirtualClock
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import tables
from core.windows import HOUR, window_end
from pipelines.ingestion.gate import LedgerGate
from pipelines.ingestion.ingest import Ingest
from pipelines.metrics.metrics import MomentumRule
from pipelines.metrics.rebuild import rebuild_measured
from pipelines.normalise.privacy import pseudonym
from pipelines.polling.plan import Planner
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords
from tests.support.paper_source import T0, Paper

KEY = b"the same pseudonyms in each run!"
MADE = (
    "videos",
    "video_snapshots",
    "hashtag_snapshots",
    "creator_snapshots",
    "sound_snapshots",
    "hashtag_metrics",
    "features",
)
RunCommand = Callable[..., Any]


def lake_of(home: Path) -> DeltaLake:
    return DeltaLake(str(home / "lake"), tables(features_table(FEATURE_SET)), buckets=2)


def poll(home: Path, hours: range) -> None:
    records, clock = SqlRecords(f"sqlite:///{home}/records.db"), VirtualClock(T0)
    gate = LedgerGate(records, 300, ["discovery", "tracking", "sampling", "follow_up"])
    ingest = Ingest(Paper(clock), lake_of(home), records, gate, Planner(["dance", "gym"], 300, HOUR), KEY)
    for hour in hours:
        clock.set(T0 + hour * HOUR)
        ingest.run(clock.now(), clock.now())
    records.put_value("clock", {"now": clock.now().isoformat(), "virtual": True}, clock.now())
    ingest.close()
    records.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = prepare_home(tmp_path / "home", KEY)
    poll(made, range(3))
    start = window_end(T0) - timedelta(minutes=15)
    rebuild_measured(lake_of(made), start, window_end(T0 + 2 * HOUR), HOUR, MomentumRule(), lambda _: None)
    return made


@pytest.fixture
def run_command(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunCommand:
    """Run a command on the home; its JSON, or its exit code and line for people."""

    def run(*words: str) -> Any:
        monkeypatch.setattr(sys, "argv", ["groundswell", *words, "--home", str(home), "--json"])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return json.loads(printed.out) if not ended.value.code else (ended.value.code, printed.err)

    return run


def contents(home: Path) -> dict[str, pl.DataFrame]:
    return {name: lake_of(home).read(name) for name in MADE}


def test_everything_is_rebuilt_from_raw(home: Path, run_command: RunCommand) -> None:
    before, lake = contents(home), lake_of(home)
    assert all(frame.height for frame in before.values())
    for name, frame in before.items():
        lake.replace(name, frame.clear(), T0 - timedelta(days=1), T0 + timedelta(days=1))
    done = run_command("rebuild", "--from", "raw")
    assert done["rows"]["videos"] == before["videos"].height
    for name, frame in contents(home).items():
        assert frame.equals(before[name]), name


def test_rebuilding_needs_raw_pages_and_says_from_what(home: Path, run_command: RunCommand) -> None:
    assert run_command("rebuild", "--from", "memory") == (
        2,
        "groundswell: tables are rebuilt from raw pages: write --from raw, not 'memory'\n",
    )
    lake_of(home).replace("raw", lake_of(home).read("raw").clear(), T0 - timedelta(days=1), T0 + timedelta(days=1))
    code, line = run_command("rebuild", "--from", "raw")
    assert (code, line.count("\n")) == (2, 1)
    assert "nothing to rebuild from" in line


def everything(home: Path) -> bytes:
    """The bytes of every file below the home, and what compressed ones hold."""
    pieces = []
    for path in sorted(path for path in home.rglob("*") if path.is_file()):
        pieces.append(path.read_bytes())
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path, hive_partitioning=False)
            pieces.append(repr(frame.to_dicts()).encode())
            bodies = frame["body"].drop_nulls() if "body" in frame.columns else []
            pieces += [zlib.decompress(body) for body in bodies]
    return b"\n".join(pieces)


def test_what_is_forgotten_is_in_no_file_and_stays_out(home: Path, run_command: RunCommand) -> None:
    videos = lake_of(home).read("videos").sort("video_id")
    video, other = videos["video_id"][0], videos["video_id"][5]
    creator = pseudonym(KEY, f"68{other}")
    assert (home / PSEUDONYM_KEY).read_bytes() == KEY
    traces = (video.encode(), other.encode(), creator.encode(), pseudonym(KEY, f"68{video}").encode())
    assert all(trace in everything(home) for trace in traces)
    changed = run_command("forget", "--video", video, "--creator", f"68{other}")
    assert changed["raw"] > 0
    assert changed["videos"] == 2
    assert not [trace for trace in traces if trace in everything(home)]
    rows = lake_of(home).read("videos").height
    poll(home, range(2, 3))
    run_command("rebuild", "--from", "raw")
    poll(home, range(1))
    assert not [trace for trace in traces if trace in everything(home)]
    assert lake_of(home).read("videos").height >= rows == videos.height - 2
    assert run_command("forget")[0] == 2


def test_the_budget_sheet_says_where_units_went(run_command: RunCommand) -> None:
    sheet = run_command("budget", "--days", "2")
    assert sheet["used"] == sum(row["units"] for row in sheet["spent"]) > 12
    assert {row["purpose"] for row in sheet["spent"]} >= {"discovery", "tracking"}
    assert [row["hour"][11:13] for row in sheet["hours_left"]] == [f"{hour:02}" for hour in range(12, 24)]
    assert sum(row["units"] for row in sheet["hours_left"]) == sheet["left"] == 300 - sheet["used"]
