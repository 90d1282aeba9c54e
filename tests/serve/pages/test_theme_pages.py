"""Themes as the interface and the pages tell of them."""

from fastapi.testclient import TestClient

from tests.serve.small_world import SmallWorld


def test_themes_are_those_of_the_newest_clustering(client: TestClient) -> None:
    items = client.get("/v1/themes").json()["items"]
    assert {item["cluster_id"] for item in items} == {"c0", "c1", "c2", "c3", "c5", "c6"}
    gains = [item["views_gained"] for item in items]
    assert gains == sorted(gains, reverse=True)
    by_id = {item["cluster_id"]: item for item in items}
    assert by_id["c6"]["size_24h_ago"] is None
    assert by_id["c0"]["size"] - by_id["c0"]["size_24h_ago"] == 1
    assert all(item["size"] == len(item["members"]) for item in items)


def test_gains_and_growth_are_those_of_the_hashtags(client: TestClient) -> None:
    (theme,) = client.get("/v1/themes?hashtag=%23MoonlitBakes").json()["items"]
    trends = {row["hashtag"]: row for row in client.get("/v1/trends?limit=500").json()["items"]}
    mine = [trends[tag] for tag in theme["members"]]
    gained, before = (sum(row["delta_24h"] for row in mine), sum(row["views_total"] - row["delta_24h"] for row in mine))
    assert theme["views_gained"] == sum(row["views_gained"] for row in mine)
    assert abs(theme["growth_24h"] - gained / before) < 1e-12


def test_a_theme_has_a_page_with_its_hashtags_and_history(client: TestClient) -> None:
    page = client.get("/themes/c0").text
    for words in ("Home Baking", "#<bdi>moonlitbakes</bdi>", "appeared with 3 hashtags", "took in 4 hashtags of"):
        assert words in page
    assert 'lost 3 hashtags to <a href="/themes/c6">another theme</a>' in page
    assert "gone since" in client.get("/themes/c4").text
    assert client.get("/themes/nonsense").status_code == 404


def test_the_theme_stands_beside_its_hashtags(client: TestClient, world: SmallWorld) -> None:
    assert "All 6 themes" not in client.get("/").text
    assert 'href="/themes/c0"' in client.get("/").text
    assert 'href="/themes/c0">Home Baking</a>' in client.get("/hashtags/moonlitbakes").text
    assert "6 groups of hashtags" in client.get("/themes").text
