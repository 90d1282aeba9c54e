"""What moved predictions: as values, as the table `predictions` stores them, and summed up over a cycle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

import orjson
import polars as pl

from core.features.growth_by_plays import without_plays
from models.blend import Blend
from models.interface import Contribution, Member, Scorer
from models.label_scale import LabelScaleModel

DECIMALS = 9


def rounded(parts: Iterable[Contribution]) -> tuple[Contribution, ...]:
    """Contributions to the precision at which they are stored, in the same order.

    A value that is not finite becomes None; a contribution that is not finite is left out.
    """
    return tuple(
        Contribution(
            part.feature,
            part.value if part.value is not None and isfinite(part.value) else None,
            round(part.contribution, DECIMALS),
        )
        for part in parts
        if isfinite(part.contribution)
    )


def to_json(parts: Sequence[Contribution | Member]) -> str:
    """Contributions, or members of a blend, as the table `predictions` stores them."""
    return orjson.dumps(parts).decode()


def from_json(text: str | None) -> tuple[Contribution, ...]:
    """Contributions read from the table `predictions`; null gives none."""
    parts: Sequence[Mapping[str, Any]] = orjson.loads(text or "[]")
    return tuple(Contribution(part["feature"], part["value"], part["contribution"]) for part in parts)


def members_of(model: Scorer, frame: pl.DataFrame) -> list[list[Member]] | None:
    """What each member of a blend predicts for every row, with its share rounded; None for another kind of model."""
    if isinstance(model, LabelScaleModel):
        return members_of(model.inner, without_plays(frame))
    if not isinstance(model, Blend):
        return None
    return [[replace(member, share=round(member.share, DECIMALS)) for member in row] for row in model.apart(frame)]


def summed(predictions: Sequence[Sequence[Contribution]]) -> pl.DataFrame:
    """What moved the predictions of a cycle, strongest first.

    Parameters
    ----------
    predictions: the contributions to each prediction that was explained

    Returns
    -------
    feature, predictions (how many of them it is listed for), mean_abs and mean: log-odds per explained prediction,
    where one that does not list the feature counts as 0.
    """
    count = max(len(predictions), 1)
    parts = pl.DataFrame(
        {
            "feature": [part.feature for parts in predictions for part in parts],
            "contribution": [part.contribution for parts in predictions for part in parts],
        },
        schema={"feature": pl.String, "contribution": pl.Float64},
    )
    amount = pl.col("contribution")
    return (
        parts.group_by("feature")
        .agg(
            pl.len().cast(pl.Int64).alias("predictions"),
            (amount.abs().sum() / count).alias("mean_abs"),
            (amount.sum() / count).alias("mean"),
        )
        .sort(["mean_abs", "feature"], descending=[True, False])
    )
