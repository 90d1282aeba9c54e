"""A cause may be told only of what moved the prediction: a driver that is cited and named."""

from collections.abc import Iterator, Sequence

from core.grounding.evidence import Violation
from core.grounding.figures import Figure
from core.grounding.parsing import Reading
from core.grounding.support import Claim
from core.grounding.tokens import Phrases, phrases

BEHIND, AHEAD, EITHER = "behind", "ahead", "either"
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
_CLOSE_TOKENS = 12


def causes_are_drivers(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """No cause is told unless a driver is cited and is what is told as the cause."""
    drivers = [one for one in reading.cited if one.metric.id in set(reading.evidence.drivers)]
    for first, last, side in _CAUSES.find(reading.pieces):
        if _is_none(reading, first, last):
            continue
        reason = ""
        if not drivers:
            reason = "no driver is cited"
        elif not any(_is_named(reading, claims, driver, first, last, side) for driver in drivers):
            reason = "what is told as the cause is no cited driver"
        elif side == AHEAD and not _is_measured(reading, claims, last):
            reason = "what is told as its effect is nothing measured"
        if reason:
            span = reading.span_of(first, last)
            yield Violation("cause", span, f"{reading.narrative.text[slice(*span)]!r}, but {reason}")


def _is_none(reading: Reading, first: int, last: int) -> bool:
    """Whether the words tell no cause: #a is behind #b, brought about 500 views."""
    behind = reading.pieces[last - 1].text == "behind" and any(at == last for at, _ in reading.tags)
    if behind and any(at == first - 1 for at, _ in reading.tags):
        return True
    return reading.pieces[last - 1].text == "about" and any(one.first == last for one in reading.numbers)


def _is_measured(reading: Reading, claims: Sequence[Claim], last: int) -> bool:
    """Whether what stands behind a cause is a figure, a hashtag or a word of measuring."""
    sentence = reading.sentence[last - 1]
    places = [at for at, of in enumerate(reading.sentence) if of == sentence and at >= last]
    if not places:
        return False
    start, end = places[0], places[-1] + 1
    told = {
        *(claim.number.first for claim in claims),
        *(first for first, _, _ in reading.ways),
        *(at for at, _ in reading.tags),
    }
    held = reading.topics(start, end) or any(start <= at < end for at in told)
    return bool(held) or any(token.text in ("it", "this") for token in reading.pieces[start:end])


def _is_named(reading: Reading, claims: Sequence[Claim], driver: Figure, first: int, last: int, side: str) -> bool:
    """Whether the words on the cause's side name a driver, print its figure or cite it."""
    sentence = reading.sentence[first]
    places = [place for place, of in enumerate(reading.sentence) if of == sentence]
    start, end = (last, places[-1] + 1) if side == BEHIND else (places[0], first)
    if any(
        one.metric.id == driver.metric.id
        for claim in claims
        if start <= claim.number.first < end
        for support in claim.supports
        for one in support.figures
    ):
        return True
    if start >= end:
        return False
    low, high = reading.span_of(start, end)
    texts = {token.text for token in reading.pieces[start:end]}
    if driver.metric.id.lower() in texts or any(
        driver.metric.id in one.ids and low <= one.start and one.end <= high + _CLOSE_TOKENS for one in reading.inline
    ):
        return True
    topics = driver.kind.topics - {"new", "total"}
    return bool(topics & texts) or bool(topics & reading.topics(start, end)) or _loosely(topics, texts)


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


def _loosely(topics: frozenset[str], texts: set[str]) -> bool:
    return any(_LOOSE.get(topic, set()) & texts for topic in topics)
