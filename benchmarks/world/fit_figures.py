"""The figures by which a simulated world is compared with real recordings."""

from datetime import timedelta

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.metrics import average_precision_score

Numbers = npt.NDArray[np.float64]

GROWTH_QUANTILES = (0.75, 0.90, 0.95, 0.975, 0.99, 0.999)
NOON = timedelta(hours=12)
TAG_RANKS = 1_000
LEAST_TAGS = 40


def total_figures(snapshots: pl.DataFrame) -> dict[str, float]:
    """Figures of readings of totals (hashtag, fetched_at, views_total)."""
    frame = snapshots.unique(["hashtag", "fetched_at"]).sort("hashtag", "fetched_at")
    growth = _daily_growth(frame)
    values = growth["growth"].to_numpy()
    last = frame.group_by("hashtag").agg(pl.col("views_total").last())["views_total"].to_numpy().astype(np.float64)
    tails = {f"growth in 24 h, {100 * q:g} % quantile": float(np.quantile(values, q)) for q in GROWTH_QUANTILES}
    theta = growth.group_by("at").agg(pl.col("growth").quantile(0.95))["growth"]
    return {
        **_steps(frame),
        "growth in 24 h: share that is 0": float((values == 0).mean()),
        **tails,
        "95 % quantile of a day: 10 % of days below": float(np.quantile(theta, 0.1)),
        "95 % quantile of a day: 90 % of days below": float(np.quantile(theta, 0.9)),
        "rank correlation of growth with the day before": _persistence(growth),
        "PR-AUC of growth of the day before, mean over days": _predictability(growth),
        "totals: log10 of the median": float(np.log10(np.median(last))),
        "totals: log10, 10 to 90 % quantile apart": float(np.log10(np.quantile(last, 0.9) / np.quantile(last, 0.1))),
        "totals: Zipf slope of the upper half": zipf_slope(last, len(last) // 2),
    }


def video_figures(videos: pl.DataFrame, snapshots: pl.DataFrame) -> dict[str, float]:
    """Figures of videos (video_id, hashtags, created) and readings of their counters (fetched, plays, likes, ...)."""
    readings = _with_age(videos, snapshots)
    last = readings.group_by("video_id").agg(pl.all().last()).filter(pl.col("plays") > 0)
    followed = last.filter(pl.col("creator_followers") > 0)
    per_follower = np.log((followed["plays"] / followed["creator_followers"]).to_numpy())
    uses = videos.explode("hashtags").drop_nulls("hashtags").group_by("hashtags").len()["len"].to_numpy()
    tags = videos["hashtags"].list.len().to_numpy()
    popular = last.filter(pl.col("plays") > 1000)
    return {
        "tags: Zipf slope of use, first 1,000": zipf_slope(uses.astype(np.float64), TAG_RANKS),
        "tags a video, of those with any": float(tags[tags > 0].mean()),
        "plays per follower, 25 % quantile": float(np.exp(np.quantile(per_follower, 0.25))),
        "plays per follower, median": float(np.exp(np.median(per_follower))),
        "plays per follower, 75 % quantile": float(np.exp(np.quantile(per_follower, 0.75))),
        "plays per follower, sd of the logarithm": float(per_follower.std()),
        "followers, median": float(np.median(followed["creator_followers"].to_numpy())),
        "followers, sd of the logarithm": float(np.log(followed["creator_followers"].to_numpy()).std()),
        "plays, median": float(np.median(last["plays"].to_numpy())),
        **{
            f"{name} per play, median": float(np.nanmedian((popular[name] / popular["plays"]).to_numpy()))
            for name in ("likes", "comments", "shares", "saves")
        },
        **_changes(readings),
    }


def zipf_slope(values: Numbers, ranks: int) -> float:
    """Slope of log value on log rank over the first `ranks`."""
    ordered = np.sort(values)[::-1][:ranks]
    ordered = ordered[ordered > 0]
    return float(np.polyfit(np.log(np.arange(1, len(ordered) + 1)), np.log(ordered), 1)[0])


def _steps(frame: pl.DataFrame) -> dict[str, float]:
    """Steps between readings 2.5 to 3.5 hours apart."""
    gap = (pl.col("fetched_at") - pl.col("fetched_at").shift(1)).over("hashtag").dt.total_seconds() / 3600
    step = pl.col("views_total") - pl.col("views_total").shift(1).over("hashtag")
    steps = frame.with_columns(gap=gap, step=step).filter(pl.col("gap").is_between(2.5, 3.5))["step"].to_numpy()
    return {
        "3-hour steps of totals: share that is 0": float((steps == 0).mean()),
        "3-hour steps of totals: share that falls": float((steps < 0).mean()),
    }


def _daily_growth(frame: pl.DataFrame) -> pl.DataFrame:
    """Growth over 24 h from 12:00 UTC of each day: the label's formula on running maxima."""
    highest = frame.with_columns(pl.col("views_total").cum_max().over("hashtag"))
    moment = pl.col("fetched_at")
    noon = moment.dt.truncate("1d") + NOON
    at = pl.when(moment <= noon).then(noon).otherwise(noon + timedelta(days=1))
    read = highest.with_columns(at=at).filter(pl.col("at") - pl.col("fetched_at") < timedelta(hours=6))
    totals = read.group_by("hashtag", "at").agg(pl.col("views_total").last().alias("before"))
    after = totals.select("hashtag", at=pl.col("at") - timedelta(days=1), after="before")
    gained = (pl.col("after") - pl.col("before")) / pl.max_horizontal("before", pl.lit(10_000))
    return totals.join(after, on=["hashtag", "at"]).with_columns(growth=gained).sort("hashtag", "at")


def _persistence(growth: pl.DataFrame) -> float:
    before = growth.select("hashtag", at=pl.col("at") + timedelta(days=1), earlier="growth")
    pairs = growth.join(before, on=["hashtag", "at"])
    ranks = pairs.with_columns(pl.col("growth", "earlier").rank().over("at"))
    return float(ranks.select(pl.corr("growth", "earlier")).item())


def _predictability(growth: pl.DataFrame) -> float:
    """How well a day's growth alone tells the next day's top 5 %: average precision, mean over days."""
    before = growth.select("hashtag", at=pl.col("at") + timedelta(days=1), earlier="growth")
    scores = []
    for _, day in growth.join(before, on=["hashtag", "at"]).group_by("at"):
        top = max(1, int(0.05 * day.height + 0.5))
        grown = day["growth"].to_numpy()
        viral = (grown > 0) & (grown >= np.sort(grown)[-top])
        if viral.any() and day.height >= LEAST_TAGS:
            scores.append(float(average_precision_score(viral, day["earlier"].to_numpy())))
    return float(np.mean(scores))


def _with_age(videos: pl.DataFrame, snapshots: pl.DataFrame) -> pl.DataFrame:
    """Readings with `hours`, and `age` of the video, in order of time; known plays only."""
    if "fetched_at" in snapshots.columns:
        snapshots = snapshots.with_columns(fetched_h=pl.col("fetched_at").dt.epoch("ms") / 3.6e6)
        videos = videos.with_columns(created_h=pl.col("created_at").dt.epoch("ms") / 3.6e6)
    joined = snapshots.join(videos.select("video_id", "created_h"), on="video_id").drop_nulls("plays")
    return joined.with_columns(age=pl.col("fetched_h") - pl.col("created_h")).sort("video_id", "fetched_h")


def _changes(readings: pl.DataFrame) -> dict[str, float]:
    """What happens between two readings of a video."""
    before = readings.with_columns(pl.col("plays", "age").shift(1).over("video_id").name.suffix("_before"))
    pairs = before.drop_nulls("plays_before")
    ages = pairs.filter((pl.col("age") - pl.col("age_before") > 3) & (pl.col("plays_before") > 500))
    exponent = (pl.col("plays") / pl.col("plays_before")).log() / (pl.col("age") / pl.col("age_before")).log()
    ages = ages.with_columns(exponent=exponent).filter(pl.col("exponent").is_finite() & (pl.col("age_before") > 1))
    named = {"1 to 4 days": (24, 96), "4 to 8 days": (96, 200), "8 to 30 days": (200, 720)}
    falls = float((pairs["plays"] < pairs["plays_before"]).to_numpy().mean())
    means = {
        f"growth exponent over age, {name}, mean": ages.filter(pl.col("age_before").is_between(*between))["exponent"]
        for name, between in named.items()
    }
    return {"pairs of readings of a video: share that falls": falls} | {
        name: float(exponents.clip(-1, 2).to_numpy().mean()) for name, exponents in means.items()
    }
