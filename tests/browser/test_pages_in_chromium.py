"""The pages in a real browser, over a small world of data."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
import uvicorn

from serve.hosting import vendor
from serve.hosting.app import build_api
from serve.reading.reader import Reader
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.serve.small_lake import NOW, TABLES
from tests.serve.small_world import fill
from tests.support.requirements import require

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def serving() -> Iterator[Callable[[Reader], str]]:
    """Serves readers on free ports until the module is done."""
    servers: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(reader: Reader) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(build_api(reader), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        servers.append((server, thread))
        while not server.started:
            time.sleep(0.01)
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield start
    for server, thread in servers:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    return Path(os.environ.get("GROUNDSWELL_SCREENSHOTS") or tmp_path)


def world_after(days: float) -> Reader:
    lake, records = MemoryLake(TABLES), MemoryRecords()
    until = NOW - timedelta(days=14 - days)
    world = fill(lake, records, until=until)
    return Reader(lake, records, wall=lambda: until, units_cap=300, job_agents=world.job_agents)


@pytest.fixture(scope="module")
def walking() -> ModuleType:
    """The click-through, where the machine can do it."""
    module = pytest.importorskip("tests.browser.walk", reason="playwright is not installed")
    require(Path(module.CHROMIUM).exists(), f"no Chromium at {module.CHROMIUM}")
    require(vendor.is_present(), vendor.HINT)
    return module


def test_a_person_can_walk_through(walking: ModuleType, serving: Callable[[Reader], str], screenshots: Path) -> None:
    base_url = serving(world_after(14))
    with walking.chromium() as browser:
        shots = walking.walk(browser.new_page(), base_url, screenshots)
    assert len(shots) == 14
    assert all(shot.stat().st_size > 5_000 for shot in shots)


def test_the_first_days_are_told_while_they_are_played(
    walking: ModuleType, serving: Callable[[Reader], str], screenshots: Path
) -> None:
    base_url = serving(world_after(1.5))
    with walking.chromium() as browser:
        page = browser.new_page()
        complaints = walking.Complaints(page, base_url)
        walking.look(page, base_url, "/", "first-days", screenshots)
        assert "Day 1.5 of 14" in page.inner_text("#now")
        assert "No trained model yet" in page.inner_text("#picks")
    assert not complaints.lines


def test_an_empty_installation_says_what_is_to_come(
    walking: ModuleType, serving: Callable[[Reader], str], screenshots: Path
) -> None:
    base_url = serving(Reader(MemoryLake(TABLES), MemoryRecords(), wall=lambda: NOW))
    with walking.chromium() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 900})
        complaints = walking.Complaints(page, base_url)
        page.goto(base_url)
        assert "first predictions" in page.inner_text("#picks")
        assert "None" not in page.inner_text("body")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=screenshots / "empty-390.png", full_page=True)
    assert not complaints.lines
