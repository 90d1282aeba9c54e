"""Risks, counterfactuals and collisions: one suite over every records database."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from core.windows import HOUR
from storage.records.interface import Records
from storage.records.rows_judgements import CollisionRow, CounterfactualRow, RiskRow

AT = datetime(2025, 5, 14, 10, tzinfo=UTC)
SIGNAL = {"name": "repeated", "value": 5.0, "limit": 3, "points": 2, "fired": True}
EVIDENCE = {"metrics": [{"id": "m1", "value": 0.5}], "entities": {}, "drivers": []}
RISK = RiskRow(at=AT, hashtag="gym", flagged=True, score=0.75, signals=[SIGNAL], cites=[])
SECOND_VIEW = {
    "model": "small",
    "model_view": "boosted",
    "model_reason": "few é creators",
    "prompt_version": "risk@1:a",
}
IN_WORDS = {"text": "If it rose.", "cites": ["m1"], "status": "template", "prompt_version": "t@1:a"}
CHANGED: dict[str, Any] = {"moved": {"novelty": 0.8}, "probability_from": 0.21, "probability_to": 0.34, **IN_WORDS}
WHAT_IF = CounterfactualRow(
    at=AT, hashtag="gym", model_id="m", feature="novelty", value_from=0.4, value_to=0.8, evidence=EVIDENCE, **CHANGED
)
COLLISION = CollisionRow(
    at=AT,
    rising="c1",
    falling="c2",
    rising_label="Home Gym",
    falling_label="Fit Days",
    rising_tag="gym",
    falling_tag="fit",
    similarity=0.83,
    rising_change=0.45,
    falling_change=-0.3,
    evidence=EVIDENCE,
    **IN_WORDS,
)  # type: ignore[arg-type]
SETS: dict[str, tuple[Any, Callable[[Records], Any], Callable[[Records], Any]]] = {
    "risks": (RISK, lambda records: records.put_risks, lambda records: records.risks),
    "counterfactuals": (WHAT_IF, lambda records: records.put_counterfactuals, lambda records: records.counterfactuals),
    "collisions": (COLLISION, lambda records: records.put_collisions, lambda records: records.collisions),
}


def distinct(row: Any, values: Sequence[Any]) -> list[Any]:
    name = "rising" if isinstance(row, CollisionRow) else "hashtag"
    return [row.changed(**{name: value}) for value in values]


@pytest.mark.parametrize("kind", SETS)
def test_a_set_is_replaced_whole_and_read_newest_first_in_its_order(records: Records, kind: str) -> None:
    row, put, get = SETS[kind]
    early, late = distinct(row, ["b", "a", "c"]), distinct(row.changed(at=AT + HOUR), ["z", "y"])
    put(records)(AT, distinct(row, ["old"]))
    put(records)(AT, early)
    put(records)(AT + HOUR, late)
    assert get(records)() == [*late, *early]
    assert get(records)(at=AT) == early
    assert get(records)(limit=3) == [*late, early[0]]
    put(records)(AT, [])
    assert get(records)() == late
    with pytest.raises(ValueError, match="is not in the set of"):
        put(records)(AT, late)


@pytest.mark.parametrize("kind", ["risks", "counterfactuals"])
def test_one_hashtag_is_found_through_time(records: Records, kind: str) -> None:
    row, put, get = SETS[kind]
    for hour in range(3):
        put(records)(AT + hour * HOUR, distinct(row.changed(at=AT + hour * HOUR), ["gym", f"other{hour}"]))
    assert [row.at for row in get(records)(hashtag="gym")] == [AT + 2 * HOUR, AT + HOUR, AT]
    assert [row.hashtag for row in get(records)(hashtag="other1")] == ["other1"]
    assert get(records)(hashtag="nobody") == []


def test_what_is_past_its_time_is_dropped(records: Records) -> None:
    for row, put, _ in SETS.values():
        for hour in range(3):
            put(records)(AT + hour * HOUR, [row.changed(at=AT + hour * HOUR)])
    records.drop_judgements(AT + HOUR)
    for _, _, get in SETS.values():
        assert [row.at for row in get(records)()] == [AT + 2 * HOUR, AT + HOUR]


def test_the_views_of_rule_and_model_stand_apart(records: Records) -> None:
    both = RISK.changed(hashtag="fit", flagged=False, cites=["m1"], evidence=EVIDENCE, **SECOND_VIEW)  # type: ignore[arg-type]
    records.put_risks(AT, [RISK, both])
    assert records.risks() == [RISK, both]
    assert records.risks(flagged=True) == [RISK]
    assert records.risks(flagged=False) == [both]
    assert (RISK.model_view, RISK.model_reason) == (None, None)
