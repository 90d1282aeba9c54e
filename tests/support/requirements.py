"""What a test needs of the machine: missing, it is skipped with a message, or fails where nothing may be skipped."""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest


def require(condition: object, message: str) -> None:
    """Skip the test with `message` unless `condition` holds; with GROUNDSWELL_NO_SKIP=1 fail it instead."""
    if condition:
        return
    if os.environ.get("GROUNDSWELL_NO_SKIP") == "1":
        pytest.fail(f"{message} (GROUNDSWELL_NO_SKIP=1 allows no skipping)")
    pytest.skip(message)


def require_kind(kind: str) -> None:
    """Skip the test of a kind of model whose extra is not installed."""
    needed = {"lstm": "torch", "tft": "torch", "blend-tft": "torch"}.get(kind)
    require(needed is None or find_spec(needed), f"{kind} needs the extra sequence: pip install torch==2.13.0")


def require_data(path: Path) -> None:
    """Skip the test where the real recordings are not beside the checkout: they can't be installed."""
    if not path.exists():
        pytest.skip(f"needs the real recordings in ../shared/data ({path.name} is not here)")
