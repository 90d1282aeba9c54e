import subprocess
import sys
from importlib.metadata import version

HEAVY = ("polars", "pyarrow", "pandas", "pydantic", "sqlmodel", "sklearn", "xgboost", "ray", "fastapi")


def test_the_command_starts_without_the_libraries_of_its_subcommands() -> None:
    code = f"import sys, cli.app; print(*(set({HEAVY}) & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def test_the_version_is_that_of_the_installed_package() -> None:
    printed = subprocess.run([sys.executable, "-m", "cli.app", "--version"], capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == version("groundswell")
