"""How one model is made: its kind, the settings of that kind, and how far back it learns."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from models.blend import Blend, BlendSettings, Stack, StackSettings
from models.boosted import BoostedSettings, BoostedTrees
from models.interface import Model
from models.logistic import Logistic, LogisticSettings
from models.registry.kinds import KINDS
from models.sequence.kinds import BlendWithTransformer, FusionSettings, Lstm, TemporalFusion
from models.trainers import HERE, SequenceSettings, Trainers
from storage.records.interface import Records

RECIPES_KEY = "recipes"
SETTINGS: Mapping[str, Any] = {
    Logistic.kind: LogisticSettings,
    BoostedTrees.kind: BoostedSettings,
    Lstm.kind: SequenceSettings,
    TemporalFusion.kind: FusionSettings,
    Blend.kind: BlendSettings,
    BlendWithTransformer.kind: BlendSettings,
    Stack.kind: StackSettings,
}
DISTRIBUTED = frozenset(
    {BoostedTrees.kind, Lstm.kind, TemporalFusion.kind, Blend.kind, BlendWithTransformer.kind, Stack.kind}
)
"""Kinds whose constructor takes `trainers`."""


@dataclass(frozen=True)
class Recipe:
    """A way to make a model, found by a search or with the defaults of its kind.

    Parameters
    ----------
    kind: key of `models.registry.kinds.KINDS`
    settings: fields of the kind's settings that differ from their defaults
    recent_days: number of last days of the given rows to learn from; None means all rows

    Examples
    --------
    >>> Recipe("xgboost", {"depth": 5}).build().kind
    'xgboost'
    """

    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    recent_days: int | None = None

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "Recipe":
        """Return the recipe of a flat mapping: kind, recent_days and settings; settings of other kinds are ignored."""
        names = {setting.name for setting in fields(SETTINGS[config["kind"]])} if config["kind"] in SETTINGS else set()
        settings = {name: value for name, value in config.items() if name in names}
        return cls(config["kind"], settings, config.get("recent_days"))

    def as_json(self) -> dict[str, Any]:
        """Return the flat mapping that `of` reads."""
        return {"kind": self.kind, "recent_days": self.recent_days, **self.settings}

    def build(self, threads: int = 1, trainers: Trainers = HERE) -> Model:
        """Return an unfitted model; `trainers` run the costly parts of its fits."""
        options: dict[str, Any] = {"trainers": trainers} if self.kind in DISTRIBUTED else {}
        if self.kind in SETTINGS:
            options["settings"] = SETTINGS[self.kind](**self.settings)
        return KINDS[self.kind](threads, **options)

    def chosen(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return those of the rows that the model learns from."""
        if self.recent_days is None:
            return rows
        return rows.filter(pl.col("at") > pl.col("at").max() - timedelta(days=self.recent_days))


def remember(records: Records, recipes: Mapping[str, Recipe], now: datetime) -> None:
    """Store the recipes that a search has found, by kind; other kinds keep theirs."""
    kept = {**best_recipes_of(records), **recipes}
    records.put_value(RECIPES_KEY, {kind: recipe.as_json() for kind, recipe in kept.items()}, now)


def best_recipes_of(records: Records) -> dict[str, Recipe]:
    """Return the best recipe that searches have found for each kind."""
    return {kind: Recipe.of(flat) for kind, flat in (records.value(RECIPES_KEY) or {}).items()}
