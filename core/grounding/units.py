"""Unit words: whether what a number is told to count is what bears it out."""

from core.grounding.claim import Claim
from core.grounding.support import CHANGE, COUNT, FIGURE, PER, RATIO, SPAN, Support

_ONLY_COUNTS = frozenset({"views", "creators", "videos", "sounds", "new"})
_NO_SHARES = frozenset({"probability", "surge_probability", "momentum", "z", "rank_score", "lower", "upper"})
_NO_TOPICS = frozenset({"viewers", "hashtags", "windows", "quantile", "p10", "p50", "p90", "total"})
_HALF_LIFE = frozenset({"half-life", "engagement"})
_WHOLE = frozenset({"whole"})
_NEW = frozenset({"new", "fresh", "novel", "novelty", "newcomers", "unseen", "turnover"})


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
