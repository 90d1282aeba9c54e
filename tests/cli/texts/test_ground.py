import json
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.app import main
from tests.support.paths import SHARED_DATA

HARD = SHARED_DATA / "field" / "hard" / "ground"
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


def test_a_line_without_a_text_is_refused_and_the_others_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nested, half = "[" * 50_000, '{"id": "n3", "text": "#booktok gained \\ud83d 12k views.", "cites": ["m1"]}'
    lines = jsonl(TRUE) + f'{{oops\n{nested}\n{half}\n{{"id": "n4", "text": 1, "cites": []}}\n' + jsonl(FALSE)
    assert ground(tmp_path, evidence(FACT), lines, monkeypatch, "--json") == 2
    printed = capsys.readouterr()
    verdicts = [json.loads(line) for line in printed.out.splitlines()]
    assert [verdict["id"] for verdict in verdicts] == ["n1", "line 2", "line 3", "n3", "n4", "n2"]
    assert [verdict["accepted"] for verdict in verdicts] == [True, False, False, True, False, False]
    assert verdicts[2]["violations"] == [
        {"rule": "text", "span": [0, 0], "detail": "line 3 is no JSON: it is nested too deeply"}
    ]
    assert printed.err.endswith(
        "N.jsonl: line 2 is no JSON: Expecting property name enclosed in double quotes (and 2 more)\n"
    )


@pytest.mark.parametrize(
    ("content", "rules"),
    [
        (evidence(FACT).replace("12340", "9" * 5000).encode(), ["number", "sanity"]),
        (evidence(FACT).replace("12340", "-1e999").encode(), ["number", "sanity"]),
        (evidence(FACT | {"window_h": 10**400}).encode(), ["sanity"]),
        (b"\xef\xbb\xbf" + evidence(FACT).encode(), []),
        (evidence(FACT).encode("utf-16"), []),
        (evidence(FACT | {"window_end": "9999-12-31T23:00:00-12:00"}).encode(), []),
    ],
)
def test_odd_evidence_gives_a_verdict(
    content: bytes,
    rules: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "E.json").write_bytes(content)
    (tmp_path / "N.jsonl").write_text(jsonl(TRUE))
    files = ["--evidence", str(tmp_path / "E.json"), "--narratives", str(tmp_path / "N.jsonl")]
    monkeypatch.setattr(sys, "argv", ["groundswell", "ground", *files, "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    verdict = json.loads(capsys.readouterr().out)
    assert [violation["rule"] for violation in verdict["violations"]] == rules
    assert ended.value.code == bool(rules)


@pytest.mark.skipif(not HARD.is_dir(), reason=f"{HARD} is not there")
@pytest.mark.parametrize(
    ("evidence_file", "texts_file", "rules"),
    [
        *[("e", f"n{number}", ["number"]) for number in (0, 1, 2, 5, 6, 8)],
        ("e", "n3", ["time"]),
        ("e", "n4", ["time"]),
        ("e", "n7", ["number"] * 300),
        ("e", "nn", []),
        ("e_bigint", "nn", ["number", "sanity"]),
        ("e_bigintlit", "nn", ["number", "name", "sanity"]),
        ("e_bom", "nn", []),
        ("e_inf", "nn", ["number", "sanity"]),
        ("e_nan", "nn", ["number", "sanity"]),
        ("e_tz", "nn", ["time"]),
        ("e_wh", "nn", ["time", "time"]),
        ("e_whneg", "nn", ["time", "time", "sanity"]),
        ("e_wn", "nn", ["time", "time", "sanity"]),
        ("e_deep_e", "nn", "e_deep_e.json is no JSON: it is nested too deeply"),
        ("e_latin", "nn", "e_latin.json is no UTF-8 text"),
    ],
)
def test_hard_files_get_a_verdict_or_one_line(
    evidence_file: str,
    texts_file: str,
    rules: list[str] | str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = ["--evidence", str(HARD / f"{evidence_file}.json"), "--narratives", str(HARD / f"{texts_file}.jsonl")]
    monkeypatch.setattr(sys, "argv", ["groundswell", "ground", *files, "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    if isinstance(rules, str):
        assert (ended.value.code, printed.out) == (2, "")
        assert printed.err.endswith(rules + "\n")
        assert printed.err.count("\n") == 1
        return
    verdict = json.loads(printed.out)
    assert [violation["rule"] for violation in verdict["violations"]] == rules
    assert ended.value.code == bool(rules)
