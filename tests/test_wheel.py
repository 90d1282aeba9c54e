"""The built wheel: it holds the product with all its data, and nothing that only tests and benchmarks use."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.paths import ROOT

BUILD = "import sys; from setuptools.build_meta import build_wheel; print(build_wheel(sys.argv[1]))"
RUN = """
import sys
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in repr(finder).lower()]
from cli.app import main
main()
"""
LEFT_OUT = ("benchmarks/", "tests/", "storage/memory/")
PRODUCT = (
    "actors",
    "cli",
    "configs",
    "core",
    "models",
    "pipelines",
    "prompts",
    "serve",
    "sources",
    "storage",
    "tuning",
)


def tracked() -> list[str]:
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return [path for path in listed if (ROOT / path).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the checkout, so that nothing is left in the checkout itself."""
    copy, out = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("wheel")
    for path in tracked():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, copy / path)
    built = subprocess.run(
        [sys.executable, "-c", BUILD, str(out)], cwd=copy, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    return next(out.glob("*.whl"))


def test_the_wheel_holds_every_module_and_data_file_of_the_product_and_no_other(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {path for path in tracked() if path.split("/")[0] in PRODUCT and not path.startswith(LEFT_OUT)}
    assert inside == expected


def test_the_installed_command_works_and_bench_without_a_checkout_is_one_line(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", RUN, *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=200
        )

    shown = run("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "replay" in shown.stdout
    bench = run("bench", "world")
    assert (bench.returncode, bench.stdout) == (1, "")
    assert bench.stderr == ("groundswell: the benchmarks are not installed: run `groundswell bench` in a checkout\n")
