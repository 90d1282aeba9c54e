"""What all tests share: one Ray cluster for the whole session, and which process runs which tests."""

import os
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import settings

from tests.support.minutes import Minutes
from tests.support.paths import ROOT
from tests.support.postgres_server import postgres_url as postgres_url

settings.register_profile("groundswell", deadline=None)  # a busy machine fails no test
settings.load_profile("groundswell")


def pytest_configure(config: pytest.Config) -> None:
    """Say at the end where the minutes went, and let the many processes of the tests share compiled libraries.

    Where the environment forbids bytecode, every agent, worker and command would compile all that it imports anew.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    config.pluginmanager.register(Minutes(), "minutes")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need Ray come first: they take longest."""
    items.sort(key=lambda item: not _needs_ray(item.nodeid.partition("::")[0]))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Two processes share the tests: files stay whole, and one process takes all that need Ray, on one cluster."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "ray" if _needs_ray(file) else file

    return Scheduling(config, log)


@cache
def _needs_ray(file: str) -> bool:
    return "ray_cluster" in (ROOT / file).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[None]:
    """Ray started once for all tests that need it, without its dashboard; imported only then."""
    from actors.runtime.local_ray import RayPlan, local_ray

    with local_ray(RayPlan(num_cpus=8, object_store_mb=200, dashboard_port=None)):
        yield
