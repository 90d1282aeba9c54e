from datetime import UTC, datetime, timedelta

import pytest

from core.errors import UsageError
from core.events import EventKind
from pipelines.ingestion.gate import LedgerGate
from sources.ensembledata.requests import hashtag_posts, multi_info
from storage.memory.records import MemoryRecords

NOW = datetime(2025, 5, 14, 23, 50, tzinfo=UTC)
ASK = hashtag_posts("a")


@pytest.fixture
def gate() -> LedgerGate:
    return LedgerGate(MemoryRecords(), 5, ["discovery", "tracking"])


def test_units_are_reserved_settled_and_capped(gate: LedgerGate) -> None:
    assert gate.reserve("r1", multi_info(["1", "2"]), "tracking", "ingestion", NOW) is None
    assert gate.left(NOW) == 1
    refusal = gate.reserve("r2", multi_info(["3"]), "tracking", "ingestion", NOW)
    assert refusal is not None
    assert (refusal.rule, refusal.reason) == ("units", "2 more units would pass the cap of 5 a day")
    gate.settle_all({"r1": 2}, NOW)
    assert gate.left(NOW) == 3
    assert gate.reserve("r2", multi_info(["3"]), "tracking", "ingestion", NOW) is None


def test_a_day_of_utc_begins_anew(gate: LedgerGate) -> None:
    gate.reserve("r1", multi_info(["1", "2"]), "tracking", "ingestion", NOW)
    assert gate.left(NOW + timedelta(minutes=10)) == 5


def test_a_purpose_that_is_not_allowed_is_refused(gate: LedgerGate) -> None:
    refusal = gate.reserve("r1", ASK, "outreach", "ingestion", NOW)
    assert refusal is not None
    assert refusal.reason == "purpose 'outreach' is not allowed, only discovery, tracking"
    assert gate.left(NOW) == 5
    event = gate.refused(refusal, "ingestion", "/tt/hashtag/posts", NOW)
    assert event.kind is EventKind.GATE_REFUSED
    assert event.detail["asked_by"] == "ingestion"


def test_after_the_interface_said_so_nothing_is_left_until_midnight(gate: LedgerGate) -> None:
    gate.close_day(NOW)
    assert gate.left(NOW) == 0
    refusal = gate.reserve("r1", ASK, "tracking", "ingestion", NOW)
    assert refusal is not None
    assert "midnight UTC" in refusal.reason
    assert gate.reserve("r1", ASK, "tracking", "ingestion", NOW + timedelta(minutes=10)) is None


def test_a_cap_of_nothing_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="units_per_day must be above 0"):
        LedgerGate(MemoryRecords(), 0, ["tracking"])
