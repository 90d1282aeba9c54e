"""What the champion would predict for the leaders if one of their figures were different, computed by the model."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from core.judgements.perturbations import FACTORS, PERTURBATIONS, Perturbation, perturbed, place, value_range
from core.metrics.formulas import MomentumRule
from models.interface import Scorer

TOP = 10
MOST_STATED = 3
LEAST_MOVE = 0.01
Row = Mapping[str, Any]
Move = tuple[Row, Perturbation, Mapping[str, float]]


@dataclass(frozen=True)
class Counterfactual:
    """One changed figure and the model's prediction for it.

    Parameters
    ----------
    perturbation: what was put differently
    value_from, value_to: of the stated feature
    moved: every feature that was changed, with its new value
    probability_from, probability_to: the stored prediction, and the model's answer
    """

    hashtag: str
    perturbation: Perturbation
    value_from: float
    value_to: float
    moved: Mapping[str, float]
    probability_from: float
    probability_to: float

    @property
    def change(self) -> float:
        """By how much the probability moves."""
        return self.probability_to - self.probability_from


def counterfactuals(
    model: Scorer,
    predictions: pl.DataFrame,
    features: pl.DataFrame,
    metrics: pl.DataFrame,
    momentum: MomentumRule,
    top: int = TOP,
) -> list[Counterfactual]:
    """Return at most three for each of the `top` ranked hashtags, best rank first, the strongest of each first.

    A figure is halved and doubled within the window's 5 to 95 % range, and the direction that moves the model more is
    stated; moves of less than a percentage point are not. A prediction that the model does not repeat to the last
    bit, because it had other features before it, gets none.

    Parameters
    ----------
    model: the one that made `predictions`
    predictions: its rows of table `predictions` of one moment
    features, metrics: rows of those tables of the same moment, of all hashtags
    momentum: the weights of momentum
    """
    leaders = predictions.filter(pl.col("rank") <= top).sort("rank").select("hashtag", "probability", "rank")
    rows = leaders.join(features, on="hashtag", how="inner", maintain_order="left")
    if rows.is_empty():
        return []
    moves = [
        (row, perturbation, moved)
        for row in rows.iter_rows(named=True)
        for perturbation, moved in _moves(row, features, metrics, momentum)
        if not set(moved).isdisjoint(model.features)
    ]
    probabilities = model.predict(_altered(rows, moves, features))["probability"].to_list()
    repeats = [
        row["probability"] == again for row, again in zip(rows.iter_rows(named=True), probabilities, strict=False)
    ]
    same = set(rows["hashtag"].filter(pl.Series(repeats)))
    measured = [
        Counterfactual(
            row["hashtag"],
            perturbation,
            row[perturbation.feature],
            moved[perturbation.feature],
            moved,
            row["probability"],
            answer,
        )
        for (row, perturbation, moved), answer in zip(moves, probabilities[rows.height :], strict=True)
        if row["hashtag"] in same
    ]
    return [best for tag in rows["hashtag"] for best in _strongest([each for each in measured if each.hashtag == tag])]


def _moves(
    row: Row, features: pl.DataFrame, metrics: pl.DataFrame, momentum: MomentumRule
) -> Iterator[tuple[Perturbation, dict[str, float]]]:
    for perturbation in PERTURBATIONS:
        reach = value_range(features[perturbation.feature].to_list())
        for factor in FACTORS:
            moved = perturbed(perturbation, row, factor, *reach) if reach else {}
            if moved:
                yield perturbation, moved | _momentum(row, perturbation, moved[perturbation.feature], metrics, momentum)


def _momentum(
    row: Row, perturbation: Perturbation, value: float, metrics: pl.DataFrame, rule: MomentumRule
) -> dict[str, float]:
    """Momentum recomputed from the metric's new place among the window's hashtags."""
    if not perturbation.in_momentum or row["momentum"] is None:
        return {}
    mine = metrics["hashtag"] == row["hashtag"]
    before = metrics.filter(mine)[perturbation.feature].to_list()
    if not before or before[0] is None:
        return {}
    others = metrics.filter(~mine)[perturbation.feature].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    moved = place(others, value) - place(others, before[0])
    return {"momentum": row["momentum"] + float(getattr(rule, perturbation.feature)) * moved}


def _altered(rows: pl.DataFrame, moves: Sequence[Move], like: pl.DataFrame) -> pl.DataFrame:
    """The leaders as they are, then one row for each question."""
    changed = [{name: moved.get(name, row[name]) for name in like.columns} for row, _, moved in moves]
    return pl.concat([rows.select(like.columns), pl.DataFrame(changed, schema=like.schema)])


def _strongest(mine: list[Counterfactual]) -> list[Counterfactual]:
    best: dict[str, Counterfactual] = {}
    for counterfactual in sorted(mine, key=lambda counterfactual: -abs(counterfactual.change)):
        if abs(counterfactual.change) >= LEAST_MOVE:
            best.setdefault(counterfactual.perturbation.feature, counterfactual)
    return list(best.values())[:MOST_STATED]
