"""How far something long is: a bar on a terminal, a plain line a day elsewhere."""

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
    """Yield a function to tell each moment reached between `start` and `end`."""
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

    told = start

    def tell(now: datetime) -> None:
        nonlocal told
        if now - told >= DAY:
            told = now
            out.print(f"{done} {now:%Y-%m-%d} ({(now - start) / DAY:.0f} of {total:.0f} days)")

    yield tell


@contextmanager
def trials_ended(out: Console, total: int) -> Iterator[Callable[[int, float | None], None]]:
    """Yield a function to tell the number of trials that have ended, and the best PR-AUC so far."""
    if out.is_terminal:
        columns = (TextColumn("searching"), BarColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
        with Progress(*columns, console=out, transient=True) as bar:
            task = bar.add_task("", total=total, told=_trials(0, total, None))
            yield lambda ended, best: bar.update(task, completed=ended, told=_trials(ended, total, best))
        return
    yield lambda ended, best: out.print(_trials(ended, total, best))


def _trials(ended: int, total: int, best: float | None) -> str:
    return f"{ended} of {total} trials" + ("" if best is None else f", best PR-AUC {best:.4f}")
