"""Texts and evidence at random: the gate gives every text a verdict, and no rule fails on it.

GROUNDSWELL_FUZZ_SECONDS (default 5) says for how long, GROUNDSWELL_FUZZ_SEED names the cases: the same seed tries the
same ones in the same order.
"""

import contextlib
import json
import logging
import math
import os
import time
from random import Random
from typing import Any

import pytest

from cli.texts.ground import printable
from core.grounding.evidence import CitedText, Evidence, EvidenceMetric, Violation
from core.grounding.rules import grounded

SECONDS = float(os.environ.get("GROUNDSWELL_FUZZ_SECONDS", "5"))
SEED = int(os.environ.get("GROUNDSWELL_FUZZ_SEED", "14"))

METRICS = (
    "views_gained", "views_total", "volume", "unique_creators", "likes_rate", "engagement_efficiency", "velocity",
    "acceleration", "momentum", "novelty", "half_life_h", "retention_24", "z_14d", "delta_24h", "probability",
    "rank", "growth_p50", "gained_24h", "daily_growth", "", "_", "_p", "_p²", "gained_" + "9" * 400 + "h",
    "rate_rate", "h_1h_2h", "growth_24h_past", "x" * 2000, "retention_0", "١_٢h", "top_creator_share",
)  # fmt: skip
TAGS = ("dance", "booktok", "", "#", "İstanbul", "ß", "2025", "\u200f", "علی", "❤️", "a/b", "\x00", "\ud83d", "x" * 500)
UNITS = ("count", "ratio", "percent", "hours", "score")
TIMES = (
    "2026-01-05T00:00:00Z", "2026-01-05T01:00:00+00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "2026-01-05T00:00:00", "2026-01-05", "", "soon", "2026-02-30T00:00:00Z", "2026-01-05T00:00:00+23:59",
    "2026-W01-1", "٢٠٢٦-01-05T00:00:00Z", "2026-01-05T24:00:00Z", "\x00",
)  # fmt: skip
FIGURES: tuple[Any, ...] = (
    0, 1, -1, 0.0, -0.0, 12_000, 0.35, 1.0, 100, -0.5, 3, 24, math.inf, -math.inf, math.nan, 1e308, -1e308, 5e-324,
    10**400, -(10**400), 2**63, 10**308, 1e-300, 99_999_999_999_999_999_999,
)  # fmt: skip
WORDS = (
    "#dance", "#booktok", "gained", "lost", "rose", "fell", "doubled", "halved", "12k", "12,000", "35 %", "3x",
    "twice", "half", "a third", "one in five", "no. 3", "#1", "p50", "p²", "½", "²", "٣٤", "９９", "views", "likes",
    "creators", "in the last hour", "on 4 January", "32 January 2026", "May", "December", "yesterday", "today",
    "at 00:00", "2026-01-05", "0000-00-00", "99:99", "than", "versus", "because", "driven by", "fastest", "if",
    "and", "but", "not", "about", "over", "nearly", "more than", "up to", "at least", "[m1]", "(m2)", "[m99]",
    "(m1, m2)", "[[", "](", "{x}", "<b>", '"Song"', "“", "@someone", "@", "#", "$a", "sound", "Abc Def",
    "twenty-three", "two hundred and five", "minus", "plus", "point five", "two point", "million", "billion", "k",
    "M", "%", "percent", "points", "hours", "days", "weeks", "1e400", "0x10", "-", "--", "1/0", "0/0", "1 in 0",
    "3 in 10", "0 of 0", "1.2.3.4", "1,2,3", "-0", "+", "1'000", "1 000", "seventh", "third place", "top 0",
    "\u200b", "\u202e", "\ufeff", "\x00", "\ud800", "\n", "\t", ".", "!", "…", "e\u0301", "👨‍👩‍👧", "9" * 20,
    "9" * 400, "9" * 4400, "0." + "0" * 400 + "1", "1" + "0" * 310 + " million",
)  # fmt: skip
PLAUSIBLE = (
    "#dance gained 12k views in the last hour on 5 January.",
    "#booktok rose 35 % and has 3x as many creators as #dance.",
    "It is ranked no. 3 with a probability of 35 %, because likes per view doubled.",
    "- #dance: 12,000 views [m1]\n- #booktok: twice as many (m2)",
)


def some_metric(random: Random, place: int) -> EvidenceMetric:
    return EvidenceMetric(
        id=random.choice((f"m{place}", f"m{place}", "", "m1", "x" * 300)),
        hashtag=random.choice(TAGS),
        metric=random.choice(METRICS),
        value=random.choice(FIGURES),
        unit=random.choice(UNITS),  # type: ignore[arg-type]
        window_end=random.choice(TIMES),
        window_h=random.choice((1.0, 1.0, 24, *FIGURES)),
    )


def some_evidence(random: Random) -> Evidence:
    metrics = [some_metric(random, place) for place in range(1, random.randint(1, 7))]
    names = [random.choice(WORDS) for _ in range(random.randint(0, 3))]
    return Evidence(metrics, names, names[:1], [metric.id for metric in metrics[:1]])


def some_text(random: Random, ids: list[str]) -> CitedText:
    if random.random() < 0.3:
        text = random.choice(PLAUSIBLE)
        for _ in range(random.randint(0, 4)):
            at = random.randint(0, len(text))
            text = text[:at] + random.choice(WORDS) + text[at + random.randint(0, 3) :]
    else:
        text = random.choice((" ", "", "-", "\n")).join(random.choice(WORDS) for _ in range(random.randint(0, 40)))
    if random.random() < 0.005:
        text *= random.choice((40, 400))
    cites = [random.choice([*ids, "m1", "", "\ud83d"]) for _ in range(random.randint(0, 4))]
    return CitedText("n", text[:60_000], cites)


def fits(violation: Violation, text: str) -> bool:
    """Return whether a violation is as the gate prints it: a place in the text, and one line of JSON."""
    start, end = violation.span
    line = printable(json.dumps(violation.to_json(), ensure_ascii=False))
    return 0 <= start <= end <= len(text) and "\n" not in line and len(line.encode()) > 0 and bool(violation.rule)


def test_every_text_gets_a_verdict(caplog: pytest.LogCaptureFixture) -> None:
    end, case = time.monotonic() + SECONDS, 0
    with caplog.at_level(logging.ERROR, logger="core.grounding.rules"):
        while time.monotonic() < end or case < 50:
            random = Random(f"{SEED}.{case}")
            evidence = some_evidence(random)
            texts = [some_text(random, [metric.id for metric in evidence.metrics]) for _ in range(8)]
            judged = grounded([(text, evidence) for text in texts])
            assert len(judged) == len(texts)
            for text, violations in zip(texts, judged, strict=True):
                assert all(fits(violation, text.text) for violation in violations), f"seed {SEED}, case {case}: {text}"
            assert not caplog.records, f"seed {SEED}, case {case}: {caplog.records[0].exc_text}"
            case += 1


def test_evidence_is_read_or_refused() -> None:
    end, case = time.monotonic() + SECONDS / 2, 0
    while time.monotonic() < end or case < 50:
        random = Random(f"evidence.{SEED}.{case}")
        value: Any = some_evidence(random).to_json()
        for _ in range(random.randint(0, 3)):
            metric = random.choice(value["metrics"] or [{}])
            key = random.choice(("id", "hashtag", "metric", "value", "unit", "window_end", "window_h"))
            metric[key] = random.choice((None, [], {}, True, "", "x", *FIGURES, [[[]]], {"a": 1}))
        if random.random() < 0.2:
            value[random.choice(("metrics", "entities", "drivers"))] = random.choice((None, [], {}, 1, "x", [1], [[]]))
        with contextlib.suppress(ValueError):
            evidence = Evidence.from_json(json.loads(json.dumps(value)))
            assert len(grounded([(CitedText("n", PLAUSIBLE[0], ["m1"]), evidence)])) == 1
        case += 1
