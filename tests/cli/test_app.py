import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

HEAVY = ("polars", "pyarrow", "pandas", "pydantic", "sqlmodel", "sklearn", "xgboost", "ray", "fastapi")


def test_the_command_starts_without_the_libraries_of_its_subcommands() -> None:
    code = f"import sys, cli.app; print(*(set({HEAVY}) & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def test_the_version_is_that_of_the_installed_package() -> None:
    printed = subprocess.run([sys.executable, "-m", "cli.app", "--version"], capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == version("groundswell")


def test_the_installed_command_finds_the_benchmarks_of_its_checkout_from_anywhere(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("groundswell")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [str(script), "bench", "ground", "--texts", "20"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "texts" in done.stdout
