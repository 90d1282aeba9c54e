"""A text with its citations, and the evidence it has to stand on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_args

from core.hashtags import clean_hashtag

Unit = Literal["count", "ratio", "percent", "hours", "score"]


@dataclass(frozen=True)
class Metric:
    """One figure that may be cited.

    Parameters
    ----------
    id: name by which it is cited
    hashtag: whose figure it is
    metric: what it measures: a column of `hashtag_metrics`, `features` or `predictions`
    value: the figure; a ratio of 0.35 may be printed as 35 %
    unit: what it is counted in
    window_end: end of the window it belongs to, ISO 8601
    window_h: length of that window, hours
    """

    id: str
    hashtag: str
    metric: str
    value: float
    unit: Unit
    window_end: str
    window_h: float = 1.0

    def __post_init__(self) -> None:
        if self.unit not in get_args(Unit):
            raise ValueError(f"metric {self.id}: unit {self.unit!r} is none of {', '.join(get_args(Unit))}")

    def to_json(self) -> dict[str, Any]:
        """Return it as in an evidence file."""
        return dict(vars(self))


@dataclass(frozen=True)
class Evidence:
    """Everything a text may rest on.

    Parameters
    ----------
    metrics: the figures
    sounds, creators: names that may appear beside hashtags
    drivers: ids of the metrics that moved the prediction
    """

    metrics: Sequence[Metric]
    sounds: Sequence[str] = ()
    creators: Sequence[str] = ()
    drivers: Sequence[str] = ()

    @cached_property
    def hashtags(self) -> frozenset[str]:
        """Hashtags named in the metrics, as `clean_hashtag` writes them."""
        return frozenset(clean_hashtag(metric.hashtag) for metric in self.metrics)

    def cited(self, cites: Sequence[str]) -> list[Metric]:
        """The metrics with these ids."""
        wanted = set(cites)
        return [metric for metric in self.metrics if metric.id in wanted]

    def to_json(self) -> dict[str, Any]:
        """Return it as an evidence file holds it."""
        return {
            "metrics": [metric.to_json() for metric in self.metrics],
            "entities": {"sounds": list(self.sounds), "creators": list(self.creators)},
            "drivers": list(self.drivers),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Evidence":
        """Read an evidence file; what is missing or of a wrong unit is a ValueError or TypeError."""
        entities = value.get("entities") or {}
        return cls(
            metrics=tuple(Metric(**one) for one in value["metrics"]),
            sounds=tuple(entities.get("sounds", ())),
            creators=tuple(entities.get("creators", ())),
            drivers=tuple(value.get("drivers", ())),
        )


@dataclass(frozen=True)
class Narrative:
    """A text about hashtags with the ids of the metrics it cites."""

    id: str
    text: str
    cites: Sequence[str] = field(default_factory=tuple)
