"""The records that enter and leave the rules: a text with its citations, its evidence, and a violation."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_args

from core.hashtags import clean_hashtag

Unit = Literal["count", "ratio", "percent", "hours", "score"]
_LARGEST_INTEGER = 2**63


@dataclass(frozen=True)
class EvidenceMetric:
    """One figure that a text may cite.

    Parameters
    ----------
    id: name by which a text cites it
    hashtag: hashtag it belongs to
    metric: what it measures: a column of `hashtag_metrics`, `features` or `predictions`
    value: the figure; a ratio of 0.35 may be printed as 35 %
    unit: unit of the value
    window_end: end of its window, ISO 8601
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
        for name in ("value", "window_h"):
            figure = getattr(self, name)
            if isinstance(figure, int) and not -_LARGEST_INTEGER <= figure <= _LARGEST_INTEGER:
                object.__setattr__(self, name, _as_float(figure))
        if self.unit not in get_args(Unit):
            raise ValueError(f"metric {self.id}: unit {self.unit!r} is none of {', '.join(get_args(Unit))}")

    def to_json(self) -> dict[str, Any]:
        """Return the metric as an evidence file holds it."""
        return dict(vars(self))


@dataclass(frozen=True)
class Evidence:
    """Everything that a text may rest on.

    Parameters
    ----------
    metrics: the figures
    sounds, creators: names that may appear beside hashtags
    drivers: ids of the metrics that moved the prediction
    """

    metrics: Sequence[EvidenceMetric]
    sounds: Sequence[str] = ()
    creators: Sequence[str] = ()
    drivers: Sequence[str] = ()

    @cached_property
    def hashtags(self) -> frozenset[str]:
        """Hashtags of the metrics, as `clean_hashtag` writes them."""
        return frozenset(clean_hashtag(metric.hashtag) for metric in self.metrics)

    def cited(self, cites: Sequence[str]) -> list[EvidenceMetric]:
        """Return the metrics with these ids."""
        wanted = set(cites)
        return [metric for metric in self.metrics if metric.id in wanted]

    def to_json(self) -> dict[str, Any]:
        """Return the evidence as an evidence file holds it."""
        return {
            "metrics": [metric.to_json() for metric in self.metrics],
            "entities": {"sounds": list(self.sounds), "creators": list(self.creators)},
            "drivers": list(self.drivers),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Evidence":
        """Read the content of an evidence file.

        Raises
        ------
        ValueError: something is missing, is there twice or has a wrong type; the message names it
        """
        if not isinstance(value, Mapping) or not isinstance(value.get("metrics"), list):
            raise ValueError('evidence is {"metrics": [...]}')
        metrics = tuple(_metric(item, place) for place, item in enumerate(value["metrics"], 1))
        seen: set[str] = set()
        for metric in metrics:
            if metric.id in seen:
                raise ValueError(f"metric id {metric.id} is there twice")
            seen.add(metric.id)
        entities = value.get("entities") or {}
        return cls(
            metrics=metrics,
            sounds=_texts(entities, "sounds"),
            creators=_texts(entities, "creators"),
            drivers=_texts(value, "drivers"),
        )


def _metric(value: Any, place: int) -> EvidenceMetric:
    if not isinstance(value, Mapping):
        raise ValueError(f"metric {place} is no object")
    named = f"metric {value.get('id', place)}"
    for key in ("id", "hashtag", "metric", "unit", "window_end"):
        if not isinstance(value.get(key), str):
            raise ValueError(f"{named}: {key} must be text")
    for key in ("value", "window_h"):
        figure = value.get(key, 1.0 if key == "window_h" else None)
        if isinstance(figure, bool) or not isinstance(figure, int | float):
            raise ValueError(f"{named}: {key} must be a number")
    return EvidenceMetric(**{name: value[name] for name in EvidenceMetric.__dataclass_fields__ if name in value})


def _as_float(figure: int) -> float:
    """Return an integer as a float; beyond the range of a float it is infinite, which the rules refuse."""
    try:
        return float(figure)
    except OverflowError:
        return math.inf if figure > 0 else -math.inf


def _texts(value: Any, name: str) -> tuple[str, ...]:
    texts = value.get(name) if isinstance(value, Mapping) else None
    if texts is None and isinstance(value, Mapping):
        return ()
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{name} must be a list of texts")
    return tuple(texts)


@dataclass(frozen=True)
class CitedText:
    """A text about hashtags with the ids of the metrics it cites."""

    id: str
    text: str
    cites: Sequence[str] = field(default_factory=tuple)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "CitedText":
        """Read `{"id", "text", "cites"}`.

        Raises
        ------
        ValueError: a key is missing or has a wrong type; the message names it
        """
        if not isinstance(value, Mapping):
            raise ValueError('a narrative is {"id", "text", "cites"}')
        for key in ("id", "text"):
            if not isinstance(value.get(key), str):
                raise ValueError(f"{key} must be text")
        if "cites" not in value:
            raise ValueError("cites must be a list of texts")
        return cls(value["id"], value["text"], _texts(value, "cites"))


@dataclass(frozen=True)
class Violation:
    """One violation of a rule.

    Parameters
    ----------
    rule: name of the rule
    span: start and end of the violation in the text
    detail: what is wrong, in one line
    """

    rule: str
    span: tuple[int, int]
    detail: str

    def to_json(self) -> dict[str, Any]:
        """Return the violation as plain JSON."""
        return {"rule": self.rule, "span": list(self.span), "detail": self.detail}
