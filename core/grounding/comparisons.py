"""Comparisons of two hashtags: more views than #b, ahead of #b, a tie, both grew, 75 new videos each."""

from collections.abc import Iterator, Sequence

from core.grounding.evidence import Violation
from core.grounding.parsing import Reading
from core.grounding.support import CHANGE, DIFFERENCE, FIGURE, RATIO, SPAN, Claim, Support, direct, pairs
from core.grounding.tokens import Phrases, phrases, words
from core.grounding.vocabulary import BEATS, COMPARATIVES

_TOPIC_WITHIN = 4
_TIES = Phrases(
    dict.fromkeys(
        phrases(
            "tie, ties, tied, tying, on par, on a par, neck and neck, level with, drew level, draws level, dead heat, "
            "the same number of, the same share of, as many, as much, as fast, as high, as large"
        ),
        True,
    )
)
_LOOSE = frozenset(words("almost nearly about roughly around"))
_DENIED = frozenset(words("not isn't aren't never half twice hasn't doesn't don't didn't"))
_EVEN_WITHIN, _NEARLY_WITHIN = 0.05, 0.2
_LISTED = frozenset({"and", "to", "against"})
_BOTH, _EACH = frozenset({"both"}), frozenset({"each", "apiece"})
_EACH_WITHIN, _WAY_WITHIN = 4, 6
_JOINTS = frozenset(
    words("of the that those what did does had for in on by numbers figures hashtag tag has rival its one ones")
)
_BESIDE = frozenset(
    words(
        "between gap differ differs difference versus vs against compared combined together apart "
        "respectively beside of each both"
    )
)
_EQUATED = frozenset(words("as times twice double triple half"))
_REACH, _JOINED = 9, 5


def comparisons_agree(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """What is said to be more, ahead or faster than another hashtag is so in the cited figures of both."""
    for place, tag in reading.tags:
        if tag not in reading.evidence.hashtags:
            continue
        for at, sign in comparators(reading, place):
            subjects = _comparison_subjects(reading, at, place) - {tag}
            if subjects:
                wrong = _wrong(reading, claims, at, place, sign, subjects, tag)
                if wrong:
                    yield Violation("direction", reading.span_of(at, place + 1), wrong)
            elif sign and any(
                where < at and name == tag and reading.sentence[where] == reading.sentence[place]
                for where, name in reading.tags
            ):
                yield Violation("name", reading.span_of(at, place + 1), f"#{tag} is compared with itself")


def ties_agree(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """What is told of two hashtags alike is so in the cited figures of both."""
    if len({figure.tag for figure in reading.cited}) < 2:
        return
    for first, last, _ in _TIES.find(reading.pieces):
        if _is_tie(reading, first, last) and not _even(reading, first):
            yield Violation("direction", reading.span_of(first, last), "the cited figures of the two are not alike")
    for at, token in enumerate(reading.pieces):
        if token.text in _BOTH and not _lists(reading, at):
            yield from _both_go(reading, at)
    for claim in claims:
        if claim.wrong is None and _of_each(reading, claim) and not _holds_of_each(reading, claim):
            yield Violation("name", (claim.number.start, claim.number.end), "is not so of each hashtag")


def comparators(reading: Reading, place: int) -> list[tuple[int, int]]:
    """The words that compare with the hashtag at `place`, each with its sign; 0 for an order only (twice)."""
    at = place - 1
    pieces = reading.pieces
    while at > 0 and (pieces[at].text in _JOINTS or at in reading.in_terms) and place - at < _JOINED:
        at -= 1
    if at < 0:
        return []
    word = pieces[at].text
    if word in BEATS and at > 0:
        return [(at, BEATS[word])]
    if word in ("ahead", "behind", "above", "below"):
        return [(at, COMPARATIVES[word])]
    if word in _EQUATED:
        return [(at, 0)]
    if word == "over" and pieces[at - 1].text in ("lead", "edge", "advantage", "margin"):
        return [(at - 1, 1)]
    return _before_than(reading, at) if word == "than" else []


def _before_than(reading: Reading, than: int) -> list[tuple[int, int]]:
    """The nearest word of more or less before "than", and those joined to it: more views but fewer creators than."""
    signs = {first: sign for first, _, sign in reading.ways}
    pieces, sentence = reading.pieces, reading.sentence[than]
    found: list[tuple[int, int]] = []
    for at in range(than - 1, -1, -1):
        subject = pieces[at].kind == "tag" and pieces[at - 1].text not in _JOINTS
        if reading.sentence[at] != sentence or subject or (not found and than - at > _REACH):
            break
        sign = COMPARATIVES.get(pieces[at].text, signs.get(at) if not found else None)
        if sign is not None:
            found.append((at, sign))
    return found


def compares(reading: Reading, sentence: int) -> bool:
    """Whether a sentence sets two hashtags beside each other, so that a figure derived from both can be meant."""
    for place, _ in reading.tags:
        if reading.sentence[place] == sentence and comparators(reading, place):
            return True
    return not _BESIDE.isdisjoint(reading.words[sentence])


def _comparison_subjects(reading: Reading, at: int, place: int) -> frozenset[str]:
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


def _is_tie(reading: Reading, first: int, last: int) -> bool:
    """Whether two hashtags are said to be alike: not twice as many, not as many as 40."""
    sentence, pieces = reading.sentence[first], reading.pieces
    behind = [token.text for token in pieces[last : last + 1]]
    counted = any(number.last == first or number.first == last + 1 for number in reading.numbers)
    denied = first and pieces[first - 1].text in _DENIED
    return len(_compared(reading, sentence)) > 1 and not counted and not denied and behind != ["again"]


def _even(reading: Reading, first: int) -> bool:
    sentence = reading.sentence[first]
    loose = first and reading.pieces[first - 1].text in _LOOSE
    within = _NEARLY_WITHIN if loose else _EVEN_WITHIN
    ends = [at for at in range(first, len(reading.pieces)) if reading.sentence[at] == sentence]
    topics = reading.topics(first, ends[-1] + 1) or reading.named[sentence]
    apart = [
        abs(one.value) <= within * abs(one.figures[1].metric.value)
        for one in pairs(reading.cited)
        if one.how == DIFFERENCE
        and {figure.tag for figure in one.figures} <= _compared(reading, sentence)
        and one.figures[0].tag != one.figures[1].tag
        and (not topics or topics & one.figures[0].kind.topics)
    ]
    return any(apart)


def _both_go(reading: Reading, both: int) -> Iterator[Violation]:
    """Both are growing: each hashtag has a cited change of that sign."""
    sentence = reading.sentence[both]
    for first, last, sign in reading.ways:
        if both < first <= both + _WAY_WITHIN and reading.sentence[first] == sentence:
            seen = [one for one in reading.cited if one.change and not one.kind.forecast and not one.accelerates]
            paces = [one for one in seen if one.pace] or seen
            moved = {one.tag for one in paces if one.metric.value * sign > 0}
            if len(_compared(reading, sentence)) > 1 and not _compared(reading, sentence) <= moved:
                yield Violation("direction", reading.span_of(first, last), "is not so of both hashtags")
            return


def _of_each(reading: Reading, claim: Claim) -> bool:
    """Whether a number is told of both hashtags or of each, with none or all of them named between."""
    first, last = claim.number.first, claim.number.last
    sentence = reading.sentence[first]
    if len(_compared(reading, sentence)) < 2 or not claim.supports or claim.supports[0].how != FIGURE:
        return False
    after = [token.text for token in reading.pieces[last : last + _EACH_WITHIN]]
    if after[:1] and after[0] in _LISTED and any(one.first == last + 1 for one in reading.numbers):
        return False  # both grew, by 12 % and 20 %
    if not _EACH.isdisjoint(after):
        return True
    start = max((one.last for one in reading.numbers if one.last <= first), default=0)
    for at in range(first - 1, start - 1, -1):
        if reading.sentence[at] != sentence:
            return False
        if reading.pieces[at].text in (*_BOTH, *_EACH) and not _lists(reading, at):
            return len({tag for place, tag in reading.tags if at < place < first}) != 1
    return False


def _holds_of_each(reading: Reading, claim: Claim) -> bool:
    family = claim.supports[0].figures[0].kind.family
    alike = [one for one in reading.cited if one.kind.family == family]
    held = {one.figures[0].tag for one in direct(claim.number, alike, False)}
    return _compared(reading, reading.sentence[claim.number.first]) <= held


def _compared(reading: Reading, sentence: int) -> frozenset[str]:
    """The hashtags a sentence speaks of; all that are cited where none was named."""
    return reading.subjects[sentence] or frozenset(figure.tag for figure in reading.cited)


def _lists(reading: Reading, both: int) -> bool:
    """Whether "both" or "each" is of figures and of no hashtags: both views and creators, each video."""
    after = both + 1
    return after in reading.in_terms and not reading.topics(after, after + 1) & {"hashtags"}
