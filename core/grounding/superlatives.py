"""Superlatives need a rank among what is cited."""

from collections.abc import Iterator, Sequence

from core.grounding.evidence import Violation
from core.grounding.parsing import Reading
from core.grounding.support import Claim
from core.grounding.tokens import Phrases, Token, phrases, words
from core.grounding.vocabulary import BEATS

FIRST, AMONG, NEVER = "first", "among", "never"
_PHRASES = Phrases(
    dict.fromkeys(
        phrases(
            "the most, most popular, most viewed, most watched, most liked, most shared, most active, most used, most "
            "talked, most engaging, most novel, most diverse, most engaged, most impressive, most powerful, most "
            "explosive, most viral, most discussed, most of any, most views, most creators, most likes, number one, "
            "number-one, unrivaled, unrivalled, unmatched, unparalleled, unbeatable, second to none, top of the list, "
            "top of the chart, top of the charts, tops the list, tops the chart, tops the charts, topped the list, "
            "topped the chart, topped the charts, leads the pack, leading the pack, leads all, leads the field, "
            "leading all, led all, beats every, beats all, outpaces every, outpaces all, outpaced all, outpacing all, "
            "outpacing every, outperforms all, outperforms every, like no other, more than any other, than any other, "
            "than all other, than every other, ahead of all, ahead of every, the leading hashtag, the leading tag, "
            "the leading trend, leads the list, leads the ranking, leads the way, the only hashtag, the only tag, the "
            "only trend, dominates, dominating, dominant, the champion, the winner, peerless, the leader, "
            "best-performing, the single, chart-topping, at the top, the king, the queen, supreme, the front-runner, "
            "the frontrunner, the ultimate, maximum, bar none, above all others, beyond compare, top spot, "
            "top-performing, the top, top-ranked, top performer, unbeaten, in a league of its own, the least, least "
            "popular"
        ),
        FIRST,
    )
    | dict.fromkeys(
        phrases(
            "among the top, one of the top, one of the most, among the most, top trend, top trends, top hashtag, top "
            "hashtags, top tag, a top, top trending, top mover, top movers"
        ),
        AMONG,
    )
    | dict.fromkeys(
        phrases(
            "unprecedented, record-breaking, record breaking, record-setting, record high, record low, a record, "
            "all-time, all time, never before, than ever, ever seen, ever recorded, ever measured, historic, for the "
            "first time, record pace, record speed, record growth, record number, record views, new record, on "
            "record, record level, record levels, best ever, biggest ever, like never before, once-in-a-lifetime, "
            "unheard of, unheard-of, first ever, first-ever, peak performance, an all-time"
        ),
        NEVER,
    )
)
_NOT_SUPERLATIVE = frozenset(
    words(
        "interest rest test west request suggest contest forest harvest modest honest invest digest guest quest nest "
        "chest protest manifest latest east fest attest arrest priest crest jest pest vest zest ingest lest midwest "
        "northwest conquest bequest behest unrest inquest earnest tempest everest budapest bucharest detest infest "
        "molest reinvest divest retest pretest gest est hest"
    )
)
_AMONG_WORDS = frozenset({"among", "amongst", "of"})
_EXTRA = frozenset({"best", "worst", "foremost", "uppermost", "topmost"})
_FOLLOWS_THE_MOST = frozenset({"recent"})
_SMALLEST = frozenset(words("least lowest smallest slowest fewest weakest worst quietest"))
_NAMED_WITHIN = 3
_ALONE = frozenset(words("none nothing nobody"))
_RIVALS = frozenset(words("other one hashtag hashtags tag tags trend trends rival rivals competitor peer topic"))
_OWN = frozenset(words("its their his her the these those"))
_OTHERS = frozenset(words("others rest other"))
_BETTER = frozenset(
    words(
        "more faster higher better bigger larger greater stronger quicker further steeper hotter wider ahead above "
        "close near close matches matched match rivals rivalled equals equalled compares many much fast well"
    )
) | set(BEATS)
_STOPS = frozenset(words(". ! ? ; \n"))
_REACH = 9


def superlatives_have_a_rank(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Nothing is called the fastest, the most or the top without a cited rank of 1, or among them without a rank."""
    found = list(_found(reading))
    if not found:
        return
    placed = [one for one in reading.cited if one.kind.family == "rank"]
    named = {"the", "a", *(word for one in reading.cited for word in one.metric.metric.split("_"))}
    for first, last, kind in found:
        if all(token.text in named for token in reading.pieces[first:last]):
            continue  # the name of a figure, as in top_creator_share
        subjects = _subjects(reading, first)
        ranks = [one.metric.value for one in placed if not subjects or one.tag in subjects]
        if kind == NEVER or not ranks:
            reason = "needs a rank, and none is cited" if kind != NEVER else "is more than any metric can say"
        elif kind == FIRST and min(ranks) > 1:
            reason = f"is not rank {min(ranks):.0f}"
        elif kind == FIRST and (rival := _outdone(reading, first, last, subjects)):
            reason = f"but #{rival} has more by what is cited"
        else:
            continue
        span = reading.span_of(first, last)
        yield Violation("superlative", span, f"{reading.narrative.text[slice(*span)]!r} {reason}")


def _subjects(reading: Reading, place: int) -> frozenset[str]:
    """The hashtag named last before a superlative in its sentence, else all the sentence may speak of."""
    sentence = reading.sentence[place]
    before = [tag for at, tag in reading.tags if at < place and reading.sentence[at] == sentence]
    return frozenset(before[-1:]) or reading.subjects[sentence]


def _outdone(reading: Reading, first: int, last: int, subjects: frozenset[str]) -> str:
    """A cited hashtag with more of what a superlative names right behind it (the most views); empty where none is."""
    topics = reading.topics(first, last + _NAMED_WITHIN)
    if not topics or any(token.text in _SMALLEST for token in reading.pieces[first:last]):
        return ""
    told = [one for one in reading.cited if one.kind.topics & topics and one.kind.family != "rank"]
    for one in told:
        for other in told:
            alike = one.metric.metric == other.metric.metric and one.metric.window_h == other.metric.window_h
            if alike and one.tag in subjects and other.tag not in subjects and other.metric.value > one.metric.value:
                return other.tag
    return ""


def _found(reading: Reading) -> Iterator[tuple[int, int, str]]:
    pieces = reading.pieces
    taken: set[int] = {
        place for claim in reading.numbers if claim.kind == "top" for place in range(claim.first - 2, claim.last)
    }
    taken |= {
        place
        for number in reading.numbers
        if number.kind == "rank" and number.value > 1
        for place in range(number.first - 2, number.last)
    }
    for first, last in unrivalled(pieces, reading.words):
        taken |= set(range(first, last))
        yield first, last, FIRST
    for first, last, kind in _PHRASES.find(pieces):
        after = pieces[last].text if last < len(pieces) else ""
        if not taken & set(range(first, last)) and after not in _FOLLOWS_THE_MOST:
            taken |= set(range(first, last))
            yield first, last, AMONG if kind == FIRST and _among(reading, first) else kind
    for place, token in enumerate(pieces):
        text = token.text
        if token.kind == "word" and place not in taken and _is_superlative(text):
            if place and pieces[place - 1].text == "at" and text == "least":
                continue
            yield place, place + 1, AMONG if _among(reading, place) else FIRST
    for number in reading.numbers:
        if number.kind == "rank" and number.value == 1 and not any(one.kind.family == "rank" for one in reading.cited):
            yield number.first, number.last, FIRST


def _is_superlative(word: str) -> bool:
    if word in _EXTRA:
        return True
    return word.endswith("est") and len(word) > 4 and word not in _NOT_SUPERLATIVE


def _among(reading: Reading, place: int) -> bool:
    before = [token.text for token in reading.pieces[max(0, place - 3) : place]]
    return "among" in before or ("of" in before and "one" in before)


def unrivalled(pieces: Sequence[Token], said: Sequence[set[str]]) -> Iterator[tuple[int, int]]:
    """Yield (first token, token after the last) of each denial that anything else did as well.

    Parameters
    ----------
    said: the words of each sentence

    Examples
    --------
    >>> from core.grounding.tokens import tokens
    >>> text = tokens("No other tag grew more, no more than 3 creators posted and none of its sounds is new")
    >>> list(unrivalled(text, [{one.text for one in text}]))
    [(0, 5)]
    """
    if not any("no" in one or not _ALONE.isdisjoint(one) for one in said):
        return
    for place, token in enumerate(pieces):
        start = _head(pieces, place) if token.text == "no" or token.text in _ALONE else None
        for at in range(start, min(len(pieces), start + _REACH)) if start is not None else ():
            if pieces[at].text in _STOPS:
                break
            if pieces[at].text in _BETTER:
                yield place, at + 1
                break


def _head(pieces: Sequence[Token], place: int) -> int | None:
    """The token after "no other", "none of the others" or "nothing"; None where a part of one's own is denied."""
    follow = [token.text for token in pieces[place + 1 : place + 4]] + ["", "", ""]
    if pieces[place].text == "no":
        return place + 2 if follow[0] in _RIVALS else None
    if follow[0] != "of":
        return place + 1
    return place + 3 if follow[1] not in _OWN or follow[2] in _OTHERS or follow[2] in _RIVALS else None
