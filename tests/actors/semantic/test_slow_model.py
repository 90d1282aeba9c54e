"""A language model that takes questions and never answers: the hours go on without it."""

from dataclasses import replace
from pathlib import Path

import pytest

from cli.shared.installation import HOURLY
from configs.cadence import load_cadence
from core.windows import HOUR
from prompts.llm.openai_model import OpenAIModel
from tests.actors.small_system import WORLD, play, small_installation, stores, system_of
from tests.support.chat_server import ChatServer

pytestmark = [pytest.mark.ray, pytest.mark.usefixtures("ray_cluster")]
HOURS = 3


def test_metrics_and_predictions_do_not_wait_for_a_model_that_never_answers(tmp_path: Path) -> None:
    with ChatServer(retry_policy=0) as server:
        installation = replace(
            small_installation(tmp_path / "home"),
            history_ends=WORLD.start,
            jobs=load_cadence(hourly=HOURLY, model=True),
            language_model=OpenAIModel(server.address, "silent", timeout_s=3600),
        )
        with system_of(installation) as system:
            play(system, WORLD.start, HOURS)
            _, records = stores(installation)
            states = {(row.job, row.slot): row.status for row in records.jobs(limit=500)}
            slots = [WORLD.start + hour * HOUR for hour in range(1, HOURS + 1)]
            for job in ("measure", "predict", "narrate", "alert"):
                assert [states[job, slot] for slot in slots] == ["completed"] * HOURS
            assert server.requests
            assert [states["write", slot] for slot in slots] == ["running", "skipped", "skipped"]
            texts = records.narratives(at=slots[-1])
            assert texts
            assert {row.status for row in texts} <= {"template", "rejected"}
            records.close()
