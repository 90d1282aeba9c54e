"""The Ray Serve application, without a cluster: what a replica builds, and how the deployment is declared."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from serve.hosting.deployment import Dashboard, ServeArgs, build
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords
from tests.serve.small_lake import TABLES
from tests.serve.small_world import fill


def test_a_replica_answers_from_stores_on_disk(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'records.db'}"
    records = SqlRecords(url)
    world = fill(DeltaLake(tmp_path / "lake", TABLES, durable=False), records, tags=20)
    records.close()
    args = ServeArgs(lake_root=str(tmp_path / "lake"), records_url=url, token="secret", job_agents=world.job_agents)
    with TestClient(Dashboard(args).__serve_build_asgi_app__()) as client:
        assert client.get("/v1/predictions").status_code == 401
        client.headers["Authorization"] = "Bearer secret"
        assert client.get("/v1/predictions").json()["items"][0]["hashtag"] == world.leader
        assert client.get("/v1/status").json()["units"]["used"] == 212
        assert client.get("/").status_code == 200


def test_the_token_is_not_printed() -> None:
    assert "secret" not in repr(ServeArgs(lake_root="x", records_url="y", token="secret"))


def test_a_misspelt_argument_is_refused() -> None:
    with pytest.raises(ValidationError, match="lakeroot"):
        ServeArgs.model_validate({"lakeroot": "x", "records_url": "y"})


def test_the_application_takes_no_cpu_of_the_agents() -> None:
    deployment = build(ServeArgs(lake_root="x", records_url="y", replicas=2))._bound_deployment
    assert deployment.name == "dashboard"
    assert deployment.num_replicas == 2
    assert deployment.ray_actor_options["num_cpus"] == 0
