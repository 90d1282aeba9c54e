"""A table that needs more of the Delta protocol than this code knows is left alone, with one line that says why."""

import json
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from core.errors import StorageError
from storage.lake.delta import DeltaLake
from storage.lake.delta_rebucket import rebucket
from storage.lake.table_location import TableLocation
from tests.support.lake_rows import START, TABLES, hour, put_readings, readings

FOREIGN: dict[str, tuple[dict[str, Any], str]] = {
    "reader": ({"minReaderVersion": 2, "minWriterVersion": 5}, "can't be read: it needs protocol version 2"),
    "features": (
        {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": ["deletionVectors"],
         "writerFeatures": ["deletionVectors"]},
        "can't be read: it needs protocol version 3, feature .*eletionVectors",
    ),
    "writer": ({"minReaderVersion": 1, "minWriterVersion": 3}, "can't be written: it needs protocol version 3"),
}  # fmt: skip


def commit(root: Path, *actions: dict[str, Any]) -> None:
    """Let another writer make the next version."""
    log = root / "readings" / "_delta_log"
    version = max(int(path.stem) for path in log.glob("*.json")) + 1
    text = "".join(json.dumps(action) + "\n" for action in ({"commitInfo": {"operation": "UPGRADE"}}, *actions))
    (log / f"{version:020}.json").write_text(text)


def files(root: Path) -> list[Path]:
    return sorted((root / "readings").rglob("*"))


@pytest.fixture
def lake(tmp_path: Path) -> DeltaLake:
    made = DeltaLake(tmp_path, TABLES)
    put_readings(made, 1)
    return made


def test_what_we_make_needs_only_what_we_know(lake: DeltaLake, tmp_path: Path) -> None:
    protocol = DeltaTable(str(tmp_path / "readings")).protocol()
    assert (protocol.min_reader_version, protocol.min_writer_version) == (1, 2)
    assert not protocol.reader_features
    assert not protocol.writer_features


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("opened_before", [True, False])
def test_a_table_that_needs_more_is_not_written(
    lake: DeltaLake, tmp_path: Path, kind: str, opened_before: bool
) -> None:
    protocol, message = FOREIGN[kind]
    commit(tmp_path, {"protocol": protocol})
    before = files(tmp_path)
    used = lake if opened_before else DeltaLake(tmp_path, TABLES)
    with pytest.raises(StorageError, match=message) as refused:
        used.replace("readings", readings(hour(2), {"a": 1}), hour(1), hour(2))
    assert "\n" not in str(refused.value)
    with pytest.raises(StorageError, match="can't be"):
        used.compact(START.date().replace(year=2030))
    with pytest.raises(StorageError, match="can't be written"):
        rebucket(TABLES["readings"], TableLocation(str(tmp_path / "readings")), 7)
    assert files(tmp_path) == before
    if kind == "writer":
        assert used.read("readings").height == 3


def test_properties_of_version_2_are_honoured_by_leaving_the_table_alone(lake: DeltaLake, tmp_path: Path) -> None:
    handle = DeltaTable(str(tmp_path / "readings"))
    handle.alter.set_table_properties({"delta.appendOnly": "true"})
    with pytest.raises(StorageError, match=r"its property delta\.appendOnly is true"):
        put_readings(lake, 2)
    assert lake.read("readings").height == 3


def test_a_change_of_the_table_by_others_is_noticed(lake: DeltaLake, tmp_path: Path) -> None:
    rebucket(TABLES["readings"], TableLocation(str(tmp_path / "readings")), 9)
    with pytest.raises(StorageError, match="made with 9 buckets, not 4"):
        lake.read("readings")
