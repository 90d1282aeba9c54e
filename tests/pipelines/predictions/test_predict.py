import json
from datetime import timedelta

import polars as pl
import pytest

from core.tables import PREDICTIONS
from models.interface import Model
from models.registry.kinds import KINDS
from pipelines.predictions.contributions import from_json
from pipelines.predictions.predict import AlertRule, predict, recent_alerts, shadow
from pipelines.predictions.reasons import moved_by
from tests.support.model_lake import empty_lake, feature_rows
from tests.support.model_rows import FEATURES, START, labelled

ROWS = labelled(tags=30, days=8)
AT = START + timedelta(days=7)
NOW_ROWS = feature_rows(ROWS.filter(pl.col("at") == AT))
METRICS = NOW_ROWS.select("hashtag", novelty=pl.lit(0.5)).head(20)
NO_ALERTS = AlertRule(2.0)


def fitted(kind: str = "logistic") -> Model:
    model = KINDS[kind]()
    model.fit(ROWS.select(FEATURES), ROWS["growth_24h"], ROWS["viral"], ROWS["at"], 0)
    return model


MODEL = fitted()


def test_rows_fit_their_table_and_the_probability_is_the_models() -> None:
    rows = predict(MODEL, "m-1", NOW_ROWS, METRICS, NO_ALERTS).rows
    assert dict(rows.schema) == PREDICTIONS.schema
    assert rows["hashtag"].to_list() == NOW_ROWS["hashtag"].sort().to_list()
    expected = NOW_ROWS.hstack(MODEL.predict(NOW_ROWS)).sort("hashtag")
    for column in ("probability", "lower", "upper", "growth_p10", "growth_p50", "growth_p90"):
        assert rows[column].to_list() == expected[column].to_list()
    assert set(rows["model_id"]) == {"m-1"}
    empty_lake().replace("predictions", rows, AT - timedelta(hours=1), AT)


def test_ranking_uses_novelty_and_leaves_small_tags_out() -> None:
    activity = NOW_ROWS.select("hashtag", videos_24h=pl.lit(5), creators_24h=pl.lit(5)).head(10).with_columns(
        videos_24h=pl.when(pl.col("hashtag") == "t000").then(2).otherwise("videos_24h")
    )  # fmt: skip
    rows = predict(MODEL, "m-1", NOW_ROWS, METRICS, NO_ALERTS, activity=activity).rows
    assert rows.filter(pl.col("hashtag") == "t000")["rank"].to_list() == [None]
    assert sorted(rows["rank"].drop_nulls()) == list(range(1, 30))
    best = rows.sort("rank", nulls_last=True).row(0, named=True)
    assert best["rank_score"] == pytest.approx(best["probability"] * 0.75)


def test_a_blend_tells_what_its_trees_saw_and_what_each_member_says() -> None:
    blend = fitted("blend")
    rows = predict(blend, "b-1", NOW_ROWS, METRICS, NO_ALERTS, explained=5).rows
    explained = rows.filter(pl.col("members").is_not_null())
    assert explained["rank"].sort().to_list() == [1, 2, 3, 4, 5]
    for row in explained.to_dicts():
        trees, line = json.loads(row["members"])
        assert (trees["model"], trees["share"], trees["explained"]) == ("xgboost", 0.6, True)
        assert (line["model"], line["share"], line["explained"]) == ("logistic", 0.4, False)
        joined = sum(member["share"] * member["probability"] for member in (trees, line))
        assert row["probability"] == pytest.approx(joined)
    assert predict(MODEL, "m-1", NOW_ROWS, METRICS, NO_ALERTS).rows["members"].null_count() == NOW_ROWS.height


def test_alerts_follow_threshold_and_quiet() -> None:
    ranked = predict(MODEL, "m-1", NOW_ROWS, METRICS, NO_ALERTS).rows.sort("rank")
    threshold = ranked["probability"][4]
    loud = predict(MODEL, "m-1", NOW_ROWS, METRICS, AlertRule(threshold)).rows
    assert 1 <= loud["alerted"].sum() <= 10
    first = str(ranked["hashtag"][0])
    quiet = predict(MODEL, "m-1", NOW_ROWS, METRICS, AlertRule(threshold, frozenset({first}))).rows
    assert loud.filter(pl.col("hashtag") == first)["alerted"].item()
    assert not quiet.filter(pl.col("hashtag") == first)["alerted"].item()


def test_contributions_are_told_for_the_best_ranked() -> None:
    rows = predict(MODEL, "m-1", NOW_ROWS, METRICS, NO_ALERTS, explained=5).rows.sort("rank")
    assert rows["contributions"].is_null().to_list() == [False] * 5 + [True] * 25
    parts = json.loads(rows["contributions"][0])
    assert 1 <= len(parts) <= 6
    assert set(parts[0]) == {"feature", "value", "contribution"}
    assert parts[0]["feature"] in FEATURES
    every = predict(MODEL, "m-1", NOW_ROWS, METRICS, NO_ALERTS, explained=None).rows
    assert every["contributions"].null_count() == 0


def test_the_values_are_those_that_the_table_holds() -> None:
    scored = predict(fitted("blend"), "b-1", NOW_ROWS, METRICS, NO_ALERTS, explained=7)
    stored = scored.rows.filter(pl.col("contributions").is_not_null()).select("hashtag", "contributions").rows()
    assert len(stored) == 7
    assert [(tag, from_json(text)) for tag, text in stored] == list(scored.contributions.items())


def test_a_sentence_is_stored_for_what_is_ranked_or_watched() -> None:
    activity = NOW_ROWS.select(
        "hashtag", videos_24h=pl.when(pl.col("hashtag") < "t003").then(1).otherwise(9), creators_24h=pl.lit(9)
    )
    scored = predict(MODEL, "m-1", NOW_ROWS, METRICS, NO_ALERTS, activity=activity, watched={"t001", "nobody"})
    rows = scored.rows
    assert rows.filter(pl.col("rank").is_null())["hashtag"].to_list() == ["t000", "t001", "t002"]
    assert rows.filter(pl.col("moved_by").is_null())["hashtag"].to_list() == ["t000", "t002"]
    for tag, at, text in rows.select("hashtag", "at", "moved_by").drop_nulls().iter_rows():
        assert text == moved_by(tag, at, scored.contributions[tag])


def test_a_shadow_says_the_same_and_never_ranks() -> None:
    rows, own = shadow(MODEL, "m-2", NOW_ROWS), predict(MODEL, "m-1", NOW_ROWS, METRICS, NO_ALERTS).rows
    assert dict(rows.schema) == PREDICTIONS.schema
    assert rows["probability"].to_list() == own["probability"].to_list()
    assert (
        rows["rank"].null_count() == rows["contributions"].null_count() == rows["moved_by"].null_count() == rows.height
    )
    assert not rows["alerted"].any()


def test_nothing_to_score_is_an_empty_frame() -> None:
    empty = predict(MODEL, "m", NOW_ROWS.clear(), METRICS, NO_ALERTS)
    assert empty.rows.equals(PREDICTIONS.empty())
    assert not empty.contributions
    assert shadow(MODEL, "m", NOW_ROWS.clear()).equals(PREDICTIONS.empty())


def test_recent_alerts_are_those_of_the_day_before_and_not_of_now() -> None:
    lake = empty_lake()
    rows = predict(MODEL, "m-1", NOW_ROWS, METRICS, AlertRule(0.0)).rows
    alerted = frozenset(rows.filter("alerted")["hashtag"])
    assert len(alerted) == 10
    lake.replace("predictions", rows, AT - timedelta(hours=1), AT)
    assert recent_alerts(lake, AT) == frozenset()
    assert recent_alerts(lake, AT + timedelta(hours=1)) == alerted
    assert recent_alerts(lake, AT + timedelta(hours=23)) == alerted
    assert recent_alerts(lake, AT + timedelta(hours=24)) == frozenset()
