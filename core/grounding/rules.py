"""The rules a text must pass before anyone sees it: whatever it says can be traced to the evidence."""

import math
import re
from collections.abc import Callable, Iterator, Sequence

from core.grounding.causes import causes_are_drivers
from core.grounding.claims import claims_of, numbers_are_cited
from core.grounding.comparisons import comparisons_agree, ties_agree
from core.grounding.directions import directions_agree, more_than_before_agrees
from core.grounding.evidence import CitedText, Evidence, EvidenceMetric, Violation
from core.grounding.figures import kind_of
from core.grounding.names import names_are_known
from core.grounding.parsing import Reading, read
from core.grounding.superlatives import superlatives_have_a_rank
from core.grounding.support import Claim
from core.grounding.tokens import Phrases, phrases, words
from core.grounding.windows import moments_agree, windows_agree

BLOCKED = phrases(
    "guaranteed, guarantee, guarantees, will definitely, definitely going, certain to, sure to, bound to, no doubt, "
    "without a doubt, undoubtedly, for sure, can't fail, cannot fail, can't miss, cannot miss, sure thing, sure bet, "
    "safe bet, risk-free, risk free, 100 % certain, 100% certain, inevitable, inevitably, will certainly, will "
    "surely, destined to, unstoppable, invest in, investment advice, investment, buy now, sell now, financial advice, "
    "get rich, make money, stock tip, trading signal, cures, cure for, heals, treats cancer, miracle, clinically "
    "proven, medically proven, doctor recommended, lose weight, weight loss, detox, medical advice, proven to, act "
    "now, don't miss, hurry, must-see, must see, game-changer, game changer, game-changing, insane, mind-blowing, "
    "jaw-dropping, crazy numbers, everyone is talking, everybody is talking, the whole world, breaking the internet, "
    "broke the internet, break the internet, going viral for sure, will go viral, is going to go viral, will explode, "
    "to the moon, as an ai, as a language model, i cannot, i'm sorry, click here, subscribe now, follow me, fake "
    "creators, bots are, bought views, fraud, scam, promised, promises to, foolproof, trust me, believe me"
)
_PLACEHOLDER = re.compile(r"\[[a-z_ ]+\d*\]|\{\{?\s*\w+\s*\}?\}|<\w+>", re.I)
_TABLE = Phrases(dict.fromkeys(BLOCKED, True))
SHARES = frozenset(
    words(
        "probability lower upper novelty momentum creator_dispersion increment_coverage top_creator_share "
        "new_video_share"
    )
)
LOWEST = {"velocity": -1.0}
_COUNTED = frozenset(
    ["volume", "new_videos", "unique_creators", "unique_sounds", "views_total", "videos_total", "rank"]
)
_SLACK = 1e-9
Rule = Callable[[Reading, Sequence[Claim]], Iterator[Violation]]


def violations(narrative: CitedText, evidence: Evidence) -> list[Violation]:
    """Everything wrong with `narrative`, in the order of the rules; empty means accepted.

    Examples
    --------
    >>> from core.grounding.evidence import EvidenceMetric
    >>> fact = EvidenceMetric("m1", "booktok", "views_gained", 12_340, "count", "2025-05-14T10:00:00+00:00")
    >>> violations(CitedText("n1", "#booktok gained 12k views.", ["m1"]), Evidence([fact]))
    []
    >>> [one.rule for one in violations(CitedText("n1", "#booktok gained 13k views.", ["m1"]), Evidence([fact]))]
    ['number']
    """
    reading = read(narrative, evidence)
    claims = claims_of(reading)
    return [violation for rule in RULES for violation in rule(reading, claims)]


def citations_exist(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Every cited id is in the evidence, in the list and in the text alike, and something is cited."""
    whole = (0, len(reading.narrative.text))
    inline = [(ident, (one.start, one.end)) for one in reading.inline for ident in one.ids]
    if not reading.narrative.cites and not inline:
        yield Violation("citation", whole, "nothing is cited")
    known = {metric.id for metric in reading.evidence.metrics}
    for cite, span in [*((cite, whole) for cite in reading.narrative.cites), *inline]:
        if cite not in known:
            yield Violation("citation", span, f"{cite} is not in the evidence")


def nothing_is_blocked(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """No text holds a blocked phrase."""
    for first, last, _ in _TABLE.find(reading.pieces):
        span = reading.span_of(first, last)
        yield Violation("blocked", span, f"{reading.narrative.text[slice(*span)]!r} may not be said")
    inline = {one.start for one in reading.inline}
    for match in _PLACEHOLDER.finditer(reading.narrative.text):
        if match.start() not in inline:
            yield Violation("blocked", match.span(), f"{match.group()!r} was never filled in")


def evidence_is_sane(reading: Reading, claims: Sequence[Claim]) -> Iterator[Violation]:
    """No metric of the evidence is impossible: one such figure discards the text."""
    for metric in reading.evidence.metrics:
        problem = impossible(metric)
        if problem:
            whole = (0, len(reading.narrative.text))
            yield Violation("sanity", whole, f"{metric.id}: {metric.metric} of {metric.value:g} {problem}")


def impossible(metric: EvidenceMetric) -> str:
    """Why a figure can't be true; empty when it can."""
    name, value = metric.metric, metric.value
    if not math.isfinite(value):
        return "is no number"
    if not metric.window_h > 0:
        return f"has a window of {metric.window_h:g} hours"
    whole = 100.0 if metric.unit == "percent" else 1.0
    if (name.endswith("_rate") and not kind_of(name).change) or name in ("engagement_efficiency", "engagement"):
        return "" if 0 <= value <= whole + _SLACK else f"is no rate between 0 and {whole:g}"
    if name in SHARES or name.endswith("probability"):
        return "" if -_SLACK <= value <= whole + _SLACK else f"is not between 0 and {whole:g}"
    if name in LOWEST and value < LOWEST[name] * whole - _SLACK:
        return f"is below {LOWEST[name] * whole:g}"
    if name == "rank" and value < 1:
        return "is no rank"
    if value < 0 and (name in _COUNTED or (metric.unit in ("count", "hours") and not kind_of(name).change)):
        return "is negative"
    return ""


__all__ = ["RULES", "Violation", "violations"]
RULES: tuple[Rule, ...] = (
    citations_exist,
    numbers_are_cited,
    names_are_known,
    directions_agree,
    comparisons_agree,
    ties_agree,
    more_than_before_agrees,
    windows_agree,
    moments_agree,
    superlatives_have_a_rank,
    causes_are_drivers,
    nothing_is_blocked,
    evidence_is_sane,
)
