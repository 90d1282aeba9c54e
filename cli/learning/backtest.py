"""`groundswell backtest`: learn from the past of a recording, predict what follows, and score it."""

import time
from pathlib import Path
from typing import Any

from rich.console import Console

from cli.shared.progress import days_played
from core.errors import GroundswellError, UsageError
from models.registry.kinds import require_kinds
from pipelines.recordings.features import walked_table
from sources.recordings.loading import load_recording
from tuning.backtest.plan import BacktestPlan
from tuning.backtest.report import as_json, lines, write_report
from tuning.backtest.score import plain_scores, score_walk
from tuning.backtest.walk import totals_table, walk_forward

PSEUDONYMS = b"groundswell backtest: the same pseudonyms in every run"[:32]
COLUMNS = ["hashtag", "at", "probability", "lower", "upper", "growth_p10", "growth_p50", "growth_p90", "model_id"]


def plan_of(kinds: list[str] | None, **chosen: Any) -> BacktestPlan:
    """Return a plan with the given kinds of model; raise UsageError for an unknown kind."""
    return BacktestPlan(**chosen) if not kinds else BacktestPlan(**chosen, kinds=require_kinds(kinds))


def backtest_recording(folders: tuple[Path, ...], plan: BacktestPlan, to: Path, out: Console) -> dict[str, Any]:
    """Run a backtest, write predictions, models and the report beside `to`, and return the figures as values for JSON.

    Parameters
    ----------
    folders: folders of the recording
    plan: the plan of the backtest
    to: path of the predictions, a Parquet file
    out: console for progress and figures
    """
    began = time.monotonic()
    _require_writable(to)
    recording = load_recording(folders)
    anchors = plan.anchors(recording.last)
    if not anchors or plan.train_until <= recording.first:
        raise UsageError(
            f"the recording runs from {recording.first:%Y-%m-%d %H:%M} to {recording.last:%Y-%m-%d %H:%M}; "
            "--train-until must lie inside it and an anchor after --predict-from"
        )
    moments = plan.moments(recording.first, anchors)
    if recording.video_snapshots is None:
        features, labels = totals_table(recording, moments)
    else:
        with days_played(out, recording.first, anchors[-1], "measured") as report_progress:
            features, labels = walked_table(recording, PSEUDONYMS, moments, report_progress)
    out.print(f"{len(anchors)} anchors, {features.height:,} rows of features ({time.monotonic() - began:.0f} s)")
    with days_played(out, anchors[0], anchors[-1], "predicted") as report_progress:
        walk = walk_forward(features, labels, anchors, plan, to.with_name(f"{to.stem}-models"), report_progress)
    walk.predictions[plan.kinds[0]].select(COLUMNS).write_parquet(to)
    out.print(f"scoring, beside the baselines ({time.monotonic() - began:.0f} s)")
    score = score_walk(walk, features, labels, plain_scores(features, labels, anchors, plan), plan)
    result = as_json(plan, walk, score) | {"seconds": round(time.monotonic() - began, 1), "out": str(to)}
    report = to.with_suffix(".html")
    write_report(report, ", ".join(path.resolve().name for path in folders), result, walk, score)
    for line in lines(result):
        out.print(line)
    out.print(f"predictions        {to}\nreport             {report}   ({result['seconds']:.0f} s)")
    return result


def _require_writable(to: Path) -> None:
    if to.suffix != ".parquet":
        raise UsageError(f"--out {to} must end in .parquet; the report and the models are written beside it")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GroundswellError(f"{to.parent} can't be made: {error.strerror}") from None
