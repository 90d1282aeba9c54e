"""Where a text compares with a hashtag: than #b, ahead of #b, beats #b; and with which sign."""

from core.grounding.lexicon import BEATS, COMPARATIVES
from core.grounding.reading import Reading
from core.grounding.wordlists import words

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
