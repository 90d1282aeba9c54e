"""A frozen table by key behaves like a dict that is copied at each change."""

from itertools import pairwise

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from core.metrics.keyed_frame import KeyedFrame, keys_of, pair_keys

SCHEMA = {"key": pl.UInt64, "value": pl.Int64, "name": pl.String}
batches = st.lists(st.dictionaries(st.integers(0, 40), st.integers(0, 9), max_size=12), max_size=8)


def frame(rows: dict[int, int]) -> pl.DataFrame:
    return pl.DataFrame(
        {"key": list(rows), "value": list(rows.values()), "name": [str(v) for v in rows.values()]}, schema=SCHEMA
    )


@given(batches=batches)
@settings(max_examples=40, deadline=None)
def test_it_remembers_the_latest_value_of_each_key(batches: list[dict[int, int]]) -> None:
    store, expected, before = KeyedFrame.of(frame({})), {}, []
    keys = np.arange(45, dtype=np.uint64)
    for batch in batches:
        before.append((store, dict(expected)))
        store, expected = store.upsert(frame(batch)), expected | batch
    for stored, values in [*before, (store, expected)]:
        rows = stored.find(keys)
        assert rows["value"].to_list() == [values.get(key) for key in range(45)]
        assert rows["name"].to_list() == [str(values[key]) if key in values else None for key in range(45)]
        assert stored.holds(keys).to_list() == [key in values for key in range(45)]
        assert dict(stored.rows.select("key", "value").iter_rows()) == values


def test_a_large_batch_takes_the_place_of_a_small_one() -> None:
    many = pl.DataFrame({"key": range(10_000), "value": range(10_000), "name": ["x"] * 10_000}, schema=SCHEMA)
    store = KeyedFrame.of(frame({5: 1})).upsert(many)
    assert [level.height for level in store.levels] == [10_000]
    assert store.find(np.array([5], dtype=np.uint64))["value"].to_list() == [5]


def test_what_an_upsert_moves_does_not_follow_what_is_held() -> None:
    """The same hourly batch: half of what was read before is read again, and new keys join; moved rows are new ones."""
    store, moved = KeyedFrame.of(frame({})), []
    for hour in range(800):
        keys = np.arange(hour * 10, hour * 10 + 20, dtype=np.uint64)
        rows = pl.DataFrame({"key": keys, "value": [hour] * 20, "name": ["x"] * 20}, schema=SCHEMA)
        before, store = {id(level) for level in store.levels}, store.upsert(rows)
        moved.append(sum(level.height for level in store.levels if id(level) not in before))
    assert store.rows.height == 8_010
    assert np.mean(moved[-400:]) < 1.5 * np.mean(moved[:400])
    assert all(older.height >= 4 * newer.height for older, newer in pairwise(store.levels))


def test_pairs_have_keys_of_their_own() -> None:
    tags, videos = np.repeat(np.arange(300), 300), np.tile(keys_of(pl.Series([f"v{n}" for n in range(300)])), 300)
    assert len(np.unique(pair_keys(tags, videos))) == 90_000
