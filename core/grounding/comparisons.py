"""Comparisons of two hashtags: more views than #b, ahead of #b, beats #b by 4k."""

from collections.abc import Iterator, Sequence

from core.grounding.claim import Claim
from core.grounding.reading import Reading
from core.grounding.rivals import comparators
from core.grounding.support import CHANGE, DIFFERENCE, RATIO, SPAN, Support, pairs
from core.grounding.violation import Violation

_TOPIC_WITHIN = 4


def comparisons_agree(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """What is said to be more, ahead or faster than another hashtag is so in the cited figures of both."""
    for place, tag in reading.tags:
        if tag not in reading.evidence.hashtags:
            continue
        for at, sign in comparators(reading, place):
            subjects = _subjects(reading, at, place) - {tag}
            if subjects:
                wrong = _wrong(reading, claims, at, place, sign, subjects, tag)
                if wrong:
                    yield Violation("direction", reading.span_of(at, place + 1), wrong)
            elif sign and any(
                where < at and name == tag and reading.sentence[where] == reading.sentence[place]
                for where, name in reading.tags
            ):
                yield Violation("name", reading.span_of(at, place + 1), f"#{tag} is compared with itself")


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
    topics = reading.topics(at, min(place, at + _TOPIC_WITHIN)) or reading.topics(at, place)
    topics = topics or _topics_behind(reading, place)
    couples = [one for one in couples if not topics or topics & one.figures[0].kind.topics]
    if couples:
        fitting = any(
            one.figures[0].tag in subjects and one.figures[1].tag == rival and _signed(one, sign) for one in couples
        )
        return "" if fitting else "the cited figures say it the other way round"
    if not sign:
        return ""
    told = {figure.metric.id for claim in here for one in claim.supports if one.how != SPAN for figure in one.figures}
    both = [
        one
        for one in pairs(reading.cited)
        if one.how == DIFFERENCE and one.figures[0].tag in subjects and one.figures[1].tag == rival
    ]
    if topics:
        both = [one for one in both if topics & one.figures[0].kind.topics]
        both = [one for one in both if one.figures[0].metric.unit == "count"] or both
    narrow = [one for one in both if all(figure.metric.id in told for figure in one.figures)] or both
    if not narrow:
        return f"nothing is cited of both to compare with #{rival}"
    return "" if any(one.lead * sign > 0 for one in narrow) else "the cited figures say it the other way round"


def _topics_behind(reading: Reading, place: int) -> set[str]:
    """What a comparison is said to be in, behind the rival: ahead of #b in rank, beats #b on views."""
    after = [token.text for token in reading.pieces[place + 1 : place + 2]]
    return reading.topics(place + 1, place + _TOPIC_WITHIN) if after and after[0] in ("in", "on", "by") else set()


def _signed(one: Support, sign: int) -> bool:
    return one.how == RATIO or not sign or one.lead * sign > 0
