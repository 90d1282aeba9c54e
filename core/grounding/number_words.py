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
SPOKEN_SCALES = {"dozen": 12.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
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
class Spoken:
    """A number in words: what it says, from where to where it holds, what kind it is, the token after it."""

    value: float
    low: float
    high: float
    kind: str
    end: int


def spoken(pieces: Sequence[Token], place: int) -> Spoken | None:
    """The number in words that begins at a token, or None.

    Examples
    --------
    >>> from core.grounding.tokens import tokens
    >>> for text in ("twenty-three thousand", "two hundred and five", "two thirds", "twice", "one in five"):
    ...     said = spoken(tokens(text), 0)
    ...     print(said.value, said.kind)
    23000.0 plain
    205.0 plain
    0.6666666666666666 part
    2.0 times
    0.2 part
    """
    word = pieces[place].text
    if word in VAGUE:
        return _vague(pieces, place)
    if word in DIGITS_OF and _word(pieces, place + 1, "-") and _word(pieces, place + 2, "digit", "digits"):
        return Spoken(DIGITS_OF[word][0], *DIGITS_OF[word], "percent", place + 3)
    if word in ("double", "triple", "quadruple") and place and pieces[place - 1].text in _BEFORE_VERBS:
        return loose(MULTIPLES[word], "grown", place + 1)
    if word in MULTIPLES:
        return loose(MULTIPLES[word], "times", place + 1)
    if word in GROWN:
        if word == "halves" and _word(pieces, place + 1, "every", "within", "in", "after"):
            return None  # tells a half-life
        return loose(GROWN[word], "grown", place + 1)
    if word.endswith("fold") and word[:-4] in UNITS:
        return loose(float(UNITS[word[:-4]]), "grown", place + 1)
    if word in ("half", "quarter") or (word in ("a", "an", "one") and _word(pieces, place + 1, *PARTS)):
        return _part(pieces, place)
    if word in ("a", "an") and _word(pieces, place + 1, "hundred", *SPOKEN_SCALES):
        return _cardinal(pieces, place + 1, 1.0)
    if word == "a" and _word(pieces, place + 1, "couple") and _word(pieces, place + 2, "of", "dozen"):
        return _cardinal(pieces, place + 2, 2.0)
    return _share(pieces, place) or _cardinal(pieces, place, None) if word in UNITS or word in TENS else None


def loose(value: float, kind: str, end: int) -> Spoken:
    """A number said loosely, as twice is: a tenth to either side, for shares at most 0.05."""
    margin = LOOSE * value if value >= 1 or kind != "part" else min(LOOSE * value, 0.05)
    return Spoken(value, value - margin, value + margin, kind, end)


def _word(pieces: Sequence[Token], place: int, *wanted: str) -> bool:
    return place < len(pieces) and pieces[place].text in wanted


def _vague(pieces: Sequence[Token], place: int) -> Spoken | None:
    low, high = VAGUE[pieces[place].text]
    end = place + 1
    if _word(pieces, end, "of") and _word(pieces, end + 1, "thousands", "millions"):
        scale = VAGUE[pieces[end + 1].text][0]
        low, high, end = low * scale, high * scale, end + 2
    elif pieces[place].text == "tens" or not _word(pieces, end, "of", "more"):
        return None
    return Spoken(low, low, high, "plain", end)


def _part(pieces: Sequence[Token], place: int) -> Spoken | None:
    """Half, a third, a quarter of a million; not half-life, and not a third time."""
    at = place if pieces[place].text in ("half", "quarter") else place + 1
    value, end = 1 / PARTS[pieces[at].text], at + 1
    if _word(pieces, end, "-") or _word(pieces, end, "life", "lives", "time", "consecutive", "straight", "place"):
        return None
    scaled = end + 1 if _word(pieces, end, "of") else end
    if _word(pieces, scaled, "a", "an") and _word(pieces, scaled + 1, *SPOKEN_SCALES):
        return loose(value * SPOKEN_SCALES[pieces[scaled + 1].text], "plain", scaled + 2)
    return loose(value, "part", end)


def _share(pieces: Sequence[Token], place: int) -> Spoken | None:
    """One in five, nine out of ten, two thirds, three-quarters."""
    count = UNITS.get(pieces[place].text, 0)
    at = place + 1
    if _word(pieces, at, "-") and _word(pieces, at + 1, "in") and _word(pieces, at + 2, "-"):
        at += 3
    elif _word(pieces, at, "in") or (_word(pieces, at, "out") and _word(pieces, at + 1, "of")):
        at += 1 if pieces[at].text == "in" else 2
    if at > place + 1:
        whole = (UNITS | TENS).get(pieces[at].text, 0) if at < len(pieces) else 0
        timed = _word(pieces, at + 1, "hour", "hours", "day", "days", "week", "weeks")
        return loose(count / whole, "part", at + 1) if 0 < count < whole and not timed else None
    at += _word(pieces, at, "-")
    if (
        count
        and at < len(pieces)
        and (count > 1) == pieces[at].text.endswith("s")
        and pieces[at].text in PARTS
        and count < PARTS[pieces[at].text]
    ):
        return loose(count / PARTS[pieces[at].text], "part", at + 1)
    return None


def _cardinal(pieces: Sequence[Token], place: int, start: float | None) -> Spoken | None:
    """Read a whole number; its last scale word is its precision, so that twelve thousand is 11,500 to 12,500."""
    total, group, step, at = 0.0, start or 0.0, 1.0, place
    while at < len(pieces):
        word = pieces[at].text
        if word in TENS and (group % 100 == 0):
            group, step = group + TENS[word], 1.0
        elif word in UNITS and (group % 10 == 0) and (group % 100 >= 20 or group % 100 == 0):
            group, step = group + UNITS[word], 1.0
        elif word == "hundred" and 0 < group < 100:
            group, step = group * 100, 100.0
        elif word in SPOKEN_SCALES and group:
            total, group, step = total + group * SPOKEN_SCALES[word], 0.0, SPOKEN_SCALES[word]
            step = 1.0 if word == "dozen" else step
        elif not (word in ("and", "-") and _continues(pieces, at + 1, word, group or total)):
            break
        at += 1
    value = total + group
    margin = min(step / 2, LOOSE * value) if step == 100 else step / 2
    return _decimals(pieces, at, value, step) or Spoken(value, value - margin, value + margin, "plain", at)


def _continues(pieces: Sequence[Token], place: int, joint: str, group: float) -> bool:
    """Whether a number goes on behind "and" (two hundred and five) or a hyphen (twenty-three)."""
    if place >= len(pieces) or not (pieces[place].text in UNITS or pieces[place].text in TENS):
        return False
    return group % 100 == 0 and group > 0 if joint == "and" else group % 100 >= 20 and group % 10 == 0


def _decimals(pieces: Sequence[Token], place: int, value: float, step: float) -> Spoken | None:
    """What may follow: "point two million", "and a half times"."""
    if all(_word(pieces, place + offset, word) for offset, word in enumerate(("and", "a", "half"))):
        scale = step if step > 1 else 1.0
        at = place + 3
        if step == 1 and at < len(pieces) and pieces[at].text in SPOKEN_SCALES:
            scale, at = SPOKEN_SCALES[pieces[at].text], at + 1
        middle = (value if step > 1 else value * scale) + scale / 2
        return Spoken(middle, middle - scale / 4, middle + scale / 4, "plain", at)
    if not (_word(pieces, place, "point") and place + 1 < len(pieces) and pieces[place + 1].text in UNITS):
        return None
    at, unit = place + 1, 1.0
    while at < len(pieces) and UNITS.get(pieces[at].text, 10) < 10:
        unit /= 10
        value, at = value + UNITS[pieces[at].text] * unit, at + 1
    scale = SPOKEN_SCALES.get(pieces[at].text, 1.0) if at < len(pieces) else 1.0
    half = unit * scale / 2
    return Spoken(value * scale, value * scale - half, value * scale + half, "plain", at + (scale > 1))
