"""What a number counts, measures or is a share of, and whether the figure behind it measures that."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from core.grounding.numbers import HEDGES, Number
from core.grounding.parsing import ParsedText, Term
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


def terms_of_numbers(parsed: ParsedText) -> list[list[frozenset[str]]]:
    """Return the topics bound to each number; a word behind one number is not also bound to the next."""
    taken = -1
    by_number: list[list[frozenset[str]]] = []
    in_spans = {place for span in parsed.spans for place in range(span.first, span.last)}
    starts = {term.first: term for term in parsed.terms}
    ends = {term.last: term for term in parsed.terms}
    for at, number in enumerate(parsed.numbers):
        bound: list[frozenset[str]] = []
        after = (
            None
            if number.kind in ("hours", "rank", "top")
            else term_after(parsed.tokens, starts, number.last, number.kind)
        )
        before = term_before(parsed.tokens, ends, number.first, in_spans)
        close = before is not None and (
            before.last == number.first or parsed.tokens[number.first - 1].text in (":", "=")
        )
        if before is not None and before.first >= taken and (after is None or close or number.kind != "plain"):
            bound.append(before.topics)
        if after is not None:
            bound.append(after.topics)
            taken = after.last if "quantile" not in after.topics else taken
        if number.first and parsed.tokens[number.first - 1].text in _CURRENCIES:
            bound = [frozenset({"money"})]
        if not bound and at and _continues_range(parsed.tokens, parsed.numbers[at - 1], number):
            bound = by_number[-1]
        by_number.append(bound)
    return by_number


def share_base(parsed: ParsedText, number: Number, bound: list[frozenset[str]]) -> frozenset[str]:
    """Return the topics of the counted thing that a share belongs to; empty if the number is no share.

    "35 % of its creators are new" also binds the topic "new" to the number.
    """
    if number.kind not in ("percent", "part"):
        return frozenset()
    last = number.last + (number.last < len(parsed.tokens) and parsed.tokens[number.last].text == ")")
    behind = parsed.tokens[last : last + _NEW_WITHIN]
    if not behind or behind[0].text != "of":
        return frozenset()
    clause = parsed.clause[number.first]
    texts = [token.text for token, at in zip(behind, parsed.clause[last:], strict=False) if at <= clause + 1]
    if any(text in ("are", "is", "were") and after in ("new", "fresh") for text, after in pairwise(texts)):
        bound.append(frozenset({"new"}))
    if any(other.first == last + 1 + (behind[1].text in _OWNERS) for other in parsed.numbers if len(behind) > 1):
        return frozenset({"figure"})
    held = parsed.topics(last, last + _BASE_WITHIN) & _COUNTED
    return frozenset(held | ({"whole"} if len(behind) > 1 and behind[1].text in _OWNERS else set()))


def _continues_range(tokens: Sequence[Token], first: Number, other: Number) -> bool:
    """Return whether a number continues a range (5 % to 61 %, 22 % [5 %, 61 %]) and so has the same topics."""
    between = [token.text for token in tokens[first.last : other.first]]
    if first.kind != other.kind or not between:
        return False
    bracket = "[" in (token.text for token in tokens[max(0, first.first - 2) : first.first])
    return between in (["to"], ["-"], ["–"], ["["], ["("]) or (bracket and between == [","])


def term_after(tokens: Sequence[Token], starts: Mapping[int, Term], last: int, kind: str) -> Term | None:
    """Return the word behind a number that says what it counts; `starts` holds the terms by first token."""
    for place in range(last, min(last + _FURTHEST, len(tokens))):
        if place in starts:
            return starts[place]
        text = tokens[place].text
        if text not in _BETWEEN_AFTER and not (text == "-" and tokens[place].start == tokens[place - 1].end):
            return None
        if text == "of" and kind in _NO_COUNT:
            return None
    return None


def term_before(tokens: Sequence[Token], ends: Mapping[int, Term], first: int, spans: Collection[int]) -> Term | None:
    """Return the word before a number that says what it measures: views: 12k, a velocity of 0.35.

    `ends` holds the terms by the token after their last; tokens in `spans` (time spans) are skipped.
    """
    left = _FURTHEST
    for place in range(first - 1, -1, -1):
        if place in spans or (tokens[place].text in ("over", "during") and place + 1 in spans):
            continue
        left -= 1
        if left < 0:
            return None
        if place + 1 in ends:
            return ends[place + 1]
        if tokens[place].text not in _BETWEEN_BEFORE:
            return None
    return None


def fits_unit(support: Support, claim: Claim, beside: set[str], words: set[str]) -> bool:
    """Return whether a support measures what the number counts.

    Parameters
    ----------
    support, claim: what may back the number, and the number with its topics
    beside: topics named anywhere in the sentence
    words: all words of the sentence
    """
    if support.how == SPAN:  # a half-life is a figure, and no length of a window
        return "half-life" not in beside or not any(need <= _HALF_LIFE for need in claim.terms)
    if support.how == COUNT:
        return True
    if claim.base and not _is_share(support, claim.base, words):
        return False
    if support.how == PER:
        return _is_per(support, claim, beside)
    topics = support.figures[0].kind.topics
    if not claim.terms:
        named = beside - _NO_TOPICS
        loose = support.how == FIGURE and (
            "if" in words
            or claim.direction is not None
            or bool(claim.number.sign)
            or claim.number.kind not in ("percent", "plain", "part")
        )
        return not named or loose or bool(topics & named)
    strict = support.how in (RATIO, CHANGE) or (support.how == FIGURE and claim.number.kind == "plain")
    if strict and support.figures[0].metric.unit != "count" and all(need & _ONLY_COUNTS for need in claim.terms):
        return False
    return any(need <= topics for need in claim.terms)


def _is_share(support: Support, base: frozenset[str], words: set[str]) -> bool:
    """Return whether a support can be a share of something counted: no pace, no chance; novelty only of what is new."""
    if support.how != FIGURE:
        return True
    figure = support.figures[0]
    if figure.pace or figure.kind.family in _NO_SHARES:
        return False
    if figure.kind.family != "novelty":
        return True
    return bool(words & _NEW) and (base == _WHOLE or bool(base & figure.kind.topics))


def _is_per(support: Support, claim: Claim, beside: set[str]) -> bool:
    """Return whether a ratio of unlike figures is stated: both are named (views per creator), or a part of a whole."""
    both = support.figures[0].kind.topics | support.figures[1].kind.topics
    named = any(need <= both for need in claim.terms)
    if claim.number.kind in ("percent", "part"):
        if claim.base == {"figure"}:  # 3 % of the 240k
            return bool(support.figures[0].kind.topics & support.figures[1].kind.topics)
        whole = support.figures[1].kind.topics & ({"total"} if claim.base == _WHOLE else claim.base)
        return bool(whole) and (named or not claim.terms)
    if claim.number.kind == "plain":
        return all(figure.kind.topics & beside for figure in support.figures) and (named or not claim.terms)
    return named
