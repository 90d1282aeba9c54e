from pathlib import Path

import pytest
from deltalake.exceptions import CommitFailedError

from storage.lake.delta_entry import CommitOperation, actions_of, entry_text, publish
from storage.lake.delta_files import DataFile
from tests.support.lake_rows import hour

FILE = DataFile("day=2025-05-14/bucket=2/a.parquet", 10, 3, hour(1), hour(2), "2025-05-14", 2)


def test_a_file_comes_back_from_the_entry_that_adds_it() -> None:
    operation = CommitOperation("DELETE", {"predicate": "window > '2025-05-14'"})
    text = entry_text(operation, [FILE.add_action(True)], [FILE.remove_action(False)], 6)
    information, removed, added = actions_of(text)
    assert DataFile.of(added["add"]) == FILE
    assert removed["remove"]["path"] == FILE.path
    assert (added["add"]["dataChange"], removed["remove"]["dataChange"]) == (True, False)
    assert information["commitInfo"]["operation"] == "DELETE"
    assert information["commitInfo"]["operationParameters"] == {"predicate": "window > '2025-05-14'"}
    assert information["commitInfo"]["readVersion"] == 6


@pytest.mark.parametrize("text", ["", "[]\n", '{"add":', "\x00\x00"])
def test_a_torn_entry_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        actions_of(text)


def test_a_version_is_made_once(tmp_path: Path) -> None:
    entry = tmp_path / f"{7:020}.json"
    publish(entry, "first", durable=True)
    with pytest.raises(CommitFailedError, match="version 7 was made by another writer"):
        publish(entry, "second", durable=True)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(entry.name, "first")]


def test_a_file_tells_which_ranges_it_touches() -> None:
    assert FILE.touches(None, None)
    assert FILE.touches(hour(1), hour(2))
    assert not FILE.touches(hour(2), hour(3))
    assert not FILE.touches(hour(0), hour(0.5))
    assert FILE.inside(hour(0), hour(2))
    assert not FILE.inside(hour(1), hour(2))
