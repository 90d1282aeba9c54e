from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.grounding.evidence import Evidence, EvidenceMetric
from pipelines.narratives.feedback import acceptance_kpis, decide, latest
from storage.memory.records import MemoryRecords
from storage.records.rows import NarrativeRow
from storage.records.sql.records import SqlRecords

NOW = datetime(2025, 5, 14, 10, tzinfo=UTC)
EVIDENCE = Evidence([EvidenceMetric("m1", "gym", "views_gained", 12_345.0, "count", NOW.isoformat())])
NARRATIVE = NarrativeRow(
    narrative_id="gym@1",
    at=NOW,
    hashtag="gym",
    text="It gained 12.3k views.",
    cites=("m1",),
    status="accepted",
    prompt_version="p1",
    violations=(),
    evidence=EVIDENCE.to_json(),
    bullets=(),
    model="m",
)


def test_a_decision_is_kept_with_what_was_judged() -> None:
    records = MemoryRecords()
    row = decide(records, NARRATIVE, "REJECT", "", " says  nothing\n", NOW)
    assert records.feedback() == [row.changed(violations=[])]
    assert (row.judged, row.reason, row.prompt_id, row.model) == (NARRATIVE.text, "says nothing", "p1", "m")


def test_an_edit_passes_the_rules_or_is_marked_with_what_they_found() -> None:
    records = MemoryRecords()
    assert (
        decide(records, NARRATIVE, "EDIT", "#gym:\n\n 12.3k  views more.", "", NOW).text == "#gym:\n12.3k views more."
    )
    assert records.feedback()[0].violations == []
    marked = decide(records, NARRATIVE, "EDIT", "It gained 99k views.", "", NOW)
    assert [violation["rule"] for violation in marked.violations] == ["number"]
    assert marked.judged == "#gym:\n12.3k views more."
    assert len(records.feedback()) == 2


@pytest.mark.parametrize(
    ("decision", "text", "problem"),
    [
        ("EDIT", " \n", "an edit needs the edited text"),
        ("EDIT", NARRATIVE.text, "the same as before"),
        ("ACCEPT", "x", "goes with EDIT, not with ACCEPT"),
        ("EDIT", "x" * 2001, "may have 2000 characters"),
    ],
)
def test_what_makes_no_sense_is_refused_and_not_kept(decision: Any, text: str, problem: str) -> None:
    records = MemoryRecords()
    with pytest.raises(ValueError, match=problem):
        decide(records, NARRATIVE, decision, text, "", NOW)
    assert records.feedback() == []


def test_the_last_decision_counts_by_prompt_and_in_all() -> None:
    records = MemoryRecords()
    other = NARRATIVE.changed(narrative_id="gym@2", prompt_version="p2")
    third = NARRATIVE.changed(narrative_id="gym@3")
    decide(records, NARRATIVE, "REJECT", "", "", NOW - timedelta(hours=2))
    decide(records, NARRATIVE, "ACCEPT", "", "", NOW - timedelta(hours=1))
    decide(records, other, "EDIT", "12.3k views", "", NOW)
    decide(records, third, "REJECT", "", "", NOW - timedelta(days=15))
    assert latest(records.feedback())["gym@1"].decision == "ACCEPT"
    figures = {(row.model, row.name): (row.value, row.n) for row in acceptance_kpis(records, NOW)}
    assert figures == {
        ("champion", "narrative_acceptance"): (0.5, 2),
        ("champion", "narrative_edit_share"): (0.5, 2),
        ("p1", "narrative_acceptance"): (1.0, 1),
        ("p1", "narrative_edit_share"): (0.0, 1),
        ("p2", "narrative_acceptance"): (0.0, 1),
        ("p2", "narrative_edit_share"): (1.0, 1),
    }
    assert acceptance_kpis(MemoryRecords(), NOW) == []


def test_a_decision_is_on_disk_when_it_was_taken_in(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/records.db"
    records = SqlRecords(url)
    decide(records, NARRATIVE, "ACCEPT", "", "", NOW)
    again = SqlRecords(url)
    assert [row.decision for row in again.feedback()] == ["ACCEPT"]
    records.close()
    again.close()
