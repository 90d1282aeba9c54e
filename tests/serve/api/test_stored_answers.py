"""Answers that are stored rows hold the fields of their `...Record` and nothing that only the row has."""

import csv
import io

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from storage.records.rows import AlertRecord, BacklogRow, ChangeRow, JobRecord, KpiRow
from storage.records.rows_judgements import CollisionRecord, CounterfactualRecord

LISTS: dict[str, type[BaseModel]] = {
    "alerts": AlertRecord,
    "backlog": BacklogRow,
    "changelog": ChangeRow,
    "kpis": KpiRow,
    "counterfactuals": CounterfactualRecord,
    "collisions": CollisionRecord,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_answers_with_the_fields_of_its_record(name: str, client: TestClient) -> None:
    fields = list(LISTS[name].model_fields)
    items = client.get(f"/v1/{name}").json()["items"]
    assert items
    assert [list(item) for item in items] == [fields] * len(items)
    table = list(csv.reader(io.StringIO(client.get(f"/v1/{name}?format=csv").text)))
    assert table[0] == fields
    assert [len(line) for line in table[1:]] == [len(fields)] * len(items)


def test_jobs_of_the_status_keep_results_and_tracebacks_to_themselves(client: TestClient) -> None:
    jobs = client.get("/v1/status").json()["jobs"]
    assert {job["status"] for job in jobs} >= {"completed", "failed"}
    assert [list(job) for job in jobs] == [list(JobRecord.model_fields)] * len(jobs)


def test_the_openapi_document_describes_answers_not_rows(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for record in (*LISTS.values(), JobRecord):
        schema = schemas[record.__name__]
        assert list(schema["properties"]) == schema["required"] == list(record.model_fields)
        assert "additionalProperties" not in schema
