"""The figures of docs/formulas.md, section 5: what predictions were worth, each with its 95 % interval."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import numpy as np
import polars as pl

from core.evaluation.intervals import DayBlocks, Estimate, Floats, Ints
from core.evaluation.scores import Flags, average_precision, calibration_error, roc_auc, weighted_median
from core.windows import HOUR, HOUR_US

EARLY = timedelta(hours=6)
DETECTION = timedelta(hours=6)
QUANTILES = (("growth_p10", 0.1), ("growth_p50", 0.5), ("growth_p90", 0.9))


def early(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the scope `early`: all but the viral ones that surged within 6 h of their prediction."""
    return rows.filter(~pl.col("viral") | (pl.col("surged_at") >= pl.col("at") + EARLY).fill_null(False))


def at_detection(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the scope `detection`: each hashtag once, 6 h after it was first detected."""
    return rows.filter(pl.col("hours_since_detected") == DETECTION / HOUR)


def unseen(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the scope `unseen`: hashtags first detected after the model was trained (`trained_at`)."""
    age = pl.duration(microseconds=(pl.col("hours_since_detected") * HOUR_US).round().cast(pl.Int64))
    return rows.filter(pl.col("at") - age > pl.col("trained_at"))


def figures(
    rows: pl.DataFrame, *, baseline: str | None = None, resamples: int = 200, seed: int = 0
) -> dict[str, Estimate]:
    """Score predictions against what became of them.

    Parameters
    ----------
    rows: one per (hashtag, at) with `probability`, `viral`, `growth_24h`, `surged_at`; where present also `alerted` and
        `growth_p10`, `growth_p50`, `growth_p90`. Figures whose columns are missing are left out
    baseline: name of a column with the growth of the last 24 hours (null ranks last), for `lift`
    resamples: number of bootstrap resamples by day
    seed: random seed of the bootstrap
    """
    rows = rows.filter(pl.col("probability").is_not_null()).sort("at", "hashtag")
    blocks = DayBlocks.of(rows["at"], resamples, seed)
    return (
        _row_figures(rows, blocks)
        | ranking_figures(rows, "probability", blocks)
        | _lift(rows, baseline, blocks)
        | _alert_figures(rows, blocks)
        | _quantile_figures(rows, blocks)
    )


def score_figures(rows: pl.DataFrame, score: str, *, resamples: int = 200, seed: int = 0) -> dict[str, Estimate]:
    """Return the figures of a ranking, such as a baseline: AUC, PR-AUC, precision and recall at k.

    Parameters
    ----------
    rows: one per (hashtag, at) with `viral` and the score
    score: name of the column to rank by; null ranks last
    resamples: number of bootstrap resamples by day
    seed: random seed of the bootstrap
    """
    rows = rows.with_columns(_filled(score)).sort("at", "hashtag")
    blocks = DayBlocks.of(rows["at"], resamples, seed)
    return _discrimination(rows, score, blocks) | ranking_figures(rows, score, blocks)


def _filled(score: str) -> pl.Expr:
    return pl.col(score).cast(pl.Float64).fill_nan(None).fill_null(-1e300)


def _arrays(rows: pl.DataFrame, score: str) -> tuple[Floats, Flags]:
    return rows[score].to_numpy().astype(float), rows["viral"].to_numpy().astype(bool)


def _discrimination(rows: pl.DataFrame, score: str, blocks: DayBlocks) -> dict[str, Estimate]:
    values, viral = _arrays(rows, score)
    return {
        "auc": blocks.estimate(roc_auc(values, viral, blocks), len(values)),
        "pr_auc": blocks.estimate(average_precision(values, viral, blocks), len(values)),
        "base_rate": blocks.estimate(blocks.mean(viral.astype(float)), len(values)),
    }


def _row_figures(rows: pl.DataFrame, blocks: DayBlocks) -> dict[str, Estimate]:
    probability, viral = _arrays(rows, "probability")
    n = len(probability)
    return _discrimination(rows, "probability", blocks) | {
        "brier": blocks.estimate(blocks.mean((probability - viral) ** 2), n),
        "calibration_error": blocks.estimate(calibration_error(probability, viral, blocks), n),
    }


def ranking_figures(rows: pl.DataFrame, score: str, blocks: DayBlocks) -> dict[str, Estimate]:
    """precision@k and recall@k, mean over anchors, for k = 10 and k = 5 % of the anchor's rows; ties by name.

    An anchor with fewer than k rows is scored on those it has; recall leaves out anchors without virals.
    """
    n = pl.len()
    placed = rows.sort(["at", score, "hashtag"], descending=[False, True, False]).with_columns(
        place=pl.int_range(n).over("at"),
        share=(n * 0.05 + 0.5).floor().clip(lower_bound=1).over("at"),
    )
    named = {"10": pl.lit(10), "5pct": pl.col("share")}
    anchors = (
        placed.group_by("at")
        .agg(
            pl.col("viral").sum().cast(pl.Float64).alias("virals"),
            *(
                pl.col("viral").filter(pl.col("place") < k).sum().cast(pl.Float64).alias(f"hits_{x}")
                for x, k in named.items()
            ),
            *((pl.col("place") < k).sum().cast(pl.Float64).alias(f"taken_{x}") for x, k in named.items()),
        )
        .sort("at")
    )
    days = DayBlocks(_anchor_days(rows, blocks), blocks.weights)
    return {name: days.estimate(values, count) for name, values, count in _at_k(anchors, days, named)}


def _anchor_days(rows: pl.DataFrame, blocks: DayBlocks) -> Ints:
    first = rows.select(pl.col("at").is_first_distinct()).to_series().to_numpy()
    return np.asarray(blocks.days[first])


def _at_k(anchors: pl.DataFrame, days: DayBlocks, named: Mapping[str, pl.Expr]) -> Iterator[tuple[str, Floats, int]]:
    virals = anchors["virals"].to_numpy()
    some = virals > 0
    for name in named:
        hits, taken = anchors[f"hits_{name}"].to_numpy(), anchors[f"taken_{name}"].to_numpy()
        yield f"precision_at_{name}", days.mean(hits / np.maximum(taken, 1)), len(virals)
        yield f"recall_at_{name}", days.take(some).mean(hits[some] / virals[some]), int(some.sum())


def _lift(rows: pl.DataFrame, baseline: str | None, blocks: DayBlocks) -> dict[str, Estimate]:
    if baseline is None:
        return {}
    probability, viral = _arrays(rows, "probability")
    growth, _ = _arrays(rows.with_columns(_filled(baseline)), baseline)
    gain = average_precision(probability, viral, blocks) - average_precision(growth, viral, blocks)
    return {"lift": blocks.estimate(gain, len(viral))}


def _alert_figures(rows: pl.DataFrame, blocks: DayBlocks) -> dict[str, Estimate]:
    """Return the lead time (hours from alert to surge, over alerts that came true) and the false surge rate."""
    if "alerted" not in rows.columns:
        return {}
    alerted, viral = rows["alerted"].to_numpy().astype(bool), rows["viral"].to_numpy().astype(bool)
    false = blocks.ratio((alerted & ~viral).astype(float), alerted.astype(float))
    lead = rows.select((pl.col("surged_at") - pl.col("at")).dt.total_microseconds() / HOUR_US).to_series().to_numpy()
    won = alerted & viral & ~np.isnan(lead)
    hours, days = lead[won], blocks.take(won)
    return {
        "false_surge_rate": blocks.estimate(false, int(alerted.sum())),
        "lead_time_mean_h": blocks.estimate(days.mean(hours), len(hours)),
        "lead_time_median_h": blocks.estimate(weighted_median(hours, days), len(hours)),
        "lead_time_share_6h": blocks.estimate(days.mean((hours >= 6).astype(float)), len(hours)),
    }


def _quantile_figures(rows: pl.DataFrame, blocks: DayBlocks) -> dict[str, Estimate]:
    """Return the coverage of [p10, p90] over rows that grew, and the pinball loss beside that of constant quantiles."""
    if any(name not in rows.columns for name, _ in QUANTILES):
        return {}
    stated = np.column_stack([rows[name].to_numpy().astype(float) for name, _ in QUANTILES])
    defined = ~np.isnan(stated).any(axis=1)
    stated, growth = stated[defined], rows["growth_24h"].to_numpy().astype(float)[defined]
    days, grew = blocks.take(defined), growth > 0
    inside = (growth >= stated[:, 0]) & (growth <= stated[:, 2])
    levels = [level for _, level in QUANTILES]
    constant = np.quantile(growth, levels) if len(growth) else np.zeros(len(levels))
    return {
        "quantile_coverage": days.estimate(days.take(grew).mean(inside[grew].astype(float)), int(grew.sum())),
        "pinball_loss": days.estimate(days.mean(pinball(growth, stated, levels)), len(growth)),
        "pinball_constant": days.estimate(
            days.mean(pinball(growth, np.tile(constant, (len(growth), 1)), levels)), len(growth)
        ),
    }


def pinball(growth: Floats, stated: Floats, levels: list[float]) -> Floats:
    """Return the pinball loss of each row, averaged over quantiles (rows,).

    Parameters
    ----------
    growth: what came true (rows,)
    stated: predicted quantiles (rows, levels)
    levels: level of each quantile, 0 to 1
    """
    miss = growth[:, None] - stated
    share = np.asarray(levels)
    return np.asarray(np.maximum(share * miss, (share - 1) * miss).mean(axis=1))


def data_latency(readings: pl.DataFrame, predictions: pl.DataFrame, *, resamples: int = 200, seed: int = 0) -> Estimate:
    """Return the median minutes from fetching a reading to the first prediction of its hashtag at or after it.

    Parameters
    ----------
    readings: hashtag, fetched_at
    predictions: hashtag, at
    resamples: number of bootstrap resamples by day
    seed: random seed of the bootstrap
    """
    used = (
        readings.select("hashtag", "fetched_at")
        .sort("fetched_at")
        .join_asof(
            predictions.select("hashtag", "at").unique().sort("at"),
            left_on="fetched_at",
            right_on="at",
            by="hashtag",
            strategy="forward",
            check_sortedness=False,
            coalesce=False,
        )
        .filter(pl.col("at").is_not_null())
    )
    minutes = used.select((pl.col("at") - pl.col("fetched_at")).dt.total_microseconds() / 6e7).to_series().to_numpy()
    blocks = DayBlocks.of(used["at"], resamples, seed)
    return blocks.estimate(weighted_median(minutes, blocks), len(minutes))
