"""Tables of a made installation: every hashtag measured, predicted and judged hourly, written straight into a lake."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from core.features import FEATURE_SET
from core.tables import HASHTAG_METRICS, OUTCOMES, PREDICTIONS, QUALITY, THEMES, Table
from core.windows import DAY, HOUR
from storage.lake.interface import Lake

END = datetime(2025, 6, 29, 12, tzinfo=UTC)
TABLES = {table.name: table for table in (HASHTAG_METRICS, PREDICTIONS, OUTCOMES, QUALITY, THEMES)}
MODEL_ID = "xgboost-made"
THEME_SIZE, CONTRIBUTIONS = 10, 6
_LATE = 26 * HOUR
_CHECKS = ("missing", "falls", "spikes", "duplicates", "clock_skew")


def tag_name(number: int) -> str:
    """Return the name of a hashtag by its number."""
    return f"madehashtag{number:05}"


def fill_lake(lake: Lake, hashtags: int, days: int, progress: Callable[[str], None]) -> None:
    """Write `days` days that end at `END`, half a day a commit and the last two days by the hour, then compact."""
    rng = np.random.default_rng(hashtags + days)
    base = 10 ** rng.uniform(2, 5, hashtags)
    moment = END - days * DAY
    while moment < END:
        step = min(12 * HOUR if moment < END - 2 * DAY else HOUR, END - moment)
        hours = int(step / HOUR)
        frame = _measured(base, moment, hours, rng)
        _put(lake, HASHTAG_METRICS, _metrics(frame, rng), moment, step, rng)
        _put(lake, PREDICTIONS, _predictions(frame, rng), moment, step, rng)
        _put(lake, THEMES, _themes(hashtags, moment, hours), moment, step, rng)
        _put(lake, QUALITY, _quality(moment, hours), moment, step, rng)
        if moment + step <= END - _LATE:
            _put(lake, OUTCOMES, _outcomes(frame), moment, step, rng)
        if moment.hour == END.hour:
            progress(f"made {moment:%Y-%m-%d}")
        moment += step
    lake.compact(END.date())


def _put(
    lake: Lake, table: Table, rows: pl.DataFrame, start: datetime, step: timedelta, rng: np.random.Generator
) -> None:
    """Write rows; figures that no page depends on are drawn by chance."""
    drawn: dict[type[pl.DataType], Callable[[], np.ndarray]] = {
        pl.Float64: lambda: rng.uniform(0, 1, rows.height),
        pl.Int64: lambda: rng.integers(0, 50, rows.height),
        pl.Boolean: lambda: rng.uniform(0, 1, rows.height) < 0.05,
    }
    missing = [name for name in table.schema if name not in rows.columns]
    columns = [
        pl.Series(name, drawn[type(dtype)](), dtype)
        if (dtype := table.schema[name]).__class__ in drawn
        else pl.Series(name, [None] * rows.height, dtype)
        for name in missing
    ]
    lake.replace(table.name, rows.with_columns(columns).select(list(table.schema)), start, start + step)


def _measured(base: np.ndarray, start: datetime, hours: int, rng: np.random.Generator) -> pl.DataFrame:
    """Return hashtag, window, views gained and the total of every hashtag in every hour."""
    ends = [start + (hour + 1) * HOUR for hour in range(hours)]
    age_h = (start - datetime(2025, 1, 1, tzinfo=UTC)) / HOUR + np.arange(hours)
    gained = base[:, None] * rng.lognormal(0, 0.3, (len(base), hours))
    total = base[:, None] * (1000 + age_h)[None, :]
    return pl.DataFrame(
        {
            "hashtag": np.repeat([tag_name(number) for number in range(len(base))], hours),
            "window": ends * len(base),
            "views_gained": gained.round().ravel(),
            "views_total": total.round().ravel(),
        },
        schema_overrides={"window": pl.Datetime("us", "UTC")},
    )


def _metrics(frame: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    momentum = pl.Series("momentum", rng.uniform(0, 1, frame.height))
    return frame.with_columns(
        momentum,
        window_end=pl.col("window"),
        window_length=pl.lit(60, pl.Int64),
        v_source=pl.lit("totals"),
        delta_24h=pl.col("views_gained") * 24,
        first_detected_at=pl.lit(datetime(2025, 1, 2, tzinfo=UTC)).cast(pl.Datetime("us", "UTC")),
        emerging=momentum > 0.98,
    )


def _predictions(frame: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Every hashtag is predicted, four of five are ranked."""
    height = frame.height
    chance = pl.Series("probability", rng.beta(0.6, 8, height))
    ranked = pl.Series(rng.uniform(0, 1, height) < 0.8)
    names = [feature.name for feature in FEATURE_SET.features][:CONTRIBUTIONS]
    parts = [
        pl.format(
            '{{"feature":"' + name + '","value":{},"contribution":{}}}',
            pl.Series(rng.normal(2, 3, height).round(6)),
            pl.Series(rng.normal(0, 0.5, height).round(9)),
        )
        for name in names
    ]
    rank = pl.col("probability").rank("ordinal", descending=True).over("window").cast(pl.Int64)
    predicted = frame.select("hashtag", "window", chance, at="window")
    return predicted.with_columns(
        model_id=pl.lit(MODEL_ID),
        lower=chance * 0.7,
        upper=chance * 1.2,
        rank=pl.when(ranked).then(rank),
        rank_score=pl.when(ranked).then(chance),
        alerted=(chance > 0.75) & ranked,
        contributions=pl.concat_str(pl.lit("["), pl.concat_str(parts, separator=","), pl.lit("]")),
        moved_by=pl.when(ranked).then(pl.lit("For #madehashtag, what speaks for it is its novelty and its velocity.")),
        members=pl.lit(None, pl.String),
        feature_set=pl.lit(FEATURE_SET.name),
    )


def _outcomes(frame: pl.DataFrame) -> pl.DataFrame:
    viral = pl.col("views_gained") > pl.col("views_gained").quantile(0.95).over("window")
    return frame.select(
        "hashtag", "window", at="window", growth_24h=pl.col("views_gained") / pl.col("views_total"), viral=viral,
        surged_at=pl.when(viral).then(pl.col("window") + pl.duration(hours=9)), v_source=pl.lit("totals"),
        resolved_at=pl.col("window") + pl.duration(hours=25),
    )  # fmt: skip


def _themes(hashtags: int, start: datetime, hours: int) -> pl.DataFrame:
    rows = [
        {
            "cluster_id": f"c{number}", "at": at, "theme_label": f"Theme {number}", "label_source": "vocabulary",
            "centroid": [1.0, 0.0], "size": THEME_SIZE, "keywords": ["home", "kitchen"], "born_at": END - 90 * DAY,
            "members": [tag_name(number * THEME_SIZE + place) for place in range(THEME_SIZE)], "window": at,
        }
        for hour in range(hours)
        for at in [start + (hour + 1) * HOUR]
        for number in range(hashtags // (2 * THEME_SIZE))
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=THEMES.schema)


def _quality(start: datetime, hours: int) -> pl.DataFrame:
    rows = [
        {"check": check, "entity": "plays", "value": 0.01, "items": 500, "threshold": 0.1, "level": "ok", "window": at}
        for quarter in range(hours * 4)
        for at in [start + (quarter + 1) * HOUR / 4]
        for check in _CHECKS
    ]
    return pl.DataFrame(rows, schema=QUALITY.schema)
