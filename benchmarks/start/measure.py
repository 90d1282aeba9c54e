"""Rounds of fresh starts, one after the other, each beside a fixed piece of work."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.start.fixed_work import fixed_work_s
from benchmarks.start.fresh_clone import CHECKOUT, SetUpFigures, clone, set_up
from benchmarks.start.run import RunFigures, RunPlan, watch

RATIO_DAYS = 2


@dataclass(frozen=True)
class StartPlan:
    """What is measured.

    Parameters
    ----------
    days: simulated days played, at least 2
    units: EnsembleData units a day
    set_up: whether a fresh clone is set up in each round; otherwise this checkout and its environment are used
    keep: whether the folders of the rounds are kept
    """

    days: int
    units: int
    set_up: bool
    keep: bool


@dataclass(frozen=True)
class RoundFigures:
    """What was measured in one round.

    Parameters
    ----------
    load: load average of the machine before it
    fixed_work_s: processor time of the fixed piece of work
    """

    load: float
    fixed_work_s: float
    set_up: SetUpFigures | None
    run: RunFigures

    @property
    def ratio(self) -> float:
        """Processor time from the start to the end of the second day, as a multiple of that of the fixed work."""
        return self.run.day_ends[RATIO_DAYS - 1].processor_s / self.fixed_work_s


def measure(plan: StartPlan, tell: Callable[[str], None]) -> RoundFigures:
    """Measure one round in a folder of its own."""
    load = os.getloadavg()[0]
    work_s = fixed_work_s()
    folder = Path(tempfile.mkdtemp(prefix="groundswell-start-"))
    try:
        figures = None
        checkout, command = CHECKOUT, [sys.executable, "-m", "cli.app"]
        if plan.set_up:
            checkout = clone(folder)
            tell("sets up a fresh clone")
            figures = set_up(checkout)
            tell(f"set up in {figures.wall_s:.0f} s, {figures.processor_s:.0f} s of processor time")
            command = [str(checkout / ".venv" / "bin" / "groundswell")]
        run = watch(RunPlan(command, checkout, folder / "home", plan.days, plan.units), tell)
        return RoundFigures(load, work_s, figures, run)
    finally:
        if plan.keep:
            tell(f"kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
