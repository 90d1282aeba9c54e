"""The figures of fresh starts as a table, and the page of measurements that keeps them."""

import itertools
import os
import platform
import re
import statistics
from collections.abc import Callable, Sequence

from benchmarks.figures import MEASUREMENTS, replace_section
from benchmarks.start.measure import RATIO_DAYS, RoundFigures, StartPlan

PAGE = MEASUREMENTS / "start.md"
RISEN = 1.5
_RECORDED = re.compile(r"^Recorded ratio: ([\d.]+)", re.MULTILINE)


def table(rounds: Sequence[RoundFigures]) -> str:
    """Return the figures as a table in Markdown, one column a round."""
    rows: list[tuple[str, Callable[[RoundFigures], str]]] = [
        ("set-up, s (processor s)", _set_up),
        ("page up, s (processor s)", lambda row: f"{row.run.page.wall_s:.1f} ({row.run.page.processor_s:.1f})"),
        ("first trained call, s (simulated day)", _trained),
        ("all days played, s (processor s)", _played),
        ("first day, median, last, slowest, s", _days),
        ("the same in processor time, s", _processor_days),
        ("summed PSS after the days (most), MiB", _memory),
        ("processes", lambda row: f"{row.run.processes}"),
        ("share of a core while nothing is due", lambda row: f"{row.run.idle_share:.1%}"),
        ("fixed work, processor s", lambda row: f"{row.fixed_work_s:.2f}"),
        (f"processor time of {RATIO_DAYS} days by that of the fixed work", lambda row: f"{row.ratio:.1f}"),
        ("load average before", lambda row: f"{row.load:.1f}"),
    ]
    heads = " | ".join(f"round {number}" for number in range(1, len(rounds) + 1))
    lines = [f"| | {heads} |", f"|---|{'---:|' * len(rounds)}"]
    lines += [f"| {name} | {' | '.join(cell(row) for row in rounds)} |" for name, cell in rows]
    return "\n".join(lines)


def _set_up(row: RoundFigures) -> str:
    return "–" if row.set_up is None else f"{row.set_up.wall_s:.0f} ({row.set_up.processor_s:.0f})"


def _trained(row: RoundFigures) -> str:
    if row.run.trained is None:
        return "–"
    mark, day = row.run.trained
    return f"{mark.wall_s:.0f} ({day:.1f})"


def _played(row: RoundFigures) -> str:
    last = row.run.day_ends[-1]
    return f"{last.wall_s:.0f} ({last.processor_s:.0f})"


def _days(row: RoundFigures) -> str:
    return _spread([mark.wall_s for mark in (row.run.page, *row.run.day_ends)])


def _processor_days(row: RoundFigures) -> str:
    return _spread([mark.processor_s for mark in (row.run.page, *row.run.day_ends)])


def _spread(moments: Sequence[float]) -> str:
    days = [after - before for before, after in itertools.pairwise(moments)]
    return f"{days[0]:.1f}, {statistics.median(days):.1f}, {days[-1]:.1f}, {max(days):.1f}"


def _memory(row: RoundFigures) -> str:
    return f"{row.run.pss_mib:,.0f} ({row.run.most_pss_mib:,.0f})"


def recorded_ratio() -> float | None:
    """Return the ratio that the page of measurements keeps; None where there is none."""
    match = _RECORDED.search(PAGE.read_text()) if PAGE.exists() else None
    return float(match.group(1)) if match else None


def comparison(rounds: Sequence[RoundFigures], recorded: float | None) -> str:
    """Return one line about the ratio beside the recorded one, and say where it rose by half."""
    ratio = statistics.median(row.ratio for row in rounds)
    words = f"{RATIO_DAYS} days cost {ratio:.1f} times the processor time of the fixed work"
    if recorded is None:
        return f"{words}; none is recorded yet (--write)"
    line = f"{words}; {recorded:.1f} is recorded"
    return (
        line if ratio < RISEN * recorded else f"{line}\nNOTE: that is {ratio / recorded:.1f} times the recorded ratio"
    )


def write(rounds: Sequence[RoundFigures], plan: StartPlan) -> None:
    """Write the figures into the documentation."""
    ratio = statistics.median(row.ratio for row in rounds)
    form = "" if plan.set_up else " --no-setup"
    text = (
        f"`groundswell bench start --days {plan.days} --units {plan.units} --rounds {len(rounds)}{form}`: "
        f"{os.cpu_count()} CPUs ({platform.machine()}), rounds one after the other.\n\n"
        f"{table(rounds)}\n\nRecorded ratio: {ratio:.1f}"
    )
    replace_section(PAGE, "bench start", text)
