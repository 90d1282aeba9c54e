"""Feature sets as declarations: distinct names, and no look ahead."""

import polars as pl
import pytest

from core.errors import UsageError
from core.features.set_v2 import V2
from core.features.sets import Feature, FeatureSet, Group, describe, features_table

PEEK = Feature("growth_tomorrow", Group.GROWTH, "ratio", "what is to come", leaky=True)
PAST = Feature("velocity", Group.GROWTH, "ratio", "what was")
SET = FeatureSet("test", "For tests.", (PAST, PEEK))


def test_what_looks_ahead_is_no_input() -> None:
    assert SET.inputs == ("velocity",)
    SET.require_inputs(["velocity"])
    with pytest.raises(UsageError, match="growth_tomorrow looks ahead"):
        SET.require_inputs(["velocity", "growth_tomorrow"])
    with pytest.raises(UsageError, match="speed is not in feature set test"):
        SET.require_inputs(["speed"])


def test_rows_to_learn_from_hold_inputs_of_the_set_only() -> None:
    rows = pl.DataFrame(
        {
            "hashtag": ["a", "b"],
            "at": [1, 1],
            "feature_set": ["test", "v0"],
            "velocity": [1.0, 2.0],
            "growth_tomorrow": [9.0, 9.0],
        }
    )
    assert SET.select(rows).to_dicts() == [{"hashtag": "a", "at": 1, "velocity": 1.0}]


def test_a_name_declared_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        FeatureSet("test", "", (PAST, PAST))


def test_the_table_has_a_column_for_each_feature() -> None:
    table = features_table(V2)
    assert table.key == ("hashtag", "at", "feature_set")
    assert [name for name in table.schema if table.schema[name] == pl.Float64()] == list(V2.names)


def test_v2_has_every_group_and_no_look_ahead() -> None:
    assert {feature.group for feature in V2.features} == set(Group)
    assert V2.inputs == V2.names


def test_the_page_tells_what_looks_ahead() -> None:
    assert "| growth_tomorrow | ratio | what is to come | left null for trees" in describe(SET)
    assert describe(SET).count("| yes |") == 1
