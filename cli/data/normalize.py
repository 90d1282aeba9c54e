"""`groundswell normalize`: turns a file of raw answers or posts, one JSON value per line, into a recording."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from actors.runtime.installation import PSEUDONYM_KEY
from cli.shared.installation import prepare_home
from core.errors import GroundswellError, UsageError
from pipelines.recordings.lines import microseconds
from pipelines.recordings.normalisation import Normalisation, normalise_file

KEYS = ".key"


@dataclass(frozen=True)
class NormalizePlan:
    """The arguments of the command.

    Parameters
    ----------
    path: file with one JSON value per line, plain or gzip
    out: folder of the recording
    fetched_at: time of lines without one; None takes the file's modification time
    home: installation whose secret key hashes the creators; None keeps a key in `out`
    """

    path: Path
    out: Path
    fetched_at: datetime | None
    home: Path | None


def normalize(plan: NormalizePlan, out: Console) -> dict[str, Any]:
    """Write the recording and return the counts.

    Raises
    ------
    GroundswellError: if no line could be used
    """
    if not plan.path.is_file():
        raise UsageError(f"{plan.path}: no such file")
    fetched = microseconds(plan.fetched_at.timestamp() if plan.fetched_at else plan.path.stat().st_mtime)
    if fetched is None:
        raise UsageError(f"{plan.path} has no usable modification time; set --fetched-at")
    key = _key(plan)
    with _progress(out, plan.path.stat().st_size) as on_progress:
        result = normalise_file(plan.path, plan.out, key, fetched, on_progress)
    tell(result, plan.out, out)
    if not result.accepted and not result.totals:
        raise GroundswellError(f"nothing in {plan.path} is an answer or a post; {plan.out}/quarantine.jsonl says why")
    return {
        "lines": result.lines,
        "accepted": result.accepted,
        "duplicates": result.duplicates,
        "videos": result.videos,
        "readings": result.readings,
        "totals": result.totals,
        "quarantined": dict(sorted(result.quarantined.items())),
        "out": str(plan.out),
    }


def tell(result: Normalisation, folder: Path, out: Console) -> None:
    """Print the counts, one per line."""
    rows = {"lines": result.lines, "accepted": result.accepted, "duplicates": result.duplicates}
    rows["quarantined"] = result.quarantined.total()
    for name, count in rows.items():
        out.print(f"{name:<14} {count:,}")
    for reason, count in sorted(result.quarantined.items()):
        out.print(f"  {count:>8,}  {reason}")
    out.print(
        f"{'recording':<14} {folder}: {result.videos:,} videos, {result.readings:,} readings, {result.totals:,} totals"
    )


def _key(plan: NormalizePlan) -> bytes:
    """Return the installation's key, or one kept beside the recording, so that a second run gives the same hashes."""
    home = plan.home if plan.home is not None else plan.out / KEYS
    return (prepare_home(home) / PSEUDONYM_KEY).read_bytes()


@contextmanager
def _progress(out: Console, size: int) -> Iterator[Any]:
    if not out.is_terminal:
        yield lambda _: None
        return
    with Progress(console=out, transient=True) as bar:
        task = bar.add_task("normalising", total=size)
        yield lambda done: bar.update(task, completed=done)
