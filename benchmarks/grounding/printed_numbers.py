"""Numbers as texts print them: in digits, scaled, rounded and in words, each with what it says."""

import random
from dataclasses import dataclass


def words(text: str) -> list[str]:
    """Return the words of a text."""
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
class PrintedNumber:
    """A number as printed.

    Parameters
    ----------
    text: the printed number
    value: what it says
    half: half a unit of its last digit
    kind: plain, percent, points, part, times or hours
    """

    text: str
    value: float
    half: float
    kind: str

    def rounds_from(self, figure: float) -> bool:
        """Return whether a figure rounds to it."""
        return abs(figure - self.value) <= self.half * (1 + 1e-9) + 1e-9 * abs(self.value)


def in_words(number: int) -> str:
    """Return a whole number below a billion in English.

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


def count(value: float, rng: random.Random) -> PrintedNumber:
    """Print a count in one of the common forms."""
    forms = (
        ["plain", "commas", "words"]
        if value < 1_000
        else ["commas", "plain", "scaled", "scaled", "scaled", "long", "words"]
    )
    form = rng.choice(forms)
    whole = round(value)
    if form in ("plain", "commas") or whole == 0:
        return PrintedNumber(f"{whole:,}" if form == "commas" else str(whole), whole, 0.5, "plain")
    if form == "words" and value < 1_000:
        return (
            PrintedNumber(in_words(whole), whole, 0.5, "plain")
            if whole % 100
            else PrintedNumber(str(whole), whole, 0.5, "plain")
        )
    scale, suffix, name = (1e6, "M", "million") if value >= 1e6 else (1e3, "k", "thousand")
    decimals = rng.choice([0, 1, 1, 2])
    if form == "words":
        number = round(value / scale)
        return PrintedNumber(f"{in_words(number)} {name}", number * scale, scale / 2, "plain")
    figure = round(value / scale, decimals)
    text = f"{figure:.{decimals}f}"
    tail = f" {name}" if form == "long" else suffix if rng.random() < 0.8 else suffix.upper()
    return PrintedNumber(text + tail, figure * scale, 0.5 * 10**-decimals * scale, "plain")


def share(value: float, rng: random.Random, fraction: bool = False) -> PrintedNumber:
    """Print a ratio as a percentage, in words where they fit, or as it is."""
    for part, words in _SHARES:
        if fraction and abs(value - part) <= 0.05 * part:
            return PrintedNumber(words, part, 0.05 * part, "part")
    size = 100 * abs(value)
    decimals = rng.choice([0, 0, 1]) if size >= 1 else 1
    figure = round(size, decimals)
    if decimals == 0 and 1 <= figure < 100 and rng.random() < 0.15:
        return PrintedNumber(f"{in_words(int(figure))} percent", figure, 0.5, "percent")
    sign = rng.choice(["%", " %", " percent", "%"])
    return PrintedNumber(f"{figure:.{decimals}f}{sign}", figure, 0.5 * 10**-decimals, "percent")


def score(value: float, rng: random.Random) -> PrintedNumber:
    """Print a score or a bare ratio with two or three decimals; the caller adds the sign."""
    decimals = rng.choice([2, 2, 3])
    return PrintedNumber(f"{abs(value):.{decimals}f}", round(abs(value), decimals), 0.5 * 10**-decimals, "plain")


def multiple(value: float, rng: random.Random) -> PrintedNumber:
    """Print a ratio of two figures as a multiple."""
    if 1.8 <= value <= 2.2 and rng.random() < 0.5:
        return PrintedNumber("twice", 2.0, 0.2, "times")
    decimals = rng.choice([0, 1, 1]) if value >= 2.5 else 1
    figure = round(value, decimals)
    words = in_words(int(figure)) if decimals == 0 and rng.random() < 0.5 else f"{figure:.{decimals}f}"
    tail = " times" if not words[0].isdigit() or rng.random() < 0.5 else "x"
    return PrintedNumber(words + tail, figure, 0.5 * 10**-decimals, "times")
