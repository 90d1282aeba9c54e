"""Times of scoring, ten thousand hashtags at once and one through Serve: `groundswell bench predict`."""

import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import polars as pl
import psutil
from ray import serve

from actors.runtime.local_ray import RayPlan, local_ray
from core.errors import UsageError
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.windows import HOUR
from models.boosted import BoostedTrees
from models.interface import Model, Scorer
from models.registry.store import load, store
from pipelines.predictions.predict import AlertRule, predict
from serve.api.predict_route import PREFIX
from serve.hosting.deployment import ServeArgs, build_predictions
from storage.lake.delta import DeltaLake
from storage.records.sql.records import SqlRecords

AT = datetime(2026, 1, 20, tzinfo=UTC)
LEARNT, DAYS, MISSING = 20_000, 14, 0.2
REPEATS = 5


def measure(hashtags: int, requests: int, home: Path | None = None) -> dict[str, Any]:
    """Return the times of both ways, with the model and machine they were measured on.

    Parameters
    ----------
    hashtags: number of hashtags scored at once
    requests: number of requests for one hashtag through Serve, one after another
    home: installation whose champion is used; without one, boosted trees are grown on made-up rows
    """
    model, model_id = champion_of(home) if home is not None else (grown(), "xgboost on made-up rows")
    rows = made_up(hashtags, AT, seed=1)
    seconds, cpu_s = scoring_times(model, rows)
    return {
        "model": model_id,
        "features": len(model.features),
        "hashtags": hashtags,
        "score_s": statistics.median(seconds),
        "score_worst_s": max(seconds),
        "score_cpu_s": cpu_s,
        "cpus": psutil.cpu_count(),
        "load": psutil.getloadavg()[0],
    } | serve_times(model, rows, requests)


def report(measured: dict[str, Any]) -> None:
    """Print the times as a Markdown table."""
    lines = ["| | measured |", "|---|---:|"]
    for name, value in measured.items():
        lines.append(f"| {name} | {value:.4g} |" if isinstance(value, float) else f"| {name} | {value} |")
    sys.stdout.write("\n".join(lines) + "\n")


def champion_of(home: Path) -> tuple[Scorer, str]:
    """Return the champion of an installation and its id; raise UsageError without one."""
    if not (home / "records.db").exists():
        raise UsageError(f"{home} holds no installation; leave out --home to measure without one")
    records = SqlRecords(f"sqlite:///{home.resolve() / 'records.db'}")
    model_id = records.alias("champion")
    records.close()
    if model_id is None:
        raise UsageError(f"{home} has no champion yet; leave out --home to measure without one")
    return load(home / "models", model_id)[0], model_id


def grown() -> Model:
    """Return boosted trees of their usual size, grown on made-up rows."""
    anchors = DAYS * 2
    parts = [made_up(LEARNT // anchors, AT - (anchors - i) * timedelta(hours=12), seed=i) for i in range(anchors)]
    rows = pl.concat(parts)
    heat = rows["gained_24h"].fill_null(0.0).to_numpy()
    rng = np.random.default_rng(0)
    growth = np.where(heat + rng.normal(size=len(heat)) > 1.0, np.exp(heat) * 0.05, 0.0)
    model = BoostedTrees(threads=2)
    model.fit(rows, pl.Series(growth), pl.Series(growth > np.quantile(growth, 0.95)), rows["at"], 0)
    return model


def made_up(count: int, at: datetime, seed: int) -> pl.DataFrame:
    """Return made-up rows of the feature set in use: correlated numbers, a fifth of them unknown."""
    rng = np.random.default_rng(seed)
    heat = rng.normal(size=count)
    weight = np.random.default_rng(0).normal(size=len(FEATURE_SET.inputs))
    values = heat[:, None] * weight + rng.normal(size=(count, len(FEATURE_SET.inputs)))
    values[rng.random(values.shape) < MISSING] = np.nan
    fixed = {"feature_set": pl.lit(FEATURE_SET.name), "at": pl.lit(at), "window": pl.lit(at)}
    frame = pl.DataFrame(values, schema=list(FEATURE_SET.inputs)).fill_nan(None)
    return frame.with_columns(**fixed, hashtag=pl.format("tag{}", pl.int_range(count))).select(
        list(features_table(FEATURE_SET).schema)
    )


def scoring_times(model: Scorer, rows: pl.DataFrame) -> tuple[list[float], float]:
    """Return the seconds of each run of scoring, ranking and explaining all rows, as the Prediction agent does it.

    The second value is the mean CPU time of a run, seconds, which other programs on the machine don't lengthen. A first
    run is not counted.
    """
    metrics = rows.select("hashtag", novelty=pl.lit(0.5))
    predict(model, "champion", rows, metrics, AlertRule(0.5))
    times, cpu = [], time.process_time()
    for _ in range(REPEATS):
        begun = time.perf_counter()
        scored = predict(model, "champion", rows, metrics, AlertRule(0.5))
        times.append(time.perf_counter() - begun)
        assert scored.rows["contributions"].null_count() == 0
    return times, (time.process_time() - cpu) / REPEATS


def serve_times(model: Scorer, rows: pl.DataFrame, requests: int) -> dict[str, float]:
    """Return percentiles of the milliseconds from request to answer, for one hashtag at a time over HTTP."""
    with served(model, rows) as url, httpx.Client() as client:
        times = []
        for number in range(requests + 20):
            body = {"hashtags": [f"tag{number * 37 % rows.height}"]}
            begun = time.perf_counter()
            client.post(url, json=body).raise_for_status()
            times.append(1000 * (time.perf_counter() - begun))
    cuts = statistics.quantiles(times[20:], n=100)
    return {"requests": requests, "serve_p50_ms": cuts[49], "serve_p95_ms": cuts[94], "serve_p99_ms": cuts[98]}


@contextmanager
def served(model: Scorer, rows: pl.DataFrame) -> Iterator[str]:
    """An installation with nothing but features and a champion, on Serve; yields the address to ask."""
    with tempfile.TemporaryDirectory() as folder, local_ray(RayPlan(object_store_mb=100, dashboard_port=None)):
        home, table = Path(folder), features_table(FEATURE_SET)
        url = f"sqlite:///{home / 'records.db'}"
        DeltaLake(home / "lake", {table.name: table}).replace(table.name, rows, AT - HOUR, AT)
        records = SqlRecords(url)
        records.put_value("clock", {"now": AT.isoformat(), "virtual": True}, AT)
        card = store(home / "models", model, AT, training_set={"content_hash": "made up"})
        records.set_alias("champion", card.model_id, AT)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        serve.start(http_options={"host": "127.0.0.1", "port": port}, logging_config={"log_level": "ERROR"})
        args = ServeArgs(lake_root=str(home / "lake"), records_url=url, models_root=str(home / "models"))
        serve.run(build_predictions(args), name="bench", route_prefix=PREFIX)
        try:
            yield f"http://127.0.0.1:{port}{PREFIX}"
        finally:
            serve.shutdown()
            records.close()
