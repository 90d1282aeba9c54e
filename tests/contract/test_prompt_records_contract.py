"""One suite over every records database: prompts, what came of them, and people's decisions."""

from dataclasses import replace
from datetime import UTC, datetime

from core.windows import HOUR
from storage.records.interface import Records
from storage.records.rows import NarrativeRow
from storage.records.rows_prompts import FeedbackRow, PromptAnswerRow, PromptRow, PromptUseRow

NOW = datetime(2025, 5, 14, 10, 15, 0, 123456, tzinfo=UTC)


def version(number: int, name: str = "narrative") -> PromptRow:
    return PromptRow(f"{name}@{number}:abcd", name, number, "abcd1234", "shipped", "---\né", NOW + number * HOUR)


def test_versions_are_added_once_and_come_newest_first(records: Records) -> None:
    rows = [version(1), version(1, "risk"), version(2)]
    assert [records.add_prompt(row) for row in [*rows, replace(rows[0], content="other")]] == [True, True, True, False]
    assert records.prompts() == rows[::-1]
    assert records.prompts("narrative") == [rows[2], rows[0]]
    assert records.prompts("none") == []


def test_what_came_of_a_prompt_is_kept_once_for_a_time_and_model(records: Records) -> None:
    first = PromptUseRow("narrative@1:a", NOW, "m", 20, 12, 6, 2, {"number": 5, "citation": 1}, 3.5, 9000, 8000, 700)
    records.put_prompt_use(replace(first, asked=1))
    records.put_prompt_use(first)
    records.put_prompt_use(replace(first, at=NOW + HOUR))
    records.put_prompt_use(replace(first, model=""))
    assert records.prompt_uses() == [replace(first, model=""), first, replace(first, at=NOW + HOUR)]
    assert records.prompt_uses(since=NOW + HOUR) == [replace(first, at=NOW + HOUR)]


def answer(number: int, accepted: bool = False, name: str = "narrative", at: datetime = NOW) -> PromptAnswerRow:
    case = {"inputs": {"tag": "gym"}, "choices": {"cites": ["m1"]}}
    return PromptAnswerRow(f"a{number}", name, "p", "m", at, case, "it grew", accepted, ["number: 9"])


def test_answers_are_kept_for_a_while_newest_first(records: Records) -> None:
    old = answer(0, at=NOW - 48 * HOUR)
    records.put_prompt_answers([old], NOW - 72 * HOUR)
    assert records.prompt_answers("narrative") == [old]
    records.put_prompt_answers([answer(1), answer(2, True), answer(3, name="risk")], NOW - 24 * HOUR)
    assert records.prompt_answers("narrative") == [answer(2, True), answer(1)]
    assert records.prompt_answers("narrative", accepted=False) == [answer(1)]
    assert records.prompt_answers("narrative", limit=1) == [answer(2, True)]
    again = replace(answer(1), text="it fell", at=NOW + HOUR)
    records.put_prompt_answers([again], NOW - 24 * HOUR)
    assert records.prompt_answers("narrative") == [again, answer(2, True)]
    records.put_prompt_answers([], NOW + 2 * HOUR)
    assert records.prompt_answers("narrative") == []


def decision(narrative: str, number: int) -> FeedbackRow:
    said = {"rule": "number", "span": [0, 1], "detail": "x"}
    return FeedbackRow(narrative, NOW + number * HOUR, "EDIT", "p", "m", "it grew", "it rose", "too plain", [said])


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
    told = NarrativeRow("n1", NOW, "gym", "it grew", ["m1"], "accepted", "p", [], {}, bullets, "SmolLM2")
    records.put_narratives(NOW, [told])
    assert records.narrative("n1") == told
    assert records.narrative("n2") is None
