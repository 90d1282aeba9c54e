"""Another number of buckets: the same rows, in one commit, or nothing at all."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import StorageError
from storage.lake import delta_rebucket
from storage.lake.delta import DeltaLake
from storage.lake.delta_rebucket import rebucket, stored_buckets
from storage.lake.frames import bucket_of
from storage.lake.table_location import TableLocation
from tests.support.lake_rows import START, TABLES, hour, readings

TAGS = {f"tag{number}": number for number in range(40)}
TABLE = TABLES["readings"]


def lake(root: Path, buckets: int) -> DeltaLake:
    return DeltaLake(root, TABLES, buckets=buckets)


def filled(root: Path) -> DeltaLake:
    """Hours of several days, the first month compacted into one partition."""
    made = lake(root, 4)
    for number in (1, 2, 30, 24 * 40):
        made.replace("readings", readings(hour(number), TAGS), hour(number - 1), hour(number))
    made.compact((hour(24 * 40)).date())
    return made


def test_the_rows_are_the_same_in_their_new_buckets(tmp_path: Path) -> None:
    before = filled(tmp_path).read("readings")
    location = TableLocation(str(tmp_path / "readings"))
    assert rebucket(TABLE, location, 7) == before.height
    assert stored_buckets(location) == 7
    after = lake(tmp_path, 7)
    assert after.read("readings").equals(before)
    assert after.bucket_ids() == list(range(7))
    for bucket in after.bucket_ids():
        assert {bucket_of(tag, 7) for tag in after.read("readings", buckets=[bucket])["hashtag"]} == {bucket}
    after.replace("readings", readings(hour(2), {"z": 9}), hour(1), hour(2))
    after.vacuum(timedelta(0), hour(24 * 50))
    assert lake(tmp_path, 7).read("readings", start=START, end=hour(2)).height == 41
    with pytest.raises(StorageError, match="made with 7 buckets, not 4"):
        lake(tmp_path, 4).version("readings")


def test_stopped_in_the_middle_the_table_is_what_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = filled(tmp_path)
    rows, files = before.read("readings"), sorted(tmp_path.rglob("*.parquet"))
    location = TableLocation(str(tmp_path / "readings"))

    def stop(day: str, rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebucket(TABLE, location, 7, stop)
    assert sorted(tmp_path.rglob("*.parquet")) == files
    assert lake(tmp_path, 4).read("readings").equals(rows)
    publish = delta_rebucket.publish

    def another_first(*entry: object) -> None:
        before.replace("readings", readings(hour(1), {"z": 9}), START, hour(1))
        publish(*entry)  # type: ignore[arg-type]

    monkeypatch.setattr(delta_rebucket, "publish", another_first)
    with pytest.raises(StorageError, match="stop groundswell first"):
        rebucket(TABLE, location, 7)
    assert stored_buckets(location) == 4


def test_a_table_never_written_has_no_buckets(tmp_path: Path) -> None:
    assert stored_buckets(TableLocation(str(tmp_path / "readings"))) is None
