"""What all tests share: one Ray cluster for the whole session."""

from collections.abc import Iterator

import pytest

from tests.postgres_server import postgres_url as postgres_url


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two processes share the tests: one takes all that need Ray, first, on one cluster; files stay whole."""
    for item in items:
        group = "ray" if _needs_ray(item) else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: not _needs_ray(item))


def _needs_ray(item: pytest.Item) -> bool:
    return "ray_cluster" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[None]:
    """Ray started once for all tests that need it, without its dashboard; imported only then."""
    from actors.ray_in_place import RayPlan, ray_in_place

    with ray_in_place(RayPlan(num_cpus=8, object_store_mb=200, dashboard_port=None)):
        yield
