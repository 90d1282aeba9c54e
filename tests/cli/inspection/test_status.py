import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.app import main
from cli.shared.installation import prepare_home
from core.windows import HOUR
from storage.records.sql.records import SqlRecords

SLOT = datetime(2025, 5, 14, 12, tzinfo=UTC)
TRACEBACK = 'Traceback (most recent call last):\n  File "x.py", line 1, in work\nValueError: no table\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation whose job `measure` ran twice and failed once with an unexpected error."""
    home = prepare_home(tmp_path / "home")
    records = SqlRecords(f"sqlite:///{home}/records.db")
    for slot in (SLOT, SLOT + HOUR):
        records.claim("measure", slot, "1:2", lambda owner: False, slot)
    records.complete("measure", SLOT, {"rows": 3}, SLOT)
    records.fail("measure", SLOT + HOUR, "ValueError: no table", SLOT + HOUR, TRACEBACK)
    records.close()
    return home


def run(home: Path, *words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["groundswell", "status", "--home", str(home), *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_the_last_runs_of_a_job_with_the_whole_traceback(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(home, "--job", "measure", monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2025-05-14T13:00:00+00:00  failed, 1 attempt: ValueError: no table",
        *(f"    {line}" for line in TRACEBACK.splitlines()),
        "2025-05-14T12:00:00+00:00  completed, 1 attempt",
    ]


def test_one_slot_as_json(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--job", "measure", "--slot", "2025-05-14T13:00", "--json")
    assert run(home, *words, monkeypatch=monkeypatch) == 0
    runs: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    (failed,) = runs
    assert (failed["status"], failed["error"], failed["traceback"]) == ("failed", "ValueError: no table", TRACEBACK)
    assert failed["slot"] == "2025-05-14T13:00:00+00:00"


def test_a_job_that_never_ran(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "--job", "predict", monkeypatch=monkeypatch) == 0
    assert capsys.readouterr().out == "this job has not run yet\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--job", "mesure"), "there is no job 'mesure'; there are ingest, measure"),
        (("--job", "measure", "--slot", "2025-05-14T09:00"), "job measure has no run of the slot 2025-05-14T09:00"),
        (("--slot", "2025-05-14T09:00"), "--slot needs --job"),
    ],
)
def test_mistakes_are_one_line(
    words: tuple[str, ...],
    line: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(home, *words, monkeypatch=monkeypatch) == 2
    error = capsys.readouterr().err
    assert line in error
    assert error.count("\n") == 1
