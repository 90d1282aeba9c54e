"""The structure of the code: which package may import which, how large files and folders may be, and names."""

import ast
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
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
TOP = set(BELOW)

RAY_ALLOWED = {"actors", "serve", "tuning", "benchmarks", "cli"}
RAY_ALLOWED_FILES = {"pipelines/metrics/parallel.py"}
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
MOST_FILES, MOST_LINES, MOST_LEVELS = 25, 350, 3
GROWING = {"docs/decisions"}
"""Folders that gain a file with every record and never lose one."""
VAGUE = {"told", "said", "one", "found", "known", "asked"}
STORED = {("storage/records/rows_prompts.py", "asked"), ("serve/api/narrative_schemas.py", "asked")}
"""A column of a records' table and its answer, whose name users see."""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def tracked() -> tuple[str, ...]:
    """Files of the checkout that git knows or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return tuple(sorted(name for name in listed if name and (ROOT / name).is_file()))


@cache
def modules() -> Mapping[str, Path]:
    """Every module of the product by its dotted name; a package goes by the name of its folder."""
    paths = [ROOT / name for name in tracked() if name.endswith(".py") and name.split("/")[0] in TOP]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def package_of(module: str) -> str:
    return module if modules()[module].name == "__init__.py" else module.rpartition(".")[0]


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, at its top or inside a function; a name inside a module as that module."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules() else node.module


def circles(arrows: Mapping[str, set[str]]) -> list[list[str]]:
    """The sets of nodes that reach each other (Tarjan's strongly connected components of more than one node)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    result: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in sorted(arrows.get(node, ())):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                result.append(sorted(group))

    for node in sorted(arrows):
        if node not in index:
            visit(node)
    return result


def test_circles_are_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == [["b", "c"]]
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_what_lies_below(module: str) -> None:
    path = modules()[module]
    name, top = path.relative_to(ROOT).as_posix(), module.partition(".")[0]
    tops = {imported.partition(".")[0] for imported in imports(path)}
    wrong = (tops & TOP) - BELOW[top] - {top}
    assert not wrong, f"{name} imports {sorted(wrong)}"
    assert top in RAY_ALLOWED or name in RAY_ALLOWED_FILES or "ray" not in tops, f"{name} imports ray"
    if top == "core":
        assert not tops & IMPURE_IN_CORE, f"{name} is not pure: {sorted(tops & IMPURE_IN_CORE)}"


def test_no_two_packages_import_each_other() -> None:
    arrows: dict[str, set[str]] = defaultdict(set)
    for module, path in modules().items():
        targets = {package_of(name) for name in imports(path) if name in modules()}
        arrows[package_of(module)] |= targets - {package_of(module)}
    assert circles(arrows) == []


def test_no_two_files_import_each_other() -> None:
    arrows = {module: {name for name in imports(path) if name in modules()} for module, path in modules().items()}
    assert circles(arrows) == []


def test_settings_are_read_by_entry_points_only() -> None:
    readers = {m.partition(".")[0] for m, path in modules().items() if "configs.settings" in set(imports(path))}
    assert readers <= {"cli", "benchmarks", "configs"}


def test_relative_imports_are_not_used() -> None:
    for path in modules().values():
        for node in ast.walk(tree(path)):
            assert not (isinstance(node, ast.ImportFrom) and node.level), path


def test_folders_and_files_stay_small() -> None:
    folders: dict[str, int] = defaultdict(int)
    for name in tracked():
        folders[name.rpartition("/")[0]] += 1
    assert {name: count for name, count in folders.items() if count > MOST_FILES and name not in GROWING} == {}
    long = {
        name: count
        for name in tracked()
        if name.endswith(".py") and (count := (ROOT / name).read_bytes().count(b"\n")) > MOST_LINES
    }
    assert long == {}
    deep = [name for name in tracked() if name.count("/") > MOST_LEVELS and "migrations" not in name]
    assert [name for name in deep if name.split("/")[0] in TOP and name.endswith(".py")] == []


@pytest.mark.parametrize("package", sorted({package_of(module) for module in modules()}))
def test_a_package_says_what_lives_there(package: str) -> None:
    text = ast.get_docstring(tree(modules()[package]))
    assert text, f"{package} has no docstring"
    assert text.count(".") >= 2, f"{package}: two sentences, the second names the entry points"


def test_class_names_are_unique() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for module, path in modules().items():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(module)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def names_given(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of every variable, argument and field that a file makes."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def test_names_say_what_they_hold() -> None:
    vague = [
        f"{path}:{line}: {name}"
        for path in sorted(name for name in tracked() if name.endswith(".py"))
        for line, name in names_given(ROOT / path)
        if name.lstrip("_").lower() in VAGUE and (path, name) not in STORED
    ]
    assert vague == []
