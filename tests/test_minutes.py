import subprocess
import sys
import time
from types import SimpleNamespace
from typing import Any

from tests.support.minutes import FOLDERS, Minutes, ProcessorTime, Usage, seconds_between


def phase(folder: int, when: str, seconds: float, worker: str) -> Any:
    nodeid = f"tests/part{folder}/test_it.py::test_it"
    return SimpleNamespace(nodeid=nodeid, when=when, duration=seconds, processor_s=seconds / 2, worker_id=worker)


def test_the_table_has_the_longest_folders_the_rest_and_each_process() -> None:
    minutes = Minutes()
    for folder in range(FOLDERS + 3):
        for when, seconds in (("setup", 1.0), ("call", float(folder)), ("teardown", 0.5)):
            minutes.pytest_runtest_logreport(phase(folder, when, seconds, f"gw{folder % 2}"))
    minutes.pytest_testnodedown(SimpleNamespace(gateway=SimpleNamespace(id="gw1"), workeroutput={"collected_s": 9.0}))
    lines = minutes.lines()
    assert lines[1].split() == ["tests/part14", "1", "1.5", "14.0", "7.8"]
    assert [line.split()[0] for line in lines[1:-4]] == [f"tests/part{folder}" for folder in range(14, 2, -1)]
    assert lines[-4].split() == ["3", "other", "folders", "3", "4.5", "3.0", "3.8"]
    assert lines[-3].split() == ["all", "15", "22.5", "105.0", "63.8"]
    assert lines[-2:] == [
        "process gw0: 68 s: 0 to collect, 12 to set up, 56 in 8 tests; 34 of processor time",
        "process gw1: 68 s: 9 to collect, 10 to set up, 49 in 7 tests; 30 of processor time",
    ]


def test_processor_time_is_that_of_this_process_and_of_those_it_started() -> None:
    clock = ProcessorTime()
    child = subprocess.Popen([sys.executable, "-c", "print(sum(range(20_000_000)), flush=True); input()"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert child.stdout
    child.stdout.readline()
    while_alive = clock.lap(wall_s=1.0)
    assert while_alive > 0.1
    child.communicate(b"\n")
    assert clock.lap(wall_s=1.0) < while_alive / 2
    until = time.process_time() + 0.2
    while time.process_time() < until:
        pass
    assert 0.1 < clock.lap(wall_s=0.0) < 1.0


def test_what_an_ended_process_used_is_counted_once_whether_its_parent_waited_for_it_or_not() -> None:
    before = {1: Usage(0, 5.0, 1.0), 2: Usage(1, 10.0, 0.0), 3: Usage(2, 4.0, 2.0)}
    waited = {1: Usage(0, 6.0, 1.0), 2: Usage(1, 10.0, 6.5)}
    assert seconds_between(before, waited) == 1.5
    left_alone = {1: Usage(0, 6.0, 1.0), 2: Usage(1, 10.0, 0.0), 4: Usage(2, 0.5, 0.0)}
    assert seconds_between(before, left_alone) == 1.5
