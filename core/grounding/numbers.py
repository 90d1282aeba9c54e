"""Numbers in a text, in digits and in words: what they say, how precisely, and of what kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.grounding.number_words import NUMBER_WORDS, ORDINALS, SCALES, TENS, UNITS, Spoken, loose, spoken
from core.grounding.tokens import Token, tokens, words

HOURS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "fortnight": 336.0, "month": 720.0, "year": 8760.0}
DURATIONS = HOURS | {f"{word}s": value for word, value in HOURS.items()}
DURATIONS |= {"h": 1.0, "hr": 1.0, "hrs": 1.0, "min": 1 / 60, "mins": 1 / 60, "d": 24.0, "w": 168.0, "wk": 168.0}
PERCENT = frozenset({"%", "percent", "pct", "percents"})
POINTS = frozenset({"point", "points", "pts", "pt"})
TIMES = frozenset({"x", "×", "times", "fold"})
RANK_WORDS = frozenset({*words("rank ranks ranked ranking position place places placed spot slot")})
RANKED = RANK_WORDS | {"in", "sits", "stands", "comes", "came", "now", "at", "finished"}
BEHIND_RANK = frozenset({"place", "rank", "spot", "position", "overall", "ranked", "slot"})
_BEHIND_MOVE = frozenset({"", ".", ",", ";", "to", "the", "yesterday"})  # up from seventh the day before
_PER_VIEW = frozenset({"likes", "comments", "shares", "saves", "interactions"})
_COUNTED = frozenset(
    words(
        "view views creator creators video videos post posts sound sounds like likes comment comments save saves "
        "single new unique percent point percentage hundred thousand million billion third quarter fifth half - %"
    )
)
_ORDINAL_ENDS = frozenset({"st", "nd", "rd", "th"})
ROUNDING = 1e-9
NEAR = frozenset(words("about around roughly approximately approx circa ca ~ ≈ some close near"))
OVER = frozenset(["over", "above", "exceeding", "topping", "past", ">", "≥", "beyond"])
UNDER = frozenset(["under", "below", "nearly", "almost", "<", "≤"])
HEDGES = NEAR | OVER | UNDER | {*words("just at least most more less fewer than up to")}
_PAIRS = {
    ("more", "than"): 1,
    ("greater", "than"): 1,
    ("at", "least"): 1,
    ("upwards", "of"): 1,
    ("north", "of"): 1,
    ("less", "than"): -1,
    ("fewer", "than"): -1,
    ("at", "most"): -1,
    ("close", "to"): 0,
    ("shy", "of"): -1,
}
_AT_MOST = 0.1
_WIDE_OVER, _WIDE_UNDER, _LOOSELY = 1.5, 0.75, 0.91


@dataclass(frozen=True, slots=True)
class Number:
    """A number as told.

    Parameters
    ----------
    start, end: where it stands in the text
    first, last: its first token, and the one after its last
    value: what it says, scaled (12k is 12,000; 35 % is 35; two days are 48)
    low, high: from where to where a figure may lie to be told so
    kind: plain, percent, points (of percent), times (3x), grown (doubled), part (a third), hours, rank, top, percentile
    sign: -1 or 1 where a sign is told, else 0
    """

    start: int
    end: int
    first: int
    last: int
    value: float
    low: float
    high: float
    kind: str
    sign: int = 0

    def holds(self, figure: float) -> bool:
        """Whether a figure, rounded as told, is this number."""
        return self.low - ROUNDING * max(1.0, self.high) <= figure <= self.high + ROUNDING * max(1.0, self.high)


def numbers(text: str) -> Iterator[Number]:
    """Yield the numbers of a text; digits inside a hashtag are none.

    Examples
    --------
    >>> [(n.value, n.low, n.kind) for n in numbers("up 1.2M views, 35 % in 24 hours for #top10")]
    [(1200000.0, 1150000.0, 'plain'), (35.0, 34.5, 'percent'), (24.0, 23.5, 'hours')]
    """
    return read_numbers(tokens(text))


def read_numbers(pieces: Sequence[Token]) -> Iterator[Number]:
    """Yield the numbers among tokens, in their order."""
    place = 0
    while place < len(pieces):
        found = None
        token = pieces[place]
        if token.kind == "number":
            found = _in_digits(pieces, place)
        elif token.kind == "word" and (token.text in NUMBER_WORDS or token.text[0] == "p" or token.text[-1] == "d"):
            found = _in_words(pieces, place)
        if found is not None:
            yield hedged(found, pieces)
            place = found.last
        else:
            place += 1


def digits_value(printed: str) -> tuple[float, int]:
    """The value of digits with separators, and how many decimals they have.

    Examples
    --------
    >>> [digits_value(text) for text in ("12,340", "12.34", "1.234.567", "0,35", "1.234,5", "12 340")]
    [(12340.0, 0), (12.34, 2), (1234567.0, 0), (0.35, 2), (1234.5, 1), (12340.0, 0)]
    """
    plain = printed
    for gap in (" ", "\u00a0", "\u2009", "\u202f", "'"):
        plain = plain.replace(gap, "")
    commas, dots = plain.count(","), plain.count(".")
    groups = plain.replace(",", ".").split(".")
    grouped = all(len(group) == 3 for group in groups[1:]) and 0 < len(groups[0]) <= 3
    if commas and dots:
        decimal = max(plain.rfind(","), plain.rfind("."))
    elif commas + dots > 1 or (commas == 1 and grouped):
        decimal = -1
    else:
        decimal = max(plain.find(","), plain.find("."))
    whole, part = (plain, "") if decimal < 0 else (plain[:decimal], plain[decimal + 1 :])
    whole = whole.replace(",", "").replace(".", "")
    return float(f"{whole}.{part or 0}"), len(part)


def _in_digits(pieces: Sequence[Token], place: int) -> Number:
    token = pieces[place]
    printed = token.text.lstrip("+-–")
    value, decimals = digits_value(printed)
    half = 0.5 * 10.0**-decimals
    sign = 0 if printed == token.text else (1 if token.text[0] == "+" else -1)
    end = place + 1
    share = _digit_share(pieces, place, value)
    if share is not None:
        return _number(pieces, place, share, sign)
    while end < len(pieces) and pieces[end].text in SCALES and _near(pieces, end):
        value, half, end = value * SCALES[pieces[end].text], half * SCALES[pieces[end].text], end + 1
    return _number(pieces, place, Spoken(value, value - half, value + half, "plain", end), sign)


def _near(pieces: Sequence[Token], place: int) -> bool:
    """Whether a letter like k or m stands tight behind the digits; words may stand apart."""
    return len(pieces[place].text) > 1 or pieces[place].start == pieces[place - 1].end or pieces[place].text == "k"


def _digit_share(pieces: Sequence[Token], place: int, value: float) -> Spoken | None:
    """3 in 10, 4 out of 5, 1/3."""
    texts = [token.text for token in pieces[place + 1 : place + 5]]
    at = 2 if texts[:2] == ["out", "of"] else 1 if texts[:1] in (["in"], ["/"]) else 0
    if not at or len(texts) <= at or pieces[place + 1 + at].kind != "number":
        return None
    whole = digits_value(texts[at])[0]
    timed = len(texts) > at + 1 and (texts[at + 1] in DURATIONS or texts[at + 1] in SCALES or texts[at + 1] == "%")
    return None if timed or not 0 < value < whole <= 100 else loose(value / whole, "part", place + 2 + at)


def _in_words(pieces: Sequence[Token], place: int) -> Number | None:
    word = pieces[place].text
    if word not in NUMBER_WORDS and word[0] != "p" and not word.endswith("fold"):
        return None
    if word in ORDINALS:
        return _ordinal(pieces, place)
    if word[0] == "p" and word[1:].isdigit() and len(word) <= 3:
        value = float(word[1:])
        return _number(pieces, place, Spoken(value, value, value, "percentile", place + 1), 0)
    if word == "one" and not _counts(pieces, place + 1) and _prefix(pieces, place) == "plain":
        return None
    if word == "zero" and place and pieces[place - 1].text in ("above", "below", "over", "under", "near", "around"):
        return None
    if word in ("minus", "plus", "negative", "positive") and place + 1 < len(pieces):
        after = _in_digits(pieces, place + 1) if pieces[place + 1].kind == "number" else _plain_words(pieces, place + 1)
        sign = 1 if word in ("plus", "positive") else -1
        return None if after is None else replace(after, start=pieces[place].start, first=place, sign=sign)
    return _plain_words(pieces, place)


def _plain_words(pieces: Sequence[Token], place: int) -> Number | None:
    found = spoken(pieces, place) if pieces[place].kind == "word" else None
    return None if found is None else _number(pieces, place, found, 0)


def _counts(pieces: Sequence[Token], place: int) -> bool:
    """Whether "one" is a number here: one view, one in five, one hundred; not "one of them" or "no one"."""
    follow = pieces[place].text if place < len(pieces) else ""
    beyond = pieces[place + 1].text if place + 1 < len(pieces) else ""
    if (follow, beyond) in (("-", "in"), ("and", "a")):
        return True
    if follow in ("in", "out"):
        return beyond == "of" or beyond in UNITS or beyond in TENS
    return follow in DURATIONS or follow in _COUNTED


def _ordinal(pieces: Sequence[Token], place: int) -> Number | None:
    """An ordinal is a number where it tells a rank or counts repetitions: third place, ranked second, third time."""
    before = pieces[place - 1].text if place else ""
    after = pieces[place + 1].text if place + 1 < len(pieces) else ""
    before = pieces[place - 2].text if before in ("the", "-") and place > 1 else before
    value = float(ORDINALS[pieces[place].text])
    if place and pieces[place - 1].kind == "tag" and after in ("", ".", ",", ";", "and"):
        return _number(pieces, place, Spoken(value, value, value, "rank", place + 1), 0)
    moved = before in ("from", "to") and after in _BEHIND_MOVE
    counts = after in ("straight", "consecutive", "successive") or (after == "time" and value > 1)
    if not counts and not moved and after not in BEHIND_RANK:
        if before not in RANKED or (before in ("in", "at", "now") and after not in ("", ".", ",", "on", "of", "among")):
            return None
        if after in ("to", "hour", "day", "half", "quarter"):
            return None
    return _number(pieces, place, Spoken(value, value, value, "count" if counts else "rank", place + 1), 0)


def _number(pieces: Sequence[Token], place: int, said: Spoken, sign: int) -> Number:
    """Read what stands behind the figure (percent, points, x, hours, th) and before it (no., top, rank)."""
    kind, factor, end = _suffix(pieces, place, said)
    return Number(
        start=pieces[place].start,
        end=pieces[end - 1].end,
        first=place,
        last=end,
        value=said.value * factor,
        low=said.low * factor,
        high=said.high * factor,
        kind=kind,
        sign=sign,
    )


def _suffix(pieces: Sequence[Token], place: int, said: Spoken) -> tuple[str, float, int]:
    end = said.end
    texts = [token.text for token in pieces[end : end + 3]] + ["", "", ""]
    hyphen = texts[0] == "-" and pieces[end].start == pieces[end - 1].end
    word, after = (texts[1], texts[2]) if hyphen else (texts[0], texts[1])
    next_end = end + 1 + hyphen
    tight = next_end <= len(pieces) and pieces[next_end - 1].start == pieces[next_end - 2].end
    if said.kind not in ("plain", "part"):
        return said.kind, 1.0, end
    if word in DURATIONS or (said.kind == "part" and word in ("a", "an") and after in DURATIONS):
        unit = word if word in DURATIONS else after
        if len(unit) > 1 or tight or unit == "h":
            return "hours", DURATIONS[unit], next_end + (word not in DURATIONS)
    if said.kind == "part":
        return said.kind, 1.0, end
    if word in PERCENT or (word == "per" and after == "cent"):
        end = next_end + (word == "per")
        follow = [token.text for token in pieces[end : end + 2]] + ["", ""]
        points = follow[0] in POINTS or (follow[0] == "-" and follow[1] in POINTS)
        return ("points", 1.0, end + 1 + (follow[0] == "-")) if points else ("percent", 1.0, end)
    if (word == "percentage" and after in POINTS) or (word == "basis" and after in POINTS):
        return "points", 1.0 if word == "percentage" else 0.01, next_end + 1
    if word in POINTS or word in ("pp", "ppt", "ppts", "bps"):
        return "points", 0.01 if word == "bps" else 1.0, next_end
    if (
        word in _PER_VIEW
        and after == "per"
        and _texts(pieces, end + 2, 2) in (["100", "views"], ["hundred", "views"], ["100", "plays"])
    ):
        return "percent", 1.0, end + 4
    if word in TIMES and (word != "x" or tight or not after.isalpha()):
        return "times", 1.0, next_end
    if word in _ORDINAL_ENDS and tight and after == "percentile":
        return "percentile", 1.0, next_end + 1
    if word in _ORDINAL_ENDS and tight:
        return "rank", 1.0, next_end
    return _prefix(pieces, place), 1.0, end


def _texts(pieces: Sequence[Token], place: int, count: int) -> list[str]:
    return [token.text for token in pieces[place : place + count]]


def _prefix(pieces: Sequence[Token], place: int) -> str:
    before = [token.text for token in pieces[max(0, place - 2) : place]]
    last = before[-1] if before else ""
    if last == "top" or before == ["top", "-"]:
        return "top"
    if last in ("#", "№", "number", "nr") or before in (["no", "."], ["nr", "."]) or last in RANK_WORDS:
        return "rank"
    return "plain"


def hedge(pieces: Sequence[Token], place: int) -> int | None:
    """What stands before a number: 1 for over, -1 for under, 0 for about, None for nothing of the kind."""
    last = pieces[place - 1].text if place else ""
    if last == "a" and place > 1:
        place, last = place - 1, pieces[place - 2].text
    if place > 1 and (pieces[place - 2].text, last) in _PAIRS:
        return _PAIRS[pieces[place - 2].text, last]
    if last in OVER:
        return 1
    if last in UNDER:
        return -1
    return 0 if last in NEAR else None


def hedge_start(pieces: Sequence[Token], place: int) -> int:
    """The first token of the hedge that stands before a number, its own first token where none does."""
    if place > 1 and (pieces[place - 2].text, pieces[place - 1].text) in _PAIRS:
        return place - 2
    return place - 1 if place and pieces[place - 1].text in OVER | UNDER else place


def hedged(number: "Number", pieces: Sequence[Token]) -> "Number":
    """The number with the range its hedge leaves; a round figure with a hedge is precise to its last digit but 0."""
    way = hedge(pieces, number.first)
    if way is None and number.last < len(pieces) and pieces[number.last].text == "+":
        way = 1
    if number.kind == "hours" and way != 0:  # "over 24 hours" is a span
        return number
    if way is None or number.kind in ("rank", "top", "count", "percentile"):
        return number
    if number.kind in ("part", "grown") or (number.kind == "times" and number.value - number.low < 0.5):
        low = (number.value * _WIDE_UNDER, number.low, number.value)[way + 1]
        return replace(number, low=low, high=(number.value, number.high, number.value * _WIDE_OVER)[way + 1])
    half = max(number.value - number.low, _round_to(number, pieces) / 2)
    if way <= 0:
        half = max(number.value - number.low, min(half, _AT_MOST * number.value))
    if half <= 0.5 and number.value - number.low <= 0.5:  # told to the last digit: a hedge takes nothing back
        return number
    over = 2 * half
    if number.low < _LOOSELY * number.value and pieces[number.first].kind == "word":  # more than half a million
        over = max(over, (_WIDE_OVER - 1) * number.value)
    low = number.value - (2 * half, half, 0.0)[way + 1]
    return replace(number, low=low, high=number.value + (0.0, half, over)[way + 1])


def _round_to(number: "Number", pieces: Sequence[Token]) -> float:
    """The place of the last digit that is not 0, of whole figures from 10 up."""
    step = 1.0
    if number.value < 10 or number.value != int(number.value) or "." in pieces[number.first].text:
        return 0.0
    while number.value % (step * 10) == 0:
        step *= 10
    return step if number.kind == "plain" or step > 1 else 0.0
