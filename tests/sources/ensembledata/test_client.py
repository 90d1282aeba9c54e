import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from core.clock import VirtualClock
from core.errors import SourceError, UnitsExhausted
from sources.ensembledata.client import EnsembleData, RetryPolicy
from sources.ensembledata.errors import Action
from sources.ensembledata.requests import (
    hashtag_posts,
    keyword_search,
)

NOW = datetime(2025, 5, 14, 10, 7, tzinfo=UTC)


TOKEN = "hush-hush-hush-1"


QUICK = RetryPolicy(attempts=3, wait_s=0.001, longest_wait_s=0.002, jitter_s=0.001, connect_s=1, read_s=0.3)


Answer = tuple[int, bytes, dict[str, str]]


@contextmanager
def served(answer: Callable[[str, dict[str, str]], Answer]) -> Iterator[str]:
    """A local server whose answers are a function of path and query; yields its base address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, body, headers = answer(
                parts.path, {key: values[0] for key, values in parse_qs(parts.query).items()}
            )
            if status < 0:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/apis"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def client_of(base_url: str) -> EnsembleData:
    return EnsembleData(base_url, TOKEN, VirtualClock(NOW), retry_policy=QUICK)


def good(data: object, units: str = "1") -> Answer:
    return 200, json.dumps({"data": data}).encode(), {"units_charged": units}


def test_the_token_the_parameters_and_the_units_go_where_they_belong() -> None:
    seen: list[tuple[str, dict[str, str]]] = []

    def answer(path: str, query: dict[str, str]) -> Answer:
        seen.append((path, query))
        return good({"nextCursor": 20, "data": []})

    with served(answer) as base:
        client = client_of(base)
        page = client.call(keyword_search("two words", period=7))
        client.close()
    assert seen == [
        (
            "/apis/tt/keyword/search",
            {"token": TOKEN, "name": "two words", "cursor": "0", "period": "7", "sorting": "2"},
        )
    ]
    assert (page.status, page.units_charged, page.fetched_at, page.more) == (200, 1, NOW, 20)
    assert page.error is None


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(status: int) -> None:
    calls: list[int] = []

    def answer(_: str, __: dict[str, str]) -> Answer:
        calls.append(1)
        return good([]) if len(calls) == 3 else (status, b"<html>busy</html>", {})

    with served(answer) as base:
        client = client_of(base)
        assert client.call(hashtag_posts("a")).error is None
        client.close()
    assert len(calls) == 3


def test_what_does_not_pass_is_told_after_three_tries() -> None:
    calls: list[int] = []

    def answer(_: str, __: dict[str, str]) -> Answer:
        calls.append(1)
        return 502, b"<html>busy</html>", {}

    with served(answer) as base:
        client = client_of(base)
        page = client.call(hashtag_posts("a"))
        client.close()
    assert len(calls) == 3
    assert page.status == 502
    assert page.error is not None
    assert "17 bytes" in page.error
    assert page.data is None


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (404, Action.SKIP),
        (418, Action.FIX),
        (422, Action.FIX),
        (462, Action.SKIP),
        (463, Action.MISSING),
        (464, Action.SPLIT),
        (465, Action.SKIP),
        (466, Action.FIX),
        (468, Action.SKIP),
        (469, Action.SKIP),
        (471, Action.SKIP),
        (472, Action.SKIP),
        (473, Action.MISSING),
        (474, Action.SKIP),
        (520, Action.SKIP),
    ],
)
def test_what_concerns_one_request_is_told_with_what_to_do_and_not_tried_again(status: int, action: Action) -> None:
    calls: list[int] = []

    def answer(_: str, __: dict[str, str]) -> Answer:
        calls.append(1)
        return status, b'{"detail":"no such thing"}', {"units_charged": "1"}

    with served(answer) as base:
        client = client_of(base)
        page = client.call(hashtag_posts("a"))
        client.close()
    assert len(calls) == 1
    assert (page.status, page.units_charged, page.action) == (status, 1, action)
    assert page.error is not None
    assert page.error.endswith('"no such thing"')


def test_units_of_answers_that_were_asked_again_count() -> None:
    calls: list[int] = []

    def answer(_: str, __: dict[str, str]) -> Answer:
        calls.append(1)
        return good([], "2") if len(calls) == 2 else (500, b'{"detail":"Internal error."}', {"units_charged": "1"})

    with served(answer) as base:
        client = client_of(base)
        assert client.call(hashtag_posts("a")).units_charged == 3
        client.close()


@pytest.mark.parametrize(
    ("body", "more", "page_token"),
    [
        ({"data": {"nextCursor": 20, "data": []}}, 20, None),
        ({"data": [], "nextCursor": 1_698_533_373_000}, 1_698_533_373_000, None),
        ({"data": {"aweme_list": []}, "nextCursor": "7"}, 7, None),
        ({"data": {"followers": [], "nextCursor": 5, "nextPageToken": "p"}}, 5, "p"),
        ({"data": []}, None, None),
        ({"data": None, "nextCursor": True}, None, None),
    ],
)
def test_the_next_cursor_is_found_wherever_it_stands(body: object, more: int | None, page_token: str | None) -> None:
    with served(lambda *_: (200, json.dumps(body).encode(), {})) as base:
        client = client_of(base)
        page = client.call(hashtag_posts("a"))
        client.close()
    assert (page.error, page.more, page.page_token) == (None, more, page_token)


@pytest.mark.parametrize("status", [491, 492, 493])
def test_a_refused_token_stops_with_one_clear_line(status: int) -> None:
    with served(lambda *_: (status, b'{"detail":"Token not found"}', {})) as base:
        client = client_of(base)
        with pytest.raises(SourceError, match=r"^EnsembleData refused the token.*set ENSEMBLEDATA_TOKEN") as caught:
            client.call(hashtag_posts("a"))
        client.close()
    assert "\n" not in str(caught.value)


def test_used_up_units_stop_the_day() -> None:
    with served(lambda *_: (495, b'{"detail":"Maximum requests limit reached for today."}', {})) as base:
        client = client_of(base)
        with pytest.raises(UnitsExhausted, match="midnight UTC"):
            client.call(hashtag_posts("a"))
        client.close()


def test_data_counts_whatever_the_status() -> None:
    with served(lambda *_: (404, b'{"data":null}', {"units_charged": "1"})) as base:
        client = client_of(base)
        page = client.call(hashtag_posts("a"))
        client.close()
    assert (page.status, page.error, page.data) == (404, None, None)


@pytest.mark.parametrize("units", ["", "some", "-3"])
def test_units_that_are_no_number_count_as_none(units: str) -> None:
    with served(lambda *_: good([], units)) as base:
        client = client_of(base)
        assert client.call(hashtag_posts("a")).units_charged == 0
        client.close()


def test_a_slow_answer_is_given_up_without_units() -> None:
    wait = threading.Event()

    def answer(_: str, __: dict[str, str]) -> Answer:
        wait.wait(2)
        return good([])

    with served(answer) as base:
        client = client_of(base)
        page = client.call(hashtag_posts("a"))
        wait.set()
        client.close()
    assert (page.status, page.units_charged) == (0, None)
    assert page.error == "no answer (ReadTimeout)"


def test_a_broken_connection_is_tried_again() -> None:
    calls: list[int] = []

    def answer(_: str, __: dict[str, str]) -> Answer:
        calls.append(1)
        return good([]) if len(calls) > 1 else (-1, b"", {})

    with served(answer) as base:
        client = client_of(base)
        assert client.call(hashtag_posts("a")).error is None
        client.close()


def test_a_server_that_is_not_there_is_one_clear_line() -> None:
    client = client_of("http://127.0.0.1:9/apis")
    with pytest.raises(SourceError, match=r"can't be reached at http://127.0.0.1:9/apis \(ConnectError\)"):
        client.call(hashtag_posts("a"))
    client.close()


def test_the_token_is_in_no_log_error_or_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def answer(_: str, query: dict[str, str]) -> Answer:
        return 422, json.dumps({"detail": [{"msg": "bad", "input": query}]}).encode(), {}

    with served(answer) as base:
        client = client_of(base)
        page = client.call(hashtag_posts("a"))
        client.close()
    unreachable = client_of("http://127.0.0.1:9/apis")
    with pytest.raises(SourceError) as caught:
        unreachable.call(hashtag_posts("a"))
    unreachable.close()
    shown = [caplog.text, repr(client), repr(page), str(page.error), repr(caught.value), repr(vars(client))]
    assert caplog.records
    assert all(TOKEN not in text for text in shown)
