"""True narratives that compare two hashtags, or two windows of one, with figures derived from both."""

import random

from benchmarks.grounding.evidence import CorpusFigure, HashtagFigures, random_figures
from benchmarks.grounding.parts import LABELS, ROSE, Draft, TextPart, direction_word, number, signed, tag, unit, window
from benchmarks.grounding.printed_numbers import PrintedNumber, count, multiple, share

COUNTS = ("views_gained", "views_increment", "volume", "new_videos", "unique_creators")
MORE = (("more", "fewer"),)
LEADS = (("leads", "trails"), ("is ahead of", "is behind"), ("beats", "lags"))
TIMES, CHANGE, GAP, LEAD = "times", "change", "gap", "lead"
TEMPLATES = {
    TIMES: (
        "In {window}, {a} counted {d} as many {unit} as {b}: {n} against {n2}.",
        "{a} had {d} as many {unit} as {b} over {window}.",
    ),
    CHANGE: (
        "{a} saw {d} {more} {unit} than {b} in {window}.",
        "With {n} {unit} in {window}, {a} had {d} {more} than {b}.",
    ),
    GAP: (
        "{a} had {n} {unit} over {window}, {d} {more} than {b}.",
        "In {window}, {a} counted {d} {more} {unit} than {b}.",
    ),
    LEAD: (
        "{a} {leads} {b} on {unit}: {n} versus {n2} in {window}.",
        "On {unit}, {a} {leads} {b}: {n} to {n2} in {window}.",
    ),
}


def comparison(rng: random.Random) -> Draft:
    """Return a narrative about two hashtags or, three times in ten, about two windows of one."""
    if rng.random() < 0.3:
        return _two_windows(rng)
    figures = random_figures(rng, tags=2)
    hours = figures[0].hours
    first, second = (HashtagFigures(figures, name, hours) for name in dict.fromkeys(figure.tag for figure in figures))
    draft = Draft("comparison", figures)
    name = rng.choice(COUNTS)
    larger, smaller = (first, second) if first[name].value >= second[name].value else (second, first)
    _counts(draft, larger, smaller, name, rng)
    for side in (larger, smaller):
        if rng.random() < 0.6:
            velocity = side["velocity"]
            rose = direction_word(velocity.value > 0, rng, ROSE)
            draft.write(" {tag} {rose} {n}.", tag=tag(side.tag, rng), rose=rose, n=number(velocity, rng)).cite(velocity)
    if rng.random() < 0.4:
        _levels(draft, larger, smaller, rng)
    return draft


def _counts(draft: Draft, larger: HashtagFigures, smaller: HashtagFigures, name: str, rng: random.Random) -> None:
    """Write a sentence that compares a count of two hashtags."""
    more, less = larger[name], smaller[name]
    form, derived = _derived(more, less, rng)
    words = {"a": tag(larger.tag, rng), "b": tag(smaller.tag, rng), "unit": unit(name, rng), "d": derived}
    words |= {"n": number(more, rng), "n2": number(less, rng), "window": window(larger.hours, rng)}
    words |= {"more": direction_word(True, rng, MORE), "leads": direction_word(True, rng, LEADS)}
    draft.write(rng.choice(TEMPLATES[form]), **words).cite(more, less)


def _derived(more: CorpusFigure, less: CorpusFigure, rng: random.Random) -> tuple[str, TextPart]:
    """Return the form of a comparison and the figure derived from its two counts."""
    ratio, change = more.value / less.value, (more.value - less.value) / less.value
    form = rng.choice([TIMES, CHANGE, GAP, LEAD])
    if form == TIMES and 1.3 < ratio < 30:
        printed = multiple(ratio, rng)
    elif form == CHANGE and 0.01 < change < 3:
        printed = share(change, rng)
    elif form == GAP and more.value - less.value >= 2:
        printed = count(more.value - less.value, rng)
    else:
        return LEAD, TextPart("text", "")
    return form, TextPart("number", printed.text, printed)


def _levels(draft: Draft, larger: HashtagFigures, smaller: HashtagFigures, rng: random.Random) -> None:
    """Write the difference of two shares in percentage points."""
    name = rng.choice(["likes_rate", "engagement_efficiency", "novelty"])
    points = 100 * (larger[name].value - smaller[name].value)
    if abs(points) <= 0.2:
        return
    printed = PrintedNumber(f"{abs(points):.1f} percentage points", round(abs(points), 1), 0.05, "points")
    higher = direction_word(points > 0, rng, (("higher than", "lower than"), ("above", "below")))
    words = {"a": tag(larger.tag, rng), "b": tag(smaller.tag, rng), "d": TextPart("number", printed.text, printed)}
    draft.write(f" The {LABELS[name]} of {{a}} is {{d}} {{higher}} that of {{b}}.", **words, higher=higher)
    draft.cite(larger[name], smaller[name])


def _two_windows(rng: random.Random) -> Draft:
    """Return a narrative that sets two windows of one hashtag side by side."""
    figures = random_figures(rng, windows=2)
    lengths = sorted({figure.hours for figure in figures if figure.name == "views_gained"})
    short, long = (HashtagFigures(figures, figures[0].tag, hours) for hours in lengths)
    draft = Draft("comparison", figures)
    name = rng.choice(["views_gained", "unique_creators", "volume"])
    template = rng.choice(
        [
            "{tag} counted {n} {unit} in {short}, against {n2} {unit2} over {long}.",
            "{tag} had {n} {unit} in {short} and {n2} over {long}.",
            "Over {long} {tag} reached {n2} {unit2}, compared with {n} in {short}.",
        ]
    )
    words = {"tag": tag(short.tag, rng), "n": number(short[name], rng), "n2": number(long[name], rng)}
    words |= {"short": window(short.hours, rng), "long": window(long.hours, rng)}
    draft.write(template, **words, unit=unit(name, rng), unit2=unit(name, rng)).cite(short[name], long[name])
    velocity = short["velocity"]
    printed = signed(number(velocity, rng), velocity.value, rng, False)
    draft.write(" In {short} its velocity was {n}.", short=window(short.hours, rng), n=printed).cite(velocity)
    return draft
