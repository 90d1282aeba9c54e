from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, mean_pinball_loss, roc_auc_score

from core.evaluation.intervals import DayBlocks
from core.evaluation.kpis import data_latency, early, figures, score_figures
from core.evaluation.scores import average_precision, calibration_error, roc_auc, weighted_median

START = datetime(2025, 5, 1, tzinfo=UTC)


def outcomes(seed: int, anchors: int = 8, tags: int = 40, levels: int = 12, rate: float = 0.2) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    n = anchors * tags
    at = [START + timedelta(hours=9 * (i // tags)) for i in range(n)]
    viral = rng.random(n) < rate
    growth = np.where(rng.random(n) < 0.6, 0.0, rng.exponential(0.1, n))
    quantiles = np.sort(rng.exponential(0.1, (n, 3)), axis=1)
    hours = zip(at, rng.uniform(1, 24, n), viral, strict=True)
    return pl.DataFrame(
        {
            "hashtag": [f"t{i % tags:03d}" for i in range(n)],
            "at": at,
            "probability": np.clip(rng.integers(0, levels, n) / levels + 0.2 * viral, 0, 1),
            "viral": viral,
            "growth_24h": growth,
            "surged_at": [t + timedelta(hours=h) if v else None for t, h, v in hours],
            "alerted": rng.random(n) < 0.2,
            "growth_p10": quantiles[:, 0],
            "growth_p50": quantiles[:, 1],
            "growth_p90": quantiles[:, 2],
            "past": rng.random(n),
        }
    )  # fmt: skip


def resampled(rows: pl.DataFrame, blocks: DayBlocks, column: int) -> pl.DataFrame:
    """The rows of one resample written out, as a plain bootstrap would have them."""
    times = blocks.weights[blocks.days, column].astype(int)
    return (
        rows.with_columns(times=pl.Series(times))
        .select(pl.exclude("times").repeat_by("times").explode())
        .drop_nulls("hashtag")
    )


@given(seed=st.integers(0, 10_000), levels=st.sampled_from([2, 5, 1000]))
@settings(max_examples=30, deadline=None)
def test_plain_figures_are_scikit_learns(seed: int, levels: int) -> None:
    rows = outcomes(seed, levels=levels)
    estimates = figures(rows, baseline="past", resamples=3)
    y, p = rows["viral"].to_numpy(), rows["probability"].to_numpy()
    assert estimates["auc"].value == pytest.approx(roc_auc_score(y, p), rel=1e-9)
    assert estimates["pr_auc"].value == pytest.approx(average_precision_score(y, p), rel=1e-9)
    assert estimates["brier"].value == pytest.approx(brier_score_loss(y, p), rel=1e-9)
    lift = average_precision_score(y, p) - average_precision_score(y, rows["past"].to_numpy())
    assert estimates["lift"].value == pytest.approx(lift, rel=1e-9)
    expected = np.mean(
        [mean_pinball_loss(rows["growth_24h"], rows[f"growth_p{q}"], alpha=q / 100) for q in (10, 50, 90)]
    )
    assert estimates["pinball_loss"].value == pytest.approx(expected, rel=1e-9)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_a_weighted_resample_equals_one_written_out(seed: int) -> None:
    rows = outcomes(seed, levels=7)
    blocks = DayBlocks.of(rows["at"], 3, seed)
    score, viral = rows["probability"].to_numpy(), rows["viral"].to_numpy()
    auc, area = roc_auc(score, viral, blocks), average_precision(score, viral, blocks)
    median = weighted_median(score, blocks)
    for column in range(1, 4):
        copy = resampled(rows, blocks, column)
        assert auc[column] == pytest.approx(roc_auc_score(copy["viral"], copy["probability"]))
        assert area[column] == pytest.approx(average_precision_score(copy["viral"], copy["probability"]))
        assert median[column] == pytest.approx(copy["probability"].median())


def test_calibration_error_by_hand() -> None:
    rows = outcomes(3, anchors=3, tags=41)
    p, y = rows["probability"].to_numpy(), rows["viral"].to_numpy()
    blocks = DayBlocks.of(rows["at"], 2)
    runs = np.array_split(np.argsort(p, kind="stable"), 10)
    expected = np.mean([abs(p[run].mean() - y[run].mean()) for run in runs])
    assert calibration_error(p, y, blocks)[0] == pytest.approx(expected)


def test_precision_and_recall_at_k_by_hand() -> None:
    rows = outcomes(5, anchors=6, tags=30, levels=4).with_columns(viral=pl.col("viral") & (pl.col("at") > START))
    estimates = figures(rows, resamples=5)
    precision, recall, share = [], [], []
    for _, anchor in rows.group_by("at"):
        order = anchor.sort(["probability", "hashtag"], descending=[True, False])["viral"].to_list()
        precision.append(sum(order[:10]) / 10)
        share.append(sum(order[:2]) / 2)  # floor(0.05 x 30 + 0.5) = 2
        if any(order):
            recall.append(sum(order[:10]) / sum(order))
    assert estimates["precision_at_10"].value == pytest.approx(np.mean(precision))
    assert estimates["recall_at_10"].value == pytest.approx(np.mean(recall))
    assert estimates["recall_at_10"].n == len(recall) == 5
    assert estimates["precision_at_5pct"].value == pytest.approx(np.mean(share))


def test_alert_figures_by_hand() -> None:
    rows = outcomes(9)
    estimates = figures(rows, resamples=20)
    alerted = rows.filter("alerted")
    hours = (
        alerted.filter("viral")
        .select((pl.col("surged_at") - pl.col("at")).dt.total_seconds(fractional=True) / 3600)
        .to_series()
    )
    assert estimates["false_surge_rate"].value == pytest.approx(1 - alerted["viral"].mean())
    assert estimates["lead_time_mean_h"].value == pytest.approx(hours.mean())
    assert estimates["lead_time_median_h"].value == pytest.approx(hours.median())
    assert estimates["lead_time_share_6h"].value == pytest.approx((hours >= 6).mean())


def test_coverage_counts_rows_that_grew() -> None:
    rows = outcomes(11)
    grew = rows.filter(pl.col("growth_24h") > 0)
    inside = grew.filter(pl.col("growth_24h").is_between(pl.col("growth_p10"), pl.col("growth_p90")))
    coverage = figures(rows, resamples=20)["quantile_coverage"]
    assert coverage.value == pytest.approx(inside.height / grew.height)
    assert coverage.n == grew.height


def test_early_drops_only_virals_that_surged_within_six_hours() -> None:
    rows = pl.DataFrame(
        {
            "at": [START] * 5,
            "viral": [True, True, True, True, False],
            "surged_at": [*(START + timedelta(hours=h) for h in (5.99, 6, 20)), None, None],
        }
    )
    assert early(rows)["surged_at"].to_list() == [START + timedelta(hours=6), START + timedelta(hours=20), None]


def test_undefined_figures_are_none() -> None:
    rows = outcomes(1).with_columns(viral=pl.lit(False), alerted=pl.lit(False), growth_24h=pl.lit(0.0))
    estimates = figures(rows, baseline="past")
    undefined = {name for name, figure in estimates.items() if figure.value is None}
    assert undefined == {
        "auc", "pr_auc", "lift", "recall_at_10", "recall_at_5pct", "false_surge_rate",
        "lead_time_mean_h", "lead_time_median_h", "lead_time_share_6h", "quantile_coverage",
    }  # fmt: skip
    empty = figures(rows.clear(), baseline="past")
    assert all(figure.value is None and figure.n == 0 for figure in empty.values())


def test_one_day_has_no_interval_and_more_days_bracket_the_value() -> None:
    auc = figures(outcomes(2, anchors=2))["auc"]
    assert (auc.lower, auc.upper) == (None, None)
    many = figures(outcomes(2, anchors=40))["auc"]
    assert many.lower is not None
    assert many.upper is not None
    assert many.value is not None
    assert many.lower < many.value < many.upper


def test_a_baseline_that_says_nothing_ranks_last() -> None:
    rows = outcomes(4).with_columns(past=pl.when(pl.col("viral")).then("past"))
    estimates = score_figures(rows, "past")
    assert estimates["auc"].value == 1.0
    assert "brier" not in estimates


def test_latency_is_the_median_to_the_first_prediction_of_the_same_tag() -> None:
    readings = pl.DataFrame(
        {"hashtag": ["a", "a", "b", "c"], "fetched_at": [START + timedelta(minutes=m) for m in (10, 50, 60, 5)]}
    )
    predictions = pl.DataFrame({"hashtag": ["a", "b", "a"], "at": [START + timedelta(hours=h) for h in (1, 1, 2)]})
    latency = data_latency(readings, predictions)
    assert (latency.value, latency.n) == (10.0, 3)
    assert data_latency(readings, predictions.clear()).value is None
