"""What all tests share: one Ray cluster for the whole session."""

from collections.abc import Iterator

import pytest

from tests.postgres_server import postgres_url as postgres_url


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[None]:
    """Ray started once for all tests that need it, without its dashboard; imported only then."""
    from actors.ray_in_place import RayPlan, ray_in_place

    with ray_in_place(RayPlan(num_cpus=8, object_store_mb=200, dashboard_port=None)):
        yield
