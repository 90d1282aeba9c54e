import pytest

from sources.standin.parameters import Parameters


@pytest.mark.parametrize(("text", "value"), [("true", True), ("YES", True), ("1", True), ("Off", False), ("0", False)])
def test_flags_are_read_in_many_spellings(text: str, value: bool) -> None:
    parameters = Parameters({"exact": text})
    assert parameters.flag("exact", not value) is value
    assert parameters.problems == []


def test_defaults_stand_for_what_is_missing() -> None:
    parameters = Parameters({})
    assert parameters.integer("cursor", 0) == 0
    assert parameters.choice("sorting", ("0", "1"), "1") == "1"
    assert parameters.flag("exact", True)
    assert parameters.text("country", "") == ""
    assert parameters.problems == []


def test_every_problem_is_collected() -> None:
    parameters = Parameters({"cursor": "-1", "period": "x", "date": "1.1.2026"})
    parameters.integer("cursor", 0)
    parameters.choice("period", ("0",))
    parameters.day("date")
    parameters.text("name")
    parameters.integer("days")
    parameters.day("since")
    kinds = ["number.not_ge", "enum", "date", "missing", "missing", "missing"]
    assert [problem["type"].split("_error.")[1] for problem in parameters.problems] == kinds
    assert [problem["loc"][1] for problem in parameters.problems] == [
        "cursor",
        "period",
        "date",
        "name",
        "days",
        "since",
    ]


def test_a_huge_cursor_is_cut() -> None:
    assert Parameters({"cursor": "9" * 30}).integer("cursor", 0) == 2**53
