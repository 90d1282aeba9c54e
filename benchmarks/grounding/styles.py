"""True narratives in five styles: analyst's bullets, newsroom, ticker, conversation, comparison."""

import random
from collections.abc import Callable

from benchmarks.grounding.comparison import comparison
from benchmarks.grounding.evidence import CREATORS, SOUNDS, HashtagFigures, random_figures
from benchmarks.grounding.parts import (
    LABELS,
    LEVELS,
    ROSE,
    Draft,
    TextPart,
    direction_word,
    number,
    signed,
    tag,
    unit,
    window,
)

SPEED = (
    ("accelerating", "decelerating"),
    ("speeding up", "slowing down"),
    ("picking up", "cooling off"),
    ("gaining steam", "losing steam"),
    ("heating up", "cooling down"),
)
COUNTS = ("views_gained", "views_increment", "volume", "new_videos", "unique_creators", "unique_sounds")


def bullets(rng: random.Random) -> Draft:
    """Return an analyst's list: one line for each figure."""
    draft, of = _one_hashtag("bullets", rng)
    draft.write("{tag}" + rng.choice(["\n", ":\n", " at a glance\n", " – key figures\n"]), tag=tag(of.tag, rng))
    kinds = [
        _count_line,
        _count_line,
        _level_line,
        _level_line,
        _velocity_line,
        _chance_line,
        _life_line,
        _quantile_line,
    ]
    lines = rng.sample(kinds, rng.randint(3, 5)) + ([_rank_line] if "rank" in of else [])
    for place, line in enumerate(lines, 1):
        draft.write(rng.choice(["- ", "• ", "* "]))
        line(draft, of, rng)
        draft.write(rng.choice([".\n", "\n"]) if place < len(lines) else ".")
    return draft


def newsroom(rng: random.Random) -> Draft:
    """Return two to four full sentences."""
    draft, of = _one_hashtag("newsroom", rng)
    first = of[rng.choice(["views_gained", "views_increment"])]
    second = of[rng.choice(["unique_creators", "volume", "new_videos", "unique_sounds"])]
    verb = rng.choice(["drew", "gained", "added", "picked up", "pulled in", "attracted", "collected"])
    template = rng.choice(
        [
            f"{{tag}} {verb} {{n}} {{unit}} in {{window}}, with {{n2}} {{unit2}}.",
            f"The hashtag {{tag}} {verb} {{n}} {{unit}} over {{window}} from {{n2}} {{unit2}}.",
            f"Over {{window}}, {{tag}} {verb} {{n}} {{unit}} across {{n2}} {{unit2}}.",
            f"In {{window}}, TikTok hashtag {{tag}} {verb} {{n}} {{unit}}; it counted {{n2}} {{unit2}}.",
        ]
    )
    words = {"n": number(first, rng), "unit": unit(first.name, rng), "n2": number(second, rng)}
    words |= {"unit2": unit(second.name, rng), "window": window(of.hours, rng), "tag": tag(of.tag, rng)}
    draft.write(template, **words).cite(first, second)
    _pace(draft, of, rng)
    if rng.random() < 0.6:
        level = of[rng.choice(LEVELS)]
        verb_phrase = rng.choice(["stands at", "is", "was", "came in at", "reads"])
        draft.write(f" Its {LABELS[level.name]} {verb_phrase} {{n}}.", n=number(level, rng)).cite(level)
    if rng.random() < 0.4:
        template = rng.choice(
            [
                " The model gives it a {n} chance of surging within {ahead}.",
                " The odds of a surge within {ahead} are {n}.",
            ]
        )
        draft.write(template, n=number(of["probability"], rng), ahead=TextPart("window", "24 hours", other=24))
        draft.cite(of["probability"])
    return _with_driver(draft, of, rng)


def ticker(rng: random.Random) -> Draft:
    """Return one terse line."""
    draft, of = _one_hashtag("ticker", rng)
    joint = rng.choice([" | ", "; ", " · ", ", "])
    gained, velocity = of["views_gained"], of["velocity"]
    template = rng.choice(
        ["{tag} {n} {unit} / {window}", "{tag} {n} {unit} in {window}", "{tag}: {n} {unit} ({window})"]
    )
    printed = signed(number(gained, rng), gained.value, rng)
    words = {"tag": tag(of.tag, rng, rng.random() < 0.5), "n": printed, "unit": unit("views_gained", rng)}
    draft.write(template, **words, window=window(of.hours, rng, True)).cite(gained, velocity)
    if rng.random() < 0.5:
        draft.write(f"{joint}velocity {{n}}", n=signed(number(velocity, rng), velocity.value, rng))
    else:
        turned = direction_word(velocity.value > 0, rng, (("up", "down"), ("▲", "▼")))
        draft.write(f"{joint}pace {{way}} {{n}}", way=turned, n=number(velocity, rng))
    for name in rng.sample(["unique_creators", "volume", "unique_sounds"], rng.randint(1, 2)):
        draft.write(f"{joint}{{n}} {{unit}}", n=number(of[name], rng), unit=unit(name, rng)).cite(of[name])
    if rng.random() < 0.6:
        draft.write(f"{joint}{rng.choice(['momentum ', 'momentum: '])}{{n}}", n=number(of["momentum"], rng))
        draft.cite(of["momentum"])
    if rng.random() < 0.5:
        named = rng.choice(["surge probability ", "chance ", "probability: "])
        draft.write(f"{joint}{named}{{n}}", n=number(of["probability"], rng)).cite(of["probability"])
    if "rank" in of:
        named = rng.choice(["rank ", "no. ", "#", "rank: "])
        draft.write(f"{joint}{named}{{n}}", n=number(of["rank"], rng)).cite(of["rank"])
    return draft


def conversation(rng: random.Random) -> Draft:
    """Return what one colleague would say to another."""
    draft, of = _one_hashtag("conversation", rng)
    gained, creators, novelty = of["views_gained"], of["unique_creators"], of["novelty"]
    opening = rng.choice(
        ["So, here's {tag}: ", "Quick word on {tag} – ", "Have a look at {tag}. ", "Let's talk about {tag}: "]
    )
    verb = rng.choice(["it got", "it picked up", "that one gained", "it pulled in"])
    words = {"tag": tag(of.tag, rng), "n": number(gained, rng), "unit": unit("views_gained", rng)}
    draft.write(f"{opening}{verb} {{n}} {{unit}} in {{window}}. ", **words, window=window(of.hours, rng)).cite(gained)
    there = rng.choice(["There are", "We see", "You've got", "I count"])
    words = {"n": number(creators, rng), "unit": unit("unique_creators", rng)}
    draft.write(f"{there} {{n}} {{unit}} posting about it. ", **words).cite(creators)
    if rng.random() < 0.5:
        opening_words = rng.choice(["About novelty: {n}", "And get this, {n}", "{n}"])
        draft.write(f"{opening_words} of its leading creators and sounds are new.", n=number(novelty, rng, True)).cite(
            novelty
        )
    _pace(draft, of, rng)
    if rng.random() < 0.3:
        draft.sounds = rng.sample(SOUNDS, 2)
        draft.write(f' People use "{draft.sounds[0]}" a lot.')
    if rng.random() < 0.2:
        draft.creators = rng.sample(CREATORS, 2)
        draft.write(f" @{draft.creators[0]} is in it too.")
    return draft


def _one_hashtag(style: str, rng: random.Random) -> tuple[Draft, HashtagFigures]:
    figures = random_figures(rng)
    return Draft(style, figures), HashtagFigures(figures, figures[0].tag, figures[0].hours)


def _pace(draft: Draft, of: HashtagFigures, rng: random.Random) -> None:
    """Write a sentence about the velocity, with a word of direction, a sign, or both."""
    velocity = of["velocity"]
    draft.cite(velocity)
    up = velocity.value > 0
    if rng.random() < 0.6 and velocity.value < 1:
        template = rng.choice(
            [
                " Its growth {rose} {n}.",
                " The pace {rose} by {n}.",
                " Views {rose} {n}.",
                " It's going {n} {faster} than before.",
            ]
        )
        faster = direction_word(up, rng, (("faster", "slower"),))
        draft.write(template, rose=direction_word(up, rng, ROSE), faster=faster, n=number(velocity, rng))
    else:
        template = rng.choice([" It is {way}, with a velocity of {n}.", " Right now it's {way}: velocity is {n}."])
        draft.write(
            template, way=direction_word(up, rng, SPEED), n=signed(number(velocity, rng), velocity.value, rng, False)
        )


def _with_driver(draft: Draft, of: HashtagFigures, rng: random.Random) -> Draft:
    """Write, now and then, a sentence that names a driver."""
    if rng.random() < 0.15:
        driver = of[rng.choice(["creator_dispersion", "novelty", "engagement_efficiency"])]
        draft.drivers = (driver.id,)
        opening = rng.choice([" The forecast is driven by its", " That is largely due to its"])
        draft.write(f"{opening} {LABELS[driver.name]} of {{n}}.", n=number(driver, rng)).cite(driver)
    return draft


def _count_line(draft: Draft, of: HashtagFigures, rng: random.Random) -> None:
    figure = of[rng.choice(COUNTS)]
    named = unit(figure.name, rng)
    first = TextPart("unit", named.text[0].upper() + named.text[1:], other=figure.name)
    template = rng.choice(
        [
            "{n} {unit} in {window}",
            "{n} {unit} over {window}",
            "{Unit}: {n} ({window})",
            "{Unit} – {n} ({window})",
            "{Unit} in {window}: {n}",
        ]
    )
    draft.write(template, n=number(figure, rng), unit=named, Unit=first, window=window(of.hours, rng)).cite(figure)


def _level_line(draft: Draft, of: HashtagFigures, rng: random.Random) -> None:
    figure = of[rng.choice(LEVELS)]
    label = LABELS[figure.name]
    draft.write(
        label[0].upper() + label[1:] + rng.choice([": ", " of ", " at ", " is "]) + "{n}", n=number(figure, rng)
    )
    draft.cite(figure)


def _velocity_line(draft: Draft, of: HashtagFigures, rng: random.Random) -> None:
    figure = of[rng.choice(["velocity", "acceleration"])]
    draft.cite(figure)
    if figure.name == "velocity" and rng.random() < 0.5 and figure.value < 1:
        named = rng.choice(["Growth", "Pace", "View growth"])
        draft.write(f"{named} {{way}} {{n}}", way=direction_word(figure.value > 0, rng, ROSE), n=number(figure, rng))
    else:
        joint = rng.choice([": ", " of ", " at "])
        draft.write(f"{LABELS[figure.name].capitalize()}{joint}{{n}}", n=signed(number(figure, rng), figure.value, rng))


def _chance_line(draft: Draft, of: HashtagFigures, rng: random.Random) -> None:
    named = rng.choice(["Surge probability", "Probability of a surge", "Chance to surge"])
    draft.write(
        f"{named}: {{n}} within {{ahead}}",
        n=number(of["probability"], rng),
        ahead=TextPart("window", "24 hours", other=24),
    )
    draft.cite(of["probability"])


def _life_line(draft: Draft, of: HashtagFigures, rng: random.Random) -> None:
    figure = of[rng.choice(["half_life_h", "z_14d"])]
    draft.cite(figure)
    if figure.name == "z_14d":
        draft.write("Z-score" + rng.choice([": ", " of "]) + "{n}", n=signed(number(figure, rng), figure.value, rng))
    else:
        draft.write("Half-life of engagement: {n}", n=number(figure, rng))


def _quantile_line(draft: Draft, of: HashtagFigures, rng: random.Random) -> None:
    middle, high = of["growth_p50"], of["growth_p90"]
    printed = signed(number(middle, rng), middle.value, rng, False)
    draft.write("Expected growth: {n} (median), {n2} at p90", n=printed, n2=number(high, rng)).cite(middle, high)


def _rank_line(draft: Draft, of: HashtagFigures, rng: random.Random) -> None:
    template = rng.choice(["Rank {n}", "Ranked no. {n}", "Position: rank {n}"]) + rng.choice(
        ["", " among all hashtags", " on the list"]
    )
    draft.write(template, n=number(of["rank"], rng)).cite(of["rank"])


STYLES: dict[str, Callable[[random.Random], Draft]] = {
    "bullets": bullets,
    "newsroom": newsroom,
    "ticker": ticker,
    "conversation": conversation,
    "comparison": comparison,
}
