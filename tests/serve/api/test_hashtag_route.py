from fastapi.testclient import TestClient

from tests.serve.small_lake import BOOSTED
from tests.serve.small_world import SmallWorld


def test_a_hashtag_is_told_whole(client: TestClient, world: SmallWorld) -> None:
    answer = client.get(f"/v1/hashtags/{world.leader}").json()
    assert answer["hashtag"] == answer["now"]["hashtag"] == world.leader
    assert answer["metrics"][-1]["window_end"] == answer["predictions"][-1]["at"] == "2025-05-15T00:00:00Z"
    assert answer["outcomes"]
    assert answer["narratives"][0]["hashtag"] == world.leader
    assert [row["window_end"] for row in answer["metrics"]] == sorted(row["window_end"] for row in answer["metrics"])


def test_a_tag_is_found_however_it_is_written(client: TestClient, world: SmallWorld) -> None:
    assert client.get(f"/v1/hashtags/%23{world.leader.upper()}").json()["hashtag"] == world.leader


def test_an_unknown_tag_is_a_problem(client: TestClient) -> None:
    answer = client.get("/v1/hashtags/nobodyusesthis")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["title"] == "Not Found"
    assert "#nobodyusesthis was not seen in the last 30 days" in answer.json()["detail"]


def test_status_names_the_nine_agents(client: TestClient) -> None:
    status = client.get("/v1/status").json()
    agents = {agent["name"]: agent for agent in status["agents"]}
    assert len(agents) == 9
    assert len({agent["pid"] for agent in agents.values()}) == 9
    assert agents["semantic"]["restarts"] == 1
    assert agents["ingestion"]["last_event"] == "INGEST_DONE"
    assert agents["governance"]["last_job_error"] == "the disk is almost full: 120 MB left"
    assert (status["units"]["used"], status["units"]["cap"]) == (212, 300)
    assert (status["champion"], status["trained"]) == (BOOSTED, True)
    assert status["source"] == {"kind": "standin", "simulated": True}
    assert (status["clock"], status["now"]) == ("virtual", "2025-05-15T00:20:00Z")


def test_health_answers(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"


def test_the_interface_describes_itself(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/v1/trends", "/v1/predictions", "/v1/hashtags/{tag}", "/v1/kpis", "/v1/scoreboard", "/v1/status"} <= set(
        paths
    )
    assert "/" not in paths
