"""Superlatives by denial: no other hashtag grew more, none comes close, nobody did better."""

from collections.abc import Iterator, Sequence

from core.grounding.lexicon import BEATS
from core.grounding.tokens import Token
from core.grounding.wordlists import words

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
