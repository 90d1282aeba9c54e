import pickle
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from storage.records.rows import ChangeRow

AT = datetime(2025, 5, 14, tzinfo=UTC)
ROW = ChangeRow(change_id="c1", at=AT, kind="promotion", title="new", evidence={"old": "m1"})


def test_a_row_can_not_be_changed_in_place() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        ROW.title = "other"
    assert ROW.changed(title="other").title == "other"
    assert ROW.title == "new"


@pytest.mark.parametrize("wrong", [{"titel": "new"}, {"at": "yesterday"}, {"evidence": None}])
def test_a_row_is_checked_when_code_builds_it(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        ChangeRow.model_validate(vars(ROW) | wrong)


def test_a_trusted_row_equals_a_checked_one() -> None:
    trusted = ChangeRow.trusted(vars(ROW).items())
    assert trusted == ROW
    assert trusted.model_dump_json() == ROW.model_dump_json()


def test_a_row_passes_between_processes_whole() -> None:
    again = pickle.loads(pickle.dumps(ChangeRow.trusted(vars(ROW))))
    assert again == ROW
    assert vars(again) == vars(ROW)
