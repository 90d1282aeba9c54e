"""Features of many moments at once from totals alone, equal to what the hourly path computes window by window."""

import numpy as np
import polars as pl

from core.features.cohort import place_among, with_cohort
from core.features.rises import rise_features
from core.features.set_v1 import RANKED
from core.features.set_v2 import AGAINST_OTHERS, V2
from core.labels.growth import relative
from core.labels.rises import TotalReadings
from core.metrics.formulas import FRESH, TOTALS_HORIZON, velocity
from core.metrics.time_log import Floats, Ints
from core.windows import DAY, HOUR_US, micros

GAIN_HOURS = (3, 6, 12, 24, 48, 72, 168)


def totals_features(readings: TotalReadings, names: pl.Series, keys: pl.DataFrame) -> pl.DataFrame:
    """Return `keys` with those features of set v2 that follow from totals, sorted by (at, hashtag).

    A hashtag whose total was read within 6 h has the same values as on the hourly path. Other hashtags have no row on
    that path; here they have the values that can be known, and take no part in comparisons between hashtags.

    Parameters
    ----------
    readings: all readings of totals made by the last moment
    names: hashtag of each code
    keys: the pairs of code and at to compute, one row each
    """
    keys = keys.with_columns(hashtag=names.gather(keys["code"])).sort("at", "hashtag")
    codes, at = keys["code"].to_numpy().astype(np.int64), keys["at"].to_physical().to_numpy()
    columns = _window_features(readings, codes, at) | rise_features(readings.rises(), codes, at)
    finite = {name: np.where(np.isfinite(values), values, np.nan) for name, values in columns.items()}
    rows = keys.select("hashtag", "at").hstack(pl.DataFrame(finite).select(pl.all().fill_nan(None)))
    fresh = pl.Series(~np.isnan(_fresh(readings, codes, at)), dtype=pl.Boolean)
    compared = with_cohort(rows.filter(fresh)).with_columns(
        place_among(name).alias(f"rank_{name}") for name in RANKED if name in rows.columns
    )
    stale = rows.filter(~fresh).select(pl.exclude("^day_.*$", *(f.name for f in AGAINST_OTHERS)))
    together = pl.concat([compared, stale], how="diagonal").sort("at", "hashtag")
    return together.select("hashtag", "at", *(name for name in V2.inputs if name in together.columns))


def _fresh(readings: TotalReadings, codes: Ints, at: Ints) -> Floats:
    """Return V of each hashtag at each moment, NaN without a reading in the 6 h before (R,)."""
    place = readings.last(codes, at)
    return np.where(_age(readings, place, at) < micros(FRESH), readings.views_of(place), np.nan)


def _age(readings: TotalReadings, place: Ints, at: Ints) -> Floats:
    """Return the microseconds since the readings at `place`, NaN where there is none."""
    return np.where(place >= 0, at - readings.times[np.maximum(place, 0)], np.nan)


def _window_features(readings: TotalReadings, codes: Ints, at: Ints) -> dict[str, Floats]:
    """Return the features of set v1 that rest on totals, as `core.features.growth` defines them (R,)."""
    now = _fresh(readings, codes, at)
    features: dict[str, Floats] = {}
    for hours in GAIN_HOURS:
        before = _fresh(readings, codes, at - hours * HOUR_US)
        features[f"gained_{hours}h"] = relative(now - before, before)
    day, two_days = (_fresh(readings, codes, at - days * micros(DAY)) for days in (1, 2))
    features["growth_24h_past"] = features["gained_24h"]
    features["gained_24h_before"] = relative(day - two_days, two_days)
    gained, gained_before = (_gained(readings, codes, at - back * HOUR_US) for back in (0, 1))
    features["velocity"] = velocity(gained, gained_before, np.ones(len(codes), bool))
    read, rises = _age(readings, readings.last(codes, at), at), readings.rises()
    newest = rises.last(codes, at)
    peak, earlier = rises.views_of(newest), rises.views_of(rises.before(newest, 1))
    return features | {
        "hours_since_rise": _age(rises, newest, at) / HOUR_US,
        "last_rise": relative(peak - earlier, earlier),
        "hours_since_reading": np.where(read < micros(TOTALS_HORIZON), read / HOUR_US, np.nan),
        "views_total_log": np.log1p(peak),
    }


def _gained(readings: TotalReadings, codes: Ints, end: Ints) -> Floats:
    """Return views_gained of the hour that ends at `end`, as `core.metrics.formulas.gained_from_totals` does (R,)."""
    newest = readings.last(codes, end)
    read = np.where(newest >= 0, readings.times[np.maximum(newest, 0)], 0)
    earlier = readings.last(codes, read - HOUR_US)
    apart = np.where(earlier >= 0, read - readings.times[np.maximum(earlier, 0)], np.nan)
    defined = (_age(readings, newest, end) < micros(FRESH)) & (apart <= micros(DAY))
    rise = readings.views_of(newest) - readings.views_of(earlier)
    return np.where(defined, rise * HOUR_US / apart, np.nan)
