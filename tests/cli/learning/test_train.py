"""`groundswell train` over a small installation; the search itself is tested in tests/tuning/test_search.py."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from cli.app import main
from cli.learning.train import FOLDER, Begun, killed, note
from core.events import EventKind
from storage.records.sql.records import SqlRecords
from tests.support.model_rows import START, labelled
from tests.support.set_lake import set_lake
from tuning.recipe import Recipe, remember

NOW = START + timedelta(days=13)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A settings file of an installation whose clock stands at NOW."""
    home = tmp_path / "home"
    set_lake(home / "lake", labelled(tags=40, days=12), outcomes=True)
    records = SqlRecords(f"sqlite:///{home / 'records.db'}")
    records.put_value("clock", {"now": NOW.isoformat(), "virtual": True}, NOW)
    remember(records, {"logistic": Recipe("logistic", {}, 9)}, NOW)
    records.close()
    path = tmp_path / "settings.yaml"
    stores = "stores: {buckets: 2, durable: false}"
    path.write_text(f"home: {home}\n{stores}\nlearning: {{kinds: [last-24h-growth, logistic]}}\n", encoding="utf-8")
    return path


def run(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["groundswell", "train", *arguments])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_training_promotes_and_leaves_its_report(
    settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--settings", str(settings), "--trials", "0", "--json"], monkeypatch) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["status"], result["trials"]) == ("promoted", 0)
    assert Path(result["report"]).read_text(encoding="utf-8").count("<svg") == 4
    records = SqlRecords(f"sqlite:///{settings.parent / 'home' / 'records.db'}")
    assert records.alias("champion") == result["champion"] == result["challenger"]
    (event,) = records.events(kind=EventKind.MODEL_PROMOTED, limit=5)
    assert (event.subject, event.at) == (result["champion"], NOW)
    assert records.changes()[0].kind == "promotion"
    records.close()


def test_the_kinds_asked_for_are_tried_and_a_blend_says_what_its_members_are_worth(
    settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--settings", str(settings), "--trials", "0", "--kind", "blend", "--json"], monkeypatch) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result["figures"]) == ["blend"]
    members = result["figures"]["blend"]["members"]
    assert list(members) == ["xgboost", "logistic"]
    whole = result["figures"]["blend"]["pr_auc"]["value"]
    assert members["xgboost"]["pr_auc_lost"] == pytest.approx(whole - members["logistic"]["pr_auc"])
    page = Path(result["report"]).read_text(encoding="utf-8")
    assert "the blend loses without it" in page
    assert f"{members['logistic']['pr_auc_lost']:.4f}" in page


def test_mistakes_are_one_line(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--home", str(tmp_path / "nowhere")], monkeypatch) == 2
    assert "holds no installation" in capsys.readouterr().err
    assert run(["--settings", str(settings), "--at", "2025-05-03"], monkeypatch) == 1
    error_output = capsys.readouterr().err
    assert error_output.count("\n") == 1
    assert "not enough to train on yet" in error_output
    assert run(["--settings", str(settings), "--trials", "-1"], monkeypatch) == 2
    capsys.readouterr()
    assert run(["--settings", str(settings), "--kind", "oracle"], monkeypatch) == 2
    assert "'oracle' is not a kind of model" in capsys.readouterr().err


def test_a_killed_search_is_found_again(tmp_path: Path) -> None:
    folder, first = tmp_path / FOLDER, Begun(START, ("xgboost", "blend"))
    assert killed(folder) is None
    note(folder / "20250501T0000-a", first)
    note(folder / "20250502T0000-b", Begun(START + timedelta(days=1), ("xgboost",), finished=True))
    assert killed(folder) == first
    note(folder / "20250501T0000-a", Begun(START, first.kinds, finished=True))
    assert killed(folder) is None
