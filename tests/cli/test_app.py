import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app

HEAVY = ("polars", "pyarrow", "pandas", "pydantic", "sqlmodel", "sklearn", "xgboost", "ray", "fastapi", "numpy", "rich")
SHOWN = """
import sys
from cli.app import main
sys.argv[1:] = {arguments}
try:
    main()
except SystemExit as ended:
    print(ended.code, *(set({heavy}) & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", ["--version", "--help", "-h", "run --help", "lake -h", "bench --help"])
def test_help_and_version_are_shown_without_the_libraries_of_the_commands(arguments: str) -> None:
    code = SHOWN.format(arguments=arguments.split(), heavy=HEAVY)
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stderr.split() == ["0"]
    assert shown.stdout


def test_short_and_long_help_are_the_same() -> None:
    short, long = (CliRunner().invoke(app, ["run", option]).output for option in ("-h", "--help"))
    assert short == long
    assert "--home" in long


def test_help_lists_each_command_with_its_whole_first_paragraph() -> None:
    words = " ".join(CliRunner().invoke(app, ["--help"]).output.split())
    assert "exit code 1 when one is rejected. With --json a line of JSON for each." in words
    assert "Folder of the installation [default: .groundswell]" in CliRunner().invoke(app, ["run", "--help"]).output


def test_units_keep_their_earlier_name_without_showing_it() -> None:
    shown = CliRunner().invoke(app, ["standin", "--help"]).output
    assert "--units " in shown
    assert "per-day" not in shown
    listed = CliRunner().invoke(app, ["standin", "--units-per-day", "300", "--fault", "list"])
    assert listed.exit_code == 0, listed.output


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
