"""What a backtest is worth: every figure for each model and each baseline, on the same rows.

Formulas: docs/formulas.md, section 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from core.evaluation.intervals import Estimate
from core.evaluation.kpis import early, figures, score_figures
from tuning.backtest.plan import BacktestPlan
from tuning.backtest.walk import KEY, Walk, with_alerts
from tuning.members import Members, member_scores

Figures = Mapping[str, Mapping[str, Mapping[str, Estimate]]]
LAST_GROWTH = "growth_24h_past"
BASELINES = {"last-24h growth": LAST_GROWTH, "velocity": "velocity", "plain XGBoost": "plain"}


@dataclass(frozen=True)
class Score:
    """Figures, and the champion's rows they rest on.

    Parameters
    ----------
    figures: model or baseline -> scope (all, early, seen, unseen) -> figure -> estimate
    members: blend -> member -> its own figures on all rows, and what the blend loses without it
    rows: what the champion said with `viral`, `growth_24h`, `surged_at`, `alerted` and the baselines' scores
    """

    figures: Figures
    members: Mapping[str, Members]
    rows: pl.DataFrame


def score_walk(
    walk: Walk, features: pl.DataFrame, outcomes: pl.DataFrame, plain: pl.DataFrame, plan: BacktestPlan
) -> Score:
    """Score every model and baseline on the predictions whose outcome is known.

    Parameters
    ----------
    plain: hashtag, at and `plain`, the score of an untuned XGBoost on lagged growth and ranks
    """
    scores = [name for name in BASELINES.values() if name in features.columns]
    known = outcomes.join(features.select(*KEY, *scores), on=KEY, how="left").join(plain, on=KEY, how="left")
    found: dict[str, dict[str, dict[str, Estimate]]] = {}
    rows: dict[str, pl.DataFrame] = {}
    for kind, said in walk.said.items():
        rows[kind] = with_alerts(said, features, plan.threshold).join(known, on=KEY, how="inner").sort("at", "hashtag")
        found[kind] = {
            scope: figures(part, baseline=LAST_GROWTH) for scope, part in _scopes(rows[kind], walk.seen).items()
        }
    champion = rows[plan.kinds[0]]
    for name, column in BASELINES.items():
        if column in champion.columns:
            found[name] = {scope: score_figures(part, column) for scope, part in _scopes(champion, walk.seen).items()}
    members = {kind: apart for kind, part in rows.items() if (apart := member_scores(part))}
    return Score(found, members, champion)


def _scopes(rows: pl.DataFrame, seen: frozenset[str]) -> dict[str, pl.DataFrame]:
    """All rows, those of surges at least 6 h away, and those of hashtags that the first models learnt from or not."""
    known = pl.col("hashtag").is_in(sorted(seen))
    scopes = {"all": rows, "early": early(rows), "seen": rows.filter(known), "unseen": rows.filter(~known)}
    return {name: part for name, part in scopes.items() if part.height}
