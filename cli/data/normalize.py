"""`groundswell normalize`: turns raw answers, posts or tables of posts, however they are kept, into a recording."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from actors.runtime.installation import PSEUDONYM_KEY
from cli.shared.installation import prepare_home
from core.errors import GroundswellError
from core.windows import micros
from pipelines.recordings.inputs import size_of
from pipelines.recordings.normalisation import ORIGINS, Normalisation, normalise_file

KEYS = ".key"
_ORIGINS = {
    "row": "from the row itself",
    "wrapper": "from what is around the row",
    "request": "from the request",
    "option": "from --fetched-at",
}


@dataclass(frozen=True)
class NormalizePlan:
    """The arguments of the command.

    Parameters
    ----------
    path: file, folder, or `-` for the standard input
    out: folder of the recording
    fetched_at: time of readings that nothing else gives one; None takes the file's modification time
    home: installation whose secret key hashes the creators; None keeps a key in `out`
    columns: column of a table -> column of a recording
    """

    path: Path
    out: Path
    fetched_at: datetime | None
    home: Path | None
    columns: Mapping[str, str] = field(default_factory=dict)


def normalize(plan: NormalizePlan, out: Console) -> dict[str, Any]:
    """Write the recording, print the counts and return them; UsageError if the input can't be read."""
    fetched = micros(plan.fetched_at) if plan.fetched_at else None
    key, now = _key(plan), micros(datetime.now(UTC))
    with _progress(out, size_of(plan.path)) as on_progress:
        result = normalise_file(plan.path, plan.out, key, fetched, on_progress, plan.columns, now)
    tell(result, plan, out)
    return {
        "lines": result.lines,
        "found": result.items,
        "accepted": result.accepted,
        "duplicates": result.duplicates,
        "videos": result.videos,
        "readings": result.readings,
        "totals": result.totals,
        "quarantined": dict(sorted(result.quarantined.items())),
        "times": {origin: result.times[origin] for origin in ORIGINS if result.times[origin]},
        "lost_counts": dict(sorted(result.lost.items())),
        "rounded_counts": dict(sorted(result.rounded.items())),
        "out": str(plan.out),
    }


def require_some(counts: Mapping[str, Any], plan: NormalizePlan) -> None:
    """Raise a GroundswellError if nothing was accepted."""
    if not counts["accepted"] and not counts["totals"]:
        raise GroundswellError(
            f"nothing in {plan.path} is an answer or a post; {plan.out}/quarantine.jsonl says why, and "
            "`groundswell normalize --shapes` what is recognised"
        )


def tell(result: Normalisation, plan: NormalizePlan, out: Console) -> None:
    """Print the counts, one per line, and what a user should know about them."""
    aside = result.quarantined.total()
    rows = {"lines": result.lines, "found": result.items, "accepted": result.accepted}
    for name, count in (rows | {"duplicates": result.duplicates, "quarantined": aside}).items():
        out.print(f"{name:<14} {count:,}")
    for reason, count in sorted(result.quarantined.items()):
        out.print(f"  {count:>8,}  {reason}", markup=False)
    if any(reason.startswith("unknown shape") for reason in result.quarantined):
        out.print(
            "            `groundswell normalize --shapes` lists what is recognised; --map names columns of a table"
        )
    for counts, what in (
        (result.lost, "could not be read and are null"),
        (result.rounded, "were rounded by the source"),
    ):
        for counter, count in sorted(counts.items()):
            out.print(f"{'counts':<14} {count:,} of {counter} {what}")
    for origin, words in _ORIGINS.items():
        if result.times[origin]:
            out.print(f"{'times':<14} {result.times[origin]:,} {words}")
    if guessed := result.times["file"]:
        out.print(
            f"[bold red]GUESSED[/bold red]        {guessed:,} readings have no time anywhere: they got the time of the "
            "file's last change, or now for a pipe. Set --fetched-at if you know better."
        )
    written = f"{result.videos:,} videos, {result.readings:,} readings, {result.totals:,} totals"
    out.print(f"{'recording':<14} {plan.out}: {written}")


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
