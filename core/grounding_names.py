"""Hashtags, sounds and creators that are named are in the evidence, and something of a hashtag named is cited."""

import re
from collections.abc import Iterator, Sequence

from core.grounding_claims import Claim
from core.grounding_lexicon import DIRECTIONS
from core.grounding_reading import Reading
from core.grounding_terms import TERMS
from core.grounding_tokens import tokens
from core.grounding_violation import Violation

_QUOTED = re.compile(r"[\"“„«]([^\"“”«»\n]{1,80})[\"”“»]|(?<!\w)['‘]([^'‘’\n]{2,80})['’](?!\w)")
_ENTITY = re.compile(
    r"\b(?:[Ss]ounds?|[Ss]ongs?|[Tt]racks?|[Aa]udios?|[Cc]reators?|[Uu]sers?|[Aa]rtists?|[Aa]ccounts?|[Ii]nfluencers?|"
    r"[Ss]ingers?|[Rr]appers?|stars?|DJs?|featuring|feat\.|ft\.)\s+(?:called\s+|named\s+|titled\s+)?"
    r"((?:[A-Z][\w'’&]*)(?:\s+[A-Z][\w'’&]*)*|[a-z]+[\d_.]+[a-z]\w*)"
)
_CALLED = re.compile(r"\b(?:by|named|called|titled|like|from|with|via|to|of|including|and)\s+([A-Z][\w'’&]*(?:\s+[A-Z][\w'’&]*)*)")
_TITLES = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)+")
_ORDINARY = frozenset(
    "tiktok utc gmt i january february march april may june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday english us usa uk eu hashtag tag trend update alert summary note "
    "total average today overall top new the a an its in on at and of to for with from by is was surge score last past hour day "
    "week hours days this that it ai api groundswell trending video views unlike compared".split()
)


def names_are_known(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Every hashtag, sound and creator named is in the evidence."""
    yield from _hashtags(reading)
    creators = {creator.lower().removeprefix("@") for creator in reading.evidence.creators}
    for place, token in enumerate(reading.pieces):
        if token.kind == "handle" and token.text.removeprefix("@") not in creators:
            yield Violation("name", reading.span_of(place, place + 1), f"{token.text} is not in the evidence")
    text = reading.narrative.text
    known = creators | {sound.lower() for sound in reading.evidence.sounds} | reading.evidence.hashtags
    quoted: list[tuple[int, int]] = []
    if any(mark in text for mark in "\"“„«'‘"):
        for match in _QUOTED.finditer(text):
            quoted.append(match.span())
            title = (match[1] or match[2] or "").strip(" ,.!?;:").lower()
            if title not in known and not _only_terms(title):
                yield Violation("name", match.span(), f"{match.group()} is not in the evidence")
    for pattern, every in ((_ENTITY, True), (_CALLED, False), (_TITLES, False)):
        for match in pattern.finditer(text):
            span = match.span(pattern.groups)
            told = any(start <= span[0] < end for start, end in quoted)
            if not told and not _is_known(text[slice(*span)], known, every):
                yield Violation("name", span, f"{text[slice(*span)]!r} is not in the evidence")
                quoted.append(span)


def _hashtags(reading: Reading) -> Iterator[Violation]:
    known = reading.evidence.hashtags
    cited = {figure.tag for figure in reading.cited}
    for place, tag in reading.tags:
        if tag not in known:
            yield Violation("name", reading.span_of(place, place + 1), f"#{tag} is not in the evidence")
        elif tag not in cited:
            yield Violation("name", reading.span_of(place, place + 1), f"nothing of #{tag} is cited")
    for place, token in enumerate(reading.pieces):
        if token.kind == "word" and token.text.endswith("tok") and token.text not in known and len(token.text) > 4:
            if token.text != "tiktok":
                yield Violation("name", reading.span_of(place, place + 1), f"{token.text} is not in the evidence")
    for place, tag in reading.bare:
        if tag not in cited and tag.endswith("tok"):
            yield Violation("name", reading.span_of(place, place + 1), f"nothing of #{tag} is cited")


def _only_terms(title: str) -> bool:
    """Whether what stands in quotes is a word of measuring, and no title."""
    pieces = tokens(title.replace("_", " "))
    covered = {place for table in (TERMS, DIRECTIONS) for first, last, _ in table.find(pieces) for place in range(first, last)}
    return bool(pieces) and all(place in covered or one.text in _ORDINARY or one.kind == "number" for place, one in enumerate(pieces))


def _is_known(name: str, known: set[str], every: bool) -> bool:
    """Whether a capitalised name is one of the evidence, or made of ordinary words (of some, unless `every` must be)."""
    plain = name.lower().removesuffix("'s").removesuffix("’s").rstrip("'’")
    if plain in known or any(plain in one.split() or one in plain for one in known if len(one) > 2):
        return True
    words = re.findall(r"\w+", plain)
    if all(word.isupper() for word in re.findall(r"\w+", name)):
        return True
    judged = [word in _ORDINARY or _only_terms(word) for word in words]
    return all(judged) if every else any(judged)
