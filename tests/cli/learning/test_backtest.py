"""A backtest from the command line: what it writes, and that it never looks ahead."""

import json
import re
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from cli.app import app
from core.errors import UsageError
from models.registry.store import load
from tests.support.worlds import T0

COLUMNS = ["hashtag", "at", "probability", "lower", "upper", "growth_p10", "growth_p50", "growth_p90", "model_id"]
TAGS, DAYS = 40, 60


def totals(seed: int) -> pl.DataFrame:
    """Totals of hashtags read every 4 h, whose pace drifts from day to day; the last two are found late."""
    rng = np.random.default_rng(seed)
    steps = DAYS * 6
    pace = np.exp(np.cumsum(rng.normal(0, 0.15, (TAGS, steps)), axis=1) - 7 + rng.normal(0, 1, (TAGS, 1)))
    views = np.floor(rng.uniform(2e4, 9e5, (TAGS, 1)) * np.exp(np.cumsum(np.minimum(pace, 0.1), axis=1)) / 100) * 100
    rows = pl.DataFrame(
        {
            "hashtag": np.repeat([f"t{tag:02d}" for tag in range(TAGS)], steps),
            "fetched_at": [T0 + timedelta(hours=4 * step + tag / 60) for tag in range(TAGS) for step in range(steps)],
            "views_total": views.ravel().astype(int),
        }
    )
    late = pl.col("hashtag").is_in(["t38", "t39"]) & (pl.col("fetched_at") < T0 + timedelta(days=52))
    return rows.filter(~late)


def written(folder: Path, rows: pl.DataFrame) -> Path:
    folder.mkdir()
    rows.write_parquet(folder / "hashtag_snapshots.parquet")
    return folder


def run(recording: Path, out: Path, *more: str) -> dict[str, object]:
    start = ["--train-until", f"{T0 + timedelta(days=40):%Y-%m-%d}", "--predict-from"]
    arguments = [*start, f"{T0 + timedelta(days=41):%Y-%m-%d}", "--model", "xgboost", "--threads", "1", *more]
    result = CliRunner().invoke(
        app, ["backtest", "--recording", str(recording), "--out", str(out), "--json", *arguments]
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    folder = tmp_path_factory.mktemp("backtest")
    out = folder / "out" / "predictions.parquet"
    return out, run(written(folder / "recording", totals(1)), out, "--retrain-every", "10d", "--model", "blend")


def test_every_known_hashtag_is_predicted_at_every_anchor(done: tuple[Path, dict[str, object]]) -> None:
    predictions = pl.read_parquet(done[0])
    assert predictions.columns == COLUMNS
    anchors = [T0 + timedelta(days=day, hours=12) for day in range(41, DAYS)]
    assert predictions["at"].unique().sort().to_list() == anchors
    counts = [TAGS - 2 if anchor < T0 + timedelta(days=52) else TAGS for anchor in anchors]
    assert predictions.group_by("at").len().sort("at")["len"].to_list() == counts
    assert predictions.select("hashtag", "at").is_unique().all()
    assert predictions.null_count().sum_horizontal().item() == 0
    assert predictions["model_id"].n_unique() == 2


def test_the_figures_stand_beside_the_baselines_and_the_models_can_be_read_back(
    done: tuple[Path, dict[str, object]],
) -> None:
    out, result = done
    figures = result["figures"]
    assert {"xgboost", "blend", "last-24h growth", "velocity", "plain XGBoost"} <= set(figures)  # type: ignore[arg-type]
    trees, line = (result["members"]["blend"][name] for name in ("xgboost", "logistic"))  # type: ignore[index]
    assert trees["pr_auc"] == pytest.approx(figures["xgboost"]["all"]["pr_auc"]["value"])  # type: ignore[index]
    assert trees["pr_auc_lost"] == pytest.approx(figures["blend"]["all"]["pr_auc"]["value"] - line["pr_auc"])  # type: ignore[index]
    own = figures["xgboost"]  # type: ignore[index]
    assert set(own) == {"all", "early", "seen", "unseen"}
    assert {"pr_auc", "precision_at_10", "calibration_error", "quantile_coverage", "lead_time_mean_h"} <= set(
        own["all"]
    )
    assert own["all"]["base_rate"]["n"] == figures["velocity"]["all"]["base_rate"]["n"]  # type: ignore[index]
    assert own["all"]["pr_auc"]["value"] > own["all"]["base_rate"]["value"]
    for model_id in pl.read_parquet(out)["model_id"].unique():
        model, card = load(out.parent / "predictions-models", model_id)
        assert card.kind == model.kind == "xgboost"


def test_the_page_holds_its_pictures_and_fetches_nothing(done: tuple[Path, dict[str, object]]) -> None:
    page = done[0].with_suffix(".html").read_text(encoding="utf-8")
    assert page.count("<svg") == 4
    assert not re.search(r"https?:|<script|<link|src=", page)


def test_what_is_read_later_changes_nothing_said_before(done: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    now = T0 + timedelta(days=53, hours=12)
    past, other = totals(1), totals(2)
    changed = pl.concat([past.filter(pl.col("fetched_at") <= now), other.filter(pl.col("fetched_at") > now)])
    run(written(tmp_path / "recording", changed), tmp_path / "p.parquet", "--retrain-every", "10d")
    before = [pl.read_parquet(path).filter(pl.col("at") <= now) for path in (done[0], tmp_path / "p.parquet")]
    assert before[0].height == 11 * 38 + 2 * 40
    assert before[0].equals(before[1])


def test_trainings_side_by_side_give_the_same_predictions(done: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    recording, more = written(tmp_path / "recording", totals(1)), ("--model", "blend", "--retrain-every", "10d")
    result = run(recording, tmp_path / "p.parquet", *more, "--threads", "2")
    assert pl.read_parquet(tmp_path / "p.parquet").equals(pl.read_parquet(done[0]))
    assert [result[part] for part in ("figures", "models", "importance")] == [
        done[1][part] for part in ("figures", "models", "importance")
    ]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--model", "oracle"], "is not a kind of model"),
        (["--at", "noon"], "is not a time of day"),
        (["--predict-until", "2025-01-01"], "lies before --predict-from"),
    ],
)
def test_mistakes_are_told(done: tuple[Path, dict[str, object]], tmp_path: Path, more: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        run(done[0].parents[1] / "recording", tmp_path / "p.parquet", *more)
