from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from core.errors import UsageError
from core.events import EventKind
from core.tables import PREDICTIONS
from core.windows import HOUR
from pipelines.alerts.alerts import raise_failure, raise_summary, raise_trends
from pipelines.alerts.delivery import Courier, DeliveryRetryPolicy
from storage.memory.records import MemoryRecords
from storage.records.rows import NarrativeRow
from tests.support.http_sink import Sink

AT = datetime(2025, 5, 14, 10, tzinfo=UTC)
QUICK = DeliveryRetryPolicy(attempts=3, wait_s=0.001, longest_wait_s=0.002, jitter_s=0.001)


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


def predictions(at: datetime, **alerted: bool) -> pl.DataFrame:
    rows = [
        dict.fromkeys(PREDICTIONS.schema)
        | {"hashtag": tag, "at": at, "model_id": "m", "probability": 0.71, "rank": place + 1, "alerted": flag}
        | {"feature_set": "v1", "window": at}
        for place, (tag, flag) in enumerate(alerted.items())
    ]
    return pl.DataFrame(rows, schema=PREDICTIONS.schema)


def narrative(tag: str, status: Any = "template") -> NarrativeRow:
    return NarrativeRow(
        narrative_id=f"{tag}@1",
        at=AT,
        hashtag=tag,
        text=f"why #{tag}",
        cites=("m1",),
        status=status,
        prompt_version="narrative@1:0",
    )


def test_a_trend_is_raised_once_in_24_hours() -> None:
    records = MemoryRecords()
    raised = raise_trends(
        records, predictions(AT, a=True, b=False, c=True), [narrative("a"), narrative("c", "rejected")], AT
    )
    assert [(alert.hashtag, alert.title, alert.body) for alert in raised] == [
        ("a", "#a may surge: 71 % within 24 hours", "why #a"),
        ("c", "#c may surge: 71 % within 24 hours", "#c stands at rank 3 of the predictions."),
    ]
    assert raise_trends(records, predictions(AT, a=True), [], AT) == []
    assert raise_trends(records, predictions(AT + 23 * HOUR, a=True), [], AT + 23 * HOUR) == []
    assert len(raise_trends(records, predictions(AT + 24 * HOUR, a=True), [], AT + 24 * HOUR)) == 1


def test_a_failure_is_raised_once_a_day_for_each_job() -> None:
    records = MemoryRecords()
    assert raise_failure(records, "ingest", AT, "EnsembleData can't be reached", AT) is not None
    assert raise_failure(records, "ingest", AT + HOUR, "again", AT + HOUR) is None
    assert raise_failure(records, "measure", AT, "disk full", AT) is not None
    assert raise_failure(records, "ingest", AT, "again", AT + 24 * HOUR) is not None


def test_a_summary_is_a_bullet_list_once_a_day() -> None:
    records = MemoryRecords()
    alert = raise_summary(records, date(2025, 5, 13), ["300 units", "3 alerts"], AT)
    assert alert is not None
    assert alert.body == "- 300 units\n- 3 alerts"
    assert raise_summary(records, date(2025, 5, 13), [], AT) is None


def test_an_alert_reaches_a_real_sink_with_a_receipt(sink: Sink) -> None:
    records = MemoryRecords()
    raise_trends(records, predictions(AT, a=True), [narrative("a")], AT)
    events = Courier([sink.url], QUICK).deliver(records, AT)
    assert [(alert["title"], alert["message"]) for alert in sink.taken] == [
        ("#a may surge: 71 % within 24 hours", "why #a")
    ]
    row = records.alerts()[0]
    assert (row.status, row.attempts, row.sent_at) == ("sent", 1, AT)
    assert row.receipt is not None
    assert row.receipt.endswith("/alerts: taken at try 1")
    assert [event.kind for event in events] == [EventKind.ALERT_SENT]
    assert "secret" not in row.receipt + str(events)


def test_nothing_is_sent_twice(sink: Sink) -> None:
    records = MemoryRecords()
    raise_failure(records, "ingest", AT, "down", AT)
    courier = Courier([sink.url], QUICK)
    courier.deliver(records, AT)
    assert courier.deliver(records, AT + HOUR) == []
    assert len(sink.taken) == 1


def test_a_sink_that_stumbles_is_tried_again(sink: Sink) -> None:
    sink.refusals = 2
    records = MemoryRecords()
    raise_failure(records, "ingest", AT, "down", AT)
    Courier([sink.url], QUICK).deliver(records, AT)
    assert records.alerts()[0].receipt is not None
    assert str(records.alerts()[0].receipt).endswith("taken at try 3")
    assert len(sink.taken) == 1


def test_a_sink_that_stays_down_is_a_failed_alert(sink: Sink) -> None:
    sink.refusals = 99
    records = MemoryRecords()
    raise_failure(records, "ingest", AT, "down", AT)
    events = Courier([sink.url], QUICK).deliver(records, AT)
    assert [event.kind for event in events] == [EventKind.ALERT_FAILED]
    assert records.alerts()[0].status == "failed"
    assert sink.refusals == 96


def test_one_channel_that_takes_it_is_enough_and_both_are_told(sink: Sink) -> None:
    records = MemoryRecords()
    raise_failure(records, "ingest", AT, "down", AT)
    events = Courier(["json://127.0.0.1:9/x", sink.url], QUICK).deliver(records, AT)
    assert [event.kind for event in events] == [EventKind.ALERT_FAILED, EventKind.ALERT_SENT]
    assert records.alerts()[0].status == "sent"
    assert len({event.event_id for event in events}) == 2


def test_a_crash_between_sending_and_marking_sends_once_more(sink: Sink) -> None:
    records = MemoryRecords()
    raise_failure(records, "ingest", AT, "down", AT)
    mark = records.mark_alert

    def dies(key: str, status: Any, *rest: Any) -> None:
        if status == "sent":
            raise KeyboardInterrupt
        mark(key, status, *rest)

    records.mark_alert = dies  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        Courier([sink.url], QUICK).deliver(records, AT)
    records.mark_alert = mark  # type: ignore[method-assign]
    Courier([sink.url], QUICK).deliver(records, AT)
    assert (len(sink.taken), records.alerts()[0].attempts) == (2, 2)


def test_without_channels_alerts_stand_on_the_page() -> None:
    records = MemoryRecords()
    raise_failure(records, "ingest", AT, "down", AT)
    events = Courier([]).deliver(records, AT)
    row = records.alerts()[0]
    assert (row.status, row.attempts) == ("sent", 0)
    assert row.receipt == "listed at /v1/alerts; no channel is configured"
    assert events[0].detail["channel"] == "page"


def test_an_address_nobody_knows_is_wrong_use_and_hides_its_secrets() -> None:
    with pytest.raises(UsageError, match=r"address 2 \(bogus://\.\.\.\) is none that apprise knows") as caught:
        Courier(["json://127.0.0.1:9/x", "bogus://token@host"])
    assert "token" not in str(caught.value)
