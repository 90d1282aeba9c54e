"""Mutations: a single change that makes a true narrative false, and a check of its own that it does."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

from benchmarks.grounding.evidence import SOUNDS, TAGS, CorpusFigure
from benchmarks.grounding.parts import WINDOW_WORDS, Draft, TextPart
from benchmarks.grounding.printed_numbers import PrintedNumber, in_words, words

SUPERLATIVES = (
    "the fastest-growing tag of all",
    "the biggest mover",
    "the most watched hashtag",
    "the top trend",
    "an unprecedented run",
    "a record high",
    "the #1 trend",
    "the strongest showing on TikTok",
    "the hottest hashtag right now",
    "number one everywhere",
)
CAUSES = (
    " because a celebrity posted about it",
    ", driven by a viral dance",
    " thanks to a TV show",
    " due to the holidays",
    ", which led to a wave of copies",
    " as a result of heavy promotion",
    ", fuelled by a brand campaign",
    " owing to a new filter",
)
UNITS = ("views", "likes", "creators", "videos", "sounds", "comments", "followers", "shares")
_DIGITS = re.compile(r"\d")
_WORDS = words("two three four five six seven eight nine twenty thirty forty fifty sixty")


@dataclass(frozen=True)
class Mutant:
    """A false narrative: the kind of its mutation, its text and its citations."""

    kind: str
    text: str
    cites: tuple[str, ...]


def mutants(draft: Draft, rng: random.Random) -> list[Mutant]:
    """Return one false mutant of each kind that the narrative has room for."""
    mutated = []
    for kind, make in KINDS.items():
        mutant = make(draft, rng)
        if mutant is not None:
            text, cites = mutant
            if (text, cites) != (draft.text, ids(draft.cites)):
                mutated.append(Mutant(kind, text, cites))
    return mutated


def ids(figures: Sequence[CorpusFigure]) -> tuple[str, ...]:
    """Return the ids of figures."""
    return tuple(figure.id for figure in figures)


def equals_a_figure(printed: PrintedNumber, figures: Sequence[CorpusFigure]) -> bool:
    """Return whether a printed number equals a cited figure, or a ratio, difference or change of two."""
    values = [(figure.value, figure.unit) for figure in figures]
    derived = [
        value * (100 if unit != "percent" and printed.kind in ("percent", "points") else 1) for value, unit in values
    ]
    for (first, unit), (other, unit_other) in permutations(values, 2):
        if unit == unit_other and other:
            change = (first - other) / abs(other)
            derived += [first / other, first - other, change]
            if printed.kind in ("percent", "points"):
                derived += [100 * change, 100 * first / other, 100 * (first - other)]
    return any(printed.rounds_from(abs(value)) for value in derived)


def _digit(draft: Draft, rng: random.Random) -> tuple[str, tuple[str, ...]] | None:
    """Change a digit or a number word."""
    places = [at for at, part in enumerate(draft.parts) if part.printed is not None]
    if not places:
        return None
    at = rng.choice(places)
    part = draft.parts[at]
    assert part.printed is not None
    digits = list(_DIGITS.finditer(part.text))
    if digits:
        match = rng.choice(digits)
        new = rng.choice([digit for digit in "0123456789" if digit != match.group()])
        text = part.text[: match.start()] + new + part.text[match.end() :]
    else:
        words = [match for match in re.finditer(r"[a-z]+", part.text) if match.group() in _WORDS]
        if not words:
            return None
        match = rng.choice(words)
        group = _WORDS[:8] if match.group() in _WORDS[:8] else _WORDS[8:]
        text = (
            part.text[: match.start()]
            + rng.choice([word for word in group if word != match.group()])
            + part.text[match.end() :]
        )
    printed = _reread(text, part.printed)
    if printed is None or equals_a_figure(printed, draft.cites) or (text.startswith("0") and text[1:2].isdigit()):
        return None
    return draft.changed(at, replace(part, text=text)).text, ids(draft.cites)


def _reread(text: str, before: PrintedNumber) -> PrintedNumber | None:
    """Return the number that a changed text says; None if the text alone can't tell."""
    match = re.search(r"\d[\d,]*(?:\.\d+)?", text)
    if match is None:
        small = {in_words(number): number for number in range(1000)}
        words = re.sub(r" (?:percent|thousand|million|times)$", "", text.removeprefix("minus "))
        if words not in small or before.kind == "part":
            return None
        scale = 1e3 if "thousand" in text else 1e6 if "million" in text else 1.0
        return replace(before, value=small[words] * scale)
    scale = (
        1e6 if re.search(r"\d ?(?:M\b|million)", text) else 1e3 if re.search(r"\d ?(?:[kK]\b|thousand)", text) else 1.0
    )
    return replace(before, value=float(match.group().replace(",", "")) * scale)


def _scale(draft: Draft, rng: random.Random) -> tuple[str, tuple[str, ...]] | None:
    """Swap thousands and millions, or percent and percentage points."""
    swaps = {"k": "M", "K": "M", "M": "k", "thousand": "million", "million": "thousand"}
    places = []
    for at, part in enumerate(draft.parts):
        if part.printed is None:
            continue
        match = re.search(r"(?<=\d)[kKM]\b|thousand|million", part.text)
        if match:
            places.append((at, part.text[: match.start()] + swaps[match.group()] + part.text[match.end() :]))
        elif re.search(r" ?%$| percent$", part.text):
            places.append((at, re.sub(r" ?%$| percent$", " percentage points", part.text)))
        elif "percentage points" in part.text:
            places.append((at, part.text.replace("percentage points", "percent")))
    if not places:
        return None
    at, text = rng.choice(places)
    printed = draft.parts[at].printed
    assert printed is not None
    kind = "points" if "points" in text else "percent" if "percent" in text else printed.kind
    new = replace(printed, kind=kind) if kind in ("points", "percent") else _reread(text, printed)
    if (
        new is None
        or (kind == "points" and _is_difference(new, draft.cites))
        or (kind != "points" and equals_a_figure(new, draft.cites))
    ):
        return None
    return draft.changed(at, replace(draft.parts[at], text=text)).text, ids(draft.cites)


def _is_difference(printed: PrintedNumber, figures: Sequence[CorpusFigure]) -> bool:
    """Return whether a printed number equals the difference of two shares."""
    ratios = [figure.value for figure in figures if figure.unit in ("ratio", "score")]
    return any(printed.rounds_from(100 * abs(first - other)) for first, other in permutations(ratios, 2))


def _sign(draft: Draft, rng: random.Random) -> tuple[str, tuple[str, ...]] | None:
    """Turn or drop a sign."""
    places = [at for at, part in enumerate(draft.parts) if part.kind == "signed"]
    if not places:
        return None
    at = rng.choice(places)
    part = draft.parts[at]
    bare = part.text.removeprefix("minus ").lstrip("+-−")
    negative = part.text[0] in "-−" or part.text.startswith("minus ")
    text = (
        rng.choice([bare, f"+{bare}" if bare[0].isdigit() else bare])
        if negative
        else f"-{bare}"
        if bare[0].isdigit()
        else f"minus {bare}"
    )
    return draft.changed(at, replace(part, text=text)).text, ids(draft.cites)


def _direction(draft: Draft, rng: random.Random) -> tuple[str, tuple[str, ...]] | None:
    """Swap a word of direction for its opposite."""
    places = [at for at, part in enumerate(draft.parts) if part.kind == "direction" and part.other is not None]
    if not places:
        return None
    at = rng.choice(places)
    return draft.changed(at, replace(draft.parts[at], text=draft.parts[at].other)).text, ids(draft.cites)


def _tag(draft: Draft, rng: random.Random) -> tuple[str, tuple[str, ...]] | None:
    """Swap a hashtag for another one."""
    at = rng.choice([at for at, part in enumerate(draft.parts) if part.kind == "tag"])
    present = {figure.tag for figure in draft.figures}
    named = [
        name
        for name in TAGS
        if name != draft.parts[at].other and (name not in present or name in {figure.tag for figure in draft.figures})
    ]
    other = [name for name in present if name != draft.parts[at].other]
    new = rng.choice(other) if other and rng.random() < 0.5 else rng.choice(named)
    return draft.changed(at, TextPart("tag", f"#{new}")).text, ids(draft.cites)


def _cited(draft: Draft, rng: random.Random) -> tuple[str, tuple[str, ...]] | None:
    """Cite another metric, or one that isn't in the evidence."""
    cites = list(ids(draft.cites))
    at = rng.randrange(len(cites))
    if rng.random() < 0.5:
        cites[at] = f"m{len(draft.figures) + rng.randint(1, 9)}"
        return draft.text, tuple(cites)
    gone, new = draft.cites[at], rng.choice([figure for figure in draft.figures if figure not in draft.cites])
    left = [*draft.cites[:at], *draft.cites[at + 1 :], new]
    printed = [part.printed for part in draft.parts if part.other is gone and part.printed is not None]
    if not printed or any(equals_a_figure(number, left) for number in printed):
        return None
    cites[at] = new.id
    return draft.text, tuple(cites)


def _window(draft: Draft, rng: random.Random) -> tuple[str, tuple[str, ...]] | None:
    """Swap a window for another length."""
    at = rng.choice([at for at, part in enumerate(draft.parts) if part.kind == "window"] or [-1])
    if at < 0:
        return None
    right = {part.other for part in draft.parts if part.kind == "window"}
    hours = rng.choice([length for length in WINDOW_WORDS if length not in right])
    text = rng.choice(WINDOW_WORDS[hours])
    if draft.parts[at].text == "24 hours":
        text = f"{hours} hours" if hours > 1 else "an hour"
    return draft.changed(at, TextPart("window", text)).text, ids(draft.cites)


def _unit(draft: Draft, rng: random.Random) -> tuple[str, tuple[str, ...]] | None:
    """Swap what a number counts."""
    at = rng.choice([at for at, part in enumerate(draft.parts) if part.kind == "unit"] or [-1])
    if at < 0:
        return None
    old = draft.parts[at].text
    alike = (
        {"views", "plays"}
        if old.lower() == "views"
        else {"videos", "posts"}
        if old.lower().endswith(("videos", "posts"))
        else {old.lower()}
    )
    new = rng.choice([noun for noun in UNITS if noun not in alike])
    return draft.changed(at, TextPart("unit", new.capitalize() if old[0].isupper() else new)).text, ids(draft.cites)


def _superlative(draft: Draft, rng: random.Random) -> tuple[str, tuple[str, ...]] | None:
    """Add a superlative without a rank."""
    added = rng.choice(SUPERLATIVES)
    tagged = [at for at, part in enumerate(draft.parts) if part.kind == "tag"]
    if rng.random() < 0.5:
        return draft.changed(tagged[-1], TextPart("tag", f"{draft.parts[tagged[-1]].text}, {added},")).text, ids(
            draft.cites
        )
    return draft.text.rstrip(". \n") + rng.choice([f", {added}.", f". It is {added}."]), ids(draft.cites)


def _cause(draft: Draft, rng: random.Random) -> tuple[str, tuple[str, ...]] | None:
    """Add a cause that is no driver."""
    return draft.text.rstrip(". \n") + rng.choice(CAUSES) + ".", ids(draft.cites)


def _entity(draft: Draft, rng: random.Random) -> tuple[str, tuple[str, ...]] | None:
    """Add a sound or creator that isn't in the evidence."""
    sound = rng.choice([title for title in SOUNDS if title not in draft.sounds])
    added = rng.choice(
        [
            f' The sound "{sound}" is on many of them.',
            " @someone_new posts about it.",
            f" Many use “{sound}”.",
            f" The song {sound} is everywhere.",
            " Creator Mia Lorenz is in it.",
        ]
    )
    return draft.text.rstrip(". \n") + "." + added, ids(draft.cites)


KINDS: dict[str, Callable[[Draft, random.Random], Any]] = {
    "digit": _digit,
    "scale": _scale,
    "sign": _sign,
    "direction word": _direction,
    "tag": _tag,
    "id": _cited,
    "window": _window,
    "unit": _unit,
    "superlative": _superlative,
    "cause": _cause,
    "entity": _entity,
}
