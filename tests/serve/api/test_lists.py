import csv
import io

import pytest
from fastapi.testclient import TestClient

from tests.serve.small_lake import BOOSTED, START
from tests.serve.small_world import SmallWorld

LISTS = (
    "trends",
    "predictions",
    "scoreboard",
    "kpis",
    "quality",
    "narratives",
    "themes",
    "alerts",
    "backlog",
    "models",
    "changelog",
    "risks",
    "counterfactuals",
    "collisions",
)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_paged_named_and_dated(client: TestClient, name: str) -> None:
    page = client.get(f"/v1/{name}", params={"limit": 1}).json()
    assert set(page) == {"items", "total", "limit", "offset", "next", "snapshot_id", "data_freshness"}
    assert len(page["items"]) == 1 <= page["total"]
    assert page["data_freshness"] == {"age_s": 1200.0, "level": "ok"}


@pytest.mark.parametrize("name", LISTS)
def test_following_next_visits_every_item_once(client: TestClient, name: str) -> None:
    address = f"/v1/{name}?limit=500"
    seen: list[str] = []
    total = None
    while address:
        page = client.get(address).json()
        seen += [repr(item) for item in page["items"]]
        total, address = page["total"], page["next"]
    assert len(seen) == len(set(seen)) == total


@pytest.mark.parametrize("name", LISTS)
def test_csv_has_the_items_of_the_json(client: TestClient, name: str) -> None:
    items = client.get(f"/v1/{name}?limit=7").json()["items"]
    answer = client.get(f"/v1/{name}?limit=7", headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"].startswith("text/csv")
    assert [list(row) for row in rows] == [list(item) for item in items]
    assert answer.text == client.get(f"/v1/{name}?limit=7&format=csv").text


def test_predictions_come_in_the_order_of_their_rank(client: TestClient) -> None:
    items = client.get("/v1/predictions?limit=500").json()["items"]
    ranks = [item["rank"] for item in items if item["rank"] is not None]
    assert ranks == sorted(ranks)
    assert all(item["rank"] is None for item in items[len(ranks) :])
    assert {item["model_id"] for item in items} == {BOOSTED}


def test_predictions_of_a_past_time_and_of_one_tag(client: TestClient, world: SmallWorld) -> None:
    past = client.get("/v1/predictions", params={"at": "2025-05-03T07:00:00Z", "hashtag": f"#{world.leader.upper()}"})
    assert [(item["at"], item["hashtag"]) for item in past.json()["items"]] == [("2025-05-03T07:00:00Z", world.leader)]
    never = client.get("/v1/predictions", params={"at": "2024-01-01T00:00:00Z"})
    assert never.status_code == 404
    assert "no predictions were made at 2024-01-01" in never.json()["detail"]


def test_scoreboard_tells_hits_from_misses(client: TestClient) -> None:
    items = client.get("/v1/scoreboard?limit=500&offset=500").json()["items"]
    outcomes = {item["outcome"] for item in items}
    assert outcomes == {"hit", "miss"}
    for item in items:
        assert (item["surged_after_h"] is not None) == (item["outcome"] == "hit")
        assert (item["rank"] or 99) <= 10 or item["alerted"]


@pytest.mark.parametrize(("query", "holds"), [("view=first", "first_call"), ("view=alerts", "alerted")])
def test_scoreboard_views(client: TestClient, query: str, holds: str) -> None:
    items = client.get(f"/v1/scoreboard?limit=500&{query}").json()["items"]
    assert items
    assert all(item[holds] for item in items)


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("/v1/trends?limit=0", "limit: input should be greater than or equal to 1, got '0'"),
        ("/v1/trends?limti=5", "limti: there is no such parameter"),
        ("/v1/predictions?at=yesterday", "at: input should be a valid datetime"),
        ("/v1/predictions?at=2025-05-03T07:00:00", "at: input should have timezone info"),
        ("/v1/scoreboard?view=mine", "view: input should be 'all', 'first' or 'alerts', got 'mine'"),
        ("/v1/kpis?offset=-1&format=xml", "offset: input should be greater than or equal to 0, got '-1'; format: "),
    ],
)
def test_bad_parameters_are_answered_in_one_line(client: TestClient, address: str, line: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert line in answer.json()["detail"]
    assert "\n" not in answer.json()["detail"]


def test_kpis_can_be_narrowed(client: TestClient) -> None:
    items = client.get("/v1/kpis?model=champion&scope=early&name=pr_auc").json()["items"]
    assert [(item["model"], item["scope"], item["name"]) for item in items] == [("champion", "early", "pr_auc")]


def test_models_carry_their_aliases(client: TestClient) -> None:
    assert [item["aliases"] for item in client.get("/v1/models").json()["items"]] == [["champion"], ["previous"]]


def test_trends_can_be_only_emerging_ones(client: TestClient) -> None:
    items = client.get("/v1/trends?emerging=true").json()["items"]
    assert all(item["emerging"] and item["window_end"] > START.isoformat() for item in items)


def test_quality_can_be_narrowed_and_the_newest_worst_come_first(client: TestClient) -> None:
    items = client.get("/v1/quality").json()["items"]
    assert [(row["check"], row["level"]) for row in items[:2]] == [("missing", "critical"), ("clock_skew", "warning")]
    critical = client.get("/v1/quality", params={"level": "critical"}).json()["items"]
    assert [(row["entity"], row["value"], row["threshold"]) for row in critical] == [("plays", 0.95, 0.9)]
    assert client.get("/v1/quality", params={"check": "quarantined"}).json()["total"] == 2
    assert client.get("/v1/quality", params={"level": "awful"}).status_code == 422


def test_the_page_says_what_is_wrong_with_the_data(client: TestClient) -> None:
    part = client.get("/partials/data").text
    assert "<b>1 held back</b>" in part
    assert "95" in part
    assert "5 × not a video card" in part
