from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.records.json_text import from_json, to_json
from storage.records.rows import AlertRow
from storage.records.stored import plain

NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_what_is_json_comes_back_as_it_was(value: object) -> None:
    assert from_json(to_json(value)) == value


@dataclass(frozen=True)
class Point:
    x: float


def test_what_has_a_form_in_json_takes_it() -> None:
    value = {
        "at": datetime(2025, 5, 14, tzinfo=UTC),
        "number": np.float64(0.5),
        "array": np.array([1, 2]),
        "nothing": float("inf"),
        "frozen": MappingProxyType({"a": frozenset({1})}),
        "point": Point(1.0),
        1: (1, 2),
    }
    assert from_json(to_json(value)) == {
        "at": "2025-05-14T00:00:00+00:00",
        "number": 0.5,
        "array": [1, 2],
        "nothing": None,
        "frozen": {"a": [1]},
        "point": {"x": 1.0},
        "1": [1, 2],
    }
    with pytest.raises(TypeError, match="not JSON serializable: object"):
        to_json({"handle": object()})


def test_a_row_is_made_plain_as_a_database_would() -> None:
    row = AlertRow(
        key="k",
        kind="drift",
        raised_at=datetime(2025, 5, 14, tzinfo=UTC),
        title="t",
        body="b",
        detail=MappingProxyType({"a": (1,)}),
    )
    assert row.plain().detail == {"a": [1]}
    assert row.plain().raised_at == row.raised_at
    assert plain((1, 2)) == [1, 2]
