"""The results of a backtest as JSON, as lines for the terminal, and as a page with pictures."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tuning import fit
from tuning.backtest.pictures import calibration, importance, lead_times, precision_recall
from tuning.backtest.plan import BacktestPlan
from tuning.backtest.score import BASELINES, Score
from tuning.backtest.walk import Walk
from tuning.pages import rendered

SCOPES = {
    "all": "all rows",
    "early": "surges at least 6 hours away",
    "seen": "hashtags learnt from at first",
    "unseen": "hashtags never seen in the first training",
}
FIGURES = {
    "pr_auc": "PR-AUC",
    "auc": "AUC",
    "precision_at_10": "precision@10",
    "recall_at_10": "recall@10",
    "precision_at_5pct": "precision@5 %",
    "recall_at_5pct": "recall@5 %",
    "lift": "lift over last-24h growth",
    "brier": "Brier score",
    "calibration_error": "calibration error",
    "quantile_coverage": "growing rows inside [p10, p90]",
    "pinball_loss": "pinball loss",
    "pinball_constant": "pinball loss of constant quantiles",
    "false_surge_rate": "false surge rate",
    "lead_time_mean_h": "lead time, mean (h)",
    "lead_time_median_h": "lead time, median (h)",
    "lead_time_share_6h": "alerts at least 6 h ahead",
    "base_rate": "base rate",
}


def as_json(plan: BacktestPlan, walk: Walk, score: Score) -> dict[str, Any]:
    """Return all results of a backtest as values for JSON."""
    champion = walk.predictions[plan.kinds[0]]
    return {
        "champion": plan.kinds[0],
        "train_until": plan.train_until.isoformat(),
        "first_anchor": champion["at"].min().isoformat(),  # type: ignore[union-attr]
        "last_anchor": champion["at"].max().isoformat(),  # type: ignore[union-attr]
        "anchors": champion["at"].n_unique(),
        "predictions": champion.height,
        "scored": score.rows.height,
        "figures": {
            model: {scope: fit.as_json(dict(estimates)) for scope, estimates in scopes.items()}
            for model, scopes in score.figures.items()
        },
        "members": {kind: dict(members) for kind, members in score.members.items()},
        "ratios": _ratios(plan, score),
        "models": walk.trained.with_columns(at=walk.trained["at"].dt.to_string("iso:strict")).to_dicts(),
        "importance": dict(walk.importance),
    }


def _ratios(plan: BacktestPlan, score: Score) -> dict[str, float | None]:
    """Return the champion's PR-AUC and precision@10 divided by those of each baseline, on all rows."""
    own = score.figures[plan.kinds[0]]["all"]
    ratios: dict[str, float | None] = {}
    for name in BASELINES:
        for figure in ("pr_auc", "precision_at_10"):
            mine, theirs = (f[figure].value for f in (own, score.figures.get(name, {}).get("all", own)))
            if name in score.figures:
                ratios[f"{figure} / {name}"] = round(mine / theirs, 4) if mine is not None and theirs else None
    return ratios


def lines(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield the most important figures as lines for the terminal."""
    shown = ("pr_auc", "precision_at_10", "calibration_error", "quantile_coverage", "auc")
    yield f"{'':<18}" + "".join(f"{FIGURES[name]:>20}"[-20:] for name in shown)
    for model, scopes in result["figures"].items():
        cells = [scopes["all"].get(name, {}).get("value") for name in shown]
        yield f"{model:<18}" + "".join(f"{'–' if cell is None else f'{cell:.4f}':>20}" for cell in cells)


def write_report(path: Path, title: str, result: Mapping[str, Any], walk: Walk, score: Score) -> None:
    """Write the report to `path`: one HTML file that holds its pictures and fetches nothing."""
    champion = result["champion"]
    rows = score.rows
    rankings = {champion: "probability"} | {n: column for n, column in BASELINES.items() if column in rows.columns}
    pictures = {
        "Precision and recall": precision_recall(rows, rankings),
        "Stated and observed": calibration(rows),
        "What moved the predictions": importance(walk.importance),
        "Hours from alert to surge": lead_times(rows),
    }
    page = rendered(
        "backtest/report.html", title=title, result=result, scopes=SCOPES, figures=FIGURES, pictures=pictures
    )
    path.write_text(page, encoding="utf-8")
