"""A text may name as a cause only what moved the prediction: a driver that it cites."""

from collections.abc import Iterator, Sequence

from core.grounding.evidence import Violation
from core.grounding.figures import Figure
from core.grounding.parsing import ParsedText
from core.grounding.support import Claim
from core.grounding.tokens import Phrases, phrases

BEHIND, AHEAD = "behind", "ahead"  # where the cause stands: behind the words, or ahead of them
_CAUSES = Phrases(
    dict.fromkeys(
        phrases(
            "because, because of, driven by, driven largely by, driven mainly by, driven in part by, thanks to, due "
            "to, owing to, caused by, as a result of, fueled by, fuelled by, on the back of, results from, resulted "
            "from, resulting from, stems from, stemming from, powered by, sparked by, triggered by, boosted by, "
            "propelled by, attributable to, attributed to, credited to, helped by, lifted by, pushed by, spurred by, "
            "on account of, down to its, inspired by, ignited by, prompted by, courtesy of, in response to, thanks "
            "largely to, thanks mainly to, buoyed by, fed by, amplified by, explained by, aided by, kicked off by, "
            "set off by, brought about by, brought on by, the reason is, the cause is, the driver is, given its, "
            "hinges on, derives from, owes to, owes its, as a consequence of, in the wake of, after a celebrity, "
            "after a viral, a result of, what drives it, what moves it, pulled up by, dragged down by, weighed down "
            "by, held back by, blamed on, traced to, traced back to, rooted in, main driver, key driver, main "
            "drivers, key drivers, drivers, driver"
        ),
        BEHIND,
    )
    | dict.fromkeys(
        phrases(
            "led to, leads to, leading to, caused, causes, causing, resulted in, results in, resulting in, drives, "
            "drove, driving, is why, explains, explaining, fuels, fueled, fuelled, fueling, fuelling, sparked, "
            "sparks, sparking, triggered, triggers, triggering, brought about, made it, therefore, hence, "
            "consequently, thus, that's why, as a result, contributes to, contributed to, contributing to, pushes it, "
            "propelled, propels, propelling, boosted, boosts, boosting, accounts for the rise, gave rise to, gives "
            "rise to, is behind, are behind, was behind, ignited, prompted, prompting, spurred, spurring, paved the "
            "way, created the, translates into"
        ),
        AHEAD,
    )
)
_LOOSE = {
    "views": {"viewing", "viewership", "views", "watching"},
    "velocity": {"velocity", "speed", "pace", "faster"},
    "growth": {"growth", "growing", "grew", "gains", "momentum"},
    "engagement": {"engagement", "engaging", "likes", "comments"},
    "dispersion": {"creators", "dispersion", "diversity", "spread", "breadth"},
    "novelty": {"novelty", "novel", "newcomers"},
    "creators": {"creators", "creator", "people", "accounts"},
    "sounds": {"sounds", "sound", "music", "song"},
    "videos": {"videos", "posts", "uploads", "posting", "volume"},
    "acceleration": {"acceleration", "accelerating"},
    "likes": {"likes", "liked"},
    "shares": {"shares", "shared", "sharing"},
    "comments": {"comments", "commented"},
    "z": {"unusual"},
    "total": {"size"},
    "gained": {"gains", "views"},
}
_CLOSE_TOKENS = 12


def causes_are_drivers(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each cause that is no cited driver, and each effect that is nothing measured."""
    drivers = [figure for figure in parsed.cited if figure.metric.id in set(parsed.evidence.drivers)]
    for first, last, side in _CAUSES.find(parsed.tokens):
        if _is_no_cause(parsed, first, last):
            continue
        reason = ""
        if not drivers:
            reason = "no driver is cited"
        elif not any(_is_named(parsed, claims, driver, first, last, side) for driver in drivers):
            reason = "what is told as the cause is no cited driver"
        elif side == AHEAD and not _is_measured(parsed, claims, last):
            reason = "what is told as its effect is nothing measured"
        if reason:
            span = parsed.span_of(first, last)
            yield Violation("cause", span, f"{parsed.source.text[slice(*span)]!r}, but {reason}")


def _is_no_cause(parsed: ParsedText, first: int, last: int) -> bool:
    """Return whether the words state no cause: #a is behind #b, brought about 500 views."""
    behind = parsed.tokens[last - 1].text == "behind" and any(at == last for at, _ in parsed.tags)
    if behind and any(at == first - 1 for at, _ in parsed.tags):
        return True
    return parsed.tokens[last - 1].text == "about" and any(number.first == last for number in parsed.numbers)


def _is_measured(parsed: ParsedText, claims: Sequence[Claim], last: int) -> bool:
    """Return whether a figure, a hashtag or a measuring word stands behind the words of a cause."""
    sentence = parsed.sentence[last - 1]
    places = [at for at, of in enumerate(parsed.sentence) if of == sentence and at >= last]
    if not places:
        return False
    start, end = places[0], places[-1] + 1
    stated = {
        *(claim.number.first for claim in claims),
        *(first for first, _, _ in parsed.direction_words),
        *(at for at, _ in parsed.tags),
    }
    held = parsed.topics(start, end) or any(start <= at < end for at in stated)
    return bool(held) or any(token.text in ("it", "this") for token in parsed.tokens[start:end])


def _is_named(parsed: ParsedText, claims: Sequence[Claim], driver: Figure, first: int, last: int, side: str) -> bool:
    """Return whether the words on the cause's side name a driver, print its figure or cite it."""
    sentence = parsed.sentence[first]
    places = [place for place, of in enumerate(parsed.sentence) if of == sentence]
    start, end = (last, places[-1] + 1) if side == BEHIND else (places[0], first)
    if any(
        figure.metric.id == driver.metric.id
        for claim in claims
        if start <= claim.number.first < end
        for support in claim.supports
        for figure in support.figures
    ):
        return True
    if start >= end:
        return False
    low, high = parsed.span_of(start, end)
    texts = {token.text for token in parsed.tokens[start:end]}
    if driver.metric.id.lower() in texts or any(
        driver.metric.id in citation.ids and low <= citation.start and citation.end <= high + _CLOSE_TOKENS
        for citation in parsed.inline
    ):
        return True
    topics = driver.kind.topics - {"new", "total"}
    return bool(topics & texts) or bool(topics & parsed.topics(start, end)) or _names_loosely(topics, texts)


def _names_loosely(topics: frozenset[str], texts: set[str]) -> bool:
    """Return whether the words use an everyday expression for one of the topics."""
    return any(_LOOSE.get(topic, set()) & texts for topic in topics)
