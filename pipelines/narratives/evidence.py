"""The facts about a hashtag, each a bullet that cites its figure, and the evidence that holds those figures."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from core.grounding.evidence import Evidence, EvidenceMetric, Unit
from pipelines.narratives.facts import Fact, Printer, compact, percent, score, whole
from pipelines.predictions.contributions import from_json
from pipelines.predictions.reasons import reasons
from prompts.prompt import Prompt

DAY_H = 24.0
# From clipping on, a figure only says "at least": it is no longer printed.
CLIPPED = {"velocity": 10.0}


@dataclass(frozen=True)
class Subject:
    """A hashtag to write about.

    Parameters
    ----------
    prediction: its row of table `predictions`
    measured: its row of table `hashtag_metrics` of the hour; empty when there is none
    theme: label of its cluster; empty when it is in none
    shared_sounds: number of its licensed sounds heard with other leading hashtags too, over a day; None when unknown
    """

    hashtag: str
    at: datetime
    prediction: Mapping[str, Any]
    measured: Mapping[str, Any] = field(default_factory=dict)
    theme: str = ""
    shared_sounds: int | None = None

    @property
    def narrative_id(self) -> str:
        """Id of its narrative."""
        return f"{self.hashtag}@{self.at:%Y%m%dT%H%M}Z"


@dataclass(frozen=True)
class Bullet:
    """One statement with the ids it cites."""

    text: str
    cites: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form that the records store."""
        return {"text": self.text, "cites": list(self.cites)}


@dataclass(frozen=True)
class _Printed:
    """An input of the template: how to read its value, and its metric, unit, window and printer."""

    value: Callable[[Subject], Any]
    metric: str
    unit: Unit
    printer: Printer
    window_h: float = 1.0


def _measured(column: str, unit: Unit, printer: Printer, window_h: float = 1.0) -> _Printed:
    return _Printed(lambda subject: subject.measured.get(column), column, unit, printer, window_h)


PRINTED: Mapping[str, _Printed] = {
    "probability": _Printed(
        lambda subject: subject.prediction.get("probability"), "probability", "ratio", percent, DAY_H
    ),
    "views_gained": _measured("views_gained", "count", compact),
    "velocity": _measured("velocity", "ratio", percent),
    "day_views": _measured("delta_24h", "count", compact, DAY_H),
    "creators": _measured("unique_creators", "count", whole),
    "novelty": _measured("novelty", "ratio", percent),
    "sounds": _Printed(lambda subject: subject.shared_sounds, "shared_sounds", "count", whole, DAY_H),
    "engagement": _measured("engagement_efficiency", "ratio", percent),
    "momentum": _measured("momentum", "score", score),
}


def bullets_of(prompt: Prompt, subject: Subject) -> tuple[list[Bullet], Evidence]:
    """Return every statement about a hashtag, one bullet per figure, and the evidence behind them.

    The last bullet names what moved the prediction, if anything did.

    Parameters
    ----------
    prompt: the template, a line a bullet
    """
    cites: list[str] = []
    facts = _facts(subject, cites)
    inputs = {name: facts.get(name) for name in prompt.inputs} | {"tag": subject.hashtag}
    bullets = list(_bullets(prompt.text, inputs, cites))
    moved, drivers = reasons(subject.hashtag, subject.at, from_json(subject.prediction.get("contributions")))
    if moved.text:
        bullets.append(Bullet(moved.text, tuple(moved.cites)))
    metrics = [*(fact.metric for fact in facts.values()), *drivers.metrics]
    return bullets, Evidence(metrics, drivers=drivers.drivers)


def _facts(subject: Subject, cites: list[str]) -> dict[str, Fact]:
    """The known facts by input name; names are used as ids because a word is easier to cite correctly than a number."""
    facts: dict[str, Fact] = {}
    for name, printed in PRINTED.items():
        value = printed.value(subject)
        if value is None or abs(value) >= CLIPPED.get(name, float("inf")):
            continue
        ends = subject.at.isoformat()
        metric = EvidenceMetric(
            name, subject.hashtag, printed.metric, float(value), printed.unit, ends, printed.window_h
        )
        facts[name] = Fact(metric, printed.printer(value), cites)
    return facts


def _bullets(text: str, inputs: Mapping[str, Any], cites: list[str]) -> Iterator[Bullet]:
    for line in _lines(text):
        cites.clear()
        sentence = " ".join(line.render(inputs).split())
        if sentence:
            yield Bullet(sentence, tuple(cites))


@cache
def _lines(text: str) -> tuple[Template, ...]:
    environment = Environment(undefined=StrictUndefined, autoescape=False)
    return tuple(environment.from_string(line) for line in text.splitlines() if line.strip())
