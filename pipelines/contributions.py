"""What moved predictions, as the table holds it: written, and summed up over a cycle."""

from collections.abc import Sequence

import orjson
import polars as pl

from models.interface import Contribution

_PARTS = pl.List(pl.Struct({"feature": pl.String, "value": pl.Float64, "contribution": pl.Float64}))


def as_json(parts: Sequence[Contribution]) -> str:
    """Contributions as the predictions table holds them."""
    stated = [{"feature": p.feature, "value": p.value, "contribution": round(p.contribution, 9)} for p in parts]
    return orjson.dumps(stated).decode()


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
