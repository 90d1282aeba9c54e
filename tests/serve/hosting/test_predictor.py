from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from core.windows import HOUR
from models.interface import Contribution
from models.last_growth import LastGrowth
from models.registry.kinds import KINDS
from models.registry.store import store
from pipelines.predictions.contributions import rounded
from pipelines.predictions.reasons import moved_by
from serve.api.predict_route import build_predict_api
from serve.hosting.app import build_api
from serve.hosting.predictor import Predictor
from serve.reading.reader import Reader
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.serve.small_lake import TABLES
from tests.support.model_lake import empty_lake, feature_rows
from tests.support.model_rows import FEATURES, START, labelled

ROWS = labelled(tags=30, days=8)
AT = START + timedelta(days=7)
COLUMNS = ["hashtag", "at", *FEATURES, "window"]
SET = {"name": "t", "content_hash": "abc"}


def put(lake: MemoryLake, rows: pl.DataFrame) -> None:
    for part in feature_rows(rows).partition_by("at"):
        at = part["at"][0]
        lake.replace("features", part, at - HOUR, at)


def trained(kind: str, root: Path) -> str:
    model = KINDS[kind]()
    model.fit(ROWS.select(FEATURES), ROWS["growth_24h"], ROWS["viral"], ROWS["at"], 0)
    return store(root, model, AT, training_set=SET).model_id


@pytest.fixture
def made(tmp_path: Path) -> tuple[Predictor, MemoryLake, MemoryRecords, Path]:
    lake, records = empty_lake(), MemoryRecords()
    put(lake, ROWS.filter(pl.col("at").is_between(AT - 12 * HOUR, AT)).filter(
        (pl.col("at") < AT) | (pl.col("hashtag") != "t003")))  # fmt: skip
    return Predictor(lake, records, tmp_path, COLUMNS, lambda: AT), lake, records, tmp_path


Made = tuple[Predictor, MemoryLake, MemoryRecords, Path]


def test_it_says_what_the_champion_says_of_the_newest_features(made: Made) -> None:
    predictor, _, records, root = made
    predictor.refresh()
    assert predictor.score(["t001"]) is None
    name = trained("xgboost", root)
    records.set_alias("champion", name, AT)
    predictor.refresh()
    scored = predictor.score(["#T002", "t001", "t002", "nobody"])
    assert scored is not None
    assert (scored.model_id, scored.unknown) == (name, ["nobody"])
    assert [item.hashtag for item in scored.items] == ["t002", "t001"]
    newest = ROWS.filter(pl.col("at") == AT, pl.col("hashtag") == "t002")
    model = KINDS["xgboost"].load(root / name)
    assert scored.items[0].model_dump(include={"probability", "lower", "upper", "growth_p90"}) == (
        model.predict(newest).select("probability", "lower", "upper", "growth_p90").row(0, named=True)
    )
    parts = [Contribution(part.feature, part.value, part.contribution or 0) for part in scored.items[0].contributions]
    assert parts == list(rounded(model.explain(newest, top=6)[0]))
    assert scored.items[0].moved_by == moved_by("t002", AT, parts)
    assert str(scored.items[0].moved_by).startswith("For #t002, what speaks")
    older = predictor.score(["t003"])
    assert older is not None
    assert older.unknown == ["t003"]


def test_a_blend_says_whose_reasons_it_gives(made: Made) -> None:
    predictor, _, records, root = made
    records.set_alias("champion", trained("blend", root), AT)
    predictor.refresh()
    scored = predictor.score(["t001"])
    assert scored is not None
    assert [(member.model, member.explained) for member in scored.items[0].members] == [
        ("xgboost", True),
        ("logistic", False),
    ]
    assert scored.items[0].contributions


def test_it_follows_champion_and_features(made: Made) -> None:
    predictor, lake, records, root = made
    records.set_alias("champion", trained("xgboost", root), AT)
    predictor.refresh()
    before = predictor.score(["t001"])
    put(lake, ROWS.filter(pl.col("at") == AT + 6 * HOUR))
    records.set_alias("champion", trained("logistic", root), AT)
    predictor.refresh()
    after = predictor.score(["t001"])
    assert before is not None
    assert after is not None
    assert (before.items[0].at, after.items[0].at) == (AT, AT + 6 * HOUR)
    assert before.model_id.startswith("xgboost")
    assert after.model_id.startswith("logistic")


def test_a_champion_that_cannot_be_read_leaves_the_one_before(made: Made) -> None:
    predictor, _, records, root = made
    name = trained("logistic", root)
    records.set_alias("champion", name, AT)
    predictor.refresh()
    records.set_alias("champion", "xgboost-20250101T0000-gone", AT)
    predictor.refresh()
    scored = predictor.score(["t001"])
    assert scored is not None
    assert scored.model_id == name


def test_an_untrained_champion_ranks_among_all(made: Made) -> None:
    predictor, _, records, root = made
    records.set_alias("champion", store(root, LastGrowth(), AT).model_id, AT)
    predictor.refresh()
    alone, together = predictor.score(["t001"]), predictor.score([f"t{i:03}" for i in range(30)])
    assert alone is not None
    assert together is not None
    assert alone.items[0] == next(item for item in together.items if item.hashtag == "t001")
    assert len({item.probability for item in together.items}) > 10


def test_the_route_answers_and_refuses_in_one_line(made: Made) -> None:
    predictor, _, records, root = made

    with TestClient(build_predict_api(predictor.score)) as client:
        assert client.post("/v1/predict", json={"hashtags": ["t001"]}).status_code == 503
        records.set_alias("champion", trained("logistic", root), AT)
        predictor.refresh()
        answer = client.post("/v1/predict", json={"hashtags": ["t001", "nobody"]})
        assert answer.status_code == 200
        assert answer.json()["items"][0]["hashtag"] == "t001"
        assert answer.json()["unknown"] == ["nobody"]
        missing = client.post("/v1/predict", json={"hashtags": ["nobody"]})
        assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")
        for body in ({}, {"hashtags": []}, {"hashtags": ["a"] * 1001}, {"hashtag": "a"}, {"hashtags": [""]}):
            wrong = client.post("/v1/predict", json=body)
            assert wrong.status_code == 422
            assert "\n" not in wrong.json()["detail"]
        assert client.get("/v1/predict").status_code == 405
        assert client.get("/").status_code == 404
    with TestClient(build_predict_api(predictor.score, token="secret"), root_path="/v1/predict") as client:
        assert client.post("/", json={"hashtags": ["t001"]}).status_code == 401
        bearer = {"Authorization": "Bearer secret"}
        assert client.post("/", json={"hashtags": ["t001"]}, headers=bearer).status_code == 200
    with TestClient(build_api(Reader(MemoryLake(TABLES), MemoryRecords(), wall=lambda: AT))) as client:
        assert "/v1/predict" in client.get("/openapi.json").json()["paths"]
