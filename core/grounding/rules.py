"""The rules that a text must pass before anyone sees it: the evidence backs whatever it states."""

import logging
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
from core.grounding.parsing import ParsedText, parse
from core.grounding.superlatives import superlatives_have_a_rank
from core.grounding.support import Claim
from core.grounding.tokens import Phrases, phrases, words
from core.grounding.windows import moments_agree, windows_agree

__all__ = ["RULES", "TextCheck", "Texts", "Violation", "grounded", "violations"]

Texts = Sequence[tuple[CitedText, Evidence]]
TextCheck = Callable[[Texts], list[list[Violation]]]
"""Finds the violations of each text."""

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
_BLOCKED_PHRASES = Phrases(dict.fromkeys(BLOCKED, True))
SHARES = frozenset(
    words(
        "probability lower upper novelty momentum creator_dispersion increment_coverage top_creator_share "
        "new_video_share"
    )
)
LOWEST = {"velocity": -1.0}
LONGEST = 20_000
_COUNTED = frozenset(
    ["volume", "new_videos", "unique_creators", "unique_sounds", "views_total", "videos_total", "rank"]
)
_SLACK = 1e-9

log = logging.getLogger(__name__)

Rule = Callable[[ParsedText, Sequence[Claim]], Iterator[Violation]]


def violations(text: CitedText, evidence: Evidence) -> list[Violation]:
    """Return every violation of the rules, in their order; an empty list means that the text is accepted.

    It never raises: a text that is too long, or that a rule fails on, is refused by the rule `text`.

    Examples
    --------
    >>> from core.grounding.evidence import EvidenceMetric
    >>> views = EvidenceMetric("m1", "booktok", "views_gained", 12_340, "count", "2025-05-14T10:00:00+00:00")
    >>> violations(CitedText("n1", "#booktok gained 12k views.", ["m1"]), Evidence([views]))
    []
    >>> [violation.rule for violation in violations(CitedText("n1", "It gained 13k views.", ["m1"]), Evidence([views]))]
    ['number']
    """
    whole = (0, len(text.text) if isinstance(text.text, str) else 0)
    if whole[1] > LONGEST:
        return [Violation("text", whole, f"it is longer than {LONGEST:,} characters")]
    try:
        parsed = parse(text, evidence)
        claims = claims_of(parsed)
        return [violation for rule in RULES for violation in rule(parsed, claims)]
    except Exception as error:  # a defect of a rule costs this text, never the others of its batch
        log.exception("the rules fail on the text %r", text.id)
        return [Violation("text", whole, f"the rules fail on it: {type(error).__name__}")]


def grounded(texts: Texts) -> list[list[Violation]]:
    """The violations of each text: the `TextCheck` that applies these rules here, in this process."""
    return [violations(narrative, evidence) for narrative, evidence in texts]


def citations_exist(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each cited id, listed or in the text, that is not in the evidence; and a text that cites nothing."""
    whole = (0, len(parsed.source.text))
    inline = [(ident, (citation.start, citation.end)) for citation in parsed.inline for ident in citation.ids]
    if not parsed.source.cites and not inline:
        yield Violation("citation", whole, "nothing is cited")
    metric_ids = {metric.id for metric in parsed.evidence.metrics}
    for cite, span in [*((cite, whole) for cite in parsed.source.cites), *inline]:
        if cite not in metric_ids:
            yield Violation("citation", span, f"{cite} is not in the evidence")


def nothing_is_blocked(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each blocked phrase and each placeholder."""
    for first, last, _ in _BLOCKED_PHRASES.find(parsed.tokens):
        span = parsed.span_of(first, last)
        yield Violation("blocked", span, f"{parsed.source.text[slice(*span)]!r} may not be said")
    inline = {citation.start for citation in parsed.inline}
    for match in _PLACEHOLDER.finditer(parsed.source.text):
        if match.start() not in inline:
            yield Violation("blocked", match.span(), f"{match.group()!r} was never filled in")


def evidence_is_sane(parsed: ParsedText, claims: Sequence[Claim]) -> Iterator[Violation]:
    """Yield each impossible metric of the evidence, cited or not: a single one discards the text."""
    for metric in parsed.evidence.metrics:
        problem = impossible(metric)
        if problem:
            whole = (0, len(parsed.source.text))
            yield Violation("sanity", whole, f"{metric.id}: {metric.metric} of {metric.value:g} {problem}")


def impossible(metric: EvidenceMetric) -> str:
    """Return why a metric can't be true; empty if it can."""
    name, value = metric.metric, metric.value
    if not math.isfinite(value):
        return "is no number"
    if not (metric.window_h > 0 and math.isfinite(metric.window_h)):
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
