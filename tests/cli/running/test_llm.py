import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cli.app import main
from cli.running.llm import host_beside
from cli.shared.language_model import model_of, why_not_hosted
from configs.settings import Settings
from tests.support.chat_server import ChatServer


def settings(**section: Any) -> Settings:
    return Settings.model_validate({"language_model": section})


def ready(tmp_path: Path) -> dict[str, Any]:
    """Hosting settings under which all is there."""
    (tmp_path / "config.json").touch()
    return {"python": sys.executable, "weights": str(tmp_path)}


def exit_code(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(sys, "argv", ["groundswell", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_a_model_that_is_set_up_is_hosted_and_asked_at_the_dashboards_port(tmp_path: Path) -> None:
    chosen = settings(hosting=ready(tmp_path))
    assert why_not_hosted(chosen) == ""
    model = model_of(chosen)
    assert model is not None
    assert model.address == "http://127.0.0.1:8000/llm/v1"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"language_model": {"hosting": {"python": "nowhere/python"}}}, "run `make llm`"),
        ({"language_model": {"hosting": {"python": sys.executable, "weights": "./nowhere"}}}, "weights are missing"),
        ({"language_model": {"hosting": {"enabled": False}}}, "off in the settings"),
        ({"serve": {"host": "0.0.0.0"}}, "needs no token"),
        ({"ray": {"num_cpus": 2}}, "ray.num_cpus of 4"),
    ],
)
def test_without_one_there_is_a_reason_that_says_what_to_do(changes: dict[str, Any], why: str, tmp_path: Path) -> None:
    chosen = Settings.model_validate({"language_model": {"hosting": ready(tmp_path)}} | changes)
    assert why in why_not_hosted(chosen)
    assert model_of(chosen) is None


def test_any_address_is_used_with_the_key_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_LLM_KEY", "secret")
    model = model_of(settings(address="https://models.example/v1", name="large"))
    assert model is not None
    assert (model.address, model.name, model.key) == ("https://models.example/v1", "large", "secret")


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ({"hosting": {"python": "nowhere/python"}}, "language model none, texts come from templates; .* `make llm`"),
        (
            {"address": "https://models.example/v1", "name": "large"},
            "language model large at https://models.example/v1",
        ),
    ],
)
def test_a_run_says_what_writes_its_texts(section: dict[str, Any], line: str) -> None:
    output = io.StringIO()
    host_beside(settings(**section), Console(file=output, width=300))
    assert re.search(line, output.getvalue())


def test_hosting_what_is_not_there_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("language_model: {hosting: {python: nowhere/python}}")
    assert exit_code(["llm", "--settings", str(file)], monkeypatch) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "make llm" in error


def test_the_doctor_says_what_is_missing_and_whether_an_address_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "settings.yaml"

    def line_for(text: str) -> str:
        file.write_text(text)
        exit_code(["doctor", "--settings", str(file), "--home", str(tmp_path / "none")], monkeypatch)
        return next(line for line in capsys.readouterr().out.splitlines() if "language model" in line)

    assert "make llm" in line_for("language_model: {hosting: {python: nowhere/python}}")
    assert "can't be reached" in line_for("language_model: {address: 'http://127.0.0.1:9/v1'}")
    with ChatServer() as server:
        assert "echo answers at" in line_for(f"language_model: {{address: '{server.address}', name: echo}}")
