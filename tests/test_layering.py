"""The arrows of the design: what may import what."""

import ast
from pathlib import Path

import pytest

from tests.support.paths import ROOT

BELOW = {
    "core": set(),
    "sources": {"core"},
    "storage": {"core"},
    "models": {"core"},
    "prompts": {"core"},
    "pipelines": {"core", "sources", "storage", "models", "prompts"},
    "tuning": {"core", "sources", "storage", "models", "prompts"},
    "configs": {"core"},
}
BELOW["actors"] = {*BELOW["pipelines"], "pipelines", "tuning"}
BELOW["serve"] = {*BELOW["actors"], "actors"}
BELOW["benchmarks"] = {*BELOW["serve"], "serve", "configs"}
BELOW["cli"] = {*BELOW["benchmarks"], "benchmarks"}
HOUSE = set(BELOW)
RAY_ALLOWED = {"actors", "serve", "tuning", "benchmarks", "cli"}
IMPURE_IN_CORE = {
    "ray",
    "httpx",
    "requests",
    "sqlmodel",
    "sqlalchemy",
    "deltalake",
    "duckdb",
    "os",
    "pathlib",
    "time",
    "socket",
}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


def modules() -> list[Path]:
    return sorted(path for package in HOUSE for path in (ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_lies_below(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    found = imported(path)
    wrong = (found & HOUSE) - BELOW[package] - {package}
    assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"
    allowed = package in RAY_ALLOWED or path.relative_to(ROOT).as_posix() == "pipelines/metrics/parallel.py"
    assert allowed or "ray" not in found, f"{path.relative_to(ROOT)} imports ray"
    if package == "core":
        assert not found & IMPURE_IN_CORE, f"{path.relative_to(ROOT)} is not pure: {sorted(found & IMPURE_IN_CORE)}"


def test_relative_imports_are_not_used() -> None:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), path


def test_folders_are_at_most_two_deep() -> None:
    deep = [path for path in modules() if len(path.relative_to(ROOT).parts) > 3 and "records" not in path.parts]
    assert not deep
