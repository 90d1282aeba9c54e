"""True narratives in five styles: analyst's bullets, newsroom, ticker, conversation, comparison."""

import random
from collections.abc import Callable

from benchmarks.grounding_evidence import CREATORS, SOUNDS, Fact, random_facts
from benchmarks.grounding_parts import LABELS, Draft, Part, number, signed, tag, unit, way, window
from benchmarks.grounding_print import Printed, count, multiple, share

ROSE = (("rose", "fell"), ("climbed", "dropped"), ("increased", "decreased"), ("jumped", "slid"), ("grew", "shrank"), ("is up", "is down"))
FASTER = (("faster", "slower"), ("more", "less"), ("higher", "lower"))
MORE = (("more", "fewer"),)
SPEED = (("accelerating", "decelerating"), ("speeding up", "slowing down"), ("picking up", "cooling off"))
COUNTS = ("views_gained", "views_increment", "volume", "new_videos", "unique_creators", "unique_sounds")
LEVELS = ("likes_rate", "comments_rate", "shares_rate", "engagement_efficiency", "creator_dispersion", "novelty", "momentum", "retention_24")


class Facts:
    """The facts of one hashtag and window, by name."""

    def __init__(self, facts: list[Fact], name: str, hours: float) -> None:
        self._by_name = {one.name: one for one in facts if one.tag == name and one.hours in (hours, 1.0, 24.0)}
        self._by_name |= {one.name: one for one in facts if one.tag == name and one.hours == hours}
        self.tag, self.hours = name, hours

    def __getitem__(self, name: str) -> Fact:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name


def bullets(rng: random.Random) -> Draft:
    """An analyst's list: a line a figure."""
    facts = random_facts(rng)
    of = Facts(facts, facts[0].tag, facts[0].hours)
    draft = Draft("bullets", facts).say(tag(of.tag, rng), rng.choice(["\n", ":\n", " at a glance\n", " – key figures\n"]))
    lines = rng.sample([_count_line, _level_line, _level_line, _velocity_line, _chance_line, _life_line, _quantile_line, _count_line], rng.randint(3, 5))
    if "rank" in of:
        lines.append(_rank_line)
    for place, line in enumerate(lines, 1):
        draft.say(rng.choice(["- ", "• ", "* "]))
        line(draft, of, rng)
        draft.say(rng.choice([".\n", "\n"]) if place < len(lines) else ".")
    return draft


def newsroom(rng: random.Random) -> Draft:
    """Two or three full sentences."""
    facts = random_facts(rng)
    of = Facts(facts, facts[0].tag, facts[0].hours)
    draft = Draft("newsroom", facts)
    first, second = of[rng.choice(["views_gained", "views_increment"])], of[rng.choice(["unique_creators", "volume", "new_videos", "unique_sounds"])]
    opening = rng.choice(["The hashtag ", "", "TikTok hashtag "])
    draft.say(opening, tag(of.tag, rng), rng.choice([" drew ", " gained ", " added ", " picked up ", " pulled in "]), number(first, rng), " ", unit(first.name, rng),
              rng.choice([" in ", " over ", " during "]), window(of.hours, rng)).cite(first)  # fmt: skip
    draft.say(rng.choice([", with ", " from ", " across "]), number(second, rng), " ", unit(second.name, rng), ". ").cite(second)
    velocity = of["velocity"]
    if rng.random() < 0.6 and velocity.value < 1:
        draft.say(rng.choice(["Its growth ", "The pace ", "Views ", "Its velocity "]), way(velocity.value > 0, rng, ROSE), rng.choice([" ", " by "]), number(velocity, rng), ".").cite(velocity)
    else:
        draft.say("It is ", way(velocity.value > 0, rng, SPEED), ", with a velocity of ", signed(number(velocity, rng), velocity.value, rng, False), ".").cite(velocity)
    level = of[rng.choice(LEVELS)]
    if rng.random() < 0.6:
        draft.say(" ", rng.choice(["Its ", "The "]), LABELS[level.name], rng.choice([" stands at ", " is ", " was ", " came in at "]), number(level, rng), ".").cite(level)
    if rng.random() < 0.4:
        chance = of["probability"]
        draft.say(" The model gives it a ", number(chance, rng), rng.choice([" chance", " probability"]), " of surging within ", Part("window", "24 hours", other=24), ".").cite(chance)
    return _with_driver(draft, of, rng)


def ticker(rng: random.Random) -> Draft:
    """One terse line."""
    facts = random_facts(rng)
    of = Facts(facts, facts[0].tag, facts[0].hours)
    draft = Draft("ticker", facts).say(tag(of.tag, rng, rng.random() < 0.5), " ")
    joint = rng.choice([" | ", "; ", " · ", ", "])
    gained, velocity = of["views_gained"], of["velocity"]
    draft.say(signed(number(gained, rng), gained.value, rng), " ", unit("views_gained", rng), rng.choice([" / ", " in "]), window(of.hours, rng, True)).cite(gained)
    if rng.random() < 0.5:
        draft.say(joint, rng.choice(["velocity ", "velocity: "]), signed(number(velocity, rng), velocity.value, rng)).cite(velocity)
    else:
        draft.say(joint, "pace ", way(velocity.value > 0, rng, (("up", "down"),)), " ", number(velocity, rng)).cite(velocity)
    for name in rng.sample(["unique_creators", "volume", "unique_sounds"], rng.randint(1, 2)):
        draft.say(joint, number(of[name], rng), " ", unit(name, rng)).cite(of[name])
    if rng.random() < 0.6:
        draft.say(joint, rng.choice(["momentum ", "momentum: "]), number(of["momentum"], rng)).cite(of["momentum"])
    if rng.random() < 0.5:
        draft.say(joint, rng.choice(["surge probability ", "chance ", "probability: "]), number(of["probability"], rng)).cite(of["probability"])
    if "rank" in of:
        draft.say(joint, rng.choice(["rank ", "no. ", "#", "rank: "]), number(of["rank"], rng)).cite(of["rank"])
    return draft


def conversation(rng: random.Random) -> Draft:
    """As somebody tells a colleague."""
    facts = random_facts(rng)
    of = Facts(facts, facts[0].tag, facts[0].hours)
    draft = Draft("conversation", facts)
    gained, creators = of["views_gained"], of["unique_creators"]
    draft.say(rng.choice(["So, here's ", "Quick word on ", "Let's talk about ", "Have a look at "]), tag(of.tag, rng), rng.choice([": ", " – ", ". "]),
              rng.choice(["it got ", "it picked up ", "that one gained ", "it pulled in "]), number(gained, rng), " ", unit("views_gained", rng), " in ",
              window(of.hours, rng), ". ").cite(gained)  # fmt: skip
    draft.say(rng.choice(["There are ", "We see ", "You've got "]), number(creators, rng), " ", unit("unique_creators", rng), " posting about it. ").cite(creators)
    novelty, velocity = of["novelty"], of["velocity"]
    if rng.random() < 0.5:
        draft.say("About novelty: ", number(novelty, rng, True), " of its leading creators and sounds are new. ").cite(novelty)
    if rng.random() < 0.5 and velocity.value < 1:
        draft.say("It's going ", number(velocity, rng), " ", way(velocity.value > 0, rng, (("faster", "slower"),)), " than before.").cite(velocity)
    else:
        draft.say("Right now it's ", way(velocity.value > 0, rng, SPEED), ": velocity is ", signed(number(velocity, rng), velocity.value, rng, False), ".").cite(velocity)
    if rng.random() < 0.3:
        draft.sounds = rng.sample(SOUNDS, 2)
        draft.say(f' People use "{draft.sounds[0]}" a lot.')
    if rng.random() < 0.2:
        draft.creators = rng.sample(CREATORS, 2)
        draft.say(f" @{draft.creators[0]} is in it too.")
    return draft


def comparison(rng: random.Random) -> Draft:
    """Two hashtags, or two windows of one, beside each other, with figures derived from both."""
    if rng.random() < 0.3:
        return _two_windows(rng)
    facts = random_facts(rng, tags=2)
    names = list(dict.fromkeys(one.tag for one in facts))
    hours = facts[0].hours
    one, other = (Facts(facts, name, hours) for name in names)
    draft = Draft("comparison", facts)
    name = rng.choice(COUNTS[:5])
    if one[name].value < other[name].value:
        one, other = other, one
    more, less = one[name], other[name]
    change = (more.value - less.value) / less.value if less.value else 0.0
    ratio = more.value / less.value
    form = rng.random()
    draft.cite(more, less)
    if form < 0.25 and 1.3 < ratio < 30:
        said = Part("number", "", multiple(ratio, rng))
        draft.say("In ", window(hours, rng), ", ", tag(one.tag, rng), " counted ", Part("number", said.printed.text, said.printed), " as many ", unit(name, rng), " as ",
                  tag(other.tag, rng), ": ", number(more, rng), " against ", number(less, rng), ".")  # fmt: skip
    elif form < 0.5 and 0.01 < change < 3:
        printed = share(change, rng)
        draft.say(tag(one.tag, rng), " saw ", Part("number", printed.text, printed), " ", way(True, rng, MORE), " ", unit(name, rng), " than ", tag(other.tag, rng), " in ", window(hours, rng), ".")
    elif form < 0.75 and more.value - less.value >= 2:
        printed = count(more.value - less.value, rng)
        draft.say(tag(one.tag, rng), " had ", number(more, rng), " ", unit(name, rng), " over ", window(hours, rng), ", ", Part("number", printed.text, printed), " ",
                  way(True, rng, MORE), " than ", tag(other.tag, rng), ".")  # fmt: skip
    else:
        draft.say(tag(one.tag, rng), way(True, rng, ((" leads ", " trails "), (" is ahead of ", " is behind "), (" beats ", " lags "))) if more.value > less.value else " sits beside ", tag(other.tag, rng), " on ", unit(name, rng).text,
                  ": ", number(more, rng), " versus ", number(less, rng), " in ", window(hours, rng), ".")  # fmt: skip
    for side in (one, other):
        if rng.random() < 0.6:
            velocity = side["velocity"]
            draft.say(" ", tag(side.tag, rng), " ", way(velocity.value > 0, rng, ROSE), " ", number(velocity, rng), ".").cite(velocity)
    if rng.random() < 0.4:
        level = rng.choice(["likes_rate", "engagement_efficiency", "novelty"])
        first, second = one[level], other[level]
        points = 100 * (first.value - second.value)
        if abs(points) > 0.2:
            printed = Printed(f"{abs(points):.1f} percentage points", round(abs(points), 1), 0.05, "points")
            higher = way(points > 0, rng, (("higher than", "lower than"), ("above", "below")))
            draft.say(f" The {LABELS[level]} of ", tag(one.tag, rng), " is ", Part("number", printed.text, printed), " ", higher, rng.choice([" that of ", " the one of "]), tag(other.tag, rng), ".").cite(first, second)
    return draft


def _two_windows(rng: random.Random) -> Draft:
    facts = random_facts(rng, windows=2)
    lengths = sorted({one.hours for one in facts if one.name == "views_gained"})
    short, long = (Facts(facts, facts[0].tag, hours) for hours in lengths)
    draft = Draft("comparison", facts)
    name = rng.choice(["views_gained", "unique_creators", "volume"])
    draft.say(tag(short.tag, rng), rng.choice([" logged ", " counted ", " had "]), number(short[name], rng), " ", unit(name, rng), " in ", window(short.hours, rng),
              rng.choice([", against ", " compared with ", " and "]), number(long[name], rng), " ", unit(name, rng), " over ", window(long.hours, rng), ".").cite(short[name], long[name])  # fmt: skip
    velocity = short["velocity"]
    draft.say(" In ", window(short.hours, rng), " its velocity was ", signed(number(velocity, rng), velocity.value, rng, False), ".").cite(velocity)
    return draft


def _with_driver(draft: Draft, of: Facts, rng: random.Random) -> Draft:
    if rng.random() < 0.15:
        driver = of[rng.choice(["creator_dispersion", "novelty", "engagement_efficiency"])]
        draft.drivers = (driver.id,)
        draft.say(rng.choice([" The forecast is driven by its ", " That is largely due to its "]), LABELS[driver.name], " of ", number(driver, rng), ".").cite(driver)
    return draft


def _count_line(draft: Draft, of: Facts, rng: random.Random) -> None:
    fact = of[rng.choice(COUNTS)]
    draft.cite(fact)
    if rng.random() < 0.5:
        draft.say(number(fact, rng), " ", unit(fact.name, rng), rng.choice([" in ", " over "]), window(of.hours, rng))
    else:
        named = unit(fact.name, rng)
        draft.say(Part("unit", named.text[0].upper() + named.text[1:], other=fact.name), rng.choice([": ", " – ", " = "]), number(fact, rng), " (", window(of.hours, rng), ")")


def _level_line(draft: Draft, of: Facts, rng: random.Random) -> None:
    fact = of[rng.choice(LEVELS)]
    label = LABELS[fact.name]
    draft.say(label[0].upper() + label[1:], rng.choice([": ", " of ", " at ", " is "]), number(fact, rng)).cite(fact)


def _velocity_line(draft: Draft, of: Facts, rng: random.Random) -> None:
    fact = of[rng.choice(["velocity", "acceleration"])]
    draft.cite(fact)
    if fact.name == "velocity" and rng.random() < 0.5 and fact.value < 1:
        draft.say(rng.choice(["Growth ", "Pace ", "View growth "]), way(fact.value > 0, rng, ROSE), " ", number(fact, rng))
    else:
        draft.say(LABELS[fact.name].capitalize(), rng.choice([": ", " of ", " at "]), signed(number(fact, rng), fact.value, rng))


def _chance_line(draft: Draft, of: Facts, rng: random.Random) -> None:
    fact = of["probability"]
    draft.say(rng.choice(["Surge probability: ", "Probability of a surge: ", "Chance to surge: "]), number(fact, rng), " within ", Part("window", "24 hours", other=24)).cite(fact)


def _life_line(draft: Draft, of: Facts, rng: random.Random) -> None:
    fact = of[rng.choice(["half_life_h", "z_14d"])]
    if fact.name == "z_14d":
        draft.say("Z-score", rng.choice([": ", " of "]), signed(number(fact, rng), fact.value, rng)).cite(fact)
    else:
        draft.say("Half-life of engagement: ", number(fact, rng)).cite(fact)


def _quantile_line(draft: Draft, of: Facts, rng: random.Random) -> None:
    middle, high = of["growth_p50"], of["growth_p90"]
    draft.say("Expected growth: ", number(middle, rng), " (median), up to ", number(high, rng), " at p90").cite(middle, high)
    if middle.value < 0:
        draft.parts[-4] = signed(draft.parts[-4], middle.value, rng, False)


def _rank_line(draft: Draft, of: Facts, rng: random.Random) -> None:
    draft.say(rng.choice(["Rank ", "Ranked no. ", "Position: rank "]), number(of["rank"], rng), rng.choice(["", " among all hashtags", " on the list"])).cite(of["rank"])


STYLES: dict[str, Callable[[random.Random], Draft]] = {
    "bullets": bullets, "newsroom": newsroom, "ticker": ticker, "conversation": conversation, "comparison": comparison,
}  # fmt: skip
