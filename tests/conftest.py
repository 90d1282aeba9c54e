"""What all tests share: one Ray cluster for the whole session."""

from collections.abc import Iterator

import pytest

from actors.house import RayPlan, ray_in_place


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[None]:
    """Ray started once for all tests that need it, without its dashboard."""
    with ray_in_place(RayPlan(num_cpus=8, object_store_mb=200, dashboard_port=None)):
        yield
