"""One suite over every records database: prompts, what came of them, and people's decisions."""

from datetime import UTC, datetime

from core.windows import HOUR
from storage.records.interface import Records
from storage.records.rows import NarrativeRow
from storage.records.rows_prompts import FeedbackRow, PromptAnswerRow, PromptRow, PromptUseRow

NOW = datetime(2025, 5, 14, 10, 15, 0, 123456, tzinfo=UTC)


def version(number: int, name: str = "narrative") -> PromptRow:
    return PromptRow(
        prompt_id=f"{name}@{number}:abcd",
        name=name,
        version=number,
        digest="abcd1234",
        source="shipped",
        content="---\né",
        added_at=NOW + number * HOUR,
    )


def test_versions_are_added_once_and_come_newest_first(records: Records) -> None:
    rows = [version(1), version(1, "risk"), version(2)]
    assert [records.add_prompt(row) for row in [*rows, rows[0].changed(content="other")]] == [True, True, True, False]
    assert records.prompts() == rows[::-1]
    assert records.prompts("narrative") == [rows[2], rows[0]]
    assert records.prompts("none") == []


def test_what_came_of_a_prompt_is_kept_once_for_a_time_and_model(records: Records) -> None:
    first = PromptUseRow(
        prompt_id="narrative@1:a",
        at=NOW,
        model="m",
        asked=20,
        accepted=12,
        refused=6,
        unanswered=2,
        violations={"number": 5, "citation": 1},
        seconds=3.5,
        prompt_tokens=9000,
        cached_tokens=8000,
        completion_tokens=700,
    )
    records.put_prompt_use(first.changed(asked=1))
    records.put_prompt_use(first)
    records.put_prompt_use(first.changed(at=NOW + HOUR))
    records.put_prompt_use(first.changed(model=""))
    assert records.prompt_uses() == [first.changed(model=""), first, first.changed(at=NOW + HOUR)]
    assert records.prompt_uses(since=NOW + HOUR) == [first.changed(at=NOW + HOUR)]


def answer(number: int, accepted: bool = False, name: str = "narrative", at: datetime = NOW) -> PromptAnswerRow:
    case = {"inputs": {"tag": "gym"}, "choices": {"cites": ["m1"]}}
    return PromptAnswerRow(
        answer_id=f"a{number}",
        name=name,
        prompt_id="p",
        model="m",
        at=at,
        case=case,
        text="it grew",
        accepted=accepted,
        problems=["number: 9"],
    )


def test_answers_are_kept_for_a_while_newest_first(records: Records) -> None:
    old = answer(0, at=NOW - 48 * HOUR)
    records.put_prompt_answers([old], NOW - 72 * HOUR)
    assert records.prompt_answers("narrative") == [old]
    records.put_prompt_answers([answer(1), answer(2, True), answer(3, name="risk")], NOW - 24 * HOUR)
    assert records.prompt_answers("narrative") == [answer(2, True), answer(1)]
    assert records.prompt_answers("narrative", accepted=False) == [answer(1)]
    assert records.prompt_answers("narrative", limit=1) == [answer(2, True)]
    again = answer(1).changed(text="it fell", at=NOW + HOUR)
    records.put_prompt_answers([again], NOW - 24 * HOUR)
    assert records.prompt_answers("narrative") == [again, answer(2, True)]
    records.put_prompt_answers([], NOW + 2 * HOUR)
    assert records.prompt_answers("narrative") == []


def decision(narrative: str, number: int) -> FeedbackRow:
    violation = {"rule": "number", "span": [0, 1], "detail": "x"}
    return FeedbackRow(
        narrative_id=narrative,
        at=NOW + number * HOUR,
        decision="EDIT",
        prompt_id="p",
        model="m",
        judged="it grew",
        text="it rose",
        reason="too plain",
        violations=[violation],
    )


def test_every_decision_is_kept_the_last_one_first(records: Records) -> None:
    assert records.feedback() == []
    rows = [decision("n1", 2), decision("n2", 1), decision("n1", 0)]
    for row in [*rows, rows[0]]:
        records.add_feedback(row)
    assert records.feedback() == [rows[0], *rows[::-1]]
    assert records.feedback(["n1"]) == [rows[0], rows[2], rows[0]]
    assert records.feedback([]) == []
    assert records.feedback(limit=1) == [rows[0]]


def test_a_narrative_is_found_by_its_id(records: Records) -> None:
    bullets = [{"text": "it grew", "cites": ["m1"]}]
    narrative = NarrativeRow(
        narrative_id="n1",
        at=NOW,
        hashtag="gym",
        text="it grew",
        cites=["m1"],
        status="accepted",
        prompt_version="p",
        violations=[],
        evidence={},
        bullets=bullets,
        model="SmolLM2",
    )
    records.put_narratives(NOW, [narrative])
    assert records.narrative("n1") == narrative
    assert records.narrative("n2") is None
