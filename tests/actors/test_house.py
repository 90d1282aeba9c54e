import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import ray

from actors.agent import JobCall, JobReport
from actors.handoff import Handoff
from actors.installation import Installation
from core.events import EventKind
from storage.address import Address
from tests.actors.small_house import HOUR, WORLD, contents, house_of, play, small_installation, stores

pytestmark = [pytest.mark.ray, pytest.mark.usefixtures("ray_cluster")]
NINE = {
    "ingestion",
    "metric",
    "semantic",
    "prediction",
    "evaluation",
    "improvement",
    "governance",
    "notification",
    "scheduler",
}
HOURS = 26


@pytest.fixture(scope="module")
def lived(ray_cluster: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A house that has lived for a day and two hours, still up."""
    installation = small_installation(tmp_path_factory.mktemp("house") / "home")
    with house_of(installation) as house:
        play(house, WORLD.start, HOURS)
        yield installation


def started(installation: Installation) -> dict[str, list[int]]:
    _, records = stores(installation)
    pids: dict[str, list[int]] = {}
    for event in records.events(kind=EventKind.AGENT_STARTED, limit=1000):
        pids.setdefault(event.agent, []).append(event.detail["pid"])
    return pids


def test_nine_agents_live_in_nine_processes(lived: Installation) -> None:
    pids = started(lived)
    assert set(pids) == NINE
    assert len({pid for each in pids.values() for pid in each}) == 9


def test_every_hour_every_step_was_done_once(lived: Installation) -> None:
    _, records = stores(lived)
    for job in ("ingest", "measure", "predict", "narrate", "alert"):
        rows = records.jobs(job=job, limit=100)
        assert [row.slot for row in rows] == [WORLD.start + hour * HOUR for hour in range(HOURS, 0, -1)]
        assert {(row.status, row.attempts) for row in rows} == {("completed", 1)}
    assert not records.events(kind=EventKind.JOB_FAILED)


def test_the_loop_leaves_predictions_with_outcomes_reasons_and_figures(lived: Installation) -> None:
    tables = contents(lived)
    _, records = stores(lived)
    assert tables["predictions"]["at"].n_unique() == HOURS
    assert tables["hashtag_metrics"]["v_source"].drop_nulls().unique().sort().to_list() == ["plays", "totals"]
    shown = records.narratives(at=WORLD.start + HOURS * HOUR)
    assert shown
    assert all(row.status == "template" and row.cites for row in shown)
    assert len(records.backlog()) >= 5
    assert records.used(WORLD.start.date()) <= 240


def test_only_references_and_small_facts_pass_through_the_scheduler(lived: Installation) -> None:
    slot = WORLD.start + HOURS * HOUR
    handoffs: list[Handoff] = []
    for agent, job in (("ingestion", "ingest"), ("metric", "measure"), ("prediction", "predict")):
        call = JobCall(job, slot, slot, tuple(handoffs))
        report: JobReport = ray.get(ray.get_actor(agent).run.remote(call))
        for name, value in report.summary.items():
            assert isinstance(value, int | float | str), name
        for handoff in report.handoffs:
            assert isinstance(handoff.address, Address)
            assert [type(ref) for ref in handoff.refs] == [ray.ObjectRef]
            assert ray.get(handoff.refs[0]).num_rows == handoff.rows
        handoffs = list(report.handoffs)
    assert {one.address.table for one in handoffs} == {"predictions", "hashtag_metrics", "features"}


def test_killing_one_agent_leaves_the_other_eight(lived: Installation) -> None:
    before = started(lived)
    os.kill(before["metric"][-1], signal.SIGKILL)
    pulses: dict[str, Any] = {name: ray.get(ray.get_actor(name).ping.remote()).pid for name in NINE}
    after = started(lived)
    assert pulses["metric"] == after["metric"][-1] != before["metric"][-1]
    assert {name: pids for name, pids in after.items() if name != "metric"} == {
        name: pids for name, pids in before.items() if name != "metric"
    }
    slot = WORLD.start + (HOURS + 1) * HOUR
    ray.get(ray.get_actor("scheduler").advance.remote(slot))
    _, records = stores(lived)
    assert records.last_slot("measure") == slot
    assert slot - WORLD.start < timedelta(days=2)
