from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from core.errors import StorageError, UsageError
from tests.support.model_lake import FEATURE_SET, empty_lake, feature_rows, lake_of
from tests.support.model_rows import FEATURES, START, labelled
from tuning.training_set import TrainingSet, build, content_hash, pin, recall

ROWS = labelled(tags=20, days=10)
NOW = START + timedelta(days=9)
LAKE = lake_of(ROWS)


def built(**changes: object) -> TrainingSet:
    arguments = {"feature_set": FEATURE_SET} | changes
    return build(LAKE, NOW, **arguments)  # type: ignore[arg-type]


def test_rows_are_joined_at_their_anchor_and_their_day_has_passed() -> None:
    training = built(days=None)
    expected = ROWS.filter(pl.col("at") <= NOW - timedelta(hours=24)).sort("hashtag", "at")
    assert training.rows.equals(expected.select(training.rows.columns), null_equal=True)
    assert training.versions == {"features": 0, "outcomes": 0}
    assert training.described()["rows"] == expected.height


def test_only_the_last_days_are_learnt_from() -> None:
    first = built(days=3).rows["at"].min()
    assert first is not None
    assert first > NOW - timedelta(days=3)  # type: ignore[operator]


def test_what_is_known_later_changes_nothing() -> None:
    later = lake_of(labelled(tags=20, days=12).filter(pl.col("at") > START + timedelta(days=9)))
    mixed = lake_of(ROWS)
    mixed.append("features", later.read("features"), START, START + timedelta(days=20))
    mixed.append("outcomes", later.read("outcomes"), START, START + timedelta(days=20))
    again = build(mixed, NOW, feature_set=FEATURE_SET)
    assert again.content_hash == built().content_hash
    assert again.name == built().name
    assert again.versions != built().versions


def test_a_leaky_or_unknown_feature_is_refused_in_one_line() -> None:
    assert built().features == FEATURES
    with pytest.raises(UsageError, match="velocity_later looks ahead"):
        built(features=(*FEATURES, "velocity_later"))
    with pytest.raises(UsageError, match="not in feature set t1"):
        built(features=("weather",))


def test_a_sample_is_the_same_every_time() -> None:
    sample = built(max_rows=200)
    assert 180 < sample.rows.height <= 200
    assert set(sample.rows.group_by("at").len()["len"]) == {20}
    assert sample.content_hash == built(max_rows=200).content_hash
    assert sample.content_hash != built(max_rows=200, seed=1).content_hash
    assert sample.rows.join(built().rows, on=["hashtag", "at"], how="semi").height == sample.rows.height


def test_other_feature_sets_are_left_out_and_nothing_is_no_error() -> None:
    assert built(feature_set=replace(FEATURE_SET, name="t2")).rows.is_empty()
    nothing = build(empty_lake(), NOW, feature_set=FEATURE_SET)
    assert nothing.rows.is_empty()
    assert nothing.days == 0.0
    assert nothing.described()["start"] is None


def test_the_hash_tells_null_from_zero_and_names_apart() -> None:
    frame = pl.DataFrame({"a": [0.0, 1.0], "b": ["x", "y"]})
    others = [
        frame.with_columns(a=pl.Series([None, 1.0])),
        frame.rename({"a": "c"}),
        frame.reverse(),
        frame.with_columns(b=pl.Series(["x", None])),
    ]
    assert len({content_hash(each) for each in (frame, *others)}) == 5
    assert content_hash(frame) == content_hash(frame.clone())


def test_feature_rows_fit_their_table() -> None:
    assert feature_rows(ROWS).height == LAKE.read("features").height


def test_a_name_gives_the_same_bytes_for_ever() -> None:
    lake = lake_of(ROWS)
    training = build(lake, NOW, feature_set=FEATURE_SET, max_rows=200)
    pin(lake, training)
    described = training.described()
    end = START + timedelta(days=20)
    lake.replace("features", lake.read("features").clear(), START - timedelta(days=1), end)
    lake.vacuum(timedelta(0), end)
    again = recall(lake, described)
    assert again == replace(training, rows=again.rows)
    assert again.rows.equals(training.rows, null_equal=True)
    with pytest.raises(StorageError, match="are not those of training set"):
        recall(lake, described | {"content_hash": "0"})
    with pytest.raises(StorageError, match="nothing is pinned"):
        recall(lake_of(ROWS), described)


def test_of_a_lake_that_mixes_totals_and_plays_the_totals_are_learnt_from() -> None:
    mixed = lake_of(labelled(tags=40, days=10))
    outcomes = mixed.read("outcomes")
    played = pl.col("hashtag").is_in(outcomes["hashtag"].unique().sort().head(10).implode())
    source = pl.when(played).then(pl.lit("plays")).otherwise(pl.lit("totals"))
    mixed.replace(
        "outcomes", outcomes.with_columns(v_source=source), START - timedelta(days=1), NOW + timedelta(days=9)
    )
    training = build(mixed, NOW, feature_set=FEATURE_SET)
    assert training.growth_by == training.described()["growth_by"] == "totals"
    assert training.rows["hashtag"].n_unique() == 30
    assert training.rows.group_by("at").agg(pl.col("viral").sum())["viral"].max() == 3
    pin(mixed, training)
    assert recall(mixed, training.described()).rows.equals(training.rows, null_equal=True)
    assert built().growth_by == ""


def test_the_keys_of_a_stored_recipe_stay_as_earlier_versions_wrote_them() -> None:
    keys = {"feature_set", "start", "end", "max_rows", "seed", "one_scale"}
    assert set(built().recipe) == keys
