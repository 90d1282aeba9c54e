from fastapi.testclient import TestClient

from core.errors import StorageError
from serve.hosting.app import build_api
from serve.reading.reader import Reader
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.serve.small_lake import NOW, TABLES


class Failing(MemoryRecords):
    """Records whose database went away."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def alias(self, name: str) -> str | None:
        raise self._error


def client_with(error: Exception) -> TestClient:
    reader = Reader(MemoryLake(TABLES), Failing(error), wall=lambda: NOW)
    return TestClient(build_api(reader), raise_server_exceptions=False)


def test_a_store_that_is_gone_is_503_with_its_line() -> None:
    answer = client_with(StorageError("the records database does not answer; is it running?")).get("/v1/trends")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["detail"] == "the records database does not answer; is it running?"


def test_the_page_says_the_same_in_words() -> None:
    answer = client_with(StorageError("the records database does not answer")).get("/")
    assert answer.status_code == 503
    assert "the records database does not answer" in answer.text
    assert "Traceback" not in answer.text


def test_what_nobody_expected_tells_no_secrets() -> None:
    answer = client_with(RuntimeError("password=hunter2")).get("/v1/trends")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "hunter2" not in answer.text


def test_health_answers_even_then() -> None:
    assert client_with(StorageError("gone")).get("/healthz").status_code == 200
