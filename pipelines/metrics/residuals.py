"""How the past predictions of hashtags went: viral (0 or 1) less the probability that was stated (group F).

Formulas: docs/formulas.md, section 4.
"""

from datetime import datetime, timedelta

import polars as pl

from core.evaluation.champions import by_champion
from core.tables import UTC_TIME
from storage.lake.interface import Lake

LOOK_BACK = timedelta(days=14)
_KEY = ["hashtag", "at"]
_PREDICTED = [*_KEY, "model_id", "probability", "rank"]
_SCHEMA = {"hashtag": pl.String(), "at": UTC_TIME, "residual": pl.Float64(), "resolved_at": UTC_TIME}


class Residuals:
    """The residuals of the champions' predictions, read again only after outcomes were added.

    Parameters
    ----------
    lake: holds `predictions` and `outcomes`
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._version = -1
        self._start: datetime | None = None
        self._rows = pl.DataFrame(schema=_SCHEMA)

    def known(self, as_of: datetime) -> pl.DataFrame:
        """Return hashtag, at and residual of the predictions of the last 14 days that were resolved before `as_of`."""
        version, start = self._lake.version("outcomes"), as_of - LOOK_BACK
        if version != self._version or self._start is None or start < self._start:
            self._version, self._start, self._rows = version, start, self._read(start)
        return self._rows.filter(pl.col("at") > start, pl.col("resolved_at") < as_of).drop("resolved_at")

    def _read(self, start: datetime) -> pl.DataFrame:
        outcomes = self._lake.read("outcomes", start=start, columns=[*_KEY, "viral", "resolved_at"])
        if outcomes.is_empty():
            return pl.DataFrame(schema=_SCHEMA)
        end = outcomes["at"].max()
        assert isinstance(end, datetime)
        predictions = by_champion(self._lake.read("predictions", start=start, end=end, columns=_PREDICTED))
        residual = pl.col("viral").cast(pl.Float64) - pl.col("probability")
        return predictions.join(outcomes, on=_KEY).with_columns(residual=residual).select(*_SCHEMA)
