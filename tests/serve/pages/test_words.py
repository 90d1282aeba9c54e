import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serve.pages import words

ANY = st.floats(-1e15, 1e15) | st.sampled_from([None, math.nan, math.inf, -math.inf])


@given(ANY)
def test_nothing_bare_is_ever_written(value: float | None) -> None:
    for write in (words.count, words.percent, words.figure, words.hours):
        text = str(write(value))
        assert text
        assert not any(bare in text for bare in ("nan", "inf", "None"))


@given(st.floats(0, 1e12))
def test_counts_stay_short_and_close(value: float) -> None:
    text = words.count(value)
    assert len(text) <= 5
    scale = {"K": 1e3, "M": 1e6, "B": 1e9}.get(text[-1], 1)
    written = float(text.rstrip("KMB")) * scale
    assert math.isclose(written, value, rel_tol=0.06, abs_tol=0.51)


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0 %"), (-0.0001, "0 %"), (0.046, "4.6 %"), (0.996, "> 99 %"), (1, "100 %")]
)
def test_percentages(value: float, text: str) -> None:
    assert words.percent(value).replace("\u202f", " ").replace("−0", "0") in (text, text.replace("0 %", "0 %"))


def test_unknown_is_a_dash_that_explains_itself() -> None:
    assert words.percent(None) == words.DASH
    assert "title=" in words.DASH


def test_times_are_told_from_now() -> None:
    now = datetime(2025, 5, 14, 12, tzinfo=UTC)
    ages = [words.ago(now + timedelta(minutes=m), now).replace("\u202f", " ") for m in (0, -30, -180, -72 * 60, 45)]
    assert ages == ["just now", "30 min ago", "3 h ago", "3 days ago", "in 45 min"]


def test_nouns_follow_their_numbers() -> None:
    assert [words.plural(n, "alert") for n in (0, 1, 2500)] == ["0 alerts", "1 alert", "2,500 alerts"]
