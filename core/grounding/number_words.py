"""Numbers written in words: twenty-three thousand, two hundred and five, half, a third, twice, a dozen."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.grounding.tokens import Token

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
UNITS = {word: value for value, word in enumerate(_ONES.split())}
TENS = {
    word: 10 * value
    for value, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
SCALES = {
    "k": 1e3,
    "m": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "mn": 1e6,
    "mln": 1e6,
    "mio": 1e6,
    "mil": 1e6,
    "grand": 1e3,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
}
WORD_SCALES = {"dozen": 12.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINALS = {word: value for value, word in enumerate(_ORDINAL_WORDS.split(), 1)}
PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
PARTS |= {word: value for word, value in ORDINALS.items() if 3 <= value <= 10}
PARTS |= {f"{word}s": value for word, value in ORDINALS.items() if 3 <= value <= 10}
MULTIPLES = {"twice": 2.0, "thrice": 3.0, "double": 2.0, "triple": 3.0, "treble": 3.0, "quadruple": 4.0}
GROWN = {
    "doubled": 2.0,
    "doubling": 2.0,
    "doubles": 2.0,
    "tripled": 3.0,
    "tripling": 3.0,
    "triples": 3.0,
    "trebled": 3.0,
    "quadrupled": 4.0,
    "quadrupling": 4.0,
    "quintupled": 5.0,
    "halved": 0.5,
    "halving": 0.5,
    "halves": 0.5,
}
# Magnitudes without a figure, as the range they leave open.
VAGUE = {"dozens": (24.0, 200.0), "hundreds": (100.0, 1e3), "thousands": (1e3, 1e6), "millions": (1e6, 1e9)}
VAGUE |= {"billions": (1e9, 1e12), "tens": (20.0, 100.0)}
DIGITS_OF = {"single": (1.0, 9.999), "double": (10.0, 99.999), "triple": (100.0, 999.999)}
NUMBER_WORDS = frozenset({"a", "an", "minus", "plus", "negative", "positive", *UNITS, *TENS, *ORDINALS, *PARTS})
NUMBER_WORDS |= {*MULTIPLES, *GROWN, *VAGUE, *DIGITS_OF, "dozen", "hundred"}
_BEFORE_VERBS = frozenset({"to", "will", "may", "might", "could", "would", "should", "can"})
LOOSE = 0.1  # "twice" is 1.8 to 2.2, so a third is 0.30 to 0.37


@dataclass(frozen=True, slots=True)
class NumberValue:
    """What a number says.

    Parameters
    ----------
    value: the number itself
    low, high: range of the figures that it may stand for
    kind: as in `Number`
    end: the token behind it
    """

    value: float
    low: float
    high: float
    kind: str
    end: int


def number_in_words(tokens: Sequence[Token], place: int) -> NumberValue | None:
    """Return the number in words that begins at a token, or None.

    Examples
    --------
    >>> from core.grounding.tokens import tokenize
    >>> for text in ("twenty-three thousand", "two hundred and five", "two thirds", "twice", "one in five"):
    ...     number = number_in_words(tokenize(text), 0)
    ...     print(number.value, number.kind)
    23000.0 plain
    205.0 plain
    0.6666666666666666 part
    2.0 times
    0.2 part
    """
    word = tokens[place].text
    if word in VAGUE:
        return _vague(tokens, place)
    if word in DIGITS_OF and _word(tokens, place + 1, "-") and _word(tokens, place + 2, "digit", "digits"):
        return NumberValue(DIGITS_OF[word][0], *DIGITS_OF[word], "percent", place + 3)
    if word in ("double", "triple", "quadruple") and place and tokens[place - 1].text in _BEFORE_VERBS:
        return loose(MULTIPLES[word], "grown", place + 1)
    if word in MULTIPLES:
        return loose(MULTIPLES[word], "times", place + 1)
    if word in GROWN:
        if word == "halves" and _word(tokens, place + 1, "every", "within", "in", "after"):
            return None  # a half-life
        return loose(GROWN[word], "grown", place + 1)
    if word.endswith("fold") and word[:-4] in UNITS:
        return loose(float(UNITS[word[:-4]]), "grown", place + 1)
    if word in ("half", "quarter") or (word in ("a", "an", "one") and _word(tokens, place + 1, *PARTS)):
        return _part(tokens, place)
    if word in ("a", "an") and _word(tokens, place + 1, "hundred", *WORD_SCALES):
        return _cardinal(tokens, place + 1, 1.0)
    if word == "a" and _word(tokens, place + 1, "couple") and _word(tokens, place + 2, "of", "dozen"):
        return _cardinal(tokens, place + 2, 2.0)
    return _share(tokens, place) or _cardinal(tokens, place, None) if word in UNITS or word in TENS else None


def loose(value: float, kind: str, end: int) -> NumberValue:
    """Return a loose number, such as twice: it stands for a tenth to either side, for shares at most 0.05."""
    margin = LOOSE * value if value >= 1 or kind != "part" else min(LOOSE * value, 0.05)
    return NumberValue(value, value - margin, value + margin, kind, end)


def _word(tokens: Sequence[Token], place: int, *wanted: str) -> bool:
    return place < len(tokens) and tokens[place].text in wanted


def _vague(tokens: Sequence[Token], place: int) -> NumberValue | None:
    """Read a magnitude without a figure: dozens of, tens of thousands."""
    low, high = VAGUE[tokens[place].text]
    end = place + 1
    if _word(tokens, end, "of") and _word(tokens, end + 1, "thousands", "millions"):
        scale = VAGUE[tokens[end + 1].text][0]
        low, high, end = low * scale, high * scale, end + 2
    elif tokens[place].text == "tens" or not _word(tokens, end, "of", "more"):
        return None
    return NumberValue(low, low, high, "plain", end)


def _part(tokens: Sequence[Token], place: int) -> NumberValue | None:
    """Read half, a third, a quarter of a million; but not half-life, nor a third time."""
    at = place if tokens[place].text in ("half", "quarter") else place + 1
    value, end = 1 / PARTS[tokens[at].text], at + 1
    if _word(tokens, end, "-") or _word(tokens, end, "life", "lives", "time", "consecutive", "straight", "place"):
        return None
    scaled = end + 1 if _word(tokens, end, "of") else end
    if _word(tokens, scaled, "a", "an") and _word(tokens, scaled + 1, *WORD_SCALES):
        return loose(value * WORD_SCALES[tokens[scaled + 1].text], "plain", scaled + 2)
    return loose(value, "part", end)


def _share(tokens: Sequence[Token], place: int) -> NumberValue | None:
    """Read one in five, nine out of ten, two thirds, three-quarters."""
    count = UNITS.get(tokens[place].text, 0)
    at = place + 1
    if _word(tokens, at, "-") and _word(tokens, at + 1, "in") and _word(tokens, at + 2, "-"):
        at += 3
    elif _word(tokens, at, "in") or (_word(tokens, at, "out") and _word(tokens, at + 1, "of")):
        at += 1 if tokens[at].text == "in" else 2
    if at > place + 1:
        whole = (UNITS | TENS).get(tokens[at].text, 0) if at < len(tokens) else 0
        timed = _word(tokens, at + 1, "hour", "hours", "day", "days", "week", "weeks")
        return loose(count / whole, "part", at + 1) if 0 < count < whole and not timed else None
    at += _word(tokens, at, "-")
    if (
        count
        and at < len(tokens)
        and (count > 1) == tokens[at].text.endswith("s")
        and tokens[at].text in PARTS
        and count < PARTS[tokens[at].text]
    ):
        return loose(count / PARTS[tokens[at].text], "part", at + 1)
    return None


def _cardinal(tokens: Sequence[Token], place: int, start: float | None) -> NumberValue | None:
    """Read a whole number; its last scale word is its precision, so twelve thousand is 11,500 to 12,500."""
    total, group, step, at = 0.0, start or 0.0, 1.0, place
    while at < len(tokens):
        word = tokens[at].text
        if word in TENS and (group % 100 == 0):
            group, step = group + TENS[word], 1.0
        elif word in UNITS and (group % 10 == 0) and (group % 100 >= 20 or group % 100 == 0):
            group, step = group + UNITS[word], 1.0
        elif word == "hundred" and 0 < group < 100:
            group, step = group * 100, 100.0
        elif word in WORD_SCALES and group:
            total, group, step = total + group * WORD_SCALES[word], 0.0, WORD_SCALES[word]
            step = 1.0 if word == "dozen" else step
        elif not (word in ("and", "-") and _continues(tokens, at + 1, word, group or total)):
            break
        at += 1
    value = total + group
    margin = min(step / 2, LOOSE * value) if step == 100 else step / 2
    return _decimals(tokens, at, value, step) or NumberValue(value, value - margin, value + margin, "plain", at)


def _continues(tokens: Sequence[Token], place: int, joint: str, group: float) -> bool:
    """Return whether a number continues behind "and" (two hundred and five) or a hyphen (twenty-three)."""
    if place >= len(tokens) or not (tokens[place].text in UNITS or tokens[place].text in TENS):
        return False
    return group % 100 == 0 and group > 0 if joint == "and" else group % 100 >= 20 and group % 10 == 0


def _decimals(tokens: Sequence[Token], place: int, value: float, step: float) -> NumberValue | None:
    """Read the rest of "two point two million" or "two and a half times"; None without any."""
    if all(_word(tokens, place + offset, word) for offset, word in enumerate(("and", "a", "half"))):
        scale = step if step > 1 else 1.0
        at = place + 3
        if step == 1 and at < len(tokens) and tokens[at].text in WORD_SCALES:
            scale, at = WORD_SCALES[tokens[at].text], at + 1
        middle = (value if step > 1 else value * scale) + scale / 2
        return NumberValue(middle, middle - scale / 4, middle + scale / 4, "plain", at)
    if not (_word(tokens, place, "point") and place + 1 < len(tokens) and tokens[place + 1].text in UNITS):
        return None
    at, unit = place + 1, 1.0
    while at < len(tokens) and UNITS.get(tokens[at].text, 10) < 10:
        unit /= 10
        value, at = value + UNITS[tokens[at].text] * unit, at + 1
    scale = WORD_SCALES.get(tokens[at].text, 1.0) if at < len(tokens) else 1.0
    half = unit * scale / 2
    return NumberValue(value * scale, value * scale - half, value * scale + half, "plain", at + (scale > 1))
