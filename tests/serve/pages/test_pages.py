import html
import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from serve.hosting import vendor
from serve.hosting.app import build_api
from serve.pages.pages import SECTIONS
from serve.reading.reader import Reader
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.serve.small_lake import NOW, TABLES
from tests.serve.small_world import SmallWorld, fill


def visible(markup: str) -> str:
    """The text of a page without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<script.*?</script>", "", markup, flags=re.DOTALL)))


def client_after(days: float | None) -> TestClient:
    lake, records = MemoryLake(TABLES), MemoryRecords()
    if days is not None:
        fill(lake, records, until=NOW - timedelta(days=14 - days))
    return TestClient(build_api(Reader(lake, records, wall=lambda: NOW)))


def test_the_page_leads_with_the_picks(client: TestClient, world: SmallWorld) -> None:
    page = client.get("/").text
    assert page.count('class="pick"') == 10
    assert f'href="/hashtags/{world.leader}"' in page
    assert "Simulated world" in page
    assert "xgboost" in visible(page)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_comes_alone_as_it_stands_on_the_page(client: TestClient, section: str) -> None:
    alone = client.get(f"/partials/{section}").text.strip()
    assert alone.startswith(f'<section id="{section}"')
    assert alone in client.get("/").text


def test_a_section_that_did_not_change_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/partials/picks")
    again = client.get("/partials/picks", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_others_wrote_is_escaped(client: TestClient) -> None:
    page = client.get("/").text
    assert "<b>markup</b>" not in page
    assert "&lt;b&gt;markup&lt;/b&gt; &amp; signs" in page


@pytest.mark.parametrize("days", [None, 0.2, 1.5, 14])
def test_no_page_shows_a_bare_nothing(days: float | None) -> None:
    text = visible(client_after(days).get("/").text)
    assert not re.search(r"\b(nan|None|null|inf)\b", text)


def test_before_the_first_model_the_page_says_how_it_ranks() -> None:
    text = visible(client_after(1.5).get("/").text)
    assert "No trained model yet" in text
    assert "Day 1.5 of 14" in text


def test_nothing_comes_from_elsewhere(client: TestClient, world: SmallWorld) -> None:
    for path in ("/", f"/hashtags/{world.leader}", "/docs"):
        page = client.get(path).text
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
        assert " style=" not in page


def test_unknown_pages_are_told_in_words(client: TestClient) -> None:
    answer = client.get("/hashtags/<script>alert(1)</script>")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
    assert client.get("/partials/nothing").status_code == 404


def test_the_page_of_a_hashtag_says_whose_reasons_a_blend_gives(client: TestClient) -> None:
    predictions = client.get("/v1/predictions?limit=100").json()["items"]
    blended = next(row["hashtag"] for row in predictions if row["members"])
    text = visible(client.get(f"/hashtags/{blended}").text).replace("\u202f", " ").replace("\xa0", " ")
    assert "xgboost with a share of 60 % says 40 %" in text
    assert "The reasons above are those of xgboost." in text
    alone = next(row["hashtag"] for row in predictions if not row["members"])
    assert "A blend" not in visible(client.get(f"/hashtags/{alone}").text)


def test_paging_the_track_record_shows_other_calls(client: TestClient) -> None:
    first, second = (client.get(f"/partials/track?view=all&offset={offset}").text for offset in (0, 10))
    assert "1 to 10 of" in visible(first)
    assert "11 to 20 of" in visible(second)


def test_without_the_fetched_files_the_page_still_works_and_says_so(
    filled: tuple[Reader, SmallWorld], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "is_present", lambda: False)
    client = TestClient(build_api(filled[0]))
    page = client.get("/").text
    assert page.count('class="pick"') == 10
    assert "/static/vendor/" not in page
    assert vendor.HINT in html.unescape(page)
    assert client.get("/healthz").json() == {"status": "ok", "charts": False, "detail": vendor.HINT}
    assert "/v1/predictions" in visible(client.get("/docs").text)
