"""True narratives that set two hashtags, or two windows of one, beside each other, with figures derived from both."""

import random

from benchmarks.grounding.evidence import CorpusFigure, HashtagFigures, random_facts
from benchmarks.grounding.parts import LABELS, ROSE, Draft, TextPart, number, signed, tag, unit, way, window
from benchmarks.grounding.print import Printed, count, multiple, share

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
    """Two hashtags beside each other or, three times in ten, two windows of one."""
    if rng.random() < 0.3:
        return _two_windows(rng)
    facts = random_facts(rng, tags=2)
    hours = facts[0].hours
    first, second = (HashtagFigures(facts, name, hours) for name in dict.fromkeys(one.tag for one in facts))
    draft = Draft("comparison", facts)
    name = rng.choice(COUNTS)
    one, other = (first, second) if first[name].value >= second[name].value else (second, first)
    _counts(draft, one, other, name, rng)
    for side in (one, other):
        if rng.random() < 0.6:
            velocity = side["velocity"]
            rose = way(velocity.value > 0, rng, ROSE)
            draft.say(" {tag} {rose} {n}.", tag=tag(side.tag, rng), rose=rose, n=number(velocity, rng)).cite(velocity)
    if rng.random() < 0.4:
        _levels(draft, one, other, rng)
    return draft


def _counts(draft: Draft, one: HashtagFigures, other: HashtagFigures, name: str, rng: random.Random) -> None:
    more, less = one[name], other[name]
    form, derived = _derived(more, less, rng)
    words = {"a": tag(one.tag, rng), "b": tag(other.tag, rng), "unit": unit(name, rng), "d": derived}
    words |= {"n": number(more, rng), "n2": number(less, rng), "window": window(one.hours, rng)}
    words |= {"more": way(True, rng, MORE), "leads": way(True, rng, LEADS)}
    draft.say(rng.choice(TEMPLATES[form]), **words).cite(more, less)


def _derived(more: CorpusFigure, less: CorpusFigure, rng: random.Random) -> tuple[str, TextPart]:
    """A figure derived from two, and the form it is told in."""
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


def _levels(draft: Draft, one: HashtagFigures, other: HashtagFigures, rng: random.Random) -> None:
    """The difference of two shares in percentage points."""
    name = rng.choice(["likes_rate", "engagement_efficiency", "novelty"])
    points = 100 * (one[name].value - other[name].value)
    if abs(points) <= 0.2:
        return
    printed = Printed(f"{abs(points):.1f} percentage points", round(abs(points), 1), 0.05, "points")
    higher = way(points > 0, rng, (("higher than", "lower than"), ("above", "below")))
    words = {"a": tag(one.tag, rng), "b": tag(other.tag, rng), "d": TextPart("number", printed.text, printed)}
    draft.say(f" The {LABELS[name]} of {{a}} is {{d}} {{higher}} that of {{b}}.", **words, higher=higher)
    draft.cite(one[name], other[name])


def _two_windows(rng: random.Random) -> Draft:
    facts = random_facts(rng, windows=2)
    lengths = sorted({one.hours for one in facts if one.name == "views_gained"})
    short, long = (HashtagFigures(facts, facts[0].tag, hours) for hours in lengths)
    draft = Draft("comparison", facts)
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
    draft.say(template, **words, unit=unit(name, rng), unit2=unit(name, rng)).cite(short[name], long[name])
    velocity = short["velocity"]
    told = signed(number(velocity, rng), velocity.value, rng, False)
    draft.say(" In {short} its velocity was {n}.", short=window(short.hours, rng), n=told).cite(velocity)
    return draft
