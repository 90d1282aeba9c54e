"""What a number counts, measures or is a part of, and whether the figure behind it is of that."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from core.grounding.numbers import HEDGES, Number
from core.grounding.parsing import Reading, Term
from core.grounding.support import CHANGE, COUNT, FIGURE, PER, RATIO, SPAN, Claim, Support
from core.grounding.tokens import Token, words

# What may stand between a number and its word: 14 different creators, 35 % increase in views.
_BETWEEN_AFTER = frozenset(
    words(
        "more fewer less new extra additional unique different distinct total fresh net separate individual active "
        "the its their licensed further other video participating contributing hourly daily weekly leading overall "
        "higher lower faster slower greater increase rise drop jump gain decline growth fall dip in increment user "
        "hashtag tiktok of those these up down combined as many much surge spike bump cumulative whole full missed "
        "late true false past earlier such big sharp sudden"
    )
)
_BETWEEN_BEFORE = HEDGES | frozenset(
    words(
        "of is was are were be by now currently stands stood sits sat reads read hit hits reached reaches equals came "
        "comes in a an the its h only all has have had been rate score count number index value level ratio figure "
        "reading total gained standing sitting rose fell grew climbed dropped jumped slipped at still this : = - – ( "
        "→ + [ on with holds measured from between positive negative high low strong weak solid steady stays remains "
        "keeps estimated put reported totals totalled totaled surpassed exceeds exceeded"
    )
)
_FURTHEST = 6
_NO_COUNT = frozenset({"percent", "part", "times", "grown", "points"})
_COUNTED = frozenset({"views", "creators", "videos", "sounds", "new", "likes", "comments", "shares"})
_OWNERS = frozenset({"its", "the", "their", "all", "these", "those"})
_CURRENCIES = frozenset({"$", "€", "£"})
_NEW_WITHIN, _BASE_WITHIN = 10, 5
_ONLY_COUNTS = frozenset({"views", "creators", "videos", "sounds", "new"})
_NO_SHARES = frozenset({"probability", "surge_probability", "momentum", "z", "rank_score", "lower", "upper"})
_NO_TOPICS = frozenset({"viewers", "hashtags", "windows", "quantile", "p10", "p50", "p90", "total"})
_HALF_LIFE = frozenset({"half-life", "engagement"})
_WHOLE = frozenset({"whole"})
_NEW = frozenset({"new", "fresh", "novel", "novelty", "newcomers", "unseen", "turnover"})


def terms_of(reading: Reading) -> list[list[frozenset[str]]]:
    """The words bound to each number; a word behind one number is not also bound to the next."""
    taken = -1
    found: list[list[frozenset[str]]] = []
    in_spans = {place for span in reading.spans for place in range(span.first, span.last)}
    starts = {one.first: one for one in reading.terms}
    ends = {one.last: one for one in reading.terms}
    for at, number in enumerate(reading.numbers):
        bound: list[frozenset[str]] = []
        after = (
            None
            if number.kind in ("hours", "rank", "top")
            else bound_after(reading.pieces, starts, number.last, number.kind)
        )
        before = bound_before(reading.pieces, ends, number.first, in_spans)
        close = before is not None and (
            before.last == number.first or reading.pieces[number.first - 1].text in (":", "=")
        )
        if before is not None and before.first >= taken and (after is None or close or number.kind != "plain"):
            bound.append(before.topics)
        if after is not None:
            bound.append(after.topics)
            taken = after.last if "quantile" not in after.topics else taken
        if number.first and reading.pieces[number.first - 1].text in _CURRENCIES:
            bound = [frozenset({"money"})]
        if not bound and at and _goes_on(reading.pieces, reading.numbers[at - 1], number):
            bound = found[-1]
        found.append(bound)
    return found


def base_of(reading: Reading, number: Number, bound: list[frozenset[str]]) -> frozenset[str]:
    """What counted thing a share is told of; where that is said to be new, the figure must be about what is new."""
    if number.kind not in ("percent", "part"):
        return frozenset()
    last = number.last + (number.last < len(reading.pieces) and reading.pieces[number.last].text == ")")
    behind = reading.pieces[last : last + _NEW_WITHIN]
    if not behind or behind[0].text != "of":
        return frozenset()
    clause = reading.clause[number.first]
    told = [token.text for token, at in zip(behind, reading.clause[last:], strict=False) if at <= clause + 1]
    if any(one in ("are", "is", "were") and after in ("new", "fresh") for one, after in pairwise(told)):
        bound.append(frozenset({"new"}))
    if any(one.first == last + 1 + (behind[1].text in _OWNERS) for one in reading.numbers if len(behind) > 1):
        return frozenset({"figure"})
    held = reading.topics(last, last + _BASE_WITHIN) & _COUNTED
    return frozenset(held | ({"whole"} if len(behind) > 1 and behind[1].text in _OWNERS else set()))


def _goes_on(pieces: Sequence[Token], one: Number, other: Number) -> bool:
    """Whether a number goes on with a range: 5 % to 61 %, 22 % [5 %, 61 %]; it is then of the same thing."""
    between = [token.text for token in pieces[one.last : other.first]]
    if one.kind != other.kind or not between:
        return False
    bracket = "[" in (token.text for token in pieces[max(0, one.first - 2) : one.first])
    return between in (["to"], ["-"], ["–"], ["["], ["("]) or (bracket and between == [","])


def bound_after(pieces: Sequence[Token], starts: Mapping[int, Term], last: int, kind: str) -> Term | None:
    """The word behind a number that says what it counts; `starts` holds the terms by their first token."""
    for place in range(last, min(last + _FURTHEST, len(pieces))):
        if place in starts:
            return starts[place]
        text = pieces[place].text
        if text not in _BETWEEN_AFTER and not (text == "-" and pieces[place].start == pieces[place - 1].end):
            return None
        if text == "of" and kind in _NO_COUNT:
            return None
    return None


def bound_before(pieces: Sequence[Token], ends: Mapping[int, Term], first: int, spans: Collection[int]) -> Term | None:
    """The word before a number that says what it measures: views: 12k, a velocity of 0.35; time words are skipped.

    `ends` holds the terms by the token after their last.
    """
    left = _FURTHEST
    for place in range(first - 1, -1, -1):
        if place in spans or (pieces[place].text in ("over", "during") and place + 1 in spans):
            continue
        left -= 1
        if left < 0:
            return None
        if place + 1 in ends:
            return ends[place + 1]
        if pieces[place].text not in _BETWEEN_BEFORE:
            return None
    return None


def counts_it(one: Support, claim: Claim, beside: set[str], words: set[str]) -> bool:
    """Whether what bears a number out is a figure of what is counted.

    Parameters
    ----------
    beside: topics named anywhere in the sentence
    words: all its words
    """
    if one.how == SPAN:  # a half-life is a figure, and no length of a window
        return "half-life" not in beside or not any(need <= _HALF_LIFE for need in claim.terms)
    if one.how == COUNT:
        return True
    if claim.base and not _is_share(one, claim.base, words):
        return False
    if one.how == PER:
        return _is_per(one, claim, beside)
    topics = one.figures[0].kind.topics
    if not claim.terms:
        named = beside - _NO_TOPICS
        loose = one.how == FIGURE and (
            "if" in words
            or claim.way is not None
            or bool(claim.number.sign)
            or claim.number.kind not in ("percent", "plain", "part")
        )
        return not named or loose or bool(topics & named)
    told = one.how in (RATIO, CHANGE) or (one.how == FIGURE and claim.number.kind == "plain")
    if told and one.figures[0].metric.unit != "count" and all(need & _ONLY_COUNTS for need in claim.terms):
        return False
    return any(need <= topics for need in claim.terms)


def _is_share(one: Support, base: frozenset[str], words: set[str]) -> bool:
    """Whether it can be a part of something counted: no pace, no chance; a novelty only of what is new."""
    if one.how != FIGURE:
        return True
    figure = one.figures[0]
    if figure.pace or figure.kind.family in _NO_SHARES:
        return False
    if figure.kind.family != "novelty":
        return True
    return bool(words & _NEW) and (base == _WHOLE or bool(base & figure.kind.topics))


def _is_per(one: Support, claim: Claim, beside: set[str]) -> bool:
    """Whether a ratio of unlike figures is told: both are named (views per creator), or one is a part of the other."""
    both = one.figures[0].kind.topics | one.figures[1].kind.topics
    named = any(need <= both for need in claim.terms)
    if claim.number.kind in ("percent", "part"):
        if claim.base == {"figure"}:  # 3 % of the 240k
            return bool(one.figures[0].kind.topics & one.figures[1].kind.topics)
        whole = one.figures[1].kind.topics & ({"total"} if claim.base == _WHOLE else claim.base)
        return bool(whole) and (named or not claim.terms)
    if claim.number.kind == "plain":
        return all(figure.kind.topics & beside for figure in one.figures) and (named or not claim.terms)
    return named
