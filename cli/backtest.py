"""`groundswell backtest`: learn from the past of a recording, predict what follows, and score it."""

import time
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console

from cli.progress import days_played
from core.errors import GroundswellError, UsageError
from core.feature_totals import totals_features
from core.labels import HORIZON, Views, outcomes
from core.rises import Readings
from core.tables import VIDEO_SNAPSHOTS
from models import KINDS
from sources.recording import Recording, load_recording
from tuning.backtest import walk_forward
from tuning.backtest_plain import plain_scores
from tuning.backtest_plan import BacktestPlan
from tuning.backtest_report import as_json, lines, write_report
from tuning.backtest_score import score_walk

COLUMNS = ["hashtag", "at", "probability", "lower", "upper", "growth_p10", "growth_p50", "growth_p90", "model_id"]


def plan_of(kinds: list[str] | None, **chosen: Any) -> BacktestPlan:
    """A plan with the kinds of models asked for; an unknown kind is a UsageError."""
    for kind in kinds or ():
        if kind not in KINDS:
            raise UsageError(f"{kind!r} is no kind of model; there are {', '.join(KINDS)}")
    return BacktestPlan(**chosen) if not kinds else BacktestPlan(**chosen, kinds=tuple(dict.fromkeys(kinds)))


def backtest_recording(folders: tuple[Path, ...], plan: BacktestPlan, to: Path, out: Console) -> dict[str, Any]:
    """Walk forward, write predictions, models and the report beside `to`, and return the figures as JSON."""
    began = time.monotonic()
    _require_writable(to)
    recording = load_recording(folders)
    anchors = plan.anchors(recording.last)
    if not anchors or plan.train_until <= recording.first:
        raise UsageError(
            f"the recording runs from {recording.first:%Y-%m-%d %H:%M} to {recording.last:%Y-%m-%d %H:%M}; "
            "--train-until must lie inside it and an anchor after --predict-from"
        )
    features, labels = _table(recording, plan, anchors)
    out.print(f"{len(anchors)} anchors, {features.height:,} rows of features ({time.monotonic() - began:.0f} s)")
    with days_played(out, anchors[0], anchors[-1], "predicted") as told:
        walk = walk_forward(features, labels, anchors, plan, to.with_name(f"{to.stem}-models"), told)
    walk.said[plan.kinds[0]].select(COLUMNS).write_parquet(to)
    out.print(f"scoring, beside the baselines ({time.monotonic() - began:.0f} s)")
    score = score_walk(walk, features, labels, plain_scores(features, labels, anchors, plan), plan)
    result = as_json(plan, walk, score) | {"seconds": round(time.monotonic() - began, 1), "out": str(to)}
    report = to.with_suffix(".html")
    write_report(report, ", ".join(path.resolve().name for path in folders), result, walk, score)
    for line in lines(result):
        out.print(line)
    out.print(f"predictions        {to}\nreport             {report}   ({result['seconds']:.0f} s)")
    return result


def _table(recording: Recording, plan: BacktestPlan, anchors: list[datetime]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return features of every known hashtag at every anchor to learn from or predict at, and what became of them."""
    totals = recording.hashtag_snapshots
    if totals is None:
        raise UsageError("backtest needs hashtag_snapshots.parquet in the recording; replay works from videos alone")
    totals = totals.drop_nulls("views_total")
    learnt = plan.training_anchors(recording.first, anchors[-1])
    names = totals["hashtag"].unique().sort()
    coded = totals.with_columns(code=pl.col("hashtag").replace_strict(names, pl.Series(range(len(names)))))
    readings = Readings.of(
        coded["code"].to_numpy(), coded["fetched_at"].to_physical().to_numpy(), coded["views_total"].to_numpy()
    )
    first = coded.group_by("code").agg(known_from=pl.col("fetched_at").min())
    keys = pl.DataFrame({"at": sorted({*learnt, *anchors})}, schema={"at": totals.schema["fetched_at"]}).join_where(
        first, pl.col("known_from") <= pl.col("at")
    )
    plays = VIDEO_SNAPSHOTS.empty()
    resolved = [at for at in sorted({*learnt, *anchors}) if at + HORIZON <= recording.last]
    return totals_features(readings, names, keys.select("code", "at")), outcomes(Views.of(totals, plays), resolved)


def _require_writable(to: Path) -> None:
    if to.suffix != ".parquet":
        raise UsageError(f"--out {to} must end in .parquet; the report and the models are written beside it")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GroundswellError(f"{to.parent} can't be made: {error.strerror}") from None
