"""Time spans in a text: in the last hour, over six hours, since yesterday, hourly; each as a length in hours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.grounding.numbers import HOURS, Number
from core.grounding.tokens import Phrases, Token, words

BACK, EITHER, AHEAD = -1, 0, 1
_BACKWARD = frozenset(words("last past previous prior preceding trailing latest recent final"))
_EARLIER, _LATEST = frozenset(["previous", "prior", "preceding"]), frozenset(["last", "past", "latest"])
_FORWARD = frozenset(["next", "coming", "following", "upcoming"])
_NOW = frozenset(["this", "current"])
_EACH = frozenset(["a", "an", "per", "each", "every", "/", "one"])
_BEHIND_BACK = frozenset(["before", "earlier", "prior", "ago", "previously", "back"])
_BEHIND_AHEAD = frozenset(["ahead", "later", "out"])
_SPAN_NOUNS = frozenset(
    words(
        "window windows period span stretch interval change delta total totals gain gains growth increase view views "
        "trend basis timeframe horizon lookback mark figures numbers average"
    )
)
_PREPOSITIONS = frozenset(
    words("over during in across for through throughout since within inside of / ( @ per on from")
)
_PLURAL_REACH = 14
FIXED = Phrases(
    {
        "hourly": (1.0, 1.0),
        "daily": (24.0, 24.0),
        "weekly": (168.0, 168.0),
        "monthly": (672.0, 744.0),
        "today": (24.0, 24.0),
        "yesterday": (24.0, 24.0),
        "overnight": (6.0, 12.0),
        "tonight": (3.0, 12.0),
        "this morning": (3.0, 12.0),
        "this afternoon": (3.0, 12.0),
        "this evening": (3.0, 12.0),
        "last night": (6.0, 12.0),
        "this weekend": (48.0, 72.0),
        "the weekend": (48.0, 72.0),
        "h/h": (1.0, 1.0),
        "d/d": (24.0, 24.0),
        "w/w": (168.0, 168.0),
        "dod": (24.0, 24.0),
        "wow": (168.0, 168.0),
        "hoh": (1.0, 1.0),
        "all day": (24.0, 24.0),
        "all week": (168.0, 168.0),
        "day to day": (24.0, 24.0),
        "half hour": (0.5, 0.5),
    }
)
_SINGULAR = dict(HOURS)
_PLURAL = {f"{word}s": value for word, value in HOURS.items()}


@dataclass(frozen=True, slots=True)
class Span:
    """A time span of a text.

    Parameters
    ----------
    first, last: its first token, and the one after its last
    low, high: range of its length, hours
    direction: back, ahead or either
    earlier: whether it is the one before the last (the hour before)
    latest: whether it is called the last (the past hour)
    """

    first: int
    last: int
    low: float
    high: float
    direction: int
    earlier: bool = False
    latest: bool = False

    def covers(self, hours: float) -> bool:
        """Return whether a window of so many hours may be stated with it."""
        return self.low - 1e-6 <= hours <= self.high + 1e-6


def spans(tokens: Sequence[Token], numbers: Sequence[Number]) -> Iterator[Span]:
    """Yield the time spans of a text.

    Examples
    --------
    >>> from core.grounding.tokens import tokenize
    >>> [(span.low, span.high) for span in spans(tokenize("since yesterday, in the last hour, the week before"), [])]
    [(24.0, 24.0), (1.0, 1.0), (168.0, 168.0)]
    """
    taken = [False] * len(tokens)
    for number in numbers:
        for place in range(number.first, number.last):
            taken[place] = True
        if number.kind == "hours":
            yield _span_of_number(tokens, number)
    for first, last, (low, high) in FIXED.find(tokens):
        if not taken[first]:
            taken[first:last] = [True] * (last - first)
            yield Span(first, last, low, high, BACK)
    for place, token in enumerate(tokens):
        if not taken[place] and token.kind == "word":
            hours = _SINGULAR.get(token.text) or _PLURAL.get(token.text)
            span = None if hours is None else _span_without_number(tokens, place, hours)
            if span is not None:
                yield span


def _text(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].text if 0 <= place < len(tokens) else ""


def _span_of_number(tokens: Sequence[Token], number: Number) -> Span:
    """Return a number of hours as a time span."""
    before = _text(tokens, number.first - 1)
    before = _text(tokens, number.first - 2) if before in ("-", "the") else before
    behind = _text(tokens, number.last)
    direction = EITHER
    if before in _BACKWARD or behind in _BEHIND_BACK:
        direction = BACK
    elif before in _FORWARD or (behind in _BEHIND_AHEAD and before not in _PREPOSITIONS):
        direction = AHEAD
    earlier = behind in _BEHIND_BACK or before in _EARLIER
    return Span(number.first, number.last, number.value, number.value, direction, earlier, before in _LATEST)


def is_span(tokens: Sequence[Token], number: Number) -> bool:
    """Return whether a number of hours can only be the length of a window, and no figure of its own."""
    before = _text(tokens, number.first - 1)
    before = _text(tokens, number.first - 2) if before == "the" else before
    if before in ("within", "over", "during"):
        return True
    return before in _BACKWARD or before in _FORWARD or _text(tokens, number.last) in _SPAN_NOUNS | _BEHIND_BACK


def _span_without_number(tokens: Sequence[Token], place: int, hours: float) -> Span | None:
    """Return a time span without a number: the last hour, this week, an hour, the day before, hour over hour."""
    before, behind = _text(tokens, place - 1), _text(tokens, place + 1)
    plural = tokens[place].text in _PLURAL
    low, high = (1.0 if hours == 1 else hours, hours * _PLURAL_REACH) if plural else (hours, hours)
    if before == "-" and _text(tokens, place - 2) in ("over", "on", "to"):
        before = _text(tokens, place - 2)
    if before in ("over", "on") and tokens[place].text in (_text(tokens, place - 2), _text(tokens, place - 4)):
        return Span(place, place + 1, low, high, BACK, True)
    if before in _FORWARD:
        return Span(place - 1, place + 1, low, high, BACK if before == "following" else AHEAD)
    if before in _BACKWARD or (before in _NOW and not plural):
        return Span(place - 1, place + 1, low, high, BACK, before in _EARLIER, before in _LATEST)
    if behind in _BEHIND_BACK:
        return Span(place, place + 2, low, high, BACK, True)
    if plural:
        return None
    if before == "within":
        return Span(place, place + 1, low, high, EITHER)
    if before in _EACH or (before == "the" and _text(tokens, place - 2) in _PREPOSITIONS - {"of"}):
        return Span(place - 1, place + 1, low, high, EITHER)
    return None
