"""`groundswell lake sweep`: of what an older version kept, nothing is in any file of the installation afterwards."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cli.app import main
from cli.shared.installation import prepare_home
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import tables
from pipelines.normalise.raw import pack, unpack
from pipelines.operations.older_stores import is_up_to_date
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords
from tests.cli.data.test_rebuild_and_forget import everything
from tests.support.awemes import aweme
from tests.support.raw_pages import KEY, NOW, frame, raw

DAY = timedelta(days=1)
OLD = {
    "desc": "mail jane.roe@mail.example or t.me/jane_roe #a",
    "music": {"mid": "9", "title": "eredeti hang - Jane Roe"},
}
TRACES = (b"jane", b"Jane")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation with a page, a video, a sound and a reading as an older version stored them."""
    made = prepare_home(tmp_path / "home", KEY)
    lake = DeltaLake(str(made / "lake"), tables(features_table(FEATURE_SET)), buckets=2)
    row = raw([aweme(1, ["a"])])
    page = unpack(row["body"])
    page["posts"][0] |= OLD
    lake.append("raw", frame(row | {"body": pack(page)}), NOW - DAY, NOW + DAY)
    at = {"window": row["window"], "fetched_at": NOW}
    rows = {
        "videos": {
            "video_id": "1",
            "hashtags": ["a\ufe0f"],
            "caption": OLD["desc"],
            "endpoint": "x",
            "platform": "tiktok",
        },
        "sound_snapshots": at | {"sound_id": "9", "title": "eredeti hang - Jane Roe", "uses": 3},
        "video_snapshots": at | {"hashtag": "a\ufe0f", "video_id": "1", "plays": 5},
    }
    for name, values in rows.items():
        table = tables(features_table(FEATURE_SET))[name]
        whole = dict.fromkeys(table.schema) | at | values
        stored = pl.DataFrame([{key: whole[key] for key in table.schema}], schema=table.schema)
        lake.replace(name, stored, NOW - DAY, NOW + DAY)
    return made


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    monkeypatch.setattr(sys, "argv", ["groundswell", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    return json.loads(capsys.readouterr().out)


def test_no_file_holds_a_trace_afterwards(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert all(trace in everything(home) for trace in TRACES)
    counted = run(monkeypatch, capsys, "lake", "--home", str(home), "sweep", "--json")
    assert {name: count for name, count in counted.items() if count} == {
        "hashtags in video_snapshots": 1,
        "hashtags in videos": 1,
        "captions in raw": 1,
        "captions in videos": 1,
        "titles in raw": 1,
        "titles in sound_snapshots": 1,
    }
    assert not any(trace in everything(home) for trace in TRACES)
    lake = DeltaLake(str(home / "lake"), tables(features_table(FEATURE_SET)), buckets=2)
    assert lake.read("video_snapshots", where={"hashtag": "a"})["plays"].to_list() == [5]
    records = SqlRecords(f"sqlite:///{home}/records.db")
    assert is_up_to_date(records)
    records.close()
    assert not any(run(monkeypatch, capsys, "lake", "--home", str(home), "sweep", "--json").values())
