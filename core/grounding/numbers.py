"""Numbers in a text, in digits and in words: their value, precision and kind, and how a hedge widens them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.grounding.number_words import NUMBER_WORDS, ORDINALS, SCALES, TENS, UNITS, NumberValue, loose, number_in_words
from core.grounding.tokens import Token, tokenize, words

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
    """A number of a text.

    Parameters
    ----------
    start, end: its position in the text
    first, last: its first token, and the one after its last
    value: what it says, scaled (12k is 12,000; 35 % is 35; two days are 48)
    low, high: range of the figures that it may stand for
    kind: plain, percent, points (of percent), times (3x), grown (doubled), part (a third), hours, rank, top, percentile
    sign: -1 or 1 with a sign, else 0
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

    def matches(self, figure: float) -> bool:
        """Return whether a figure, rounded like this number, equals it."""
        return self.low - ROUNDING * max(1.0, self.high) <= figure <= self.high + ROUNDING * max(1.0, self.high)


def numbers(text: str) -> Iterator[Number]:
    """Yield the numbers of a text; digits inside a hashtag don't count.

    Examples
    --------
    >>> [(n.value, n.low, n.kind) for n in numbers("up 1.2M views, 35 % in 24 hours for #top10")]
    [(1200000.0, 1150000.0, 'plain'), (35.0, 34.5, 'percent'), (24.0, 23.5, 'hours')]
    """
    return parse_numbers(tokenize(text))


def parse_numbers(tokens: Sequence[Token]) -> Iterator[Number]:
    """Yield the numbers among tokens, in order."""
    place = 0
    while place < len(tokens):
        number = None
        token = tokens[place]
        if token.kind == "number":
            number = _in_digits(tokens, place)
        elif token.kind == "word" and (token.text in NUMBER_WORDS or token.text[0] == "p" or token.text[-1] == "d"):
            number = _in_words(tokens, place)
        if number is not None:
            yield hedged(number, tokens)
            place = number.last
        else:
            place += 1


def digits_value(printed: str) -> tuple[float, int]:
    """Return the value of digits with separators, and how many decimals they have.

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


def _in_digits(tokens: Sequence[Token], place: int) -> Number:
    token = tokens[place]
    printed = token.text.lstrip("+-–")
    value, decimals = digits_value(printed)
    half = 0.5 * 10.0**-decimals
    sign = 0 if printed == token.text else (1 if token.text[0] == "+" else -1)
    end = place + 1
    share = _digit_share(tokens, place, value)
    if share is not None:
        return _number(tokens, place, share, sign)
    while end < len(tokens) and tokens[end].text in SCALES and _near(tokens, end):
        value, half, end = value * SCALES[tokens[end].text], half * SCALES[tokens[end].text], end + 1
    return _number(tokens, place, NumberValue(value, value - half, value + half, "plain", end), sign)


def _near(tokens: Sequence[Token], place: int) -> bool:
    """Return whether a letter like k or m stands tight behind the digits; words may stand apart."""
    return len(tokens[place].text) > 1 or tokens[place].start == tokens[place - 1].end or tokens[place].text == "k"


def _digit_share(tokens: Sequence[Token], place: int, value: float) -> NumberValue | None:
    """Read 3 in 10, 4 out of 5, 1/3."""
    texts = [token.text for token in tokens[place + 1 : place + 5]]
    at = 2 if texts[:2] == ["out", "of"] else 1 if texts[:1] in (["in"], ["/"]) else 0
    if not at or len(texts) <= at or tokens[place + 1 + at].kind != "number":
        return None
    whole = digits_value(texts[at])[0]
    timed = len(texts) > at + 1 and (texts[at + 1] in DURATIONS or texts[at + 1] in SCALES or texts[at + 1] == "%")
    return None if timed or not 0 < value < whole <= 100 else loose(value / whole, "part", place + 2 + at)


def _in_words(tokens: Sequence[Token], place: int) -> Number | None:
    word = tokens[place].text
    if word not in NUMBER_WORDS and word[0] != "p" and not word.endswith("fold"):
        return None
    if word in ORDINALS:
        return _ordinal(tokens, place)
    if word[0] == "p" and word[1:].isdecimal() and len(word) <= 3:
        value = float(word[1:])
        return _number(tokens, place, NumberValue(value, value, value, "percentile", place + 1), 0)
    if word == "one" and not _counts(tokens, place + 1) and _prefix(tokens, place) == "plain":
        return None
    if word == "zero" and place and tokens[place - 1].text in ("above", "below", "over", "under", "near", "around"):
        return None
    if word in ("minus", "plus", "negative", "positive") and place + 1 < len(tokens):
        after = _in_digits(tokens, place + 1) if tokens[place + 1].kind == "number" else _plain_words(tokens, place + 1)
        sign = 1 if word in ("plus", "positive") else -1
        return None if after is None else replace(after, start=tokens[place].start, first=place, sign=sign)
    return _plain_words(tokens, place)


def _plain_words(tokens: Sequence[Token], place: int) -> Number | None:
    value = number_in_words(tokens, place) if tokens[place].kind == "word" else None
    return None if value is None else _number(tokens, place, value, 0)


def _counts(tokens: Sequence[Token], place: int) -> bool:
    """Return whether "one" is a number: one view, one in five, one hundred; but not "one of them" or "no one"."""
    follow = tokens[place].text if place < len(tokens) else ""
    beyond = tokens[place + 1].text if place + 1 < len(tokens) else ""
    if (follow, beyond) in (("-", "in"), ("and", "a")):
        return True
    if follow in ("in", "out"):
        return beyond == "of" or beyond in UNITS or beyond in TENS
    return follow in DURATIONS or follow in _COUNTED


def _ordinal(tokens: Sequence[Token], place: int) -> Number | None:
    """Read an ordinal that states a rank or counts repetitions: third place, ranked second, third time."""
    before = tokens[place - 1].text if place else ""
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    before = tokens[place - 2].text if before in ("the", "-") and place > 1 else before
    value = float(ORDINALS[tokens[place].text])
    if place and tokens[place - 1].kind == "tag" and after in ("", ".", ",", ";", "and"):
        return _number(tokens, place, NumberValue(value, value, value, "rank", place + 1), 0)
    moved = before in ("from", "to") and after in _BEHIND_MOVE
    counts = after in ("straight", "consecutive", "successive") or (after == "time" and value > 1)
    if not counts and not moved and after not in BEHIND_RANK:
        if before not in RANKED or (before in ("in", "at", "now") and after not in ("", ".", ",", "on", "of", "among")):
            return None
        if after in ("to", "hour", "day", "half", "quarter"):
            return None
    return _number(tokens, place, NumberValue(value, value, value, "count" if counts else "rank", place + 1), 0)


def _number(tokens: Sequence[Token], place: int, value: NumberValue, sign: int) -> Number:
    """Read what stands behind a number (percent, points, x, hours, th) and before it (no., top, rank)."""
    kind, factor, end = _suffix(tokens, place, value)
    return Number(
        start=tokens[place].start,
        end=tokens[end - 1].end,
        first=place,
        last=end,
        value=value.value * factor,
        low=value.low * factor,
        high=value.high * factor,
        kind=kind,
        sign=sign,
    )


def _suffix(tokens: Sequence[Token], place: int, value: NumberValue) -> tuple[str, float, int]:
    """Return the kind that the words behind a number give it, the factor of its value, and the token behind them."""
    end = value.end
    texts = [token.text for token in tokens[end : end + 3]] + ["", "", ""]
    hyphen = texts[0] == "-" and tokens[end].start == tokens[end - 1].end
    word, after = (texts[1], texts[2]) if hyphen else (texts[0], texts[1])
    next_end = end + 1 + hyphen
    tight = next_end <= len(tokens) and tokens[next_end - 1].start == tokens[next_end - 2].end
    if value.kind not in ("plain", "part"):
        return value.kind, 1.0, end
    if word in DURATIONS or (value.kind == "part" and word in ("a", "an") and after in DURATIONS):
        unit = word if word in DURATIONS else after
        if len(unit) > 1 or tight or unit == "h":
            return "hours", DURATIONS[unit], next_end + (word not in DURATIONS)
    if value.kind == "part":
        return value.kind, 1.0, end
    if word in PERCENT or (word == "per" and after == "cent"):
        end = next_end + (word == "per")
        follow = [token.text for token in tokens[end : end + 2]] + ["", ""]
        points = follow[0] in POINTS or (follow[0] == "-" and follow[1] in POINTS)
        return ("points", 1.0, end + 1 + (follow[0] == "-")) if points else ("percent", 1.0, end)
    if (word == "percentage" and after in POINTS) or (word == "basis" and after in POINTS):
        return "points", 1.0 if word == "percentage" else 0.01, next_end + 1
    if word in POINTS or word in ("pp", "ppt", "ppts", "bps"):
        return "points", 0.01 if word == "bps" else 1.0, next_end
    if (
        word in _PER_VIEW
        and after == "per"
        and _texts(tokens, end + 2, 2) in (["100", "views"], ["hundred", "views"], ["100", "plays"])
    ):
        return "percent", 1.0, end + 4
    if word in TIMES and (word != "x" or tight or not after.isalpha()):
        return "times", 1.0, next_end
    if word in _ORDINAL_ENDS and tight and after == "percentile":
        return "percentile", 1.0, next_end + 1
    if word in _ORDINAL_ENDS and tight:
        return "rank", 1.0, next_end
    return _prefix(tokens, place), 1.0, end


def _texts(tokens: Sequence[Token], place: int, count: int) -> list[str]:
    return [token.text for token in tokens[place : place + count]]


def _prefix(tokens: Sequence[Token], place: int) -> str:
    """Return the kind that the words before a number give it."""
    before = [token.text for token in tokens[max(0, place - 2) : place]]
    last = before[-1] if before else ""
    if last == "top" or before == ["top", "-"]:
        return "top"
    if last in ("#", "№", "number", "nr") or before in (["no", "."], ["nr", "."]) or last in RANK_WORDS:
        return "rank"
    return "plain"


def hedge(tokens: Sequence[Token], place: int) -> int | None:
    """Return the hedge before a number: 1 for over, -1 for under, 0 for about, None without one."""
    last = tokens[place - 1].text if place else ""
    if last == "a" and place > 1:
        place, last = place - 1, tokens[place - 2].text
    if place > 1 and (tokens[place - 2].text, last) in _PAIRS:
        return _PAIRS[tokens[place - 2].text, last]
    if last in OVER:
        return 1
    if last in UNDER:
        return -1
    return 0 if last in NEAR else None


def hedge_start(tokens: Sequence[Token], place: int) -> int:
    """Return the first token of the hedge before a number; the number's own first token without one."""
    if place > 1 and (tokens[place - 2].text, tokens[place - 1].text) in _PAIRS:
        return place - 2
    return place - 1 if place and tokens[place - 1].text in OVER | UNDER else place


def hedged(number: "Number", tokens: Sequence[Token]) -> "Number":
    """Return the number with the range that its hedge leaves.

    A hedged round figure is precise to its last digit other than 0.
    """
    direction = hedge(tokens, number.first)
    if direction is None and number.last < len(tokens) and tokens[number.last].text == "+":
        direction = 1
    if number.kind == "hours" and direction != 0:  # "over 24 hours" is a span
        return number
    if direction is None or number.kind in ("rank", "top", "count", "percentile"):
        return number
    if number.kind in ("part", "grown") or (number.kind == "times" and number.value - number.low < 0.5):
        low = (number.value * _WIDE_UNDER, number.low, number.value)[direction + 1]
        return replace(number, low=low, high=(number.value, number.high, number.value * _WIDE_OVER)[direction + 1])
    half = max(number.value - number.low, _round_to(number, tokens) / 2)
    if direction <= 0:
        half = max(number.value - number.low, min(half, _AT_MOST * number.value))
    if half <= 0.5 and number.value - number.low <= 0.5:  # precise to the last digit in spite of the hedge
        return number
    over = 2 * half
    if number.low < _LOOSELY * number.value and tokens[number.first].kind == "word":  # more than half a million
        over = max(over, (_WIDE_OVER - 1) * number.value)
    low = number.value - (2 * half, half, 0.0)[direction + 1]
    return replace(number, low=low, high=number.value + (0.0, half, over)[direction + 1])


def _round_to(number: "Number", tokens: Sequence[Token]) -> float:
    """Return the place value of the last digit other than 0, for whole numbers from 10 up."""
    step = 1.0
    if number.value < 10 or not number.value.is_integer() or "." in tokens[number.first].text:
        return 0.0
    while number.value % (step * 10) == 0:
        step *= 10
    return step if number.kind == "plain" or step > 1 else 0.0
