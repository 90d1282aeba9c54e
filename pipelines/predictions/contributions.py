"""What moved predictions, as the table holds it: written, and summed up over a cycle."""

from collections.abc import Sequence
from dataclasses import asdict

import orjson
import polars as pl

from core.features.growth_by_plays import without_plays
from models.blend import Blend
from models.interface import Contribution, Scorer
from models.label_scale import LabelScaleModel

_PARTS = pl.List(pl.Struct({"feature": pl.String, "value": pl.Float64, "contribution": pl.Float64}))


def as_json(parts: Sequence[Contribution]) -> str:
    """Contributions as the predictions table holds them."""
    stated = [{"feature": p.feature, "value": p.value, "contribution": round(p.contribution, 9)} for p in parts]
    return orjson.dumps(stated).decode()


def members_as_json(model: Scorer, frame: pl.DataFrame) -> list[str | None]:
    """For every row what each member of a blend says, as the predictions table holds it; None for another model."""
    if isinstance(model, LabelScaleModel):
        return members_as_json(model.inner, without_plays(frame))
    if not isinstance(model, Blend):
        return [None] * frame.height
    rows = ([asdict(one) | {"share": round(one.share, 9)} for one in row] for row in model.apart(frame))
    return [orjson.dumps(row).decode() for row in rows]


def summed(predictions: pl.DataFrame) -> pl.DataFrame:
    """What moved the predictions of a cycle, most first.

    Returns feature, predictions (in how many it is among those told), mean_abs and mean (log-odds per prediction of the
    cycle, one where it is not told counting as 0).
    """
    told = predictions.filter(pl.col("contributions").is_not_null())
    parts = (
        told.select(pl.col("contributions").str.json_decode(_PARTS).alias("part"))
        .explode("part", keep_nulls=False, empty_as_null=False)
        .unnest("part")
    )
    amount = pl.col("contribution")
    return (
        parts.group_by("feature")
        .agg(
            pl.len().cast(pl.Int64).alias("predictions"),
            (amount.abs().sum() / max(told.height, 1)).alias("mean_abs"),
            (amount.sum() / max(told.height, 1)).alias("mean"),
        )
        .sort(["mean_abs", "feature"], descending=[True, False])
    )
