"""The rules a text must pass before anyone sees it: whatever it says can be traced to the evidence."""

from collections.abc import Callable, Iterator, Sequence

from core.grounding.blocked import nothing_is_blocked
from core.grounding.causes import causes_are_drivers
from core.grounding.claim import Claim
from core.grounding.claims import claims_of, numbers_are_cited
from core.grounding.comparisons import comparisons_agree
from core.grounding.directions import directions_agree
from core.grounding.evidence import CitedText, Evidence
from core.grounding.names import names_are_known
from core.grounding.reading import Reading, read
from core.grounding.sanity import evidence_is_sane
from core.grounding.since import more_than_before_agrees
from core.grounding.superlatives import superlatives_have_a_rank
from core.grounding.ties import ties_agree
from core.grounding.time import moments_agree, windows_agree
from core.grounding.violation import Violation

__all__ = ["RULES", "Violation", "violations"]

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
