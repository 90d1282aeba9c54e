"""Logging of the agents: lines of text or JSON on stderr and in a file per agent, each with its job and cycle.

Only the project's own loggers are configured. Secrets are replaced in every line before it is written.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Literal
from urllib.parse import quote

LOGGERS = ("groundswell", "actors", "pipelines", "tuning", "sources", "storage", "models", "prompts")
FOLDER = "logs"
FILE_BYTES, FILES_KEPT = 5_000_000, 3
HIDDEN = "***"

Redact = Callable[[str], str]


@dataclass(frozen=True)
class LogPlan:
    """How an agent logs.

    Parameters
    ----------
    format: `text` for people, `json` for one JSON object per line
    level: name of the lowest level that is written
    """

    format: Literal["text", "json"] = "text"
    level: str = "INFO"


@dataclass(frozen=True)
class JobContext:
    """The job that a log line belongs to.

    Parameters
    ----------
    job: name of the job
    slot: slot of the job
    cycle: time of the cycle that runs it; all jobs of one cycle share it
    """

    job: str
    slot: datetime
    cycle: datetime


_current: ContextVar[JobContext | None] = ContextVar("job", default=None)


@contextmanager
def job_context(job: str, slot: datetime, cycle: datetime) -> Iterator[None]:
    """Put the job and its cycle into every line that this thread logs inside the block."""
    token = _current.set(JobContext(job, slot, cycle))
    try:
        yield
    finally:
        _current.reset(token)


def redactor(secrets: Sequence[str]) -> Redact:
    """Return a function that replaces each of `secrets`, also in its URL-encoded form, in a text.

    Examples
    --------
    >>> redactor(["s3cret"])("GET /posts?token=s3cret")
    'GET /posts?token=***'
    """
    forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
    ordered = sorted(forms, key=len, reverse=True)

    def redact(text: str) -> str:
        for secret in ordered:
            text = text.replace(secret, HIDDEN)
        return text

    return redact


class _LineFormatter(logging.Formatter):
    """Base of both formats: gathers what a line consists of."""

    def __init__(self, redact: Redact) -> None:
        super().__init__()
        self._redact = redact

    def parts(self, record: logging.LogRecord) -> dict[str, str]:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        parts = {"at": at, "level": record.levelname, "logger": record.name}
        job = _current.get()
        if job is not None:
            parts |= {"cycle": job.cycle.isoformat(), "job": job.job, "slot": job.slot.isoformat()}
        parts["message"] = self._redact(record.getMessage())
        traceback = getattr(record, "traceback", None)
        if traceback is None and record.exc_info:
            traceback = self.formatException(record.exc_info)
        if traceback:
            parts["traceback"] = self._redact(traceback)
        return parts


class JsonFormatter(_LineFormatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        return json.dumps(self.parts(record), ensure_ascii=False)


class TextFormatter(_LineFormatter):
    """One line for people; a traceback follows on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter.format`."""
        parts = self.parts(record)
        job = f" [{parts['job']} {parts['slot']}, cycle {parts['cycle']}]" if "job" in parts else ""
        line = f"{parts['at']} {parts['level']:<7} {parts['logger']}{job} {parts['message']}"
        return "\n".join([line, parts["traceback"].rstrip()]) if "traceback" in parts else line


class PrivateFileHandler(RotatingFileHandler):
    """A rotating file that only its owner can read."""

    def _open(self) -> TextIOWrapper:
        os.close(os.open(self.baseFilename, os.O_CREAT | os.O_APPEND, 0o600))
        return super()._open()


def configure_logs(name: str, home: Path, plan: LogPlan, redact: Redact) -> None:
    """Configure the project's loggers of this process: stderr and `logs/NAME.log` in the home folder.

    Parameters
    ----------
    name: name of the agent that runs in this process
    home: folder of the installation
    redact: removes secrets from a text
    """
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    formatter = JsonFormatter(redact) if plan.format == "json" else TextFormatter(redact)
    file = PrivateFileHandler(folder / f"{name}.log", maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")
    handlers: list[logging.Handler] = [logging.StreamHandler(), file]
    for handler in handlers:
        handler.setFormatter(formatter)
    for logger in map(logging.getLogger, LOGGERS):
        logger.handlers = handlers
        logger.propagate = False
        logger.setLevel(plan.level)
