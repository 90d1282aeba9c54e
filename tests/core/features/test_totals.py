"""Features of totals, many moments at once: equal to those of the hourly path, and blind to what comes later."""

import random

import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from core.features.totals import totals_features
from core.labels.rises import TotalReadings
from core.metrics.state import empty_state
from core.windows import HOUR
from pipelines.metrics.features import advance_rises, features
from pipelines.metrics.metrics import advance
from tests.support.worlds import T0, World

HOURS = 200


def totals_world(seed: int) -> World:
    """Rounded totals of 30 hashtags, read at odd times with gaps, nulls and falls."""
    rng = random.Random(seed)
    rows = []
    for tag in range(30):
        views, pace, hour = rng.choice([500, 30_000, 995_000, 4_000_000]), rng.choice([0, 0.00002, 0.001]), 0.0
        while hour < HOURS:
            hour += rng.choice([0.4, 1, 3, 3, 9]) + rng.random() / 1000
            step = 1 if views < 1e4 else 100 if views < 1e6 else 100_000
            shown = None if rng.random() < 0.05 else max(0, int(views * (1 + pace) ** hour) // step * step)
            shown = shown - step if shown and rng.random() < 0.03 else shown
            rows.append({"hashtag": f"t{tag}", "fetched_at": T0 + hour * HOUR, "views_total": shown})
    return World([], rows, [])


def of_moments(world: World, hours: list[int]) -> pl.DataFrame:
    totals = world.hashtag_snapshots.drop_nulls("views_total")
    names = totals["hashtag"].unique().sort()
    codes = totals["hashtag"].replace_strict(names, pl.Series(range(len(names)))).to_numpy()
    readings = TotalReadings.of(codes, totals["fetched_at"].to_physical().to_numpy(), totals["views_total"].to_numpy())
    first = {code: readings.times[readings.codes == code].min() for code in range(len(names))}
    moments = pl.Series([T0 + hour * HOUR for hour in hours], dtype=totals.schema["fetched_at"])
    keys = [(c, at) for at, us in zip(moments, moments.to_physical(), strict=True) for c in first if first[c] <= us]
    schema = {"code": pl.Int64, "at": totals.schema["fetched_at"]}
    return totals_features(readings, names, pl.DataFrame(keys, schema=schema, orient="row"))


def test_they_are_those_of_the_hourly_path() -> None:
    world, hours = totals_world(3), [30, 100, 171, HOURS]
    state, rises, live = empty_state(T0, HOUR), TotalReadings.none(), []
    for hour in range(1, HOURS + 1):
        end = T0 + hour * HOUR
        videos, totals, new = world.between(end - HOUR, end)
        metrics, state = advance(state, end, videos, totals, new)
        rises = advance_rises(rises, state, totals)
        if hour in hours:
            live.append(features(state, rises, metrics))
    expected = pl.concat(live).sort("at", "hashtag")
    at_once = of_moments(world, hours)
    assert at_once.height > expected.height, "what was not read for 6 h has a row here too"
    fresh = at_once.join(expected.select("hashtag", "at"), on=["hashtag", "at"], maintain_order="right")
    assert_frame_equal(fresh, expected.select(at_once.columns), rel_tol=1e-9)
    assert at_once.width > 55
    compared = [name for name in at_once.columns if fresh[name].null_count() < fresh.height]
    further_back = {"growth_before_28d", *(f"day_{day}" for day in range(8, 14))}
    assert set(at_once.columns) - set(compared) <= further_back, "the comparison compares something"


def test_changing_everything_read_later_changes_nothing() -> None:
    world, other, now = totals_world(5), totals_world(6), 120
    later = [row for row in other.totals if row["fetched_at"] > T0 + now * HOUR]
    changed = World([], [row for row in world.totals if row["fetched_at"] <= T0 + now * HOUR] + later, [])
    assert_frame_equal(of_moments(world, [60, now]), of_moments(changed, [60, now]), check_exact=True)


def test_nothing_is_infinite() -> None:
    rows = of_moments(totals_world(8), list(range(1, HOURS, 7))).select(pl.selectors.float())
    assert np.isfinite(rows.fill_null(0.0).to_numpy()).all()
