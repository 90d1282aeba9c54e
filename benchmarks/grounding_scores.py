"""How the grounding rules do on the corpus: what they reject of the mutants, what of the true texts, and how fast."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.grounding_mutations import ids, mutants
from benchmarks.grounding_parts import Draft
from benchmarks.grounding_styles import STYLES
from core.grounding import violations
from core.grounding_evidence import Evidence, Narrative


@dataclass(frozen=True)
class Case:
    """A text to judge: group (a style, or a kind of mutation), whether it is true, and what it stands on."""

    group: str
    true: bool
    narrative: Narrative
    evidence: Evidence


def corpus(seed: int, texts: int) -> list[Case]:
    """True narratives of the five styles in turn, each with its mutants."""
    rng = random.Random(seed)
    found: list[Case] = []
    styles = list(STYLES.values())
    for number in range(texts):
        draft = styles[number % len(styles)](rng)
        evidence = Evidence.from_json(evidence_of(draft))
        found.append(Case(draft.style, True, Narrative(f"n{number}", draft.text, ids(draft.cites)), evidence))
        for mutant in mutants(draft, rng):
            found.append(Case(mutant.kind, False, Narrative(f"n{number}", mutant.text, mutant.cites), evidence))
    return found


def evidence_of(draft: Draft) -> dict[str, Any]:
    """The evidence of a narrative as SPEC 7 writes it: what it cites, and half as much again beside."""
    beside = [one for one in draft.facts if one not in draft.cites][::2]
    facts = [one for one in draft.facts if one in draft.cites or one in beside]
    return {
        "metrics": [one.as_json() for one in facts],
        "entities": {"sounds": list(draft.sounds), "creators": list(draft.creators)},
        "drivers": list(draft.drivers),
    }


def judge(cases: Sequence[Case]) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]], float, list[Case]]:
    """Rejected and all by kind of mutation and by style; texts a second of processor time; what was judged wrongly."""
    mutated: dict[str, tuple[int, int]] = {}
    clean: dict[str, tuple[int, int]] = {}
    wrong = []
    started = time.process_time()
    for case in cases:
        rejected = bool(violations(case.narrative, case.evidence))
        table = clean if case.true else mutated
        before = table.get(case.group, (0, 0))
        table[case.group] = (before[0] + rejected, before[1] + 1)
        if rejected == case.true:
            wrong.append(case)
    return mutated, clean, len(cases) / max(1e-9, time.process_time() - started), wrong
