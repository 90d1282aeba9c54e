"""Progress of long work: a bar on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from core.windows import DAY


@contextmanager
def days_played(
    out: Console, start: datetime, end: datetime, done: str = "played"
) -> Iterator[Callable[[datetime], None]]:
    """Yield a function to call with each moment reached between `start` and `end`."""
    total = max((end - start) / DAY, 1e-9)
    if out.is_terminal:
        columns = (
            TextColumn(f"{done} {{task.fields[day]}}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=out, transient=True) as bar:
            task = bar.add_task("", total=total, day=f"{start:%Y-%m-%d}")
            yield lambda now: bar.update(task, completed=(now - start) / DAY, day=f"{now:%Y-%m-%d}")
        return

    shown, began = start, time.monotonic()

    def report(now: datetime) -> None:
        nonlocal shown
        if now - shown >= DAY:
            shown = now
            left_s = (time.monotonic() - began) * (end - now) / (now - start)
            left = f", about {minutes(left_s)} left" if now < end else ""
            out.print(f"{done} {now:%Y-%m-%d} ({(now - start) / DAY:.0f} of {total:.0f} days{left})")

    yield report


def minutes(seconds: float) -> str:
    """A duration in words: seconds below two minutes, else minutes.

    Examples
    --------
    >>> minutes(41.3), minutes(260)
    ('41 s', '4 min')
    """
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


@contextmanager
def trials_ended(out: Console, total: int) -> Iterator[Callable[[int, float | None], None]]:
    """Yield a function to call with the number of finished trials and the best PR-AUC so far."""
    if out.is_terminal:
        columns = (TextColumn("searching"), BarColumn(), TextColumn("{task.fields[line]}"), TimeElapsedColumn())
        with Progress(*columns, console=out, transient=True) as bar:
            task = bar.add_task("", total=total, line=_trials(0, total, None))
            yield lambda ended, best: bar.update(task, completed=ended, line=_trials(ended, total, best))
        return
    yield lambda ended, best: out.print(_trials(ended, total, best))


def _trials(ended: int, total: int, best: float | None) -> str:
    return f"{ended} of {total} trials" + ("" if best is None else f", best PR-AUC {best:.4f}")
