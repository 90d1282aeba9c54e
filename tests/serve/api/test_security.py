import base64

import pytest
from fastapi.testclient import TestClient

from core.errors import UsageError
from serve.api.security import presented_token, require_token
from serve.hosting.app import build_api
from serve.reading.reader import Reader
from tests.serve.small_world import SmallWorld


@pytest.fixture(scope="module")
def guarded(filled: tuple[Reader, SmallWorld]) -> TestClient:
    return TestClient(build_api(filled[0], token="open sesame"))


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"anybody:{password}".encode()).decode()


@pytest.mark.parametrize("path", ["/", "/v1/status", "/static/base.css", "/openapi.json", "/docs", "/nothing"])
@pytest.mark.parametrize("header", ["", "Bearer wrong", "Bearer", "Basic !!", basic("wrong"), "Digest open sesame"])
def test_without_the_token_nothing_is_told(guarded: TestClient, path: str, header: str) -> None:
    answer = guarded.get(path, headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Bearer" in answer.headers["www-authenticate"]


@pytest.mark.parametrize("header", ["Bearer open sesame", "bearer open sesame", basic("open sesame")])
def test_with_the_token_everything_is(guarded: TestClient, header: str) -> None:
    assert guarded.get("/v1/status", headers={"Authorization": header}).status_code == 200


def test_health_needs_no_token(guarded: TestClient) -> None:
    assert guarded.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/", "/v1/status", "/static/base.css", "/nothing", "/v1/trends?limit=0"])
def test_every_answer_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("host", "token", "refused"), [
    ("127.0.0.1", None, False), ("::1", None, False), ("localhost", None, False), ("0.0.0.0", "t", False),
    ("0.0.0.0", None, True), ("192.168.1.7", "", True), ("::", None, True), ("groundswell.example", None, True),
])  # fmt: skip
def test_an_open_address_needs_a_token(host: str, token: str | None, refused: bool) -> None:
    if refused:
        with pytest.raises(UsageError, match="set GROUNDSWELL_TOKEN"):
            require_token(host, token)
    else:
        require_token(host, token)


def test_a_token_that_is_not_text_is_no_token() -> None:
    assert presented_token("Basic " + base64.b64encode(b"\xff\xfe").decode()) == ""
