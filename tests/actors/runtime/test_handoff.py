import os
import signal
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
import ray

from actors.runtime.handoff import Handoff, gather, hand_off, receive
from core.tables import HASHTAG_SNAPSHOTS
from core.windows import HOUR
from storage.memory.lake import MemoryLake

pytestmark = [pytest.mark.ray, pytest.mark.usefixtures("ray_cluster")]
START = datetime(2026, 1, 5, tzinfo=UTC)


def rows(end: datetime, count: int = 1) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "hashtag": [f"tag{number:06}" for number in range(count)],
            "fetched_at": [end] * count,
            "views_total": list(range(count)),
            "videos_total": [None] * count,
            "window": [end] * count,
        },
        schema=HASHTAG_SNAPSHOTS.schema,
    )


def filled(hours: int) -> tuple[MemoryLake, list[Handoff]]:
    lake = MemoryLake({HASHTAG_SNAPSHOTS.name: HASHTAG_SNAPSHOTS})
    handoffs = []
    for hour in range(hours):
        start, end = START + hour * HOUR, START + (hour + 1) * HOUR
        frame = rows(end)
        handoffs.append(hand_off(frame, lake.replace(HASHTAG_SNAPSHOTS.name, frame, start, end)))
    return lake, handoffs


def test_a_table_comes_back_as_it_was() -> None:
    lake = MemoryLake({HASHTAG_SNAPSHOTS.name: HASHTAG_SNAPSHOTS})
    frame = rows(START + HOUR, 50_000)
    handoff = hand_off(frame, lake.replace(HASHTAG_SNAPSHOTS.name, frame, START, START + HOUR))
    assert handoff.rows == 50_000
    assert receive(handoff, lake).equals(frame)


def test_the_lake_answers_when_the_owner_of_the_reference_was_killed() -> None:
    lake = MemoryLake({HASHTAG_SNAPSHOTS.name: HASHTAG_SNAPSHOTS})
    frame = rows(START + HOUR, 50_000)
    address = lake.replace(HASHTAG_SNAPSHOTS.name, frame, START, START + HOUR)

    class Giver:
        def give(self, frame: pl.DataFrame, address: Any) -> Handoff:
            return hand_off(frame, address)

        def pid(self) -> int:
            return os.getpid()

    giver = ray.remote(Giver).options(num_cpus=0, max_restarts=-1, max_task_retries=-1).remote()
    handoff = ray.get(giver.give.remote(frame, address))
    os.kill(ray.get(giver.pid.remote()), signal.SIGKILL)
    assert receive(handoff, lake).equals(frame)


@pytest.mark.parametrize("missing", [None, 0, 1, 2])
def test_a_gap_between_hand_offs_is_filled_from_the_lake(missing: int | None) -> None:
    lake, handoffs = filled(3)
    there = [handoff for number, handoff in enumerate(handoffs) if number != missing]
    whole = gather(HASHTAG_SNAPSHOTS.name, START, START + 3 * HOUR, there, lake)
    assert whole["window"].to_list() == [START + hour * HOUR for hour in (1, 2, 3)]


def test_hand_offs_of_other_tables_and_times_are_left_alone() -> None:
    lake, handoffs = filled(3)
    assert gather(HASHTAG_SNAPSHOTS.name, START, START + HOUR, handoffs, lake).height == 1
    assert gather(HASHTAG_SNAPSHOTS.name, START + HOUR, START + 2 * HOUR, handoffs, lake).height == 1
