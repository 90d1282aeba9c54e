"""The gate that every call of the interface passes: units and purposes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from core.errors import UsageError
from core.events import Event, EventKind
from core.windows import require_utc
from sources.ensembledata.requests import Request
from storage.records.interface import Records

CLOSED_DAY = "gate.units_used_up_on"


@dataclass(frozen=True)
class Refusal:
    """Why a call may not be made: a rule by name, and one line for people."""

    rule: str
    reason: str


class Gate:
    """Says for every call whether it may be made.

    Parameters
    ----------
    records: holds the ledger of units
    cap: EnsembleData units a UTC day
    purposes: what the interface may be asked for
    """

    def __init__(self, records: Records, cap: int, purposes: Collection[str]) -> None:
        if cap <= 0:
            raise UsageError("source.units_per_day must be above 0")
        self._records = records
        self.cap = cap
        self.purposes = frozenset(purposes)

    def left(self, now: datetime) -> int:
        """Units left of the UTC day of `now`; 0 once the interface itself has said that they are used up."""
        day = require_utc(now).date()
        if self._records.value(CLOSED_DAY) == day.isoformat():
            return 0
        return max(0, self.cap - self._records.used(day))

    def reserve(self, request_id: str, request: Request, purpose: str, agent: str, now: datetime) -> Refusal | None:
        """Reserve what `request` may cost; a Refusal when it must not be sent. The same request reserves once."""
        if purpose not in self.purposes:
            allowed = ", ".join(sorted(self.purposes))
            return Refusal("purpose", f"purpose {purpose!r} is not allowed, only {allowed}")
        day = require_utc(now).date()
        if self._records.value(CLOSED_DAY) == day.isoformat():
            return Refusal("units", "EnsembleData says the day's units are used up: polling resumes at midnight UTC")
        if self._records.reserve(
            request_id, day, request.estimate, self.cap, purpose, agent, request.endpoint.value, now
        ):
            return None
        return Refusal("units", f"{request.estimate} more units would pass the cap of {self.cap} a day")

    def reconcile(self, used: int, now: datetime) -> int:
        """Take in what the interface says that the account used this UTC day; return the units spent elsewhere."""
        return self._records.reconcile(require_utc(now).date(), used, now)

    def settle(self, request_id: str, charged: int, now: datetime) -> None:
        """Set what a reserved request really cost; without it the reserved estimate counts as used."""
        self._records.settle(request_id, charged, now)

    def close_day(self, now: datetime) -> None:
        """Refuse every further call of this UTC day: the interface answered that the units are used up."""
        self._records.put_value(CLOSED_DAY, require_utc(now).date().isoformat(), now)

    def refused(self, refusal: Refusal, agent: str, subject: str, now: datetime) -> Event:
        """The event that tells of a refusal; `subject` says what was refused."""
        return Event(EventKind.GATE_REFUSED, "governance", now, f"{refusal.rule}:{subject}", {
            "rule": refusal.rule, "reason": refusal.reason, "asked_by": agent,
        })  # fmt: skip
