"""Superlatives need a rank among the cited figures."""

from collections.abc import Iterator, Sequence

from core.grounding.evidence import Violation
from core.grounding.parsing import ParsedText
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


def superlatives_have_a_rank(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each superlative without a cited rank of 1, and each "among the top" without any rank."""
    superlatives = list(_superlatives(parsed))
    if not superlatives:
        return
    placed = [figure for figure in parsed.cited if figure.kind.family == "rank"]
    named = {"the", "a", *(word for figure in parsed.cited for word in figure.metric.metric.split("_"))}
    for first, last, kind in superlatives:
        if all(token.text in named for token in parsed.tokens[first:last]):
            continue  # the name of a figure, as in top_creator_share
        subjects = _subjects(parsed, first)
        ranks = [figure.metric.value for figure in placed if not subjects or figure.tag in subjects]
        if kind == NEVER or not ranks:
            reason = "needs a rank, and none is cited" if kind != NEVER else "is more than any metric can say"
        elif kind == FIRST and min(ranks) > 1:
            reason = f"is not rank {min(ranks):.0f}"
        elif kind == FIRST and (rival := _outdone_by(parsed, first, last, subjects)):
            reason = f"but #{rival} has more by what is cited"
        else:
            continue
        span = parsed.span_of(first, last)
        yield Violation("superlative", span, f"{parsed.source.text[slice(*span)]!r} {reason}")


def _subjects(parsed: ParsedText, place: int) -> frozenset[str]:
    """Return the hashtag named last before a superlative in its sentence, else all that the sentence may be about."""
    sentence = parsed.sentence[place]
    before = [tag for at, tag in parsed.tags if at < place and parsed.sentence[at] == sentence]
    return frozenset(before[-1:]) or parsed.subjects[sentence]


def _outdone_by(parsed: ParsedText, first: int, last: int, subjects: frozenset[str]) -> str:
    """Return a cited hashtag with more of what the superlative names (the most views); empty without one."""
    topics = parsed.topics(first, last + _NAMED_WITHIN)
    if not topics or any(token.text in _SMALLEST for token in parsed.tokens[first:last]):
        return ""
    figures = [figure for figure in parsed.cited if figure.kind.topics & topics and figure.kind.family != "rank"]
    for figure in figures:
        for other in figures:
            alike = figure.metric.metric == other.metric.metric and figure.metric.window_h == other.metric.window_h
            if (
                alike
                and figure.tag in subjects
                and other.tag not in subjects
                and other.metric.value > figure.metric.value
            ):
                return other.tag
    return ""


def _superlatives(parsed: ParsedText) -> Iterator[tuple[int, int, str]]:
    """Yield (first token, token after the last, kind) of each superlative."""
    tokens = parsed.tokens
    taken: set[int] = {
        place for claim in parsed.numbers if claim.kind == "top" for place in range(claim.first - 2, claim.last)
    }
    taken |= {
        place
        for number in parsed.numbers
        if number.kind == "rank" and number.value > 1
        for place in range(number.first - 2, number.last)
    }
    for first, last in superlatives_by_denial(tokens, parsed.words):
        taken |= set(range(first, last))
        yield first, last, FIRST
    for first, last, kind in _PHRASES.find(tokens):
        after = tokens[last].text if last < len(tokens) else ""
        if not taken & set(range(first, last)) and after not in _FOLLOWS_THE_MOST:
            taken |= set(range(first, last))
            yield first, last, AMONG if kind == FIRST and _among(parsed, first) else kind
    for place, token in enumerate(tokens):
        text = token.text
        if token.kind == "word" and place not in taken and _is_superlative(text):
            if place and tokens[place - 1].text == "at" and text == "least":
                continue
            yield place, place + 1, AMONG if _among(parsed, place) else FIRST
    for number in parsed.numbers:
        if (
            number.kind == "rank"
            and number.value == 1
            and not any(figure.kind.family == "rank" for figure in parsed.cited)
        ):
            yield number.first, number.last, FIRST


def _is_superlative(word: str) -> bool:
    """Return whether a word is a superlative by its form."""
    if word in _EXTRA:
        return True
    return word.endswith("est") and len(word) > 4 and word not in _NOT_SUPERLATIVE


def _among(parsed: ParsedText, place: int) -> bool:
    """Return whether a superlative says "among" or "one of"."""
    before = [token.text for token in parsed.tokens[max(0, place - 3) : place]]
    return "among" in before or ("of" in before and "one" in before)


def superlatives_by_denial(tokens: Sequence[Token], sentences: Sequence[set[str]]) -> Iterator[tuple[int, int]]:
    """Yield (first token, token after the last) of each denial that anything else did as well.

    Parameters
    ----------
    sentences: the words of each sentence

    Examples
    --------
    >>> from core.grounding.tokens import tokenize
    >>> text = tokenize("No other tag grew more, no more than 3 creators posted and none of its sounds is new")
    >>> list(superlatives_by_denial(text, [{token.text for token in text}]))
    [(0, 5)]
    """
    if not any("no" in sentence or not _ALONE.isdisjoint(sentence) for sentence in sentences):
        return
    for place, token in enumerate(tokens):
        start = _denial_start(tokens, place) if token.text == "no" or token.text in _ALONE else None
        for at in range(start, min(len(tokens), start + _REACH)) if start is not None else ():
            if tokens[at].text in _STOPS:
                break
            if tokens[at].text in _BETTER:
                yield place, at + 1
                break


def _denial_start(tokens: Sequence[Token], place: int) -> int | None:
    """Return the token behind "no other", "none of the others" or "nothing"; None if it denies a part of its own."""
    follow = [token.text for token in tokens[place + 1 : place + 4]] + ["", "", ""]
    if tokens[place].text == "no":
        return place + 2 if follow[0] in _RIVALS else None
    if follow[0] != "of":
        return place + 1
    return place + 3 if follow[1] not in _OWN or follow[2] in _OTHERS or follow[2] in _RIVALS else None
