"""The pages for readers: every link resolves, and every path and command they name exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from cli.app import app
from configs.cadence import load_cadence
from tests.support.paths import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PACKAGES = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {"docs", "tests"}
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_NEW = re.compile(r"`([^`\n]+)`\*{0,2} \(a new file")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"^[\w.-]+(/[\w.*-]+)*/?$")


def prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings: set[str] = set()
    for line in prose(page).splitlines():
        if line.startswith("#"):
            text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line.lstrip("#").strip()).lower()
            anchor = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
            repeated = sum(name == anchor or name.startswith(f"{anchor}-") for name in headings)
            headings.add(f"{anchor}-{repeated}" if anchor in headings else anchor)
    return headings


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_resolve(page: Path) -> None:
    broken = []
    for target in _LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert not broken


def paths(page: Path) -> Iterator[str]:
    """Paths in backticks that begin with the name of a package; new files of a how-to are left out."""
    text = prose(page)
    new = set(_NEW.findall(text))
    for code in _CODE.findall(text):
        if code in new:
            continue
        path = code.split("::")[0].split("#")[0]
        if _PATH.match(path) and "/" in path and path.split("/")[0] in PACKAGES:
            yield path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_in_backticks_exist(page: Path) -> None:
    assert [path for path in paths(page) if not any(ROOT.glob(path.rstrip("/")))] == []


def commands(page: Path) -> Iterator[list[str]]:
    """The words behind `groundswell` wherever code calls it: the command, its subcommand, perhaps arguments."""
    text = page.read_text(encoding="utf-8")
    fenced = "\n".join(_FENCE.findall(text))
    for code in [*_CODE.findall(prose(page)), *fenced.splitlines()]:
        for call in re.findall(r"(?:^|[ /])groundswell((?: [a-z][a-z-]*)+)", code):
            yield call.split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_exist(page: Path) -> None:
    root = typer.main.get_command(app)
    for words in commands(page):
        command = root
        for word in words:
            if not hasattr(command, "commands"):
                break
            assert word in command.commands, f"groundswell {' '.join(words)}"
            command = command.commands[word]


def test_every_job_of_the_cadence_has_its_row_on_the_page_of_agents() -> None:
    page = (ROOT / "docs" / "agents.md").read_text(encoding="utf-8")
    rows = [line.split("|")[2] for line in page.splitlines() if line.startswith("|")]
    assert {job.name for job in load_cadence()} <= {name for row in rows for name in _CODE.findall(row)}
