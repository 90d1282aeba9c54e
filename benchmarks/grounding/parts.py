"""The parts of a narrative of the corpus, so that a mutation can change one of them alone."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.grounding.evidence import CorpusFigure
from benchmarks.grounding.printed_numbers import PrintedNumber, count, score, share

_PLACE = re.compile(r"\{(\w+)\}")
WINDOW_WORDS = {
    1: ("the last hour", "the past hour", "the last 60 minutes", "the last 1 h"),
    3: ("the last 3 hours", "the past three hours", "the last three hours"),
    6: ("the last 6 hours", "the past six hours", "the last six hours", "the last 6h"),
    12: ("the last 12 hours", "the past twelve hours", "the last 12 h"),
    24: ("the last day", "the past day", "the last 24 hours", "the past twenty-four hours", "the last 24h"),
    48: ("the last 48 hours", "the past two days", "the last two days"),
    168: ("the last week", "the past week", "the last seven days"),
}
SHORT_WINDOWS = {1: ("1h", "1 h"), 3: ("3h",), 6: ("6h",), 12: ("12h",), 24: ("24h", "1d"), 48: ("48h",), 168: ("7d",)}
NOUNS = {
    "views_gained": "views",
    "views_increment": "views",
    "views_total": "views",
    "delta_24h": "views",
    "volume": "videos",
    "new_videos": "new videos",
    "unique_creators": "creators",
    "unique_sounds": "sounds",
}
LABELS = {
    "likes_rate": "likes rate",
    "comments_rate": "comments rate",
    "shares_rate": "shares rate",
    "momentum": "momentum",
    "engagement_efficiency": "engagement",
    "creator_dispersion": "creator dispersion",
    "novelty": "novelty",
    "velocity": "velocity",
    "acceleration": "acceleration",
    "probability": "surge probability",
    "half_life_h": "half-life",
    "z_14d": "z-score",
    "retention_24": "retention",
}


LEVELS = (
    "likes_rate",
    "comments_rate",
    "shares_rate",
    "engagement_efficiency",
    "creator_dispersion",
    "novelty",
    "momentum",
    "retention_24",
)
ROSE = (
    ("rose", "fell"),
    ("climbed", "dropped"),
    ("increased", "decreased"),
    ("jumped", "slid"),
    ("grew", "shrank"),
    ("is up", "is down"),
    ("surged", "plunged"),
    ("gained", "lost"),
)


@dataclass(frozen=True)
class TextPart:
    """A part of a narrative.

    Parameters
    ----------
    kind: text, tag, number, signed (a number with its sign), direction, window or unit
    text: as written
    printed: what a number says
    other: the opposite of a word of direction; the length of a window; what a unit counts
    """

    kind: str
    text: str
    printed: PrintedNumber | None = None
    other: Any = None


@dataclass
class Draft:
    """A narrative that is being written.

    Parameters
    ----------
    style: one of the five styles
    figures: all figures of the evidence
    parts: what has been written so far
    cites: figures that the text cites
    sounds, creators: names that the evidence holds beside the figures
    drivers: ids of the metrics that moved the prediction
    """

    style: str
    figures: Sequence[CorpusFigure]
    parts: list[TextPart] = field(default_factory=list)
    cites: list[CorpusFigure] = field(default_factory=list)
    sounds: Sequence[str] = ()
    creators: Sequence[str] = ()
    drivers: Sequence[str] = ()

    def write(self, template: str, **parts: TextPart) -> "Draft":
        """Write a template; the parts replace the names in braces: "{n} {unit} in {window}"."""
        for place, piece in enumerate(_PLACE.split(template)):
            if piece:
                self.parts.append(parts[piece] if place % 2 else TextPart("text", piece))
        return self

    def cite(self, *figures: CorpusFigure) -> "Draft":
        """Cite figures."""
        self.cites += [figure for figure in figures if figure not in self.cites]
        return self

    @property
    def text(self) -> str:
        """The narrative as written."""
        return "".join(part.text for part in self.parts)

    def changed(self, place: int, part: TextPart) -> "Draft":
        """Return the draft with one part replaced."""
        return replace(self, parts=[*self.parts[:place], part, *self.parts[place + 1 :]])


def tag(name: str, rng: random.Random, plain: bool = False) -> TextPart:
    """Return a hashtag as a text writes it."""
    written = name.upper() if plain else name if rng.random() < 0.8 else name.title()
    return TextPart("tag", f"#{written}", other=name)


def window(hours: float, rng: random.Random, short: bool = False) -> TextPart:
    """Return a window in words."""
    return TextPart("window", rng.choice((SHORT_WINDOWS if short else WINDOW_WORDS)[int(hours)]), other=hours)


def direction_word(up: bool, rng: random.Random, pairs: Sequence[tuple[str, str]]) -> TextPart:
    """Return a word of direction."""
    rising, falling = rng.choice(pairs)
    return TextPart("direction", rising if up else falling, other=falling if up else rising)


def unit(name: str, rng: random.Random) -> TextPart:
    """Return the word for what a count counts."""
    noun = NOUNS[name]
    noun = noun.replace("videos", rng.choice(["videos", "posts"]))
    return TextPart("unit", noun, other=name)


def number(figure: CorpusFigure, rng: random.Random, fraction: bool = False) -> TextPart:
    """Return a figure, printed according to its unit and without a sign."""
    if figure.name == "rank":
        printed = PrintedNumber(f"{figure.value:.0f}", figure.value, 0.5, "plain")
    elif figure.unit == "count":
        printed = count(figure.value, rng)
    elif figure.unit == "hours":
        whole = rng.random() < 0.5
        value = round(figure.value, 0 if whole else 1)
        printed = PrintedNumber(
            f"{value:.0f} hours" if whole else f"{value:.1f} hours", value, 0.5 if whole else 0.05, "hours"
        )
    elif figure.unit == "score":
        printed = score(figure.value, rng)
    else:
        printed = share(figure.value, rng, fraction)
    return TextPart("number", printed.text, printed, figure)


def signed(part: TextPart, value: float, rng: random.Random, plus: bool = True) -> TextPart:
    """Return a printed figure with its sign."""
    if not part.text[0].isdigit():
        return replace(part, kind="signed", text=f"minus {part.text}") if value < 0 else part
    minus = rng.choice(["-", "−"])
    text = f"{minus}{part.text}" if value < 0 else f"+{part.text}" if plus and rng.random() < 0.6 else part.text
    return replace(part, kind="signed", text=text)
