from datetime import timedelta
from pathlib import Path

import pytest

from configs.cadence import load_cadence
from configs.settings import ensembledata_token, load_settings
from core.agents import AGENTS
from core.errors import UsageError


def test_the_shipped_files_are_valid_and_give_every_agent_work() -> None:
    assert load_settings().source.kind == "standin"
    assert {job.agent for job in load_cadence()} == {*AGENTS} - {"scheduler"}


def test_every_job_names_an_earlier_one_to_follow() -> None:
    seen: set[str] = set()
    for job in load_cadence():
        assert job.after is None or job.after in seen
        seen.add(job.name)


def test_simulated_time_polls_on_the_hour() -> None:
    (ingest,) = (job for job in load_cadence(hourly=frozenset({"ingest"})) if job.name == "ingest")
    assert (ingest.every, ingest.offset) == (timedelta(hours=1), timedelta(0))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("spede: 3\n", "spede: unknown setting"),
        ("source:\n  kind: rss\n", "source.kind:"),
        ("speed: fast\n", "speed:"),
        ("logging: {format: xml}\n", "logging.format:"),
        ("source: {seeds: [dance, a/b]}\n", r"source.seeds: .*'a/b' is no keyword"),
        ("- 1\n", "name: value"),
        ("a: [\n", "is not YAML"),
    ],
)
def test_a_wrong_file_is_one_clear_line(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(UsageError, match=line) as caught:
        load_settings(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_missing_token_are_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.yaml: No such file"):
        load_settings(tmp_path / "nowhere.yaml")
    monkeypatch.delenv("ENSEMBLEDATA_TOKEN", raising=False)
    with pytest.raises(UsageError, match="set ENSEMBLEDATA_TOKEN"):
        ensembledata_token()


def test_seeds_are_written_as_hashtags_are_and_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text('source: {seeds: ["#Dance", "dance ", "Home  Decor", "İstanbul\\u200E"]}\n')
    assert load_settings(path).source.seeds == ("dance", "home decor", "istanbul")
