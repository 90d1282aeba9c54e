import json
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.app import main

FACT = {"id": "m1", "hashtag": "booktok", "metric": "views_gained", "value": 12_340, "unit": "count",
        "window_end": "2025-05-14T10:00:00Z"}  # fmt: skip
TRUE = {"id": "n1", "text": "#booktok gained 12k views.", "cites": ["m1"]}
FALSE = {"id": "n2", "text": "#booktok gained 13k views.", "cites": ["m1"]}


def ground(
    tmp_path: Path, evidence: str, narratives: str, monkeypatch: pytest.MonkeyPatch, *options: str
) -> int | str | None:
    (tmp_path / "E.json").write_text(evidence, encoding="utf-8")
    (tmp_path / "N.jsonl").write_text(narratives, encoding="utf-8")
    files = ["--evidence", str(tmp_path / "E.json"), "--narratives", str(tmp_path / "N.jsonl")]
    monkeypatch.setattr(sys, "argv", ["groundswell", "ground", *files, *options])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def evidence(*metrics: dict[str, Any]) -> str:
    return json.dumps({"metrics": metrics})


def jsonl(*narratives: dict[str, Any]) -> str:
    return "\n".join(json.dumps(text) for text in narratives) + "\n"


def test_each_text_is_a_line_of_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ground(tmp_path, evidence(FACT), jsonl(TRUE, FALSE), monkeypatch, "--json") == 1
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first == {"id": "n1", "accepted": True, "violations": []}
    assert not second["accepted"]
    assert set(second["violations"][0]) == {"rule", "span", "detail"}
    assert second["violations"][0]["span"] == [16, 19]


def test_lines_for_people_end_in_a_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ground(tmp_path, evidence(FACT), jsonl(TRUE) + "\n", monkeypatch) == 0
    assert capsys.readouterr().out.splitlines() == ["n1  accepted", "1 of 1 accepted"]


@pytest.mark.parametrize(
    ("evidence_text", "texts", "line"),
    [
        ("{", jsonl(TRUE), "E.json: line 1 is no JSON"),
        (evidence(FACT | {"unit": "apples"}), jsonl(TRUE), "metric m1: unit 'apples' is none of count, ratio"),
        (evidence(FACT, FACT), jsonl(TRUE), "E.json: metric id m1 is there twice"),
        (evidence(FACT), jsonl(TRUE) + "{oops\n", "N.jsonl: line 2 is no JSON"),
        (evidence(FACT), jsonl(TRUE, FALSE, TRUE), "N.jsonl: line 3: narrative id n1 is there twice"),
        (evidence(FACT), jsonl({"id": "n1", "text": "x"}), "N.jsonl: line 1: cites must be a list of texts"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(
    evidence_text: str,
    texts: str,
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ground(tmp_path, evidence_text, texts, monkeypatch) == 2
    error = capsys.readouterr().err
    assert line in error
    assert error.count("\n") == 1


def test_a_missing_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["groundswell", "ground", "--evidence", "no.json", "--narratives", "no.jsonl"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "groundswell: can't read no.json: No such file or directory\n"
