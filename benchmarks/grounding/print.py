"""Numbers printed for the corpus of narratives: in digits, scaled, rounded and in words, with the truth beside them."""

import random
from dataclasses import dataclass


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


_ONES = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = words("- - twenty thirty forty fifty sixty seventy eighty ninety")
_SHARES = (
    (1 / 2, "half"),
    (1 / 3, "a third"),
    (1 / 4, "a quarter"),
    (2 / 3, "two thirds"),
    (3 / 4, "three quarters"),
    (1 / 5, "one in five"),
)


@dataclass(frozen=True)
class Printed:
    """A number as printed: the text, what it says, half a unit of its last digit, and of what kind."""

    text: str
    value: float
    half: float
    kind: str

    def tells(self, figure: float) -> bool:
        """Whether a figure rounds to it."""
        return abs(figure - self.value) <= self.half * (1 + 1e-9) + 1e-9 * abs(self.value)


def in_words(number: int) -> str:
    """A whole number below a billion in English.

    Examples
    --------
    >>> [in_words(n) for n in (23, 205, 12_340)]
    ['twenty-three', 'two hundred and five', 'twelve thousand three hundred and forty']
    """
    for size, name in ((1_000_000, "million"), (1_000, "thousand")):
        if number >= size:
            rest = number % size
            joint = " and " if 0 < rest < 100 else " "
            return f"{in_words(number // size)} {name}" + (joint + in_words(rest) if rest else "")
    if number >= 100:
        return f"{_ONES[number // 100]} hundred" + (f" and {in_words(number % 100)}" if number % 100 else "")
    if number < 20:
        return _ONES[number]
    return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")


def count(value: float, rng: random.Random) -> Printed:
    """Print a count one of the ways people print counts."""
    ways = (
        ["plain", "commas", "words"]
        if value < 1_000
        else ["commas", "plain", "scaled", "scaled", "scaled", "long", "words"]
    )
    way = rng.choice(ways)
    whole = round(value)
    if way in ("plain", "commas") or whole == 0:
        return Printed(f"{whole:,}" if way == "commas" else str(whole), whole, 0.5, "plain")
    if way == "words" and value < 1_000:
        return (
            Printed(in_words(whole), whole, 0.5, "plain") if whole % 100 else Printed(str(whole), whole, 0.5, "plain")
        )
    scale, suffix, name = (1e6, "M", "million") if value >= 1e6 else (1e3, "k", "thousand")
    decimals = rng.choice([0, 1, 1, 2])
    if way == "words":
        number = round(value / scale)
        return Printed(f"{in_words(number)} {name}", number * scale, scale / 2, "plain")
    figure = round(value / scale, decimals)
    text = f"{figure:.{decimals}f}"
    tail = f" {name}" if way == "long" else suffix if rng.random() < 0.8 else suffix.upper()
    return Printed(text + tail, figure * scale, 0.5 * 10**-decimals * scale, "plain")


def share(value: float, rng: random.Random, fraction: bool = False) -> Printed:
    """Print a ratio as a percentage, in words where they fit, or as it is."""
    for part, words in _SHARES:
        if fraction and abs(value - part) <= 0.05 * part:
            return Printed(words, part, 0.05 * part, "part")
    size = 100 * abs(value)
    decimals = rng.choice([0, 0, 1]) if size >= 1 else 1
    figure = round(size, decimals)
    if decimals == 0 and 1 <= figure < 100 and rng.random() < 0.15:
        return Printed(f"{in_words(int(figure))} percent", figure, 0.5, "percent")
    sign = rng.choice(["%", " %", " percent", "%"])
    return Printed(f"{figure:.{decimals}f}{sign}", figure, 0.5 * 10**-decimals, "percent")


def score(value: float, rng: random.Random) -> Printed:
    """Print a score or a bare ratio with two or three decimals, signed by the caller."""
    decimals = rng.choice([2, 2, 3])
    return Printed(f"{abs(value):.{decimals}f}", round(abs(value), decimals), 0.5 * 10**-decimals, "plain")


def multiple(value: float, rng: random.Random) -> Printed:
    """Print a ratio of two figures as a multiple."""
    if 1.8 <= value <= 2.2 and rng.random() < 0.5:
        return Printed("twice", 2.0, 0.2, "times")
    decimals = rng.choice([0, 1, 1]) if value >= 2.5 else 1
    figure = round(value, decimals)
    words = in_words(int(figure)) if decimals == 0 and rng.random() < 0.5 else f"{figure:.{decimals}f}"
    tail = " times" if not words[0].isdigit() or rng.random() < 0.5 else "x"
    return Printed(words + tail, figure, 0.5 * 10**-decimals, "times")
