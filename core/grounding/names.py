"""Hashtags, sounds and creators that are named are in the evidence, and something of a hashtag named is cited."""

import re
from collections.abc import Iterator, Sequence

from core.grounding.evidence import Violation
from core.grounding.parsing import Reading
from core.grounding.support import Claim
from core.grounding.tokens import tokens, words
from core.grounding.vocabulary import DIRECTIONS, TERMS
from core.hashtags import clean_hashtag

_QUOTED = re.compile(r"[\"“„«]([^\"“”«»\n]{1,80})[\"”“»]|(?<!\w)['‘]([^'‘’\n]{2,80})['’](?!\w)")
_CAPITALS = re.compile(r"(\w+[.,]?) +([A-Z][\w'’&]*(?: +[A-Z][\w'’&]*)*)")
_ENTITIES = frozenset(
    words(
        "sound sounds song songs track tracks audio creator creators user users artist artists account accounts "
        "influencer influencers singer singers rapper rappers star stars dj featuring feat. ft. named called titled"
    )
)
_BEFORE_NAMES = frozenset(words("by like from with via to of including and"))
_ORDINARY = frozenset(
    words(
        "tiktok utc gmt i january february march april may june july august september october november december monday "
        "tuesday wednesday thursday friday saturday sunday english us usa uk eu hashtag tag trend update alert summary "
        "note total average today overall top new the a an its in on at and of to for with from by is was surge score "
        "last past hour day half volume rate share median forecast model growth two three four five six seven eight "
        "nine ten twenty thirty forty fifty sixty seventy eighty ninety one hundred thousand million date week hours "
        "days this that it ai api groundswell trending video views unlike compared"
    )
)
_SUFFIX = "tok"


def names_are_known(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Every hashtag, sound and creator named is in the evidence."""
    yield from _hashtags(reading)
    creators = {creator.lower().removeprefix("@") for creator in reading.evidence.creators}
    known = creators | {sound.lower() for sound in reading.evidence.sounds} | reading.evidence.hashtags
    for place, token in enumerate(reading.pieces):
        if token.kind == "handle" and token.text.removeprefix("@") not in creators:
            yield Violation("name", reading.span_of(place, place + 1), f"{token.text} is not in the evidence")
        if token.kind == "word" and place and reading.pieces[place - 1].text in _ENTITIES:
            yield from _account(reading, place, known)
    yield from _titles(reading.narrative.text, known)


def _hashtags(reading: Reading) -> Iterator[Violation]:
    known = reading.evidence.hashtags
    cited = {figure.tag for figure in reading.cited}
    for place, tag in reading.tags:
        if tag not in known:
            yield Violation("name", reading.span_of(place, place + 1), f"#{tag} is not in the evidence")
        elif tag not in cited:
            yield Violation("name", reading.span_of(place, place + 1), f"nothing of #{tag} is cited")
    for place, token in enumerate(reading.pieces):
        if token.kind == "word" and token.text.endswith(_SUFFIX) and token.text not in ("tok", "tiktok"):
            if token.text not in known:
                yield Violation("name", reading.span_of(place, place + 1), f"{token.text} is not in the evidence")
            elif token.text not in cited:
                yield Violation("name", reading.span_of(place, place + 1), f"nothing of #{token.text} is cited")


def _account(reading: Reading, place: int, known: set[str]) -> Iterator[Violation]:
    """A name that only accounts have, behind a word for one: creator mia_93."""
    text, token = reading.narrative.text, reading.pieces[place]
    name = re.match(r"[\w.]+", text[token.start :])
    written = name.group().rstrip(".").lower() if name else ""
    if ("_" in written or any(letter.isdigit() for letter in written)) and written not in known:
        yield Violation("name", (token.start, token.start + len(written)), f"{written} is not in the evidence")


def _titles(text: str, known: set[str]) -> Iterator[Violation]:
    """What stands in quotes, and capitalised names behind words like sound, creator or by."""
    told: list[tuple[int, int]] = []
    for match in _QUOTED.finditer(text):
        told.append(match.span())
        title = (match[1] or match[2] or "").strip(" ,.!?;:").lower()
        if title not in known and not _only_terms(title):
            yield Violation("name", match.span(), f"{match.group()} is not in the evidence")
    for match in _CAPITALS.finditer(text):
        before, name = match[1].lower(), match[2]
        first, _, rest = name.partition(" ")
        if first.lower() in _ENTITIES and rest:
            before, name = first.lower(), rest.strip()
        strict = before in _ENTITIES
        if strict or before in _BEFORE_NAMES or (" " in name and match[1][0].islower()):
            span = (match.end() - len(name), match.end())
            within = any(start <= span[0] < end for start, end in told)
            if not within and not _is_known(name, known, strict):
                yield Violation("name", span, f"{name!r} is not in the evidence")


def _only_terms(title: str) -> bool:
    """Whether what stands in quotes is a word of measuring, and no title."""
    pieces = tokens(title.replace("_", " "))
    hits = [hit for table in (TERMS, DIRECTIONS) for hit in table.find(pieces)]
    covered = {place for first, last, _ in hits for place in range(first, last)}
    return bool(pieces) and all(
        place in covered or one.text in _ORDINARY or one.kind == "number" for place, one in enumerate(pieces)
    )


def _is_known(name: str, known: set[str], every: bool) -> bool:
    """Whether a capitalised name is in the evidence, or made of ordinary words (of some, unless `every` must be)."""
    plain = name.lower().removesuffix("'s").removesuffix("’s").rstrip("'’")
    if (
        plain in known
        or clean_hashtag(plain) in known
        or any(plain in one.split() or one in plain for one in known if len(one) > 2)
    ):
        return True
    if all(word.isupper() for word in re.findall(r"\w+", name)):
        return True
    judged = [word in _ORDINARY or _only_terms(word) for word in re.findall(r"\w+", plain)]
    return all(judged) if every else any(judged)
