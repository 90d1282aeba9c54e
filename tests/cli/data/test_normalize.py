import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.normalise.kinds import shapes_table
from tests.support.awemes import aweme
from tests.support.paths import DOCS, ROOT


def groundswell(*arguments: str, content: bytes | None = None) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "cli.app", "normalize", *arguments]
    done = subprocess.run(command, cwd=ROOT, input=content, capture_output=True)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def lines(*values: Any) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


WHOLE, REPEATED = aweme(1, ["a"]), aweme(1, ["a"])
USER = {"id": "68", "uniqueId": "demo.user", "nickname": "Demo", "stats": {"followerCount": 3}}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lines(WHOLE), 0),
        (lines(WHOLE, REPEATED), 0),
        (lines(WHOLE, USER), 3),
        (lines(WHOLE) + b"{", 3),
        (lines({"hashtag": "a", "views": 5}), 0),
        (lines(USER), 1),
        (b"", 1),
    ],
)
def test_the_exit_code_says_whether_everything_was_accepted(tmp_path: Path, content: bytes, code: int) -> None:
    (tmp_path / "file").write_bytes(content)
    returned, _, error = groundswell(str(tmp_path / "file"), "--out", str(tmp_path / "out"))
    assert returned == code, error
    assert "Traceback" not in error
    assert error.count("\n") == (1 if code == 1 else 0)


def test_a_pipe_is_read_and_its_guessed_time_is_said_loudly(tmp_path: Path) -> None:
    for place in ("-", "/dev/stdin"):
        code, printed, _ = groundswell(
            place, "--out", str(tmp_path / "out"), content=lines(WHOLE, {"fetched_at": 5, "p": aweme(2, [])})
        )
        assert code == 0
        assert "GUESSED" in printed
        assert "1 from the row itself" in printed
    code, printed, _ = groundswell(
        "-", "--out", str(tmp_path / "out"), "--fetched-at", "2025-05-14", content=lines(WHOLE)
    )
    assert "GUESSED" not in printed
    assert "1 from --fetched-at" in printed


def test_json_holds_every_count(tmp_path: Path) -> None:
    post = aweme(2, ["a"], statistics={"play_count": "1.2M", "digg_count": "many"})
    (tmp_path / "file").write_bytes(lines({"fetched_at": 1_747_217_220, "aweme": post}, USER))
    code, printed, _ = groundswell(str(tmp_path / "file"), "--out", str(tmp_path / "out"), "--json")
    counts = json.loads(printed)
    assert code == 3
    assert counts["accepted"] + counts["duplicates"] + sum(counts["quarantined"].values()) == counts["found"] == 2
    assert (counts["times"], counts["rounded_counts"], counts["lost_counts"]) == (
        {"row": 1},
        {"plays": 1},
        {"likes": 1},
    )


def test_an_unknown_shape_is_described_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(lines({"what": 1, "ever": {"a": 2}}, WHOLE))
    _, printed, _ = groundswell(str(tmp_path / "file"), "--out", str(tmp_path / "out"))
    assert "unknown shape: ever, what" in printed
    assert "groundswell normalize --shapes" in printed


def test_the_shapes_are_printed_as_the_documentation_has_them() -> None:
    code, printed, _ = groundswell("--shapes")
    assert (code, printed.strip()) == (0, shapes_table())
    assert shapes_table() in (DOCS / "recordings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments", [[], ["file"], ["nothing", "--out", "out"], ["file", "--out", "out", "--map", "x"]]
)
def test_wrong_use_is_one_clear_line(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "file").write_bytes(lines(WHOLE))
    paths = [str(tmp_path / part) if part in ("file", "nothing", "out") else part for part in arguments]
    code, _, error = groundswell(*paths)
    assert code == 2
    assert error.startswith("groundswell: ")
    assert error.count("\n") == 1
