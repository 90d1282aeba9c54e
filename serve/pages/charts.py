"""The data of charts: SVG paths for sparklines, numbers for the page's charting library otherwise."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from serve.pages.words import known
from serve.reading.history import History
from serve.reading.track_record import BINS, TrackRecord
from storage.records.rows import KpiRow

WIDTH, HEIGHT = 160, 40
_MARGIN = 4


@dataclass(frozen=True)
class Spark:
    """A small line: SVG path data of the line and of the area under it, and where it ends."""

    line: str
    area: str
    x: float
    y: float


def spark(values: Sequence[float | None]) -> Spark | None:
    """A sparkline of evenly spaced values from 0 up; unknown ones are bridged, fewer than two known give None.

    Examples
    --------
    >>> spark([0, None, 10]).line
    'M4 36L156 4'
    >>> spark([3]) is None
    True
    """
    points = [(place, value) for place, raw in enumerate(values) if (value := known(raw)) is not None]
    if len(points) < 2:
        return None
    top = max(max(value for _, value in points), 1e-9)
    across = (WIDTH - 2 * _MARGIN) / (len(values) - 1)
    drawn = [
        (round(_MARGIN + place * across, 1), round(HEIGHT - _MARGIN - max(value, 0) / top * (HEIGHT - 2 * _MARGIN), 1))
        for place, value in points
    ]
    line = "M" + "L".join(f"{x:g} {y:g}" for x, y in drawn)
    floor = HEIGHT - _MARGIN
    return Spark(line, f"{line}L{drawn[-1][0]:g} {floor}L{drawn[0][0]:g} {floor}Z", *drawn[-1])


def sparks(recent: pl.DataFrame, hashtags: Sequence[str]) -> dict[str, Spark | None]:
    """Views gained per hour over the last days, for each of `hashtags`."""
    wanted = recent.filter(pl.col("hashtag").is_in(list(hashtags))).sort("window_end")
    return {str(name[0]): spark(_gains(rows)) for name, rows in wanted.group_by("hashtag")}


def _gains(rows: pl.DataFrame) -> list[float | None]:
    """Return measured gains, or the steps between totals where gains were never measured."""
    if rows["views_gained"].null_count() > rows.height - 2:
        return rows["views_total"].diff().to_list()
    return rows["views_gained"].to_list()


def _dump(chart: dict[str, Any]) -> str:
    return json.dumps(chart, separators=(",", ":"), allow_nan=False)


def _numbers(values: Sequence[float | None], digits: int = 4) -> list[float | None]:
    return [None if (number := known(value)) is None else round(number, digits) for value in values]


def _seconds(times: Sequence[datetime]) -> list[int]:
    return [int(moment.timestamp()) for moment in times]


def views_chart(history: History) -> str:
    """Views in total and views gained per hour, over time."""
    metrics = history.metrics
    return _dump(
        {
            "kind": "views",
            "x": _seconds(metrics["window_end"].to_list()),
            "total": _numbers(metrics["views_total"].to_list(), 0),
            "gained": _numbers(metrics["views_gained"].to_list(), 0),
        }
    )


def probability_chart(history: History) -> str:
    """The chance stated over time with its interval, and at each resolved time whether the tag surged afterwards."""
    resolved = history.predictions.join(history.outcomes.select("at", "viral"), on="at", how="left").sort("at")
    chance = _numbers(resolved["probability"].to_list())
    viral = resolved["viral"].to_list()
    return _dump(
        {
            "kind": "probability",
            "x": _seconds(resolved["at"].to_list()),
            "chance": chance,
            "lower": _numbers(resolved["lower"].to_list()),
            "upper": _numbers(resolved["upper"].to_list()),
            "hit": [value if hit else None for value, hit in zip(chance, viral, strict=True)],
            "miss": [value if hit is False else None for value, hit in zip(chance, viral, strict=True)],
        }
    )


def precision_chart(champion: Sequence[KpiRow], baseline: Sequence[KpiRow]) -> str | None:
    """precision@10 by the end of its period, beside the baseline's; None with fewer than two points."""
    beside = {row.period_end: row.value for row in baseline}
    rows = {row.period_end: row for row in champion}
    if len(rows) < 2:
        return None
    ends = sorted(rows)
    return _dump(
        {
            "kind": "precision",
            "x": _seconds(ends),
            "champion": _numbers([rows[end].value for end in ends]),
            "lower": _numbers([rows[end].lower for end in ends]),
            "upper": _numbers([rows[end].upper for end in ends]),
            "baseline": _numbers([beside.get(end) for end in ends]),
        }
    )


def calibration_chart(track: TrackRecord) -> str | None:
    """What was stated against what happened, by tenths of probability; None before anything is resolved."""
    bins = track.bins.group_by("bin").agg(pl.col("n", "probability", "hits").sum()).sort("bin")
    if bins.is_empty():
        return None
    stated = (bins["probability"] / bins["n"]).to_list()
    return _dump(
        {
            "kind": "calibration",
            "bins": BINS,
            "x": _numbers(stated),
            "observed": _numbers((bins["hits"] / bins["n"]).to_list()),
            "n": bins["n"].to_list(),
        }
    )
