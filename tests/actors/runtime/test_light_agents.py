import subprocess
import sys

LIGHT = ("evaluation", "governance", "metric", "notification", "scheduler")
HEAVY = ("pandas", "sklearn", "xgboost", "torch", "openai")


def test_agents_that_ask_no_model_load_none_of_the_libraries_of_models() -> None:
    imports = ", ".join(f"actors.{name}" for name in LIGHT)
    code = f"import sys, {imports}; print(*(set({HEAVY}) & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == []
