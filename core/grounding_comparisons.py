"""Comparisons of two hashtags: more views than #b, ahead of #b, beats #b by 4k."""

from collections.abc import Iterator, Sequence

from core.grounding_claims import Claim, term_topics
from core.grounding_lexicon import BEATS, COMPARATIVES
from core.grounding_reading import Reading
from core.grounding_support import CHANGE, DIFFERENCE, RATIO, SPAN, Support, pairs
from core.grounding_violation import Violation

_JOINTS = frozenset("of the that those what did does had for in by numbers figures hashtag tag has rival its one ones".split())
_REACH = 8


def comparisons_agree(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """What is said to be more, ahead or faster than another hashtag is so in the cited figures of both."""
    for place, tag in reading.tags:
        found = _comparator(reading, place)
        if found is None or tag not in reading.evidence.hashtags:
            continue
        at, sign = found
        subjects = _subjects(reading, at, place) - {tag}
        if not subjects and sign and any(where < at and name == tag and reading.sentence[where] == reading.sentence[place]
                                         for where, name in reading.tags):  # fmt: skip
            yield Violation("name", reading.span_of(at, place + 1), f"#{tag} is compared with itself")
        if not subjects:
            continue
        wrong = _wrong(reading, claims, at, place, sign, subjects, tag)
        if wrong:
            yield Violation("direction", reading.span_of(at, place + 1), wrong)


def _comparator(reading: Reading, place: int) -> tuple[int, int] | None:
    """The word that compares with the hashtag at `place`, and its sign; 0 where it only tells the order (as many as)."""
    at = place - 1
    pieces = reading.pieces
    while at > 0 and pieces[at].text in _JOINTS and place - at < 5:
        at -= 1
    if at < 0:
        return None
    word = pieces[at].text
    if word in BEATS and at > 0:
        return at, BEATS[word]
    if word in ("ahead", "behind", "above", "below"):
        return at, COMPARATIVES[word]
    if word == "as":
        return at, 0
    if word == "over" and pieces[at - 1].text in ("lead", "edge", "advantage", "margin"):
        return at - 1, 1
    if word != "than":
        return None
    signs = {first: sign for first, _, sign in reading.ways}
    for before in range(at - 1, max(-1, at - _REACH), -1):
        sign = signs.get(before, COMPARATIVES.get(pieces[before].text))
        if sign is not None:
            return before, sign
    return None


def _subjects(reading: Reading, at: int, place: int) -> frozenset[str]:
    sentence = reading.sentence[place]
    before = {tag for where, tag in reading.tags if where < at and reading.sentence[where] == sentence}
    if before:
        return frozenset(before)
    after = {tag for where, tag in reading.tags if where > place and reading.sentence[where] == sentence}
    return frozenset(after) or reading.subjects[sentence]


def _wrong(
    reading: Reading, claims: Sequence[Claim], at: int, place: int, sign: int, subjects: frozenset[str], rival: str
) -> str:
    """Why the cited figures of the two do not bear the comparison out; empty when they do."""
    sentence = reading.sentence[place]
    here = [claim for claim in claims if reading.sentence[claim.number.first] == sentence]
    couples = [one for claim in here for one in claim.supports if one.how in (CHANGE, DIFFERENCE, RATIO)]
    couples = [one for one in couples if one.figures[0].tag != one.figures[1].tag]
    if couples:
        fitting = any(one.figures[0].tag in subjects and one.figures[1].tag == rival and _signed(one, sign) for one in couples)
        return "" if fitting else "the cited figures say it the other way round"
    if not sign:
        return ""
    told = {figure.metric.id for claim in here for one in claim.supports if one.how != SPAN for figure in one.figures}
    both = [
        one for one in pairs(reading.cited)
        if one.how == DIFFERENCE and one.figures[0].tag in subjects and one.figures[1].tag == rival
    ]  # fmt: skip
    topics = term_topics(reading, at, place)
    narrow = [one for one in both if topics & one.figures[0].kind.topics] if topics else []
    narrow = narrow or [one for one in both if all(figure.metric.id in told for figure in one.figures)] or both
    if not narrow:
        return f"nothing is cited of both to compare with #{rival}"
    return "" if any(one.value * sign > 0 for one in narrow) else "the cited figures say it the other way round"


def _signed(one: Support, sign: int) -> bool:
    return one.how == RATIO or not sign or one.value * sign > 0
