"""How the grounding rules do: what they reject of true narratives and of their mutants, and of a model's outputs."""

import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from benchmarks.grounding.mutations import ids, mutants
from benchmarks.grounding.parts import Draft
from benchmarks.grounding.styles import STYLES
from core.grounding.evidence import CitedText, Evidence
from core.grounding.rules import violations

SEED = 7


@dataclass(frozen=True)
class GroundingCase:
    """A text to judge: its group (a style, a kind of mutation, a part of an output), its truth, its evidence."""

    group: str
    true: bool
    narrative: CitedText
    evidence: Evidence


def corpus(seed: int, texts: int) -> list[GroundingCase]:
    """True narratives of the five styles in turn, each with its mutants."""
    rng = random.Random(seed)
    found: list[GroundingCase] = []
    styles = list(STYLES.values())
    for number in range(texts):
        draft = styles[number % len(styles)](rng)
        evidence = Evidence.from_json(evidence_of(draft))
        found.append(GroundingCase(draft.style, True, CitedText(f"n{number}", draft.text, ids(draft.cites)), evidence))
        found += [
            GroundingCase(one.kind, False, CitedText(f"n{number}", one.text, one.cites), evidence)
            for one in mutants(draft, rng)
        ]
    return found


def evidence_of(draft: Draft) -> dict[str, Any]:
    """The evidence of a narrative (docs/formulas.md, section 7): what it cites, and every other figure beside."""
    beside = [one for one in draft.facts if one not in draft.cites][::2]
    facts = [one for one in draft.facts if one in draft.cites or one in beside]
    return {
        "metrics": [one.as_json() for one in facts],
        "entities": {"sounds": list(draft.sounds), "creators": list(draft.creators)},
        "drivers": list(draft.drivers),
    }


def labelled() -> list[GroundingCase]:
    """Outputs of SmolLM2-135M on simulated evidence, whole and by their first sentence, labelled by reading."""
    text = resources.files("benchmarks.grounding").joinpath("model_outputs.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    return [
        GroundingCase(
            row["part"],
            row["true"],
            CitedText(row["id"], row["text"], row["cites"]),
            Evidence.from_json(row["evidence"]),
        )
        for row in rows
    ]


def misjudged(cases: Sequence[GroundingCase]) -> list[GroundingCase]:
    """True texts that are rejected, and false ones that are accepted."""
    return [case for case in cases if bool(violations(case.narrative, case.evidence)) == case.true]


def score(seeds: Sequence[int] | None, texts: int) -> dict[str, Any]:
    """Judge a corpus for each seed and the labelled outputs; shares and processor time as plain JSON."""
    found = [_corpus_score(seed, texts) for seed in seeds or (SEED, secrets.randbelow(10**6))]
    outputs = labelled()
    wrong = Counter((case.group, case.true) for case in misjudged(outputs))
    parts = {
        part: {
            "texts": sum(case.group == part for case in outputs),
            "true": sum(case.group == part and case.true for case in outputs),
            "false_accepts": wrong[part, False],
            "false_rejects": wrong[part, True],
        }
        for part in dict.fromkeys(case.group for case in outputs)
    }
    return {"corpora": found, "model_outputs": parts}


def _corpus_score(seed: int, texts: int) -> dict[str, Any]:
    cases = corpus(seed, texts)
    started = time.process_time()
    wrong = Counter((case.group, case.true) for case in misjudged(cases))
    took = time.process_time() - started
    every = Counter((case.group, case.true) for case in cases)
    clean = {group: {"texts": count, "rejected": wrong[group, True]} for (group, true), count in every.items() if true}
    false = {
        group: {"texts": count, "rejected": count - wrong[group, False]}
        for (group, true), count in every.items()
        if not true
    }
    return {
        "seed": seed,
        "clean": clean,
        "mutants": false,
        "wrongly_rejected": sum(one["rejected"] for one in clean.values())
        / sum(one["texts"] for one in clean.values()),
        "mutants_rejected": sum(one["rejected"] for one in false.values())
        / sum(one["texts"] for one in false.values()),
        "texts_a_second": len(cases) / took,
    }


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The scores for people."""
    for corpus_score in found["corpora"]:
        yield f"corpus of seed {corpus_score['seed']}: {corpus_score['texts_a_second']:,.0f} texts a second of one core"
        for name, one in corpus_score["clean"].items():
            yield f"  true, {name:<18} {one['rejected']:>6} of {one['texts']:>6} rejected  {_share(one):7.2%}"
        for name, one in corpus_score["mutants"].items():
            yield f"  mutant, {name:<16} {one['rejected']:>6} of {one['texts']:>6} rejected  {_share(one):7.2%}"
        rejected, clean = corpus_score["mutants_rejected"], corpus_score["wrongly_rejected"]
        yield f"  all: {rejected:.2%} of the mutants rejected, {clean:.2%} of the true ones"
    for part, one in found["model_outputs"].items():
        agree = one["texts"] - one["false_accepts"] - one["false_rejects"]
        yield (
            f"outputs of SmolLM2-135M, {part}: {agree} of {one['texts']} judged as by hand ({one['true']} are true); "
            f"{one['false_accepts']} false ones accepted, {one['false_rejects']} true ones rejected"
        )


def _share(one: dict[str, int]) -> float:
    return one["rejected"] / one["texts"]
