from dataclasses import replace

import pytest

from core.grounding.figures import figures, is_earlier, kind_of, older_readings
from tests.core.grounding.sentences import TWO_HOURS, metric


@pytest.mark.parametrize(
    ("name", "family", "change", "forecast"),
    [
        ("views_gained", "views_gained", True, False),
        ("gained_24h", "gained", True, False),
        ("growth_p90", "growth", True, True),
        ("surge_probability", "surge_probability", False, True),
        ("rank", "rank", False, True),
        ("retention_24", "retention", False, False),
    ],
)
def test_the_name_of_a_metric_says_what_it_is_about(name: str, family: str, change: bool, forecast: bool) -> None:
    kind = kind_of(name)
    assert (kind.family, kind.change, kind.forecast) == (family, change, forecast)


def test_a_figure_may_be_stated_with_the_windows_of_its_name() -> None:
    [gained, probability] = figures([metric("gained_24h", 5), metric("probability", 0.5, "ratio", hours=6)])
    assert set(gained.windows) == {24.0}
    assert set(probability.windows) == {6.0, 24.0}


def test_of_two_readings_the_earlier_one_is_older() -> None:
    assert older_readings(figures(TWO_HOURS.metrics)) == {"n1": False, "o1": True}
    same_hour = [metric("volume", 1), replace(metric("volume", 2), id="m2")]
    assert older_readings(figures(same_hour)) == {}


def test_times_are_compared_as_times_and_not_as_texts() -> None:
    assert is_earlier("2026-01-05T00:30:00+05:30", "2026-01-04T19:30:00Z")
    assert not is_earlier("2026-01-05T00:00:00Z", "2026-01-05T00:00:00+00:00")
    assert is_earlier("0001-01-01T00:00:00+14:00", "2026-01-05T00:00:00Z")
