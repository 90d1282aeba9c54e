"""Feature sets: which features there are, what each means, and how unknown values are treated.

Formulas: docs/formulas.md, section 4.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from core.errors import UsageError
from core.tables import UTC_TIME, Field, Table

KEY = ("hashtag", "at", "feature_set")


class Group(StrEnum):
    """What a feature is about."""

    GROWTH = "A growth"
    ENGAGEMENT = "B engagement"
    CREATORS = "C creators"
    SEMANTIC = "D semantic category"
    NOVELTY = "E novelty"
    RESIDUALS = "F residuals"


class Missing(StrEnum):
    """How an unknown value of a feature is treated."""

    LEFT = "left null for trees; others take the training set's median and a flag"
    FORWARD = "the last known value of at most 3 windows before, else left null"
    NEVER_FILLED = "left null by every model until there is something to know"


FORWARD_WINDOWS = 3


@dataclass(frozen=True)
class Feature:
    """One number about a hashtag at a moment.

    Parameters
    ----------
    name: name of its column
    group: what the feature is about
    unit: ratio, log views, hours, count, share or score
    meaning: description in one line
    missing: how an unknown value is treated
    leaky: whether the feature looks ahead of the moment, so that no model may see it
    """

    name: str
    group: Group
    unit: str
    meaning: str
    missing: Missing = Missing.LEFT
    leaky: bool = False


@dataclass(frozen=True)
class FeatureSet:
    """A named, ordered list of features; changing any of them takes a new name.

    Parameters
    ----------
    name: name of the set, as rows of the table carry it
    note: what changed since the set before
    features: the features; raises ValueError unless their names are distinct
    """

    name: str
    note: str
    features: tuple[Feature, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.features):
            raise ValueError(f"feature set {self.name} declares a name twice")

    @property
    def names(self) -> tuple[str, ...]:
        """All features, in order."""
        return tuple(feature.name for feature in self.features)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The features a model may see: all that don't look ahead."""
        return tuple(feature.name for feature in self.features if not feature.leaky)

    def require_inputs(self, columns: Iterable[str]) -> None:
        """Raise UsageError when `columns` of a training set or prediction look ahead or are not declared."""
        for name in columns:
            if name in self.names and name not in self.inputs:
                raise UsageError(f"feature {name} looks ahead: no training set or prediction may use it")
            if name not in self.names:
                raise UsageError(f"feature {name} is not in feature set {self.name}; it has {', '.join(self.inputs)}")

    def select(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return hashtag, at and the inputs of the rows of this feature set: what training and prediction use."""
        return rows.filter(pl.col("feature_set") == self.name).select("hashtag", "at", *self.inputs)


def features_table(feature_set: FeatureSet) -> Table:
    """Return the lake table `features` that holds rows of `feature_set`."""
    fields = {
        "hashtag": Field(pl.String(), "lower case, NFKC, without #", True),
        "at": Field(UTC_TIME, "the moment; nothing fetched later is used", True),
        "feature_set": Field(pl.String(), "name of the feature set", True),
    }
    fields |= {f.name: Field(pl.Float64(), f"{f.meaning} ({f.unit})") for f in feature_set.features}
    return Table("features", "what is known of a hashtag at a moment, for models", KEY, fields)


def describe(feature_set: FeatureSet, versions: Iterable[FeatureSet] = ()) -> str:
    """Return the text of `docs/features.md`: the declared features of a set, and the change notes of all versions."""
    lines = [
        f"# Features: set {feature_set.name}",
        "",
        "Made from the declaration in the code by `make docs`; a test holds them equal. A feature at a time uses only",
        "what was fetched by then. Models see every feature but those that look ahead.",
        "",
        *(f"- **{version.name}** ({len(version.features)} features): {version.note}" for version in versions),
    ]
    for group in Group:
        lines += [
            "",
            f"## {group}",
            "",
            "| feature | unit | meaning | where unknown | looks ahead |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {f.name} | {f.unit} | {f.meaning} | {f.missing} | {'yes' if f.leaky else 'no'} |"
            for f in feature_set.features
            if f.group is group
        ]
    return "\n".join(lines) + "\n"
