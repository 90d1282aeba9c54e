from dataclasses import replace
from pathlib import Path

from actors.runtime.logs import redactor
from prompts.llm.openai_model import OpenAIModel
from tests.actors.small_system import small_installation


def test_every_secret_of_an_installation_is_hidden_in_its_logs(tmp_path: Path) -> None:
    installation = replace(
        small_installation(tmp_path / "home"),
        token="token-1",
        records_url="postgresql://user:password-2@host/records",
        language_model=OpenAIModel("http://host/v1", "m", key="key-3"),
        alert_urls=("tgram://bot-4/chat",),
    )
    line = "token-1 password-2 key-3 tgram://bot-4/chat"
    assert redactor(installation.secrets)(line) == "*** *** *** ***"


def test_an_installation_without_secrets_hides_nothing(tmp_path: Path) -> None:
    installation = replace(small_installation(tmp_path / "home"), token="")
    assert redactor(installation.secrets)("started as process 1") == "started as process 1"
