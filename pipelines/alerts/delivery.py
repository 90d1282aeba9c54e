"""Delivers pending alerts through apprise, patiently, and keeps the receipts.

An alert is marked as being tried before it goes out and as sent after it arrived. A crash in between leaves it pending,
and it goes out once more at the next start: at least once, and at most once more for every crash in that gap. Channels
that did receive it within one delivery are never asked again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import stamina

from core.errors import UsageError
from core.events import Event, EventKind
from storage.records.interface import Records
from storage.records.rows import AlertRow

AGENT = "notification"
PAGE_RECEIPT = "listed at /v1/alerts; no channel is configured"
TYPES = {"failure": "failure", "drift": "warning", "emerging_trend": "success", "daily_summary": "info"}

log = logging.getLogger(__name__)


class _NotDeliveredError(Exception):
    """A channel did not take an alert."""


@dataclass(frozen=True)
class DeliveryRetryPolicy:
    """Tries for each channel, and the pauses between them in seconds."""

    attempts: int = 3
    wait_s: float = 1.0
    longest_wait_s: float = 20.0
    jitter_s: float = 1.0


class Courier:
    """Delivers alerts to every configured channel.

    Parameters
    ----------
    urls: apprise addresses; without any, alerts are listed on the page alone
    retry_policy: tries and pauses
    """

    def __init__(self, urls: Sequence[str], retry_policy: DeliveryRetryPolicy | None = None) -> None:
        self._patience = retry_policy or DeliveryRetryPolicy()
        self._channels = [_channel(place, url) for place, url in enumerate(urls)]

    def deliver(self, records: Records, now: datetime) -> list[Event]:
        """Deliver every pending alert, oldest first; returns the ALERT_* events, which are not in the log yet."""
        return [event for alert in records.pending_alerts() for event in self._deliver(records, alert, now)]

    def _deliver(self, records: Records, alert: AlertRow, now: datetime) -> list[Event]:
        if not self._channels:
            records.mark_alert(alert.key, "sent", 0, PAGE_RECEIPT, now)
            return [_event(EventKind.ALERT_SENT, alert, now, channel="page", receipt=PAGE_RECEIPT)]
        attempts = alert.attempts + 1
        records.mark_alert(alert.key, "pending", attempts, alert.receipt, now)
        receipts, events = [], []
        for channel in self._channels:
            name = channel.url(privacy=True).partition("?")[0]
            tries = self._send(channel, alert)
            kind = EventKind.ALERT_SENT if tries else EventKind.ALERT_FAILED
            receipt = (
                f"{name}: taken at try {tries}" if tries else f"{name}: not taken in {self._patience.attempts} tries"
            )
            receipts.append(receipt)
            events.append(_event(kind, alert, now, channel=name, receipt=receipt))
        sent = any(event.kind is EventKind.ALERT_SENT for event in events)
        records.mark_alert(alert.key, "sent" if sent else "failed", attempts, "; ".join(receipts), now)
        return events

    def _send(self, channel: Any, alert: AlertRow) -> int:
        """The try at which the channel took the alert; 0 when it did not."""
        retry_policy = self._patience
        try:
            for attempt in stamina.retry_context(
                on=_NotDeliveredError,
                attempts=retry_policy.attempts,
                timeout=None,
                wait_initial=retry_policy.wait_s,
                wait_max=retry_policy.longest_wait_s,
                wait_jitter=retry_policy.jitter_s,
            ):
                with attempt:
                    if not channel.notify(body=alert.body, title=alert.title, notify_type=TYPES[alert.kind]):
                        raise _NotDeliveredError
                    return attempt.num
        except _NotDeliveredError:
            log.warning("alert %s was not taken by channel %s", alert.key, channel.service_name)
        return 0


def _channel(place: int, url: str) -> Any:
    import apprise  # most installations have no channel

    channel = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if channel is None:
        raise UsageError(
            f"alerts.urls: address {place + 1} ({url.partition('://')[0]}://...) is none that apprise knows; "
            "write it like json://host:port/path"
        )
    return channel


def _event(kind: EventKind, alert: AlertRow, now: datetime, **detail: str) -> Event:
    return Event(kind, AGENT, now, f"{alert.key} {detail['channel']}", {"key": alert.key, "kind": alert.kind, **detail})
