"""Every hashtag, sound and creator that a text names is in the evidence, and every hashtag it names is cited."""

import re
from collections.abc import Iterator, Sequence

from core.grounding.evidence import Violation
from core.grounding.parsing import ParsedText
from core.grounding.support import Claim
from core.grounding.tokens import tokenize, words
from core.grounding.vocabulary import DIRECTIONS, TERMS
from core.hashtags import clean_hashtag

_QUOTED = re.compile(r"[\"“„«]([^\"“”«»\n]{1,80})[\"”“»]|(?<!\w)['‘]([^'‘’\n]{2,80})['’](?!\w)")
_CAPITALS = re.compile(r"(?<!\w)(\w+[.,]?) +([A-Z][\w'’&]*(?: +[A-Z][\w'’&]*)*)")
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


def names_are_known(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each hashtag, sound and creator that is not in the evidence, and each hashtag without a citation."""
    yield from _hashtags(parsed)
    creators = {creator.lower().removeprefix("@") for creator in parsed.evidence.creators}
    names = creators | {sound.lower() for sound in parsed.evidence.sounds} | parsed.evidence.hashtags
    for place, token in enumerate(parsed.tokens):
        if token.kind == "handle" and token.text.removeprefix("@") not in creators:
            yield Violation("name", parsed.span_of(place, place + 1), f"{token.text} is not in the evidence")
        if token.kind == "word" and place and parsed.tokens[place - 1].text in _ENTITIES:
            yield from _account(parsed, place, names)
    yield from _titles(parsed.source.text, names)


def _hashtags(parsed: ParsedText) -> Iterator[Violation]:
    hashtags = parsed.evidence.hashtags
    cited = {figure.tag for figure in parsed.cited}
    for place, tag in parsed.tags:
        if tag not in hashtags:
            yield Violation("name", parsed.span_of(place, place + 1), f"#{tag} is not in the evidence")
        elif tag not in cited:
            yield Violation("name", parsed.span_of(place, place + 1), f"nothing of #{tag} is cited")
    for place, token in enumerate(parsed.tokens):
        if token.kind == "word" and token.text.endswith(_SUFFIX) and token.text not in ("tok", "tiktok"):
            if token.text not in hashtags:
                yield Violation("name", parsed.span_of(place, place + 1), f"{token.text} is not in the evidence")
            elif token.text not in cited:
                yield Violation("name", parsed.span_of(place, place + 1), f"nothing of #{token.text} is cited")


def _account(parsed: ParsedText, place: int, names: set[str]) -> Iterator[Violation]:
    """Yield an account name that is not in the evidence, behind a word for accounts: creator mia_93."""
    text, token = parsed.source.text, parsed.tokens[place]
    name = re.match(r"[\w.]+", text[token.start :])
    written = name.group().rstrip(".").lower() if name else ""
    if ("_" in written or any(letter.isdigit() for letter in written)) and written not in names:
        yield Violation("name", (token.start, token.start + len(written)), f"{written} is not in the evidence")


def _titles(text: str, names: set[str]) -> Iterator[Violation]:
    """Yield quoted titles and capitalised names (behind words like sound, creator, by) that the evidence lacks."""
    quoted: list[tuple[int, int]] = []
    for match in _QUOTED.finditer(text):
        quoted.append(match.span())
        title = (match[1] or match[2] or "").strip(" ,.!?;:").lower()
        if title not in names and not _only_terms(title):
            yield Violation("name", match.span(), f"{match.group()} is not in the evidence")
    for match in _CAPITALS.finditer(text):
        before, name = match[1].lower(), match[2]
        first, _, rest = name.partition(" ")
        if first.lower() in _ENTITIES and rest:
            before, name = first.lower(), rest.strip()
        strict = before in _ENTITIES
        if strict or before in _BEFORE_NAMES or (" " in name and match[1][0].islower()):
            span = (match.end() - len(name), match.end())
            within = any(start <= span[0] < end for start, end in quoted)
            if not within and not _is_cited_name(name, names, strict):
                yield Violation("name", span, f"{name!r} is not in the evidence")


def _only_terms(title: str) -> bool:
    """Return whether quoted words are measuring words and no title."""
    tokens = tokenize(title.replace("_", " "))
    hits = [hit for table in (TERMS, DIRECTIONS) for hit in table.find(tokens)]
    window_fits = {place for first, last, _ in hits for place in range(first, last)}
    return bool(tokens) and all(
        place in window_fits or token.text in _ORDINARY or token.kind == "number" for place, token in enumerate(tokens)
    )


def _is_cited_name(name: str, names: set[str], every: bool) -> bool:
    """Return whether a capitalised name is in the evidence or consists of ordinary words (`every`: of these alone)."""
    plain = name.lower().removesuffix("'s").removesuffix("’s").rstrip("'’")
    if (
        plain in names
        or clean_hashtag(plain.replace(" ", "")) in names
        or any(plain in entry.split() or entry in plain for entry in names if len(entry) > 2)
    ):
        return True
    if all(word.isupper() for word in re.findall(r"\w+", name)):
        return True
    judged = [word in _ORDINARY or _only_terms(word) for word in re.findall(r"\w+", plain)]
    return all(judged) if every else any(judged)
