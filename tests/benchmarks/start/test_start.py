"""The benchmark of a fresh start: what it reads of processes, and what it says about a ratio."""

import json
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.start import report
from benchmarks.start.fixed_work import fixed_work_s
from benchmarks.start.fresh_clone import SetUpFigures, clone, environment
from benchmarks.start.measure import RoundFigures, StartPlan
from benchmarks.start.process_tree import ProcessTree
from benchmarks.start.run import Mark, RunFigures, RunPlan, watch
from core.errors import GroundswellError

CHILD = "import time\nwhile time.process_time() < 0.5: pass\n{then}"
PARENT = """
import subprocess, sys, time
subprocess.run([sys.executable, "-c", {child!r}])
child = subprocess.Popen([sys.executable, "-c", {child!r} + "time.sleep(60)"])
print("ready", flush=True)
time.sleep(60)
"""


def round_of(second_day_s: float, work_s: float) -> RoundFigures:
    ends = [Mark(60.0, 50.0), Mark(100.0, second_day_s)]
    run = RunFigures(Mark(20.0, 15.0), (ends[1], 2.0), ends, 3_500.0, 3_600.0, 30, 0.04)
    return RoundFigures(0.5, work_s, SetUpFigures(40.0, 25.0), run)


def test_a_tree_counts_descendants_and_keeps_the_time_of_those_that_ended() -> None:
    command = [sys.executable, "-c", PARENT.format(child=CHILD.format(then=""))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        tree = ProcessTree(parent.pid)
        assert parent.stdout is not None
        while tree.processor_s() < 0.3:
            time.sleep(0.05)
        assert parent.stdout.readline() == "ready\n"
        while tree.processor_s() < 0.7:
            time.sleep(0.05)
        memory, count = tree.memory()
        assert count == 2
        assert memory > 5
        used = tree.processor_s()
        tree.kill()
        parent.wait()
    assert tree.processor_s() == pytest.approx(used, abs=0.5)


def test_the_fixed_work_takes_processor_time() -> None:
    assert fixed_work_s() > 0.2


def test_a_clone_is_that_of_the_commit_and_its_environment_leads_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("GROUNDSWELL_TOKEN", "secret")
    assert not {"PYTHONPATH", "GROUNDSWELL_TOKEN"} & set(environment())
    assert (clone(tmp_path) / "requirements.lock").is_file()


def test_a_run_that_ends_by_itself_is_one_line_with_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('no room'); raise SystemExit(3)"]
    with pytest.raises(GroundswellError, match="ended by itself with code 3: no room"):
        watch(RunPlan(command, tmp_path, tmp_path / "home", days=2, units=300), lambda line: None)


def test_the_page_keeps_the_ratio_that_later_rounds_are_compared_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "PAGE", tmp_path / "start.md")
    assert report.recorded_ratio() is None
    rounds = [round_of(90.0, 3.0), round_of(60.0, 3.0), round_of(93.0, 3.0)]
    report.write(rounds, StartPlan(days=2, units=300, set_up=True, keep=False))
    assert report.recorded_ratio() == 30.0
    assert "40 (25)" in report.PAGE.read_text()
    assert json.loads(json.dumps([asdict(row) for row in rounds]))[0]["run"]["processes"] == 30


def test_a_ratio_that_rose_by_half_is_named_and_a_lower_one_is_not() -> None:
    assert "NOTE: that is 1.5 times the recorded ratio" in report.comparison([round_of(45.0, 1.0)], 30.0)
    assert "NOTE" not in report.comparison([round_of(44.0, 1.0)], 30.0)
    assert "none is recorded" in report.comparison([round_of(44.0, 1.0)], None)
