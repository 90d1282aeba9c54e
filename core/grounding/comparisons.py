"""Comparisons of two hashtags: more views than #b, ahead of #b, a tie, both grew, 75 new videos each."""

from collections.abc import Iterator, Sequence

from core.grounding.evidence import Violation
from core.grounding.parsing import ParsedText
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
_EACH_WITHIN, _DIRECTION_WITHIN = 4, 6
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


def comparisons_agree(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each comparison with another hashtag that the cited figures of the two contradict."""
    for place, tag in parsed.tags:
        if tag not in parsed.evidence.hashtags:
            continue
        for at, sign in comparators(parsed, place):
            subjects = _comparison_subjects(parsed, at, place) - {tag}
            if subjects:
                problem = _problem(parsed, claims, at, place, sign, subjects, tag)
                if problem:
                    yield Violation("direction", parsed.span_of(at, place + 1), problem)
            elif sign and any(
                where < at and name == tag and parsed.sentence[where] == parsed.sentence[place]
                for where, name in parsed.tags
            ):
                yield Violation("name", parsed.span_of(at, place + 1), f"#{tag} is compared with itself")


def ties_agree(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each statement that two hashtags are alike which the cited figures of the two contradict."""
    if len({figure.tag for figure in parsed.cited}) < 2:
        return
    for first, last, _ in _TIES.find(parsed.tokens):
        if _is_tie(parsed, first, last) and not _figures_are_even(parsed, first):
            yield Violation("direction", parsed.span_of(first, last), "the cited figures of the two are not alike")
    for at, token in enumerate(parsed.tokens):
        if token.text in _BOTH and not _lists(parsed, at):
            yield from _both_change(parsed, at)
    for claim in claims:
        if claim.problem is None and _is_of_each(parsed, claim) and not _matches_each(parsed, claim):
            yield Violation("name", (claim.number.start, claim.number.end), "is not so of each hashtag")


def comparators(parsed: ParsedText, place: int) -> list[tuple[int, int]]:
    """Return the words that compare with the hashtag at token `place`, each with its sign; 0 for words like twice."""
    at = place - 1
    tokens = parsed.tokens
    while at > 0 and (tokens[at].text in _JOINTS or at in parsed.in_terms) and place - at < _JOINED:
        at -= 1
    if at < 0:
        return []
    word = tokens[at].text
    if word in BEATS and at > 0:
        return [(at, BEATS[word])]
    if word in ("ahead", "behind", "above", "below"):
        return [(at, COMPARATIVES[word])]
    if word in _EQUATED:
        return [(at, 0)]
    if word == "over" and tokens[at - 1].text in ("lead", "edge", "advantage", "margin"):
        return [(at - 1, 1)]
    return _before_than(parsed, at) if word == "than" else []


def _before_than(parsed: ParsedText, than: int) -> list[tuple[int, int]]:
    """Return the words of more or less before "than", nearest first: more views but fewer creators than #b."""
    signs = {first: sign for first, _, sign in parsed.direction_words}
    tokens, sentence = parsed.tokens, parsed.sentence[than]
    comparatives: list[tuple[int, int]] = []
    for at in range(than - 1, -1, -1):
        subject = tokens[at].kind == "tag" and tokens[at - 1].text not in _JOINTS
        if parsed.sentence[at] != sentence or subject or (not comparatives and than - at > _REACH):
            break
        sign = COMPARATIVES.get(tokens[at].text, signs.get(at) if not comparatives else None)
        if sign is not None:
            comparatives.append((at, sign))
    return comparatives


def compares_hashtags(parsed: ParsedText, sentence: int) -> bool:
    """Return whether a sentence sets two hashtags side by side, so that it may state a figure derived from both."""
    for place, _ in parsed.tags:
        if parsed.sentence[place] == sentence and comparators(parsed, place):
            return True
    return not _BESIDE.isdisjoint(parsed.words[sentence])


def _comparison_subjects(parsed: ParsedText, at: int, place: int) -> frozenset[str]:
    """Return the hashtags that a comparison is about: those before it, else those behind it."""
    sentence = parsed.sentence[place]
    before = {tag for where, tag in parsed.tags if where < at and parsed.sentence[where] == sentence}
    if before:
        return frozenset(before)
    after = {tag for where, tag in parsed.tags if where > place and parsed.sentence[where] == sentence}
    return frozenset(after) or parsed.subjects[sentence]


def _problem(
    parsed: ParsedText, claims: Sequence[Claim], at: int, place: int, sign: int, subjects: frozenset[str], rival: str
) -> str:
    """Return why the cited figures of two hashtags don't back a comparison; empty if they do."""
    sentence = parsed.sentence[place]
    here = [claim for claim in claims if parsed.sentence[claim.number.first] == sentence]
    couples = [support for claim in here for support in claim.supports if support.how in (CHANGE, DIFFERENCE, RATIO)]
    couples = [pair for pair in couples if pair.figures[0].tag != pair.figures[1].tag]
    topics = parsed.topics(at, min(place, at + _TOPIC_WITHIN)) or parsed.topics(at, place)
    topics = topics or _topics_behind(parsed, place)
    couples = [pair for pair in couples if not topics or topics & pair.figures[0].kind.topics]
    if couples:
        fitting = any(
            pair.figures[0].tag in subjects and pair.figures[1].tag == rival and _signed(pair, sign) for pair in couples
        )
        return "" if fitting else "the cited figures say it the other way round"
    if not sign:
        return ""
    stated = {
        figure.metric.id
        for claim in here
        for support in claim.supports
        if support.how != SPAN
        for figure in support.figures
    }
    both = [
        pair
        for pair in pairs(parsed.cited)
        if pair.how == DIFFERENCE and pair.figures[0].tag in subjects and pair.figures[1].tag == rival
    ]
    if topics:
        both = [pair for pair in both if topics & pair.figures[0].kind.topics]
        both = [pair for pair in both if pair.figures[0].metric.unit == "count"] or both
    narrow = [pair for pair in both if all(figure.metric.id in stated for figure in pair.figures)] or both
    if not narrow:
        return f"nothing is cited of both to compare with #{rival}"
    return "" if any(pair.lead * sign > 0 for pair in narrow) else "the cited figures say it the other way round"


def _topics_behind(parsed: ParsedText, place: int) -> set[str]:
    """Return the topics named behind the other hashtag: ahead of #b in rank, beats #b on views."""
    after = [token.text for token in parsed.tokens[place + 1 : place + 2]]
    return parsed.topics(place + 1, place + _TOPIC_WITHIN) if after and after[0] in ("in", "on", "by") else set()


def _signed(pair: Support, sign: int) -> bool:
    """Return whether a pair of figures differs in the direction of `sign`."""
    return pair.how == RATIO or not sign or pair.lead * sign > 0


def _is_tie(parsed: ParsedText, first: int, last: int) -> bool:
    """Return whether the words state a tie of two hashtags: not twice as many, not as many as 40."""
    sentence, tokens = parsed.sentence[first], parsed.tokens
    behind = [token.text for token in tokens[last : last + 1]]
    counted = any(number.last == first or number.first == last + 1 for number in parsed.numbers)
    denied = first and tokens[first - 1].text in _DENIED
    return len(_compared(parsed, sentence)) > 1 and not counted and not denied and behind != ["again"]


def _figures_are_even(parsed: ParsedText, first: int) -> bool:
    """Return whether some cited figures of the hashtags are even, within the margin that the words leave."""
    sentence = parsed.sentence[first]
    loose = first and parsed.tokens[first - 1].text in _LOOSE
    within = _NEARLY_WITHIN if loose else _EVEN_WITHIN
    ends = [at for at in range(first, len(parsed.tokens)) if parsed.sentence[at] == sentence]
    topics = parsed.topics(first, ends[-1] + 1) or parsed.named[sentence]
    apart = [
        abs(pair.value) <= within * abs(pair.figures[1].metric.value)
        for pair in pairs(parsed.cited)
        if pair.how == DIFFERENCE
        and {figure.tag for figure in pair.figures} <= _compared(parsed, sentence)
        and pair.figures[0].tag != pair.figures[1].tag
        and (not topics or topics & pair.figures[0].kind.topics)
    ]
    return any(apart)


def _both_change(parsed: ParsedText, both: int) -> Iterator[Violation]:
    """Yield a violation where "both are growing" doesn't hold of each hashtag."""
    sentence = parsed.sentence[both]
    for first, last, sign in parsed.direction_words:
        if both < first <= both + _DIRECTION_WITHIN and parsed.sentence[first] == sentence:
            seen = [
                figure
                for figure in parsed.cited
                if figure.change and not figure.kind.forecast and not figure.accelerates
            ]
            paces = [figure for figure in seen if figure.pace] or seen
            moved = {figure.tag for figure in paces if figure.metric.value * sign > 0}
            if len(_compared(parsed, sentence)) > 1 and not _compared(parsed, sentence) <= moved:
                yield Violation("direction", parsed.span_of(first, last), "is not so of both hashtags")
            return


def _is_of_each(parsed: ParsedText, claim: Claim) -> bool:
    """Return whether a number is stated of both hashtags or of each, with none or all of them named between."""
    first, last = claim.number.first, claim.number.last
    sentence = parsed.sentence[first]
    if len(_compared(parsed, sentence)) < 2 or not claim.supports or claim.supports[0].how != FIGURE:
        return False
    after = [token.text for token in parsed.tokens[last : last + _EACH_WITHIN]]
    if after[:1] and after[0] in _LISTED and any(number.first == last + 1 for number in parsed.numbers):
        return False  # both grew, by 12 % and 20 %
    if not _EACH.isdisjoint(after):
        return True
    start = max((number.last for number in parsed.numbers if number.last <= first), default=0)
    for at in range(first - 1, start - 1, -1):
        if parsed.sentence[at] != sentence:
            return False
        if parsed.tokens[at].text in (*_BOTH, *_EACH) and not _lists(parsed, at):
            return len({tag for place, tag in parsed.tags if at < place < first}) != 1
    return False


def _matches_each(parsed: ParsedText, claim: Claim) -> bool:
    """Return whether every hashtag of the sentence has a cited figure that equals the number."""
    family = claim.supports[0].figures[0].kind.family
    alike = [figure for figure in parsed.cited if figure.kind.family == family]
    held = {support.figures[0].tag for support in direct(claim.number, alike, False)}
    return _compared(parsed, parsed.sentence[claim.number.first]) <= held


def _compared(parsed: ParsedText, sentence: int) -> frozenset[str]:
    """Return the hashtags that a sentence is about; all cited hashtags if no hashtag was named."""
    return parsed.subjects[sentence] or frozenset(figure.tag for figure in parsed.cited)


def _lists(parsed: ParsedText, both: int) -> bool:
    """Return whether "both" or "each" refers to figures rather than hashtags: both views and creators, each video."""
    after = both + 1
    return after in parsed.in_terms and not parsed.topics(after, after + 1) & {"hashtags"}
