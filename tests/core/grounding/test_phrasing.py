"""More sentences, true and false: over two sentences, ties, ranks, older readings, ranges, what is supposed."""

import pytest

from core.grounding.evidence import CitedText, Evidence, EvidenceMetric, Unit
from core.grounding.rules import violations

AT, BEFORE = "2025-06-02T08:00:00+00:00", "2025-06-01T08:00:00+00:00"
P = "#vinyl gained 1,208,841 views and #padel gained 302,210. "


def _metric(ident: str, name: str, value: float, unit: Unit, tag: str = "vinyl", hours: float = 24) -> EvidenceMetric:
    return EvidenceMetric(ident, tag, name, value, unit, AT, hours)


def _old(ident: str, name: str, value: float, unit: Unit) -> EvidenceMetric:
    return EvidenceMetric(ident, "vinyl", name, value, unit, BEFORE, 24)


PAIR = Evidence(
    (
        _metric("a1", "views_gained", 1_208_841, "count"),
        _metric("b1", "views_gained", 302_210, "count", "padel"),
        _metric("a2", "unique_creators", 90, "count"),
        _metric("b2", "unique_creators", 30, "count", "padel"),
        _metric("a3", "velocity", 0.2, "ratio"),
        _metric("b3", "velocity", -0.3, "ratio", "padel"),
        _metric("a4", "new_videos", 75, "count"),
        _metric("b4", "new_videos", 75, "count", "padel"),
    )
)
RANKS = Evidence((*PAIR.metrics, _metric("r1", "rank", 1, "count"), _metric("r2", "rank", 4, "count", "padel")))
DAYS = Evidence(
    (
        _metric("g", "views_gained", 640_000, "count"),
        _old("go", "views_gained", 320_000, "count"),
        _metric("v", "velocity", 1.0, "ratio"),
        _metric("c", "unique_creators", 400, "count"),
        _old("co", "unique_creators", 500, "count"),
        _metric("l", "likes_rate", 0.12, "ratio"),
        _old("lo", "likes_rate", 0.10, "ratio"),
        _metric("n", "new_videos", 1200, "count"),
        _metric("r", "rank", 2, "count"),
        _old("ro", "rank", 7, "count"),
        _metric("p", "probability", 0.84, "ratio"),
    )
)
SLOW = Evidence(
    (
        _metric("g", "views_gained", 7_830, "count", hours=1),
        _metric("v", "velocity", -0.22, "ratio", hours=1),
        _metric("a", "acceleration", 0.08, "ratio", hours=1),
        _metric("c", "unique_creators", 19, "count", hours=1),
        _metric("nv", "novelty", 0.31, "ratio", hours=1),
        _metric("p", "probability", 0.07, "ratio"),
        _metric("r", "rank", 41, "count"),
        _metric("d", "gained_24h", 240_000, "count"),
        _metric("t", "views_total", 55_600_000, "count", hours=1),
        _metric("ret", "retention_24", 0.42, "ratio", hours=1),
    )
)
SUPPOSED = Evidence(
    (
        _metric("f", "retention", 0.48, "ratio", hours=1),
        _metric("t", "retention_what_if", 0.97, "ratio", hours=1),
        _metric("p", "probability", 0.21, "ratio"),
        _metric("q", "probability_what_if", 0.34, "ratio"),
        _metric("c", "change_retention", 0.49, "ratio", hours=1),
    )
)
COUNTED = Evidence((_metric("x", "misses", 3, "count"), _metric("y", "unique_creators", 14, "count")))

PAIR_CASES = [
    (P + "That is 4.0x as many. The difference is 906,631 views.", ""),
    (P + "This is 300 % more.", ""),
    (P + "The gap: 907k.", ""),
    (P + "The ratio is 4.0.", ""),
    ("- #vinyl gained 1,208,841 views.\n- #padel gained 302,210.\n- That is 4.0x as many.", ""),
    ("#vinyl gained 1.2M views. #padel gained 302k, a quarter of that.", ""),
    ("#padel has 30 creators. #vinyl has three times as many.", ""),
    ("#vinyl gained 1.2M views, four times what #padel gained.", ""),
    ("#vinyl got four times the views #padel got.", ""),
    ("#vinyl took 1.2M views and #padel 302k: four times as many.", ""),
    ("The gap in creators is 60: 90 for #vinyl, 30 for #padel.", ""),
    ("#vinyl and #padel differ by 60 creators.", ""),
    ("#vinyl's lead over #padel is 907k views.", ""),
    ("#vinyl leads with 90 creators, #padel follows with 30.", ""),
    ("#vinyl and #padel tie at 75 new videos each.", ""),
    ("Both hashtags saw 75 new videos.", ""),
    ("#vinyl has as many new videos as #padel: 75.", ""),
    ("#padel is behind #vinyl by 60 creators.", ""),
    ("Unlike #padel, #vinyl is growing.", ""),
    (P + "That is 4.5x as many.", "number"),
    (P + "That is 3.0x as many.", "name"),
    (P + "The difference is 806,631 views.", "number"),
    ("#vinyl gained 1.2M views. #padel gained 302k, a third of that.", "direction"),
    ("#vinyl has 90 creators. #padel has three times as many.", "unit"),
    ("#padel leads with 90 creators, #vinyl follows with 30.", "name"),
    ("Views: #vinyl 302k, #padel 1.2M.", "name"),
    ("#vinyl is down 30 % while #padel is up 20 %.", "name"),
    ("#padel's lead over #vinyl is 907k views.", "direction"),
    ("Compared with #vinyl, #padel drew 60 more creators.", "direction"),
    ("#vinyl and #padel tie on creators.", "direction"),
    ("#vinyl has as many creators as #padel.", "direction"),
    ("Both hashtags saw 90 creators.", "name"),
    ("Both are growing.", "direction"),
    (P + "#vinyl quadrupled.", "name"),
    (P + "#vinyl grew 300 %.", "name"),
    ("No other hashtag grew more.", "superlative"),
    ("#vinyl gained 1.2M views; none gained more.", "superlative"),
    ("Nothing else comes close to #vinyl.", "superlative"),
]
RANKS_CASES = [
    ("#vinyl ranks first, #padel fourth.", ""),
    ("#vinyl ranks first. No other hashtag gained more views.", ""),
    ("No other hashtag ranks higher than #vinyl.", ""),
    ("#padel sits at rank 4, three places behind #vinyl.", ""),
    ("#vinyl gained the most views.", ""),
    ("#padel ranks first, #vinyl fourth.", "name"),
    ("#padel gained 302k views. No other hashtag gained more.", "superlative"),
    ("#padel sits at rank 4, two places behind #vinyl.", "number"),
    ("Most views went to #padel.", "superlative"),
]
OUTDONE = Evidence((*PAIR.metrics, _metric("r1", "rank", 4, "count"), _metric("r2", "rank", 1, "count", "padel")))
OUTDONE_CASES = [("#padel ranks first. No other hashtag gained more views.", "superlative")]
DAYS_CASES = [
    ("Views doubled in a day, from 320k to 640k.", ""),
    ("The number of creators fell by a fifth, from 500 to 400.", ""),
    ("Views rose sharply, while the number of creators shrank.", ""),
    ("More views (+100 %), fewer creators (-20 %).", ""),
    ("It climbed from rank 7 to rank 2.", ""),
    ("It now ranks second, up from seventh the day before.", ""),
    ("The likes rate rose from 10 % to 12 %, or two percentage points.", ""),
    ("It has more views than the day before, but fewer creators than the day before.", ""),
    ("More than half a million views in the past day.", ""),
    ("Views went from 640k to 320k.", "direction"),
    ("500 creators posted in the last 24 hours.", "time"),
    ("The day before saw 640k views.", "time"),
    ("Views fell sharply, while the number of creators grew.", "direction"),
    ("The number of creators rose from 500 to 400.", "direction"),
    ("It climbed from rank 2 to rank 7.", "direction"),
    ("It now ranks second, up from eighth the day before.", "number"),
    ("It has more creators than the day before.", "direction"),
    ("Over 700k views in the past day.", "number"),
    ("The likes rate doubled to 12 %.", "unit"),
    ("A surge within 24 hours is unlikely: 84 %.", "direction"),
]
SLOW_CASES = [
    ("The pace dropped by more than a fifth.", ""),
    ("Views are slowing by 22 %, yet the slowdown is easing: acceleration is +8 %.", ""),
    ("A surge within the next 24 hours looks unlikely, at 7 %.", ""),
    ("It is ranked 41, so outside the top 40.", ""),
    ("The last hour brought 7.8k views, about 3 % of the 240k of the last 24 hours.", ""),
    ("Fewer than 20 creators in the last hour.", ""),
    ("Nothing points up: velocity is -22 %.", ""),
    ("The pace dropped by more than a third.", "direction"),
    ("It is growing ever faster.", "direction"),
    ("It is in the top 40.", "number"),
    ("More than 20 creators in the last hour.", "number"),
    ("The last hour brought 7.8k views, about 13 % of the 240k of the last 24 hours.", "number"),
    ("31 % of its views are new.", "unit"),
    ("Retention halved.", "number"),
    ("Velocity is -24 hours.", "number"),
]
SUPPOSED_CASES = [
    ("If its retention rose from 48 % to 97 %, the chance would be 34 % instead of 21 %.", ""),
    ("If its retention fell to 48 % from 97 %, the chance would be 34 %.", ""),
    ("If its retention climbed to 97 %, the chance would be 34 %.", ""),
    ("If its retention doubled from 48 % to 97 %, the chance would be 34 %.", ""),
    ("The chance would rise from 21 % to 34 % if retention rose from 48 % to 97 %.", ""),
    ("If its retention rose from 97 % to 48 %, the chance would be 34 %.", "direction"),
    ("If its retention fell from 48 % to 97 %, the chance would be 34 %.", "direction"),
    ("If its retention rose to 48 % from 97 %, the chance would be 34 %.", "direction"),
    ("If its retention doubled from 97 % to 48 %, the chance would be 34 %.", "number"),
]
COUNTED_CASES = [
    ("The 3 surges that were detected late shared a sound.", ""),
    ("Three missed surges.", ""),
    ("The 14 surges that were detected late shared a sound.", "unit"),
    ("The 4 surges that were detected late shared a sound.", "number"),
]
TABLES = [
    *((PAIR_CASES, PAIR), (RANKS_CASES, RANKS), (OUTDONE_CASES, OUTDONE), (DAYS_CASES, DAYS), (SLOW_CASES, SLOW)),
    *((SUPPOSED_CASES, SUPPOSED), (COUNTED_CASES, COUNTED)),
]


@pytest.mark.parametrize(
    ("text", "rule", "evidence"),
    [pytest.param(text, rule, evidence, id=text[-60:]) for cases, evidence in TABLES for text, rule in cases],
)
def test_a_sentence_of_another_make_is_judged_rightly(text: str, rule: str, evidence: Evidence) -> None:
    broken = violations(CitedText("n", text, [metric.id for metric in evidence.metrics]), evidence)
    assert {violation.rule for violation in broken} >= ({rule} if rule else set()), broken
    assert rule or not broken
