"""Replicas on Ray Serve change their model while they are asked, and no request fails."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import polars as pl
import pytest
from ray import serve

from cli.shared.installation import some_port
from models.boosted import BoostedSettings, BoostedTrees
from models.registry.store import store
from serve.api.predict_route import PREFIX
from serve.hosting.deployment import ServeArgs, build_predictions
from storage.records.sql.records import SqlRecords
from tests.support.model_rows import START, labelled
from tests.support.set_lake import LEARNT, set_lake

pytestmark = [pytest.mark.ray, pytest.mark.usefixtures("ray_cluster")]
ROWS = labelled(tags=20, days=5)
AT = START + timedelta(days=4)
ASKERS = 4


@dataclass(frozen=True)
class Served:
    """Where it answers, where its champion is named, and two models."""

    url: str
    records: SqlRecords
    models: tuple[str, str]


def trained(root: Path, seed: int) -> str:
    model = BoostedTrees(settings=BoostedSettings(rounds=10, quantile_rounds=5))
    model.fit(ROWS.select(LEARNT), ROWS["growth_24h"], ROWS["viral"], ROWS["at"], seed)
    return store(root, model, AT, training_set={"content_hash": str(seed)}).model_id


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    url = f"sqlite:///{tmp_path / 'records.db'}"
    records = SqlRecords(url)
    set_lake(tmp_path / "lake", ROWS.filter(pl.col("at") == AT))
    models = trained(tmp_path / "models", 1), trained(tmp_path / "models", 2)
    records.put_value("clock", {"now": AT.isoformat(), "virtual": True}, AT)
    records.set_alias("champion", models[0], AT)
    port = some_port()
    serve.start(http_options={"host": "127.0.0.1", "port": port})
    args = ServeArgs(
        lake_root=str(tmp_path / "lake"), records_url=url, buckets=2, models_root=str(tmp_path / "models"), predictors=2
    )
    try:
        serve.run(build_predictions(args), name="swap", route_prefix=PREFIX)
        yield Served(f"http://127.0.0.1:{port}{PREFIX}", records, models)
    finally:
        serve.shutdown()
        records.close()


def ask(url: str, until: threading.Event, answers: list[tuple[int, str]]) -> None:
    """Ask without a pause, and note the status and the model of each answer."""
    with httpx.Client(timeout=30) as client:
        while not until.is_set():
            answer = client.post(url, json={"hashtags": ["t001", "t007"]})
            answers.append((answer.status_code, answer.json().get("model_id", answer.text)))


def test_no_request_fails_while_the_champion_changes(served: Served) -> None:
    until = threading.Event()
    answers: list[list[tuple[int, str]]] = [[] for _ in range(ASKERS)]
    askers = [threading.Thread(target=ask, args=(served.url, until, each)) for each in answers]
    for asker in askers:
        asker.start()
    champions = [served.models[turn % 2] for turn in range(1, 4)]
    for champion in champions:
        time.sleep(1.0)
        served.records.set_alias("champion", champion, AT)
        limit = time.monotonic() + 20
        while {model for each in answers for _, model in each[-3:]} != {champion} and time.monotonic() < limit:
            time.sleep(0.05)
    until.set()
    for asker in askers:
        asker.join()
    every = [answer for each in answers for answer in each]
    assert {status for status, _ in every} == {200}
    assert {model for _, model in every} == set(served.models)
    assert {model for each in answers for _, model in each[-3:]} == {champions[-1]}
    assert len(every) > 100
