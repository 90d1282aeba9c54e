import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import ray

from actors.runtime.agent import JobCall, JobReport
from actors.runtime.handoff import Handoff
from actors.runtime.installation import InstallationConfig
from core.agents import AGENTS
from core.events import EventKind
from core.windows import HOUR, MICROSECOND
from storage.lake.address import Address
from tests.actors.small_system import WORLD, contents, play, small_installation, stores, system_of
from tests.support.http_sink import Sink

pytestmark = [pytest.mark.ray, pytest.mark.usefixtures("ray_cluster")]
HOURS = 26


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture(scope="module")
def lived(ray_cluster: None, sink: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InstallationConfig]:
    """A system that has run for a day and two hours and is still up, with a server that receives its alerts."""
    installation = small_installation(tmp_path_factory.mktemp("system") / "home")
    installation = replace(installation, alert_urls=(sink.url,))
    with system_of(installation) as system:
        play(system, WORLD.start, HOURS)
        yield installation


def started(installation: InstallationConfig) -> dict[str, list[int]]:
    _, records = stores(installation)
    pids: dict[str, list[int]] = {}
    for event in records.events(kind=EventKind.AGENT_STARTED, limit=1000):
        pids.setdefault(event.agent, []).append(event.detail["pid"])
    return pids


def test_nine_agents_live_in_nine_processes(lived: InstallationConfig) -> None:
    pids = started(lived)
    assert set(pids) == set(AGENTS)
    assert len({pid for each in pids.values() for pid in each}) == 9


def test_every_hour_every_step_was_done_once(lived: InstallationConfig) -> None:
    _, records = stores(lived)
    every_h = {"ingest": 1, "measure": 1, "predict": 1, "narrate": 1, "alert": 1, "judge": 3, "cluster": 6}
    for job, step in every_h.items():
        rows = records.jobs(job=job, limit=100)
        hours = [hour for hour in range(HOURS, 0, -1) if hour % step == 0]
        assert [row.slot for row in rows] == [WORLD.start + hour * HOUR for hour in hours]
        assert {(row.status, row.attempts) for row in rows} == {("completed", 1)}
    assert not records.events(kind=EventKind.JOB_FAILED)


def test_the_loop_leaves_predictions_with_outcomes_reasons_and_figures(lived: InstallationConfig) -> None:
    tables = contents(lived)
    _, records = stores(lived)
    assert tables["predictions"]["at"].n_unique() == HOURS
    assert tables["hashtag_metrics"]["v_source"].drop_nulls().unique().sort().to_list() == ["plays", "totals"]
    shown = records.narratives(at=WORLD.start + HOURS * HOUR)
    assert shown
    assert all(row.status == "template" and row.cites for row in shown)
    assert len(records.backlog()) >= 5
    assert records.used(WORLD.start.date()) <= 240


def test_themes_come_after_the_predictions_and_are_known_to_the_next_hour(lived: InstallationConfig) -> None:
    tables = contents(lived)
    themes, features = tables["themes"], tables["features"].filter(pl.col("cluster_age_h").is_not_null())
    assert themes.height
    assert tables["clusters"].height == themes["size"].sum()
    first = themes["at"].min()
    assert features["at"].min() > first
    assert (features["cluster_age_h"] > 0).all()
    newest = features.with_columns((pl.col("at") - MICROSECOND).dt.truncate("6h"))
    grown = newest.join(tables["clusters"], on=["hashtag", "at"], how="semi")
    assert grown.height == features.height


def test_every_trend_alert_reaches_people_once_and_has_its_receipt(lived: InstallationConfig, sink: Sink) -> None:
    lake, records = stores(lived)
    trends = [row for row in records.alerts(limit=500) if row.kind == "emerging_trend"]
    assert trends
    assert {(row.status, row.attempts) for row in trends} == {("sent", 1)}
    assert all(row.receipt and row.sent_at for row in trends)
    titles = [message["title"] for message in sink.taken if "may surge" in message["title"]]
    assert sorted(titles) == sorted(row.title for row in trends)
    alerted = lake.read("predictions").filter(pl.col("alerted"))
    assert {row.hashtag for row in trends} == set(alerted["hashtag"])


def test_only_references_and_small_facts_pass_through_the_scheduler(lived: InstallationConfig) -> None:
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
    assert {handoff.address.table for handoff in handoffs} == {"predictions", "hashtag_metrics", "features"}


def do(moment: datetime) -> None:
    scheduler = ray.get_actor("scheduler")
    ray.get(scheduler.advance.remote(moment))
    ray.get(scheduler.finish.remote(moment))


def test_killing_one_agent_leaves_the_other_eight(lived: InstallationConfig) -> None:
    before = started(lived)
    os.kill(before["metric"][-1], signal.SIGKILL)
    pulses: dict[str, Any] = {name: ray.get(ray.get_actor(name).ping.remote()).pid for name in AGENTS}
    after = started(lived)
    assert pulses["metric"] == after["metric"][-1] != before["metric"][-1]
    assert {name: pids for name, pids in after.items() if name != "metric"} == {
        name: pids for name, pids in before.items() if name != "metric"
    }
    slot = WORLD.start + (HOURS + 1) * HOUR
    do(slot)
    _, records = stores(lived)
    assert records.last_slot("measure") == slot
    assert slot - WORLD.start < timedelta(days=2)


def test_a_failed_job_raises_an_alert_and_the_next_hour_recovers(lived: InstallationConfig, sink: Sink) -> None:
    _, records = stores(lived)
    slot = WORLD.start + (HOURS + 2) * HOUR
    table = Path(lived.lake_root) / "hashtag_metrics"
    table.rename(table.with_name("aside"))
    table.write_text("no table")
    do(slot)
    (failed,) = records.events(kind=EventKind.JOB_FAILED)
    assert failed.detail["job"] == "measure"
    (alert,) = [row for row in records.alerts(limit=500) if row.kind == "failure"]
    assert (alert.status, alert.title) == ("sent", "Job measure failed")
    assert [message["title"] for message in sink.taken].count("Job measure failed") == 1
    assert {row.status for row in records.jobs(job="predict", limit=1)} == {"skipped"}
    table.unlink()
    table.with_name("aside").rename(table)
    do(slot + HOUR)
    assert [row.status for row in records.jobs(job="measure", limit=2)] == ["completed", "failed"]
    assert len(records.events(kind=EventKind.JOB_FAILED)) == 1
