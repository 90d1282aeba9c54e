"""A plugin of pytest that prints where the minutes of a run went: by folder of tests, and by process."""

import os
import time
from collections import defaultdict
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import psutil
import pytest

FOLDERS = 12
LONG_S = 0.1
ALONE = "alone"


@dataclass
class Spent:
    """Seconds that tests took.

    Parameters
    ----------
    tests: tests that were called
    set_up_s: wall-clock seconds of fixtures, set up and torn down
    call_s: wall-clock seconds of the tests themselves
    processor_s: seconds of processor time of both, of this process and of those it started
    """

    tests: int = 0
    set_up_s: float = 0.0
    call_s: float = 0.0
    processor_s: float = 0.0

    @property
    def wall_s(self) -> float:
        """Wall-clock seconds altogether."""
        return self.set_up_s + self.call_s

    def add(self, when: str, wall_s: float, processor_s: float) -> None:
        """Count a phase of a test: "setup", "call" or "teardown"."""
        if when == "call":
            self.tests += 1
            self.call_s += wall_s
        else:
            self.set_up_s += wall_s
        self.processor_s += processor_s


class Usage(NamedTuple):
    """Processor time of a process in seconds: its own, and that of its children that ended and that it waited for."""

    parent: int
    own_s: float
    ended_s: float


def seconds_between(before: Mapping[int, Usage], after: Mapping[int, Usage]) -> float:
    """Processor time between two looks at the same processes, by id; of those that ended, what their parents saw."""
    gone: dict[int, float] = defaultdict(float)
    for pid, usage in before.items():
        if pid not in after:
            gone[usage.parent] += usage.own_s + usage.ended_s
    seconds = 0.0
    for pid, usage in after.items():
        earlier = before.get(pid, Usage(usage.parent, 0.0, 0.0))
        seconds += max(usage.own_s - earlier.own_s, 0.0) + max(usage.ended_s - earlier.ended_s - gone[pid], 0.0)
    return seconds


class ProcessorTime:
    """Processor time of this process and its descendants, from lap to lap."""

    def __init__(self) -> None:
        self._self = psutil.Process()
        self._before = self._usages()

    def lap(self, wall_s: float) -> float:
        """Seconds since the last lap; a short one has those of this process alone, and the next long one the others."""
        if wall_s > LONG_S:
            after = self._usages()
        else:
            own = os.times()
            after = {**self._before, self._self.pid: self._before[self._self.pid]._replace(own_s=own.user + own.system)}
        seconds, self._before = seconds_between(self._before, after), after
        return seconds

    def _usages(self) -> dict[int, Usage]:
        usages = {}
        for process in [self._self, *self._self.children(recursive=True)]:
            try:
                with process.oneshot():
                    spent = process.cpu_times()
                    ended_s = spent.children_user + spent.children_system
                    usages[process.pid] = Usage(process.ppid(), spent.user + spent.system, ended_s)
            except psutil.Error:  # It ended in between.
                continue
        return usages


class Minutes:
    """Measures in the process that runs the tests, adds up and prints in the one that reports."""

    def __init__(self) -> None:
        self.folders: dict[str, Spent] = defaultdict(Spent)
        self.processes: dict[str, Spent] = defaultdict(Spent)
        self.collections: dict[str, float] = {}
        self._started = time.monotonic()
        self._collected_s = 0.0
        self._processor = ProcessorTime()

    def pytest_collection_finish(self) -> None:
        self._collected_s = time.monotonic() - self._started
        self._processor.lap(self._collected_s)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        report.processor_s = self._processor.lap(call.duration)  # type: ignore[attr-defined]
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        folder = report.nodeid.partition("::")[0].rpartition("/")[0]
        for spent in (self.folders[folder], self.processes[getattr(report, "worker_id", ALONE)]):
            spent.add(report.when or "", report.duration, getattr(report, "processor_s", 0.0))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["collected_s"] = self._collected_s
        else:
            self.collections.setdefault(ALONE, self._collected_s)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.collections[node.gateway.id] = getattr(node, "workeroutput", {}).get("collected_s", 0.0)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if len(self.folders) > 1:
            terminalreporter.section("where the minutes went")
            for line in self.lines():
                terminalreporter.write_line(line)

    def lines(self) -> list[str]:
        """The folders that took longest, what the others took together, and each process; in seconds."""
        ranked = sorted(self.folders.items(), key=lambda item: -item[1].wall_s)
        rows = ranked[:FOLDERS]
        if rest := ranked[FOLDERS:]:
            rows.append((f"{len(rest)} other folders", _together([spent for _, spent in rest])))
        rows.append(("all", _together(list(self.folders.values()))))
        width = max(len(name) for name, _ in rows)
        lines = [f"{'in seconds':{width}} {'tests':>6} {'set-up':>8} {'call':>8} {'processor':>10}"]
        lines += [
            f"{name:{width}} {spent.tests:6} {spent.set_up_s:8.1f} {spent.call_s:8.1f} {spent.processor_s:10.1f}"
            for name, spent in rows
        ]
        for name, spent in sorted(self.processes.items()):
            collected = self.collections.get(name, 0.0)
            lines.append(
                f"process {name}: {collected + spent.wall_s:.0f} s: {collected:.0f} to collect, {spent.set_up_s:.0f} "
                f"to set up, {spent.call_s:.0f} in {spent.tests} tests; {spent.processor_s:.0f} of processor time"
            )
        return lines


def _together(parts: list[Spent]) -> Spent:
    return Spent(
        sum(part.tests for part in parts),
        sum(part.set_up_s for part in parts),
        sum(part.call_s for part in parts),
        sum(part.processor_s for part in parts),
    )
