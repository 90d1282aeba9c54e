"""Scores of the grounding rules: what they reject of true narratives, of mutants, and of a model's outputs."""

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
    """A text with its verdict.

    Parameters
    ----------
    group: style of a true narrative, kind of a mutation, or part of a model's output
    true: whether the text is true
    narrative: the text
    evidence: what it rests on
    """

    group: str
    true: bool
    narrative: CitedText
    evidence: Evidence


def corpus(seed: int, texts: int) -> list[GroundingCase]:
    """Return true narratives of the five styles in turn, each followed by its mutants."""
    rng = random.Random(seed)
    cases: list[GroundingCase] = []
    styles = list(STYLES.values())
    for number in range(texts):
        draft = styles[number % len(styles)](rng)
        evidence = Evidence.from_json(evidence_of(draft))
        cases.append(GroundingCase(draft.style, True, CitedText(f"n{number}", draft.text, ids(draft.cites)), evidence))
        cases += [
            GroundingCase(mutant.kind, False, CitedText(f"n{number}", mutant.text, mutant.cites), evidence)
            for mutant in mutants(draft, rng)
        ]
    return cases


def evidence_of(draft: Draft) -> dict[str, Any]:
    """Return the evidence of a narrative as JSON: the figures that it cites, and every other one of the rest."""
    beside = [figure for figure in draft.figures if figure not in draft.cites][::2]
    figures = [figure for figure in draft.figures if figure in draft.cites or figure in beside]
    return {
        "metrics": [figure.as_json() for figure in figures],
        "entities": {"sounds": list(draft.sounds), "creators": list(draft.creators)},
        "drivers": list(draft.drivers),
    }


def labelled() -> list[GroundingCase]:
    """Return outputs of SmolLM2-135M on simulated evidence, whole and by first sentence, labelled by reading."""
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
    """Return the true texts that the rules reject and the false ones that they accept."""
    return [case for case in cases if bool(violations(case.narrative, case.evidence)) == case.true]


def score(seeds: Sequence[int] | None, texts: int) -> dict[str, Any]:
    """Judge a corpus for each seed, and the labelled outputs.

    Returns
    -------
    Shares, counts and speed as plain JSON. Without seeds the corpora are those of seed 7 and of a random one.
    """
    corpora = [_corpus_score(seed, texts) for seed in seeds or (SEED, secrets.randbelow(10**6))]
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
    return {"corpora": corpora, "model_outputs": parts}


def _corpus_score(seed: int, texts: int) -> dict[str, Any]:
    """Return the counts, shares and speed of one corpus."""
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
        "wrongly_rejected": sum(group["rejected"] for group in clean.values())
        / sum(group["texts"] for group in clean.values()),
        "mutants_rejected": sum(group["rejected"] for group in false.values())
        / sum(group["texts"] for group in false.values()),
        "texts_a_second": len(cases) / took,
    }


def lines(scores: dict[str, Any]) -> Iterator[str]:
    """Yield the scores as lines for people."""
    for corpus_score in scores["corpora"]:
        yield f"corpus of seed {corpus_score['seed']}: {corpus_score['texts_a_second']:,.0f} texts a second of one core"
        yield from (_line(f"true, {style:<18}", group) for style, group in corpus_score["clean"].items())
        yield from (_line(f"mutant, {kind:<16}", group) for kind, group in corpus_score["mutants"].items())
        rejected, clean = corpus_score["mutants_rejected"], corpus_score["wrongly_rejected"]
        yield f"  all: {rejected:.2%} of the mutants rejected, {clean:.2%} of the true ones"
    for part, group in scores["model_outputs"].items():
        wrong = group["false_accepts"] + group["false_rejects"]
        yield (
            f"outputs of SmolLM2-135M, {part}: {group['texts'] - wrong} of {group['texts']} judged as by hand "
            f"({group['true']} are true); {group['false_accepts']} false ones accepted, "
            f"{group['false_rejects']} true ones rejected"
        )


def _line(name: str, group: dict[str, int]) -> str:
    share = group["rejected"] / group["texts"]
    return f"  {name} {group['rejected']:>6} of {group['texts']:>6} rejected  {share:7.2%}"
