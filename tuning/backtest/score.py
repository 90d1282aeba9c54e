"""What a backtest is worth: every figure for each model and each baseline, on the same rows.

Formulas: docs/formulas.md, section 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from xgboost import XGBClassifier

from core.evaluation.intervals import Estimate
from core.evaluation.kpis import early, figures, score_figures
from models.rows import matrix
from tuning.backtest.plan import BacktestPlan
from tuning.backtest.walk import KEY, Walk, alerts_of, training_rows
from tuning.members import MemberFigures, member_scores
from tuning.side_by_side import side_by_side

Figures = Mapping[str, Mapping[str, Mapping[str, Estimate]]]
LAST_GROWTH = "growth_24h_past"
BASELINES = {"last-24h growth": LAST_GROWTH, "velocity": "velocity", "plain XGBoost": "plain"}

LAGGED = (
    *(f"gained_{hours}h" for hours in (3, 6, 12, 24, 48, 72, 168)),
    "gained_24h_before",
    "growth_24h_past",
    "views_total_log",
    *(f"rank_{name}" for name in ("growth_24h_past", "gained_6h", "gained_24h", "views_total_log")),
)


@dataclass(frozen=True)
class Score:
    """The figures of a backtest, and the champion's rows that they rest on.

    Parameters
    ----------
    figures: model or baseline -> scope (all, early, seen, unseen) -> figure -> estimate
    members: blend -> member -> its own figures on all rows, and what the blend loses without it
    rows: the champion's predictions with `viral`, `growth_24h`, `surged_at`, `alerted` and the baselines' scores
    """

    figures: Figures
    members: Mapping[str, MemberFigures]
    rows: pl.DataFrame


def score_walk(
    walk: Walk, features: pl.DataFrame, outcomes: pl.DataFrame, plain: pl.DataFrame, plan: BacktestPlan
) -> Score:
    """Return the figures of every model and baseline on the predictions whose outcome is known.

    Parameters
    ----------
    walk: the predictions
    features: hashtag, at, the features that ranking uses, and the baselines' features
    outcomes: hashtag, at, growth_24h, viral and surged_at
    plain: hashtag, at and `plain`, as `plain_scores` returns them
    plan: the plan of the backtest
    """
    scores = [name for name in BASELINES.values() if name in features.columns]
    resolved = outcomes.join(features.select(*KEY, *scores), on=KEY, how="left").join(plain, on=KEY, how="left")
    scores_of: dict[str, dict[str, dict[str, Estimate]]] = {}
    rows: dict[str, pl.DataFrame] = {}
    for kind, predictions in walk.predictions.items():
        marked = alerts_of(predictions, features, plan.threshold)
        rows[kind] = marked.join(resolved, on=KEY, how="inner").sort("at", "hashtag")
        scores_of[kind] = {
            scope: figures(part, baseline=LAST_GROWTH) for scope, part in _scopes(rows[kind], walk.seen).items()
        }
    champion = rows[plan.kinds[0]]
    for name, column in BASELINES.items():
        if column in champion.columns:
            scores_of[name] = {
                scope: score_figures(part, column) for scope, part in _scopes(champion, walk.seen).items()
            }
    members = {kind: apart for kind, part in rows.items() if (apart := member_scores(part))}
    return Score(scores_of, members, champion)


def plain_scores(
    features: pl.DataFrame, outcomes: pl.DataFrame, anchors: list[datetime], plan: BacktestPlan
) -> pl.DataFrame:
    """Return hashtag, at and `plain`, the reference to beat, at every anchor.

    `plain` is the probability of an untuned XGBoost classifier on lagged growth and ranks, trained whenever the models
    are.
    """
    names = tuple(name for name in LAGGED if name in features.columns)
    labelled = features.select(*KEY, *names).join(outcomes, on=KEY, how="inner")

    def chances(step: tuple[datetime, list[datetime]]) -> pl.DataFrame:
        made_at, period = step
        rows = training_rows(labelled, made_at, plan).rows
        model = XGBClassifier(n_jobs=1, random_state=plan.seed)
        model.fit(matrix(rows, names), rows["viral"].to_numpy())
        period_rows = features.filter(pl.col("at").is_in(period))
        chance = model.predict_proba(matrix(period_rows, names))[:, 1].astype(float)
        return period_rows.select(KEY).with_columns(plain=pl.Series(chance))

    return pl.concat(side_by_side(chances, plan.periods(anchors), plan.threads))


def _scopes(rows: pl.DataFrame, seen: frozenset[str]) -> dict[str, pl.DataFrame]:
    """Return the rows of each scope: all, early, and of hashtags that the first models learnt from or not."""
    learnt = pl.col("hashtag").is_in(sorted(seen))
    scopes = {"all": rows, "early": early(rows), "seen": rows.filter(learnt), "unseen": rows.filter(~learnt)}
    return {name: part for name, part in scopes.items() if part.height}
