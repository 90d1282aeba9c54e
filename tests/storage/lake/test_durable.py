from pathlib import Path

import pytest
from deltalake.exceptions import CommitFailedError, DeltaError
from polars.exceptions import ComputeError

from core.errors import StorageError
from storage.lake.durable import make_folder, storage_errors


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(28, "No space left on device"), "can't write it: the disk is full; make room and start again"),
        (ComputeError("Permission denied (os error 13)"), "can't write it: permission denied; give this user"),
        (DeltaError("two\nlines"), "can't write it: two lines"),
        (DeltaError(""), "can't write it: DeltaError"),
        (DeltaError("x" * 999), "can't write it: xxx"),
    ],
)
def test_a_failure_is_put_into_one_short_line(error: Exception, line: str) -> None:
    with pytest.raises(StorageError) as caught, storage_errors("write it"):
        raise error
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 350


def test_a_commit_that_came_second_and_a_mistake_of_ours_pass() -> None:
    for error in (CommitFailedError("second"), ValueError("ours")):
        with pytest.raises(type(error), match=str(error)), storage_errors("write it"):
            raise error


def test_folders_are_made_with_what_is_missing_above(tmp_path: Path) -> None:
    for durable in (True, False):
        make_folder(tmp_path / str(durable) / "b" / "c", durable)
        assert (tmp_path / str(durable) / "b" / "c").is_dir()
