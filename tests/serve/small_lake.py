"""Two weeks of made-up hashtags in a lake: measured, predicted, judged and clustered every hour."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from core.tables import HASHTAG_METRICS, OUTCOMES, PREDICTIONS, QUALITY, THEMES, Table
from storage.lake.interface import Lake

START = datetime(2025, 5, 1, tzinfo=UTC)
DAYS = 14
NOW = START + timedelta(days=DAYS, minutes=20)
TRAINED = START + timedelta(days=4)
BASELINE, BOOSTED = "growth-0000", "xgboost-5f21c9"
TABLES = {table.name: table for table in (HASHTAG_METRICS, PREDICTIONS, OUTCOMES, QUALITY, THEMES)}
TAGS = (
    "moonlitbakes", "sevenminutesculpt", "تحدي_الطبخ", "ănvặtsàigòn", "paperplanechallenge", "slowcitywalks",
    "gymfromhome", "lofidesksetup", "ricecookerhacks", "thegreatsockswap", "fermentfriday", "backyardastronomy",
    "thrifttwins", "tinyfarmdiary", "sundayreset", "chessclubtok", "readwithme",
    "averyveryverylonghashtagthatnobodywouldeverreallytypebutsomeonedoes", "plantrescue", "bikecommute",
    "nightmarketfinds", "knitalong", "soupseason", "streetpianos", "wildswimming", "miniaturerooms", "vintageradio",
    "saladjars", "rooftopgarden", "clayandglaze", "dawnpatrol", "tramspotting", "pickleball", "cloudatlas",
    "puppetshow", "marbleruns",
)  # fmt: skip


def fill_lake(lake: Lake, tags: int, seed: int, until: datetime) -> pl.DataFrame:
    """Write the tables as they stood at `until`; return the newest ranked predictions, best first."""
    hours = int((until - START) / timedelta(hours=1))
    gained, surges = _views(tags, hours, seed)
    total = 20_000 + gained.cumsum(axis=1)
    names = [TAGS[i] if i < len(TAGS) else f"ordinary{i:02d}" for i in range(tags)]
    times = [START + timedelta(hours=hour + 1) for hour in range(hours)]
    predictions = _predictions(names, times, _chances(surges, hours, seed))
    _put(lake, "hashtag_metrics", _metrics(names, times, gained, total, seed))
    _put(lake, "predictions", predictions)
    _put(lake, "quality", _quality(until))
    _put(lake, "themes", _themes(names, times[-26:]))
    if hours > 26:
        _put(lake, "outcomes", _outcomes(names, times, total, until))
    return predictions.filter(pl.col("at") == times[-1], pl.col("rank").is_not_null()).sort("rank")


def _quality(until: datetime) -> pl.DataFrame:
    """Two quarters of an hour: a fine one, and one that was held back."""
    late, early = until.replace(minute=15), until.replace(minute=0)
    rows = [
        (early, "falls", "plays", 0.0, 40, 0.1, "ok"),
        (early, "quarantined", "not a video card", 3.0, 3, None, "ok"),
        (late, "missing", "plays", 0.95, 40, 0.9, "critical"),
        (late, "clock_skew", "", 0.02, 40, 0.01, "warning"),
        (late, "quarantined", "not a video card", 2.0, 2, None, "ok"),
    ]
    names = ("window", "check", "entity", "value", "items", "threshold", "level")
    return pl.DataFrame(rows, schema=names, orient="row")


def _themes(names: list[str], times: list[datetime]) -> pl.DataFrame:
    """Seven themes of three or four hashtags, one of them gone before the last hour, one born in it."""
    labels = ("Home Baking", "Gym Workouts", "Street Food", "Book Club", "City Life", "Pam Yêu Ơi", "Farm And Garden")
    rows = [
        {
            "cluster_id": f"c{number}", "at": at, "theme_label": label, "centroid": [1.0, 0.0], "size": len(members),
            "label_source": "members" if label.startswith("Pam") else "vocabulary", "members": members,
            "keywords": ["gia đình", "kitchen"][: number % 3], "born_at": times[-1] if number == 6 else times[0],
        }
        for number, label in enumerate(labels)
        for hour, at in enumerate(times)
        for members in [names[number * 5 : number * 5 + 3 + hour // 13]]
        if not (number == 4 and at == times[-1]) and not (number == 6 and at != times[-1])
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"centroid": pl.List(pl.Float32)}).with_columns(window=pl.col("at"))


def _put(lake: Lake, name: str, frame: pl.DataFrame) -> None:
    table: Table = TABLES[name]
    columns = [frame[c].cast(t) if c in frame.columns else pl.lit(None, t).alias(c) for c, t in table.schema.items()]
    lake.replace(name, frame.select(columns), START, START + timedelta(days=400))


def _views(tags: int, hours: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Views gained per hour (tags, hours), and the hours at which each tag surges (nan where it never does)."""
    rng = np.random.default_rng(seed)
    clock = np.arange(hours)
    daily = 1 + 0.35 * np.sin(2 * np.pi * (clock - 8) / 24)
    base = 10 ** rng.uniform(1.6, 3.6, (tags, 1))
    surges = rng.uniform(24, hours + 30, (tags, 3))
    gained = base * daily * rng.lognormal(0, 0.18, (tags, hours))
    for column in range(surges.shape[1]):
        since = clock - surges[:, column : column + 1]
        gained += (
            base * 60 * np.where(since > 0, since / 9 * np.exp(1 - since / 9), 0) * rng.lognormal(0, 0.1, (tags, hours))
        )
    return gained.round(), surges


def _chances(surges: np.ndarray, hours: int, seed: int) -> np.ndarray:
    """Chances that see a surge coming, through noise: (tags, hours)."""
    rng = np.random.default_rng(seed + 1)
    ahead = surges[:, None, :] - np.arange(hours)[None, :, None]
    signal = np.where((ahead > -4) & (ahead < 16), 1.0, 0.0).max(axis=2)
    steady = rng.normal(0, 0.7, (len(surges), 1))
    logit = -3.4 + 3.6 * signal + steady + rng.normal(0, 0.6, (len(surges), hours))
    return 1 / (1 + np.exp(-logit))


def _long(names: list[str], times: list[datetime], **columns: np.ndarray) -> pl.DataFrame:
    """One row per tag and time, from arrays (tags, hours)."""
    frame = pl.DataFrame({"hashtag": np.repeat(names, len(times)), "at": times * len(names)})
    return frame.with_columns([pl.Series(name, values.ravel()) for name, values in columns.items()])


def _metrics(names: list[str], times: list[datetime], gained: np.ndarray, total: np.ndarray, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed + 2)
    shape = gained.shape
    before = np.concatenate([np.full((shape[0], 1), np.nan), gained[:, :-1]], axis=1)
    day_before = np.concatenate([np.full((shape[0], 24), np.nan), total[:, :-24]], axis=1)[:, : shape[1]]
    creators = rng.poisson(6, shape)
    momentum = rng.uniform(0, 1, shape)
    novelty = rng.uniform(0, 1, shape)
    frame = _long(
        names, times, views_gained=gained, views_total=total, velocity=np.clip((gained - before) / before, -1, 10),
        delta_24h=total - day_before, volume=creators + 2, new_videos=rng.poisson(2, shape), unique_creators=creators,
        momentum=momentum, novelty=novelty, acceleration=rng.normal(0, 1, shape),
        emerging=(momentum > 0.95) & (novelty > 0.6), engagement_efficiency=rng.uniform(0.02, 0.12, shape),
    )  # fmt: skip
    first = pl.Series("first_detected_at", [START + timedelta(hours=1 + 40 * (i % 9)) for i in range(len(names))])
    firsts = pl.DataFrame({"hashtag": names, "first_detected_at": first})
    return (
        frame.join(firsts, on="hashtag")
        .filter(pl.col("at") >= pl.col("first_detected_at"))
        .with_columns(window_end=pl.col("at"), window=pl.col("at"), window_length=pl.lit(60), v_source=pl.lit("totals"))
        .with_columns(pl.col("velocity", "delta_24h").fill_nan(None))
    )


def _predictions(names: list[str], times: list[datetime], chance: np.ndarray) -> pl.DataFrame:
    frame = _long(names, times, probability=chance).with_columns(window=pl.col("at"))
    moved = [
        {"feature": "gained_6h_log", "value": 3.2, "contribution": 0.9},
        {"feature": "unique_creators", "value": 7, "contribution": 0.4},
        {"feature": "half_life_h", "value": 30, "contribution": -0.2},
    ]
    members = [
        {"model": "xgboost", "share": 0.6, "probability": 0.4, "explained": True},
        {"model": "logistic", "share": 0.4, "probability": 0.2, "explained": False},
    ]
    trained = pl.col("at") > TRAINED
    spread = 0.35 * pl.col("probability") * (1 - pl.col("probability"))
    frame = frame.with_columns(
        model_id=pl.when(trained).then(pl.lit(BOOSTED)).otherwise(pl.lit(BASELINE)),
        lower=pl.when(trained).then(pl.col("probability") - spread),
        upper=pl.when(trained).then(pl.col("probability") + spread),
        growth_p10=pl.lit(0.01),
        growth_p50=pl.col("probability") * 0.6,
        growth_p90=pl.col("probability") * 2.1,
        contributions=pl.lit(json.dumps(moved)),
        members=pl.when(pl.col("hashtag").str.ends_with("3")).then(pl.lit(json.dumps(members))),
        feature_set=pl.lit("v1"),
        rank_score=pl.col("probability"),
        rank=pl.col("probability").rank("ordinal", descending=True).over("at").cast(pl.Int64),
    )
    thin = pl.col("hashtag").str.ends_with("7")
    frame = frame.with_columns(rank=pl.when(~thin).then("rank"), rank_score=pl.when(~thin).then("rank_score"))
    certain = (pl.col("probability") >= 0.6) & (pl.col("rank") <= 10).fill_null(False)
    return frame.sort("hashtag", "at").with_columns(
        alerted=certain & ~certain.shift(1).over("hashtag").fill_null(False) & (pl.col("at").dt.hour() % 3 == 0)
    )


def _outcomes(names: list[str], times: list[datetime], total: np.ndarray, until: datetime) -> pl.DataFrame:
    later = total[:, 24:]
    resolved = later.shape[1]
    growth = (later - total[:, :resolved]) / np.maximum(total[:, :resolved], 10_000)
    threshold = np.sort(growth, axis=0)[-max(1, int(len(names) * 0.15))]
    viral = (growth >= threshold) & (growth > 0)
    ahead = np.stack(
        [
            (total[:, hour : hour + resolved] - total[:, :resolved]) / np.maximum(total[:, :resolved], 10_000)
            for hour in range(1, 25)
        ]
    )
    reached = 1 + np.argmax(ahead >= threshold, axis=0)
    frame = _long(names, times[:resolved], growth_24h=growth, viral=viral, hours=reached)
    surged = pl.when("viral").then(pl.col("at") + pl.duration(hours=pl.col("hours")))
    checked = pl.col("at") + pl.duration(hours=26)
    return frame.with_columns(
        surged_at=surged, v_source=pl.lit("totals"), surged_totals_at=None, resolved_at=checked, window=pl.col("at")
    ).filter(pl.col("resolved_at") <= until)
