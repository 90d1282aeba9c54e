"""A person's mistakes at the command line: one clear line, the right exit code, no traceback."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from cli.app import main
from tests.support.small_disk import mounted


def fail(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and what was written to stderr."""
    monkeypatch.setattr(sys, "argv", ["groundswell", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code
    assert isinstance(code, int)
    return code, capsys.readouterr().err


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "small", "2m") as place:
        yield place


def test_a_taken_port(
    tmp_path: Path, taken_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, line = fail(["run", "--home", str(tmp_path / "home"), "--port", str(taken_port)], monkeypatch, capsys)
    assert (code, line.count("\n")) == (2, 1)
    assert f"port {taken_port} is taken" in line


def test_an_unknown_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.yaml").write_text("spede: 3\n")
    code, line = fail(["run", "--settings", str(tmp_path / "mine.yaml")], monkeypatch, capsys)
    assert (code, line) == (2, "groundswell: mine.yaml: spede: unknown setting\n")


def test_a_missing_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("ENSEMBLEDATA_TOKEN", raising=False)
    code, line = fail(["run", "--source", "ensembledata", "--home", str(tmp_path)], monkeypatch, capsys)
    assert (code, line.count("\n")) == (2, 1)
    assert "set ENSEMBLEDATA_TOKEN" in line


def test_a_full_disk(full_disk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, line = fail(["run", "--home", str(full_disk / "home")], monkeypatch, capsys)
    assert (code, line.count("\n")) == (1, 1)
    assert "make room" in line


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"PAR1 but not really", "not a readable Parquet file"), (None, "lacks the column fetched_at")],
    ids=["broken", "column missing"],
)
def test_a_bad_recording(
    content: bytes | None,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "hashtag_snapshots.parquet"
    if content is None:
        pl.DataFrame({"hashtag": ["a"]}).write_parquet(path)
    else:
        path.write_bytes(content)
    span = ["--from", "2025-06-01", "--to", "2025-06-02", "--out", str(tmp_path / "out")]
    code, line = fail(["replay", "--recording", str(tmp_path), *span], monkeypatch, capsys)
    assert (code, line.count("\n")) == (2, 1)
    assert says in line


def test_queries_without_an_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["status"], ["sql", "select 1"]):
        code, line = fail([*command, "--home", str(tmp_path / "none")], monkeypatch, capsys)
        assert (code, line.count("\n")) == (2, 1)
        assert "no installation" in line
