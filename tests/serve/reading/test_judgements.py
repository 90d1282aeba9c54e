from datetime import timedelta
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from serve.reading.judgements import NewestJudgements, newest
from storage.memory.records import MemoryRecords
from tests.serve.small_judgements import put_judgements
from tests.serve.small_lake import NOW

TAGS = ["one", "two", "three", "four"]


def flagged_tag(client: TestClient) -> str:
    (risk,) = client.get("/v1/risks?flagged=true").json()["items"]
    return str(risk["hashtag"])


def test_the_rules_view_and_the_models_are_answered_apart(client: TestClient) -> None:
    (risk,) = client.get("/v1/risks?flagged=true").json()["items"]
    assert (risk["rule_flagged"], risk["rule_score"]) == (True, 0.94)
    assert {signal["name"] for signal in risk["rule_signals"] if not signal["fired"]} == {"untalked"}
    assert (risk["model_view"], risk["model"]) == ("organic", "small")
    others = client.get("/v1/risks?flagged=false").json()["items"]
    assert [(other["model_view"], other["model_reason"], other["model"]) for other in others] == [
        (None, None, None)
    ] * 2


def test_a_hashtag_is_answered_with_its_risk_and_what_would_change_its_chance(client: TestClient) -> None:
    tag = flagged_tag(client)
    detail = client.get(f"/v1/hashtags/{quote(tag)}").json()
    assert detail["risk"]["rule_flagged"]
    (what_if,) = detail["counterfactuals"]
    assert (what_if["probability_from"], what_if["probability_to"]) == (0.21, 0.34)
    assert what_if["moved"] == {"new_video_share": 0.2}
    assert client.get(f"/v1/counterfactuals?hashtag={quote(tag)}").json()["items"] == detail["counterfactuals"]


def test_refused_texts_are_nowhere(client: TestClient) -> None:
    tag = flagged_tag(client)
    for path in ("/", f"/hashtags/{quote(tag)}", "/v1/counterfactuals", "/v1/collisions", f"/v1/hashtags/{quote(tag)}"):
        assert "refused" not in client.get(path).text


def test_the_page_marks_what_is_the_rules_and_what_is_the_models(client: TestClient) -> None:
    page = client.get("/partials/risk").text
    assert "Looks boosted (rule)" in page
    assert "Its leading account put 6 posts under it lately; it took 5.5 hours to post them; engagement with" in page
    assert "Language model, on its own:" in page
    assert "Paper Planes" in page
    assert "looks boosted (rule)" in client.get("/partials/picks").text


def test_a_hashtags_page_says_whose_answer_it_is(client: TestClient) -> None:
    page = client.get(f"/hashtags/{quote(flagged_tag(client))}").text
    assert "not what would happen" in page
    assert "If the share of new posts rose" in page
    assert "score 0.94 of 1" in page


@pytest.mark.parametrize(("age_h", "shown"), [(0, True), (2, True), (3, False)])
def test_judgements_older_than_two_hours_are_not_shown(age_h: int, shown: bool) -> None:
    records = MemoryRecords()
    put_judgements(records, TAGS, NOW - timedelta(hours=age_h))
    judgements = newest(records, NOW)
    assert bool(judgements.risks) is bool(judgements.counterfactuals) is bool(judgements.collisions) is shown
    assert newest(records, None) == NewestJudgements()
