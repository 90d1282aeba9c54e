"""Which model was champion at a time: the one definition for figures, scoreboard and pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from core.windows import EPOCH

_UTC_TIME = pl.Datetime("us", "UTC")


@dataclass(frozen=True)
class ChampionPeriod:
    """A model became champion.

    Parameters
    ----------
    since: its first predictions are those made after this moment; a cycle predicts before it promotes
    model_id: the model
    """

    since: datetime
    model_id: str


def by_champion(predictions: pl.DataFrame, periods: Sequence[ChampionPeriod] = ()) -> pl.DataFrame:
    """The rows of the one model that was champion at each time.

    Only a champion ranks, so a model that ranked then was champion. Where none did, or where the rows of one hashtag
    alone can't show it, it is the model that took over last, of those with predictions at that time; else the first by
    id. The first champion's period has no beginning.

    Parameters
    ----------
    predictions: hashtag, at, model_id and rank of champions and shadows
    periods: takeovers in order, as `tuning.takeovers.champion_periods` reads them; by default those that show in the
        ranks themselves

    Examples
    --------
    >>> from datetime import UTC
    >>> hours = [datetime(2025, 5, 14, hour, tzinfo=UTC) for hour in (9, 9, 10, 10)]
    >>> rows = pl.DataFrame({"at": hours, "model_id": ["new", "old"] * 2, "rank": [None] * 4})
    >>> by_champion(rows, [ChampionPeriod(hours[0], "old"), ChampionPeriod(hours[0], "new")])["model_id"].to_list()
    ['old', 'new']
    """
    ranked = pl.col("rank").is_not_null().any().alias("ranked")
    models = predictions.group_by("at", "model_id").agg(ranked).sort("at", "model_id")
    takeovers = _taken_over(periods) if periods else _ranked_first(models)
    champions = (
        models.join_asof(
            takeovers.with_columns(since="taken_over"),
            left_on="at",
            right_on="since",
            by="model_id",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .sort(["at", "ranked", "taken_over", "model_id"], descending=[False, True, True, False], nulls_last=True)
        .unique("at", keep="first")
    )
    return predictions.join(champions.select("at", "model_id"), on=["at", "model_id"], how="semi")


def _taken_over(periods: Sequence[ChampionPeriod]) -> pl.DataFrame:
    """When each model took over, in order; the first one at the beginning of time."""
    moments = [EPOCH, *(period.since for period in periods[1:])]
    frame = pl.DataFrame(
        [moments, [period.model_id for period in periods]], schema={"taken_over": _UTC_TIME, "model_id": pl.String}
    )
    return frame.sort("taken_over", maintain_order=True)


def _ranked_first(models: pl.DataFrame) -> pl.DataFrame:
    """When models took over, as far as ranks show it: just before each time at which they ranked."""
    ranked = models.filter("ranked").group_by("at").agg(pl.col("model_id").min()).sort("at")
    before = (pl.col("at") - pl.duration(microseconds=1)).alias("taken_over")
    first = pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(EPOCH)).otherwise(before)
    return ranked.select(first.cast(_UTC_TIME).alias("taken_over"), "model_id")
