import subprocess
import sys

import pytest

LIGHT = ("evaluation", "governance", "metric", "notification", "scheduler")
HEAVY = (
    "pandas", "sklearn", "xgboost", "scipy", "duckdb", "torch", "openai", "optuna", "matplotlib", "apprise", "pandera",
    "fastapi", "ray.serve", "ray.data", "ray.train", "ray.tune",
)  # fmt: skip
OF_MODELS = ("sklearn", "xgboost", "torch", "transformers", "optuna", "matplotlib", "duckdb", "openai")


def loaded(modules: str, libraries: tuple[str, ...]) -> list[str]:
    code = f"import sys, {modules}; print(*(set({libraries}) & set(sys.modules)))"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_agents_that_ask_no_model_load_none_of_the_libraries_of_models() -> None:
    assert loaded(", ".join(f"actors.{name}" for name in LIGHT), HEAVY) == []


@pytest.mark.parametrize("module", ["actors.ingestion", "actors.standin", "serve.hosting.deployment"])
def test_what_hosts_pages_and_posts_loads_none_of_the_libraries_of_models(module: str) -> None:
    assert loaded(module, OF_MODELS) == []


@pytest.mark.parametrize("module", ["actors.prediction", "actors.semantic.agent", "actors.improvement"])
def test_agents_that_ask_models_load_nothing_that_only_searches_and_reports_need(module: str) -> None:
    assert loaded(module, ("torch", "transformers", "optuna", "matplotlib", "duckdb", "openai", "ray.tune")) == []
