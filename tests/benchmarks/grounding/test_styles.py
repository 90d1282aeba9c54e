import ast

import pytest

from tests.support.paths import ROOT

GENERATOR = ("comparison", "evidence", "mutations", "parts", "printed_numbers", "styles")


@pytest.mark.parametrize("name", GENERATOR)
def test_the_generator_imports_nothing_of_the_rules(name: str) -> None:
    tree = ast.parse((ROOT / "benchmarks" / "grounding" / f"{name}.py").read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    allowed = {f"benchmarks.grounding.{module}" for module in GENERATOR}
    assert not {module for module in modules if module.startswith(("core", "benchmarks"))} - allowed
