"""The gate of calls and texts, as agents other than Governance see it."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

import ray

from core.grounding.rules import Texts, Violation
from pipelines.ingestion.gate import Gate

P = ParamSpec("P")
R = TypeVar("R")


def _remote(method: Callable[Concatenate[Gate, P], R]) -> Callable[Concatenate["GateProxy", P], R]:
    """A method with the signature of `method` that calls Governance's method of the same name and waits for it."""

    def call(self: "GateProxy", /, *arguments: P.args, **named: P.kwargs) -> R:
        answer: R = ray.get(getattr(self.governance, method.__name__).remote(*arguments, **named))
        return answer

    update_wrapper(call, method)
    return call


class GateProxy:
    """The gate in another process: every method of `Gate` is one call to the Governance agent."""

    left = _remote(Gate.left)
    reserve = _remote(Gate.reserve)
    reserve_all = _remote(Gate.reserve_all)
    settle_all = _remote(Gate.settle_all)
    reconcile = _remote(Gate.reconcile)
    close_day = _remote(Gate.close_day)
    refused = _remote(Gate.refused)

    def __init__(self) -> None:
        self.governance = ray.get_actor("governance")

    def check_texts(self, texts: Texts) -> list[list[Violation]]:
        """Return the violations of each text, found by the Governance agent."""
        violations: list[list[Violation]] = ray.get(self.governance.check_texts.remote(list(texts)))
        return violations
