import json
import re
from datetime import timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from serve.pages.charts import HEIGHT, WIDTH, calibration_chart, precision_chart, spark
from serve.reading.reader import Reader
from storage.records.rows import KpiRow
from tests.serve.small_lake import START
from tests.serve.small_world import SmallWorld


@given(st.lists(st.none() | st.floats(-1e9, 1e12) | st.just(float("nan")), max_size=80))
def test_a_sparkline_stays_in_its_box(values: list[float | None]) -> None:
    line = spark(values)
    finite = [value for value in values if value is not None and value == value]
    assert (line is None) == (len(finite) < 2)
    if line:
        numbers = [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", line.line)]
        assert len(numbers) == 2 * len(finite)
        assert all(0 <= x <= WIDTH for x in numbers[::2])
        assert all(0 <= y <= HEIGHT for y in numbers[1::2])


def test_calibration_counts_every_resolved_prediction(filled: tuple[Reader, SmallWorld]) -> None:
    track = filled[0].snapshot().track
    drawn = json.loads(calibration_chart(track) or "{}")
    assert sum(drawn["n"]) == track.bins["n"].sum()
    assert drawn["x"] == sorted(drawn["x"])
    assert all(0 <= share <= 1 for share in drawn["observed"])


def test_nothing_resolved_draws_no_calibration(filled: tuple[Reader, SmallWorld]) -> None:
    track = filled[0].snapshot().track
    assert calibration_chart(type(track)(track.calls, track.bins.filter(pl.lit(False)))) is None


def test_precision_over_time_puts_the_baseline_beside() -> None:
    days = [START + timedelta(days=day) for day in range(3)]
    champion = [
        KpiRow(
            computed_at=day,
            period_start=START,
            period_end=day,
            model="champion",
            scope="all",
            name="precision_at_10",
            value=0.5,
            lower=0.4,
            upper=0.6,
            n=9,
        )
        for day in days
    ]
    baseline = [
        KpiRow(
            computed_at=day,
            period_start=START,
            period_end=day,
            model="last-24h-growth",
            scope="all",
            name="precision_at_10",
            value=0.2,
        )
        for day in days[1:]
    ]
    drawn = json.loads(precision_chart(champion, baseline) or "{}")
    assert drawn["baseline"] == [None, 0.2, 0.2]
    assert precision_chart(champion[:1], baseline) is None
