import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from fastapi.testclient import TestClient

from serve.hosting.app import build_api
from serve.reading.narrative_view import narrative_view, narrative_views
from serve.reading.reader import Reader
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.serve.small_lake import NOW, TABLES
from tests.serve.small_world import fill


@pytest.fixture
def lake_records() -> tuple[MemoryLake, MemoryRecords]:
    lake, records = MemoryLake(TABLES), MemoryRecords()
    fill(lake, records, tags=24)
    return lake, records


@pytest.fixture
def client(lake_records: tuple[MemoryLake, MemoryRecords]) -> Iterator[TestClient]:
    reader = Reader(*lake_records, wall=lambda: NOW, fresh_for=0.0)
    with TestClient(build_api(reader)) as client:
        yield client


def listed(client: TestClient, **query: str) -> list[dict]:  # type: ignore[type-arg]
    return client.get("/v1/narratives", params=query).json()["items"]


def address(narrative: dict) -> str:  # type: ignore[type-arg]
    return f"/v1/narratives/{quote(narrative['narrative_id'], safe='')}"


def test_a_decision_is_taken_in_shown_and_counted(client: TestClient) -> None:
    narrative = listed(client)[1]
    assert (narrative["status"], narrative["model"], narrative["checked"], narrative["decision"]) == (
        "accepted",
        "SmolLM2",
        True,
        None,
    )
    answer = client.post(f"{address(narrative)}/feedback", json={"decision": "ACCEPT", "reason": "clear"})
    assert answer.status_code == 201
    assert answer.json()["prompt_id"] == "narrative@1:aaaa"
    assert [row["narrative_id"] for row in listed(client, decision="ACCEPT")] == [narrative["narrative_id"]]
    version = client.get("/v1/prompts", params={"name": "narrative"}).json()["items"][0]
    assert (version["people_accept"], version["narrative_acceptance"], version["acceptance"]) == (1, 1.0, 0.4)
    assert version["in_use"]
    assert version["violations"] == {"number": 5, "form": 1}


def test_an_edited_text_counts_and_says_whether_it_can_be_traced(client: TestClient) -> None:
    narrative = listed(client)[1]
    good = {"decision": "EDIT", "text": "11k views in the last hour, on posts of 6 creators."}
    assert client.post(f"{address(narrative)}/feedback", json=good).json()["violations"] == []
    shown = listed(client)[1]
    assert (shown["text"], shown["checked"], shown["decision"]) == (good["text"], True, "EDIT")
    bad = {"decision": "EDIT", "text": "A million views!"}
    assert client.post(f"{address(narrative)}/feedback", json=bad).status_code == 201
    answer = client.post(f"{address(narrative)}/feedback", json={"decision": "EDIT", "text": "It gained 77k views."})
    assert [wrong["rule"] for wrong in answer.json()["violations"]] == ["number"]
    detail = client.get(address(narrative)).json()
    assert detail["narrative"]["checked"] is False
    assert detail["written"] == narrative["text"]
    assert [row["decision"] for row in detail["feedback"]] == ["EDIT", "EDIT", "EDIT"]
    assert detail["evidence"]["metrics"][0]["id"] == "m1"


def test_after_accepting_a_persons_text_it_still_counts(client: TestClient) -> None:
    narrative = listed(client)[0]
    client.post(f"{address(narrative)}/feedback", json={"decision": "EDIT", "text": "12k views."})
    client.post(f"{address(narrative)}/feedback", json={"decision": "ACCEPT"})
    assert (listed(client)[0]["text"], listed(client)[0]["decision"]) == ("12k views.", "ACCEPT")


def test_a_rejected_text_is_not_shown_beside_its_prediction(client: TestClient) -> None:
    narrative = listed(client)[0]
    line = narrative["text"].splitlines()[1]
    assert line in client.get("/partials/picks").text
    client.post(f"{address(narrative)}/feedback", json={"decision": "REJECT", "reason": "says nothing"})
    assert line not in client.get("/partials/picks").text
    assert "says nothing" in client.get("/words").text


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ({"decision": "EDIT"}, 422, "an edit needs the edited text"),
        ({"decision": "ACCEPT", "text": "x"}, 422, "goes with EDIT"),
        ({"decision": "PERHAPS"}, 422, "decision"),
        ({"decision": "ACCEPT", "mood": 1}, 422, "mood"),
    ],
)
def test_what_makes_no_sense_is_one_line(client: TestClient, body: dict, status: int, detail: str) -> None:  # type: ignore[type-arg]
    answer = client.post(f"{address(listed(client)[0])}/feedback", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert detail in answer.json()["detail"]


def test_an_unknown_narrative_is_not_found(client: TestClient) -> None:
    answer = client.post("/v1/narratives/none@x/feedback", json={"decision": "ACCEPT"})
    assert answer.status_code == 404
    assert "/v1/narratives lists" in answer.json()["detail"]
    assert client.get("/v1/narratives/none@x").status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Origin": "http://testserver"}, 201),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, 403),
    ],
)
def test_another_sites_page_may_decide_nothing(client: TestClient, headers: dict[str, str], status: int) -> None:
    path = f"{address(listed(client)[0])}/feedback"
    assert client.post(path, json={"decision": "ACCEPT"}, headers=headers).status_code == status
    assert bool(listed(client)[0]["decision"]) == (status == 201)
    assert client.get("/words", headers=headers).status_code == 200


def test_decisions_need_the_token_where_there_is_one(lake_records: tuple[MemoryLake, MemoryRecords]) -> None:
    guarded = TestClient(build_api(Reader(*lake_records, wall=lambda: NOW), token="t"))
    path = "/v1/narratives/x/feedback"
    assert guarded.post(path, json={"decision": "ACCEPT"}).status_code == 401
    assert guarded.post("/words/x/feedback", content="decision=ACCEPT").status_code == 401
    assert guarded.post(path, json={"decision": "ACCEPT"}, headers={"Authorization": "Bearer t"}).status_code == 404


def form(client: TestClient, path: str, *, htmx: bool = False, **fields: str):  # type: ignore[no-untyped-def]
    headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"HX-Request": "true"} if htmx else {})
    return client.post(path, content=urlencode(fields), headers=headers, follow_redirects=False)


def test_the_page_takes_decisions_with_scripts_and_without(client: TestClient) -> None:
    page = client.get("/words").text
    paths = re.findall(r'action="([^"]+)"', page)
    assert len(paths) == 10
    text = "It's 12k views & more."
    answer = form(client, paths[0], htmx=True, decision="EDIT", text=text, reason="shorter")
    assert answer.status_code == 200
    assert "It&#39;s 12k views &amp; more." in answer.text
    assert "edited by a person" in answer.text
    assert "every figure can be traced" in answer.text
    plain = form(client, paths[1], decision="ACCEPT", text="whatever stood in the box")
    assert plain.status_code == 303
    assert plain.headers["location"].startswith("/words#text-")
    assert [row["decision"] for row in listed(client)[:2]] == ["EDIT", "ACCEPT"]


def test_the_page_says_why_a_decision_was_not_taken_in(client: TestClient) -> None:
    path = re.findall(r'action="([^"]+)"', client.get("/words").text)[0]
    assert "an edit needs the edited text" in form(client, path, htmx=True, decision="EDIT", text=" ").text
    refused = form(client, path, decision="nonsense")
    assert refused.status_code == 422
    assert "choose to accept, edit or reject" in refused.text
    assert form(client, "/words/none/feedback", decision="ACCEPT").status_code == 404
    assert listed(client)[0]["decision"] is None


def test_the_page_says_which_model_writes(client: TestClient, lake_records: tuple[MemoryLake, MemoryRecords]) -> None:
    assert "SmolLM2 writes" in client.get("/partials/prompts").text
    records = lake_records[1]
    records.put_value("language_model", {"model": "SmolLM2", "problem": "no answer within 60 s"}, NOW)
    assert "did not answer: no answer within 60 s" in client.get("/partials/prompts").text
    records.put_value("language_model", {"model": None, "problem": ""}, NOW)
    assert "No language model is set up" in client.get("/partials/prompts").text


def test_prompts_are_listed_as_json_and_csv(client: TestClient) -> None:
    page = client.get("/v1/prompts").json()
    assert [narrative["name"] for narrative in page["items"]] == ["narrative", "narrative_template"]
    assert "snapshot_id" in page
    assert client.get("/v1/prompts?format=csv").text.startswith("prompt_id,name,version")


def test_a_text_the_rules_refused_is_nowhere(lake_records: tuple[MemoryLake, MemoryRecords]) -> None:
    records = lake_records[1]
    row = records.narratives()[0]
    assert narrative_views([row], [])[row.hashtag].text == narrative_view(row, None).text
    refused = type(row)(**{**vars(row), "status": "rejected"})
    assert narrative_views([refused], []) == {}
