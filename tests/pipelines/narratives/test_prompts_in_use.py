from datetime import UTC, datetime, timedelta

from pipelines.narratives.prompts_in_use import ids_in_use, keep, prompt_in_use, put_in_use
from prompts.prompt import revised
from prompts.registry import load_prompt
from storage.memory.records import MemoryRecords

NOW = datetime(2025, 5, 14, 10, tzinfo=UTC)
SHIPPED = load_prompt("risk")


def test_a_shipped_prompt_is_in_use_from_its_first_use_without_a_change() -> None:
    records = MemoryRecords()
    assert prompt_in_use(records, "risk", NOW) == prompt_in_use(records, "risk", NOW) == SHIPPED
    row = records.prompts("risk")[0]
    assert (row.prompt_id, row.source, row.added_at, row.content) == (SHIPPED.id, "shipped", NOW, SHIPPED.content)
    assert ids_in_use(records) == {SHIPPED.id}
    assert records.changes() == []


def test_a_refined_version_in_use_is_read_from_the_records() -> None:
    records = MemoryRecords()
    prompt_in_use(records, "risk", NOW)
    better = revised(SHIPPED, "Say whether it is bought. Answer in JSON.", 2)
    put_in_use(records, better, "refined", NOW, "Prompt risk 2 does better", cases=8)
    put_in_use(records, better, "refined", NOW, "Prompt risk 2 does better", cases=8)
    assert prompt_in_use(records, "risk", NOW) == better
    change = records.changes()
    assert [(row.kind, row.title) for row in change] == [("prompt", "Prompt risk 2 does better")]
    assert change[0].evidence == {"before": SHIPPED.id, "after": better.id, "cases": 8}


def test_a_version_that_is_only_kept_is_not_in_use() -> None:
    records = MemoryRecords()
    prompt_in_use(records, "risk", NOW)
    keep(records, revised(SHIPPED, "Say it otherwise. Answer in JSON.", 2), "refined", NOW)
    assert prompt_in_use(records, "risk", NOW) == SHIPPED
    assert len(records.prompts("risk")) == 2


def test_a_file_that_ships_anew_takes_over_and_the_change_log_says_so() -> None:
    records = MemoryRecords()
    older = revised(SHIPPED, "An older text. Answer in JSON.", 1)
    put_in_use(records, older, "shipped", NOW, "")
    assert prompt_in_use(records, "risk", NOW + timedelta(hours=1)) == SHIPPED
    change = records.changes()[0]
    assert change.title == f"Prompt risk {SHIPPED.version} came with the software"
    assert change.evidence == {"before": older.id, "after": SHIPPED.id}
