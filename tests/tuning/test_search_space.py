"""Every kind's space holds what the kind is by itself, and nothing its settings do not know."""

from dataclasses import fields

import optuna
import pytest

from models.registry.kinds import KINDS
from tests.support.requirements import require_kind
from tuning.recipe import SETTINGS, Recipe
from tuning.search_space import defaults, space


def asked(kind: str, kinds: tuple[str, ...], study: optuna.Study) -> dict[str, object]:
    study.enqueue_trial(defaults(kind))
    trial = study.ask()
    space(trial, kinds)
    return trial.params


def test_every_kind_is_first_tried_as_it_is_by_itself() -> None:
    kinds = tuple(KINDS)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1))
    for kind in kinds:
        proposed = asked(kind, kinds, study)
        defaults_of = {field.name: field.default for field in fields(SETTINGS[kind])} if kind in SETTINGS else {}
        assert proposed == {"kind": kind, "recent_days": None} | {
            name: defaults_of[name] for name in proposed if name in defaults_of
        }


@pytest.mark.parametrize("kind", list(KINDS))
def test_whatever_is_proposed_can_be_built(kind: str) -> None:
    require_kind(kind)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=2))
    different = set()
    for _ in range(4):
        trial = study.ask()
        space(trial, (kind,))
        recipe = Recipe.of(trial.params)
        assert recipe.build().kind == kind
        assert set(recipe.settings) == set(trial.params) - {"kind", "recent_days"}
        different.add(str(recipe.as_json()))
    assert len(different) > 1 or kind not in SETTINGS
