import json
import logging
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from actors.runtime.logs import LOGGERS, LogPlan, configure_logs, job_context, redactor
from core.windows import HOUR

CYCLE = datetime(2025, 5, 14, 12, tzinfo=UTC)
TOKEN = "hush hush/1"


@pytest.fixture(autouse=True)
def restored_loggers() -> Iterator[None]:
    """The loggers as they were, after each test."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(logger, logger.handlers, logger.propagate, logger.level) for logger in loggers]
    yield
    for handler in logging.getLogger(LOGGERS[0]).handlers:
        handler.close()
    for logger, handlers, propagate, level in before:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def logged(home: Path, plan: LogPlan) -> str:
    """The file of an agent that logged a line, and a failure whose message holds its token."""
    configure_logs("metric", home, plan, redactor(["", TOKEN]))
    log = logging.getLogger("groundswell.metric")
    log.debug("detail")
    log.info("outside of any job")
    with job_context("measure", CYCLE - HOUR, CYCLE):
        try:
            raise ValueError(f"no answer to /posts?token={TOKEN}&again=hush%20hush%2F1")
        except ValueError:
            log.exception("failed for %s", TOKEN)
    return (home / "logs" / "metric.log").read_text(encoding="utf-8")


def test_json_lines_carry_the_job_its_cycle_and_the_whole_traceback(tmp_path: Path) -> None:
    first, second = (json.loads(line) for line in logged(tmp_path, LogPlan("json")).splitlines())
    assert (first["logger"], first["level"], first["message"]) == ("groundswell.metric", "INFO", "outside of any job")
    assert "job" not in first
    assert (second["job"], second["slot"], second["cycle"]) == (
        "measure",
        "2025-05-14T11:00:00+00:00",
        "2025-05-14T12:00:00+00:00",
    )
    assert second["traceback"].startswith("Traceback (most recent call last):\n")
    assert 'raise ValueError(f"no answer' in second["traceback"]


def test_text_lines_carry_the_same(tmp_path: Path) -> None:
    text = logged(tmp_path, LogPlan())
    assert "[measure 2025-05-14T11:00:00+00:00, cycle 2025-05-14T12:00:00+00:00] failed for ***\nTraceback" in text
    assert "ValueError: no answer to /posts?token=***&again=***" in text


@pytest.mark.parametrize("plan", [LogPlan(), LogPlan("json")])
def test_no_secret_reaches_the_file_or_stderr(
    plan: LogPlan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = logged(tmp_path, plan) + capsys.readouterr().err
    assert "token=***" in written
    assert TOKEN not in written
    assert "hush%20hush" not in written


def test_the_level_decides_what_is_written(tmp_path: Path) -> None:
    assert "detail" in logged(tmp_path, LogPlan(level="DEBUG"))
    assert "outside of any job" not in logged(tmp_path / "other", LogPlan(level="ERROR"))


def test_files_are_private_and_lines_of_pipelines_join_them(tmp_path: Path) -> None:
    logged(tmp_path, LogPlan())
    logging.getLogger("pipelines.ingestion.ingest").warning("the server is down")
    file = tmp_path / "logs" / "metric.log"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "pipelines.ingestion.ingest the server is down" in file.read_text(encoding="utf-8")
