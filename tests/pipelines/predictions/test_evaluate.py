import json
from datetime import timedelta

import polars as pl
import pytest
from sklearn.metrics import average_precision_score

from core.evaluation.champions import ChampionPeriod
from core.evaluation.kpis import unseen
from models.registry.kinds import KINDS
from pipelines.improvement.misses import Miss, MissCategory, misses
from pipelines.predictions.evaluate import champion_rows, evaluate
from pipelines.predictions.predict import AlertRule, predict, shadow
from storage.memory.lake import MemoryLake
from storage.memory.records import MemoryRecords
from tests.support.model_lake import empty_lake, feature_rows, lake_of
from tests.support.model_rows import FEATURES, START, labelled

ROWS = labelled(tags=40, days=10)
NOW = START + timedelta(days=12)
FIRST, SECOND = "last-24h-growth-untrained-0", "logistic-20250506T0000-1"
SWITCH = START + timedelta(days=5)
PERIODS = (ChampionPeriod(START, FIRST), ChampionPeriod(SWITCH - timedelta(hours=1), SECOND))


def played() -> MemoryLake:
    """A lake after ten days: another champion from the sixth day on, both scoring from then."""
    lake = lake_of(ROWS)
    plain, trained = KINDS["last-24h-growth"](), KINDS["logistic"]()
    past = ROWS.filter(pl.col("at") < SWITCH)
    trained.fit(past.select(FEATURES), past["growth_24h"], past["viral"], past["at"], 0)
    for anchor in feature_rows(ROWS).sort("at", "hashtag").partition_by("at", maintain_order=True):
        at = anchor["at"][0]
        metrics = anchor.select("hashtag", novelty=pl.lit(None, pl.Float64))
        if at < SWITCH:
            rows = predict(plain, FIRST, anchor, metrics, AlertRule(0.25)).rows
        else:
            beside = shadow(plain, FIRST, anchor)
            rows = pl.concat([predict(trained, SECOND, anchor, metrics, AlertRule(0.25)).rows, beside])
        lake.replace("predictions", rows, at - timedelta(hours=1), at)
    return lake


LAKE = played()
EVALUATION = evaluate(LAKE, NOW, PERIODS, resamples=30)


def kpi(model: str, name: str, scope: str = "all") -> float | None:
    (row,) = [row for row in EVALUATION.kpis if (row.model, row.scope, row.name) == (model, scope, name)]
    return row.value


def test_the_champion_is_whichever_was_champion_at_the_time() -> None:
    champion = EVALUATION.champion
    assert champion.filter(pl.col("at") < SWITCH)["model_id"].unique().to_list() == [FIRST]
    assert champion.filter(pl.col("at") >= SWITCH)["model_id"].unique().to_list() == [SECOND]
    assert champion.height == ROWS.height
    assert champion.equals(champion_rows(LAKE, NOW, PERIODS), null_equal=True)
    expected = average_precision_score(champion["viral"], champion["probability"])
    assert kpi("champion", "pr_auc") == pytest.approx(expected)


def test_figures_are_given_for_detection_and_for_unseen_hashtags() -> None:
    assert {row.scope for row in EVALUATION.kpis} == {"all", "early", "detection", "unseen"}
    detected = EVALUATION.champion.filter(pl.col("hours_since_detected") == 6)
    expected = average_precision_score(detected["viral"], detected["probability"])
    assert kpi("champion", "pr_auc", "detection") == pytest.approx(expected)
    new = EVALUATION.champion.filter(
        (pl.col("model_id") == SECOND) & (pl.col("at") - pl.duration(hours=pl.col("hours_since_detected")) > SWITCH)
    )
    expected = average_precision_score(new["viral"], new["probability"])
    assert kpi("champion", "pr_auc", "unseen") == pytest.approx(expected)
    assert unseen(EVALUATION.champion).height == new.height


def test_baselines_stand_beside_on_the_same_rows() -> None:
    champion = EVALUATION.champion
    growth = average_precision_score(champion["viral"], champion["growth_24h_past"])
    assert kpi("last-24h-growth", "pr_auc") == pytest.approx(growth)
    area = kpi("champion", "pr_auc")
    assert area is not None
    assert kpi("champion", "lift") == pytest.approx(area - growth)
    assert kpi("velocity", "auc") is not None
    assert kpi("last-24h-growth", "brier") is not None
    (rows,) = [row.n for row in EVALUATION.kpis if (row.model, row.scope, row.name) == ("logistic", "all", "pr_auc")]
    assert rows == champion.filter(pl.col("at") >= SWITCH).height


def test_both_scopes_and_every_figure_are_there() -> None:
    names = {row.name for row in EVALUATION.kpis if row.model == "champion" and row.scope == "early"}
    assert {"auc", "pr_auc", "brier", "precision_at_10", "recall_at_5pct", "calibration_error", "lift"} <= names
    assert {"false_surge_rate", "lead_time_mean_h", "lead_time_share_6h", "quantile_coverage", "pinball_loss"} <= names
    share = kpi("champion", "lead_time_share_6h", "early")
    assert share is None or share == 1.0
    records = MemoryRecords()
    records.put_kpis(NOW, EVALUATION.kpis)
    assert len(records.kpis()) == len(EVALUATION.kpis)


def test_only_what_is_resolved_and_recent_counts() -> None:
    recent = evaluate(LAKE, NOW, PERIODS, period_days=4, resamples=2).champion
    assert recent["at"].min() > NOW - timedelta(days=4)  # type: ignore[operator]
    past = evaluate(LAKE, START + timedelta(days=3), PERIODS, resamples=2).champion
    assert past["at"].max() <= START + timedelta(days=3)  # type: ignore[operator]


def test_an_empty_lake_has_no_figures_and_no_misses() -> None:
    evaluation = evaluate(empty_lake(), NOW, ())
    assert all(row.value is None for row in evaluation.kpis)
    assert misses(empty_lake(), evaluation.champion) == []


def test_latency_is_from_reading_to_prediction() -> None:
    lake = played()
    at = START + timedelta(days=4)
    readings = pl.DataFrame({"hashtag": ["t000"], "fetched_at": [at - timedelta(minutes=20)], "views_total": [5],
                             "videos_total": [None], "window": [at - timedelta(minutes=15)]},
                            schema_overrides={"fetched_at": pl.Datetime("us", "UTC"), "videos_total": pl.Int64,
                                              "window": pl.Datetime("us", "UTC")})  # fmt: skip
    lake.replace("hashtag_snapshots", readings, at - timedelta(hours=1), at)
    (row,) = [row for row in evaluate(lake, NOW, PERIODS, resamples=2).kpis if row.name == "data_latency_min"]
    assert (row.value, row.n) == (20.0, 1)


def test_misses_are_surges_nobody_named_and_each_has_a_reason() -> None:
    champion = EVALUATION.champion
    missed = misses(LAKE, champion)
    assert missed
    assert [Miss.from_json(json.loads(json.dumps(miss.as_json()))) for miss in missed] == missed
    assert {miss.category for miss in missed} <= set(MissCategory)
    assert [miss.surged_at for miss in missed] == sorted((miss.surged_at for miss in missed), reverse=True)
    viral = champion.filter("viral").select("hashtag", pl.col("surged_at").dt.date())
    for miss in missed:
        assert (miss.hashtag, miss.surged_at.date()) in set(viral.iter_rows())
        rows = champion.filter((pl.col("hashtag") == miss.hashtag) & pl.col("viral"))
        assert not rows.filter(pl.col("surged_at").dt.date() == miss.surged_at.date())["alerted"].any()
    none_seen = champion.with_columns(
        pl.when("viral").then(0.0).otherwise("probability").alias("probability"), alerted=pl.lit(False)
    )
    every = misses(LAKE, none_seen, drifted=True)
    assert len(every) == viral.unique().height
    assert MissCategory.MODEL_DRIFT in {miss.category for miss in every}
    assert MissCategory.LATE_DETECTION in {miss.category for miss in every}


def test_a_surge_with_half_its_features_unknown_is_a_feature_gap() -> None:
    blank = ROWS.with_columns(
        pl.lit(None, pl.Float64).alias("shares_rate"),
        *(
            pl.when(pl.col("hashtag") > "t020").then(name).alias(name)
            for name in ("velocity", "growth_24h_past", "gained_24h")
        ),
    )
    rows = EVALUATION.champion.with_columns(
        probability=pl.lit(0.0), alerted=pl.lit(False), surged_at=pl.col("at") + timedelta(hours=8)
    )
    rows = rows.with_columns(probability=pl.when("viral").then(0.0).otherwise(0.5))
    missed = misses(lake_of(blank), rows)
    gaps = {miss.hashtag for miss in missed if miss.category is MissCategory.FEATURE_GAP}
    assert gaps
    assert all(tag <= "t020" for tag in gaps)
