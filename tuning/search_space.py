"""What a search may propose: kinds of models, the settings of each, and how far back to learn."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from tuning.recipe import SETTINGS

RECENT_DAYS = (None, 10, 7)


def defaults(kind: str) -> dict[str, Any]:
    """Return the proposal with the defaults of a kind; every search tries these first."""
    settings = asdict(SETTINGS[kind]()) if kind in SETTINGS else {}
    return {"kind": kind, "recent_days": None, **settings}


def space(trial: Any, kinds: tuple[str, ...]) -> None:
    """Define the search space on an Optuna trial; a kind without settings of its own adds none."""
    kind = trial.suggest_categorical("kind", kinds)
    trial.suggest_categorical("recent_days", RECENT_DAYS)
    if kind in _SPACES:
        _SPACES[kind](trial)


def _trees(trial: Any) -> None:
    trial.suggest_int("members", 3, 7)
    trial.suggest_int("rounds", 30, 200, log=True)
    trial.suggest_int("depth", 3, 7)
    trial.suggest_float("rate", 0.03, 0.3, log=True)
    trial.suggest_float("rows_share", 0.4, 1.0)
    trial.suggest_float("features_share", 0.2, 1.0)
    trial.suggest_float("leaf_weight", 1.0, 40.0, log=True)
    trial.suggest_float("penalty", 0.5, 40.0, log=True)


def _line(trial: Any) -> None:
    trial.suggest_float("inverse_penalty", 1e-4, 10.0, log=True)


def _network(trial: Any) -> None:
    trial.suggest_categorical("width", (16, 24, 32, 48))
    trial.suggest_float("learning_rate", 5e-4, 1e-2, log=True)
    trial.suggest_float("passes", 1.0, 16.0, log=True)
    trial.suggest_float("dropout", 0.05, 0.5)


def _weight(trial: Any) -> None:
    trial.suggest_float("share", 0.3, 0.95)


def _joint(trial: Any) -> None:
    trial.suggest_float("joint_inverse_penalty", 1e-3, 100.0, log=True)


_SPACES: Mapping[str, Callable[[Any], None]] = {
    "xgboost": _trees,
    "logistic": _line,
    "lstm": _network,
    "tft": _network,
    "blend": _weight,
    "blend-tft": _weight,
    "stack": _joint,
}
