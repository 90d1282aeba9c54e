"""Every vector store behaves the same: what was put last is there, nothing of later is, nearest is nearest."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from core.tables import VECTORS
from core.windows import HOUR
from storage.lake.delta import DeltaLake
from storage.lake.lake_vectors import LakeVectors
from storage.lake.vectors import MemoryVectors, Stored, VectorStore
from storage.memory.lake import MemoryLake

AT = datetime(2025, 5, 14, tzinfo=UTC)
TABLES = {VECTORS.name: VECTORS}
STORES: dict[str, Callable[[Path], VectorStore]] = {
    "memory": lambda folder: MemoryVectors(),
    "memory lake": lambda folder: LakeVectors(MemoryLake(TABLES), "model", 14),
    "delta lake": lambda folder: LakeVectors(DeltaLake(folder / "lake", TABLES), "model", 14),
}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> VectorStore:
    return STORES[request.param](tmp_path)


def at(angle: float, captions: int = 1) -> Stored:
    return Stored(np.array([np.cos(angle), np.sin(angle)], np.float32), captions)


def same(stored: Stored, other: Stored) -> bool:
    return stored.captions == other.captions and np.array_equal(stored.vector, other.vector)


def test_what_was_put_is_there_and_nothing_else(store: VectorStore) -> None:
    assert store.get(["cat"], AT) == {}
    store.put({"cat": at(0.1, 3), "mèo": at(0.2)}, AT)
    held = store.get(["mèo", "cat", "dog"], AT + HOUR)
    assert set(held) == {"cat", "mèo"}
    assert same(held["cat"], at(0.1, 3))
    assert store.get([], AT) == {}


def test_the_last_one_put_is_the_one_there_is(store: VectorStore) -> None:
    store.put({"cat": at(0.1), "dog": at(0.3)}, AT)
    store.put({"cat": at(0.2, 5)}, AT + HOUR)
    held = store.get(["cat", "dog"], AT + 2 * HOUR)
    assert same(held["cat"], at(0.2, 5))
    assert same(held["dog"], at(0.3))


def test_nothing_of_later_is_known(store: VectorStore) -> None:
    store.put({"cat": at(0.1)}, AT)
    store.put({"cat": at(0.2)}, AT + 2 * HOUR)
    assert same(store.get(["cat"], AT + 3 * HOUR)["cat"], at(0.2))
    assert same(store.get(["cat"], AT + HOUR)["cat"], at(0.1))
    assert store.get(["cat"], AT - HOUR) == {}


def test_a_time_put_again_is_replaced(store: VectorStore) -> None:
    store.put({"cat": at(0.1), "dog": at(0.3)}, AT)
    store.put({"cat": at(0.2)}, AT)
    assert set(store.get(["cat", "dog"], AT)) == {"cat"}


def test_nearest_by_angle_ties_by_name(store: VectorStore) -> None:
    store.put({"far": at(3.0), "b": at(0.5), "a": at(0.5), "near": at(0.1)}, AT)
    nearest = store.nearest(np.array([2.0, 0.0], np.float32), 3, AT)
    assert [name for name, _ in nearest] == ["near", "a", "b"]
    assert nearest[0][1] == pytest.approx(np.cos(0.1))
    assert store.nearest(at(0.0).vector, 9, AT - HOUR) == []


def test_models_do_not_see_each_other(tmp_path: Path) -> None:
    lake = DeltaLake(tmp_path / "lake", TABLES)
    first, other = LakeVectors(lake, "one", 14), LakeVectors(lake, "other", 14)
    first.put({"cat": at(0.1)}, AT)
    other.put({"cat": at(0.2)}, AT)
    assert same(first.get(["cat"], AT)["cat"], at(0.1))
    assert same(LakeVectors(lake, "other", 14).get(["cat"], AT)["cat"], at(0.2))
    assert other.get(["cat"], AT + timedelta(days=15)) == {}
