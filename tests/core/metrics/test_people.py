"""Dispersion and novelty of who is behind a hashtag."""

import math

import numpy as np
import polars as pl
import pytest

from core.metrics.observed import Observed
from core.metrics.people import LEADERS, dispersion, members, novelty

KINDS = ("creator_id", "sound_id")
DAY_US = 86_400_000_000


def observed(creators: list[str | None], plays: list[float] | None = None) -> Observed:
    names = pl.Series(creators, dtype=pl.String)
    keys = np.array(
        [0 if name is None else 1 + sorted(set(creators) - {None}).index(name) for name in creators], np.uint64
    )
    numbers = {"plays": np.array(plays or [1.0] * len(creators))}
    count = len(creators)
    nobody, zero = np.zeros(count, np.uint64), np.zeros(count, np.int64)
    bounds = np.array([2 * DAY_US]), np.array([3 * DAY_US])
    return Observed(
        1, *bounds, zero, np.arange(count), zero, numbers, zero + 3 * DAY_US,
        {"creator_id": keys, "sound_id": nobody}, dict.fromkeys(KINDS, names),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("creators", "expected"),
    [
        (["a", "a", "a"], 0.0),
        (["a", "b", "c"], 1.0),
        (["a", "a", "b", None], (math.log(3) - 2 * math.log(2) / 3) / math.log(2)),
        ([None], math.nan),
    ],
)
def test_dispersion(creators: list[str | None], expected: float) -> None:
    assert dispersion(members(observed(creators), "creator_id"))[0] == pytest.approx(expected, nan_ok=True)


def fresh(window: Observed, before: list[int]) -> float:
    kinds = {kind: members(window, kind) for kind in KINDS}
    seen = np.array(before, np.uint64), np.full(len(before), 2 * DAY_US)
    return float(novelty(kinds, dict.fromkeys(KINDS, seen))[0])


def test_novelty_leaves_a_kind_without_members_out() -> None:
    assert fresh(observed(["a", "b", "c", "d"]), before=[1]) == 0.75
    assert fresh(observed(["a", "b"]), before=[]) == 1
    assert math.isnan(fresh(observed([None]), before=[1]))


def test_only_the_twenty_most_viewed_count_ties_by_id() -> None:
    names = [f"c{n:02}" for n in range(LEADERS + 5)]
    tied = observed(names, [1.0] * len(names))
    assert fresh(tied, before=list(range(LEADERS + 1, LEADERS + 6))) == 1, "the last by id are not leaders"
    rising = observed(names, [float(n) for n in range(len(names))])
    assert fresh(rising, before=[1, 2, 3, 4, 5]) == 1, "the least viewed are not leaders"
    assert fresh(rising, before=[6]) == pytest.approx(1 - 1 / LEADERS)
