"""One start of `groundswell run`, watched from outside over HTTP until its first days are played, and then at rest."""

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.start.fresh_clone import environment, last_line
from benchmarks.start.process_tree import ProcessTree
from core.errors import GroundswellError

PERIOD_S, PAGE_PERIOD_S = 1.0, 0.2
NO_PROGRESS_S = 900.0
SETTLE_S, IDLE_S = 15.0, 30.0


@dataclass(frozen=True)
class RunPlan:
    """What is started.

    Parameters
    ----------
    command: the command up to `run`
    folder: where it is started
    home: folder of the new installation
    days: simulated days played at first
    units: EnsembleData units a day
    """

    command: Sequence[str]
    folder: Path
    home: Path
    days: int
    units: int


@dataclass(frozen=True)
class Mark:
    """A moment of a run: seconds since its start by the clock, and processor time of all its processes until then."""

    wall_s: float
    processor_s: float


@dataclass(frozen=True)
class RunFigures:
    """What was measured of one start.

    Parameters
    ----------
    page: when the first page is answered
    trained: the first moment at which the calls shown are a trained model's, and the simulated days played by then
    day_ends: the end of each simulated day
    pss_mib, most_pss_mib: summed PSS after the days, and the most at the end of any day
    processes: their number after the days
    idle_share: processor time as a share of a core while nothing is due
    """

    page: Mark
    trained: tuple[Mark, float] | None
    day_ends: list[Mark]
    pss_mib: float
    most_pss_mib: float
    processes: int
    idle_share: float


def watch(plan: RunPlan, tell: Callable[[str], None]) -> RunFigures:
    """Start an installation, measure it, and stop it.

    Raises GroundswellError when it ends by itself or stands still for a quarter of an hour.
    """
    with _started(plan) as (process, port):
        began = time.monotonic()
        tree = ProcessTree(process.pid)
        log = plan.home.with_suffix(".log")
        page = _until_page(process, port, began, tree, log)
        tell(f"page after {page.wall_s:.1f} s")
        trained, day_ends, most = _until_played(plan, process, port, began, tree, tell)
        time.sleep(SETTLE_S)
        pss, count = tree.memory()
        before, from_s = tree.processor_s(), time.monotonic()
        time.sleep(IDLE_S)
        share = (tree.processor_s() - before) / (time.monotonic() - from_s)
        return RunFigures(page, trained, day_ends, pss, max(most, pss), count, share)


@contextmanager
def _started(plan: RunPlan) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    options = {"--home": plan.home, "--port": port, "--history-days": plan.days, "--units": plan.units, "--speed": 1}
    arguments = [str(part) for option in options.items() for part in option]
    with plan.home.with_suffix(".log").open("wb") as log:
        process = subprocess.Popen(
            [*plan.command, "run", *arguments],
            cwd=plan.folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    tree = ProcessTree(process.pid)
    try:
        yield process, port
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            tree.kill()
            process.wait()


def _until_page(process: "subprocess.Popen[bytes]", port: int, began: float, tree: ProcessTree, log: Path) -> Mark:
    while True:
        if _answer(port, "/") is not None:
            return Mark(time.monotonic() - began, tree.processor_s())
        _require_running(process, log, time.monotonic() - began)
        time.sleep(PAGE_PERIOD_S)


def _until_played(
    plan: RunPlan,
    process: "subprocess.Popen[bytes]",
    port: int,
    began: float,
    tree: ProcessTree,
    tell: Callable[[str], None],
) -> tuple[tuple[Mark, float] | None, list[Mark], float]:
    trained: tuple[Mark, float] | None = None
    day_ends: list[Mark] = []
    most, done, moved = 0.0, -1.0, time.monotonic()
    while len(day_ends) < plan.days:
        time.sleep(PERIOD_S)
        mark = Mark(time.monotonic() - began, tree.processor_s())
        answer = _answer(port, "/v1/status")
        status: dict[str, Any] = json.loads(answer) if answer is not None else {}
        days = (status.get("progress") or {}).get("done_days", done)
        if days > done:
            done, moved = days, time.monotonic()
        _require_running(process, plan.home.with_suffix(".log"), time.monotonic() - moved)
        if trained is None and status.get("trained"):
            trained = mark, done
            tell(f"first trained call after {mark.wall_s:.0f} s")
        for _ in range(int(min(done, plan.days)) - len(day_ends)):
            day_ends.append(mark)
            most = max(most, tree.memory()[0])
            tell(f"day {len(day_ends)} ends after {mark.wall_s:.0f} s, {mark.processor_s:.0f} s of processor time")
    return trained, day_ends, most


def _answer(port: int, path: str) -> bytes | None:
    """Return what a path is answered with; None where it is not answered, or not well."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as response:
            body: bytes = response.read()
            return body
    except (URLError, OSError):
        return None


def _require_running(process: "subprocess.Popen[bytes]", log: Path, still_s: float) -> None:
    if process.poll() is not None:
        words = last_line(log.read_text(errors="replace"))
        raise GroundswellError(f"groundswell run ended by itself with code {process.returncode}: {words}")
    if still_s > NO_PROGRESS_S:
        raise GroundswellError(
            f"groundswell run made no progress for {NO_PROGRESS_S:.0f} s: {last_line(log.read_text())}"
        )
