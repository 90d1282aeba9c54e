from dataclasses import replace

import pytest

from core.grounding.figures import figures, kind_of, older_readings
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
