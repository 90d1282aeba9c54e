"""The gate that every call to EnsembleData passes: it checks the purpose and the day's units."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.errors import UsageError
from core.events import Event, EventKind
from core.windows import require_utc
from sources.ensembledata.requests import Request
from storage.records.interface import Records

CLOSED_DAY = "gate.units_used_up_on"


@dataclass(frozen=True)
class Refusal:
    """Why a call may not be made.

    Parameters
    ----------
    rule: name of the rule that refused it: `purpose` or `units`
    reason: one line for people
    """

    rule: str
    reason: str


class Gate(Protocol):
    """Decides for every call whether it may be made. The implementation may live in another process."""

    def left(self, now: datetime) -> int:
        """Return the units left on the UTC day of `now`; 0 once EnsembleData has answered that they are used up."""
        ...

    def reserve(self, request_id: str, request: Request, purpose: str, agent: str, now: datetime) -> Refusal | None:
        """Reserve the most units that `request` may cost. The same `request_id` reserves once.

        Returns
        -------
        None when the request may be sent, otherwise the reason why it must not
        """
        ...

    def reserve_all(self, calls: Sequence[tuple[str, Request, str]], agent: str, now: datetime) -> list[Refusal | None]:
        """Reserve several calls (request id, request, purpose) in their order; one result for each as in `reserve`."""
        ...

    def settle_all(self, charged: Mapping[str, int], now: datetime) -> None:
        """Record what reserved requests really cost; until then their reserved estimates count as used."""
        ...

    def reconcile(self, used: int, now: datetime) -> int:
        """Record the units that EnsembleData reports as used this UTC day; return those spent elsewhere."""
        ...

    def close_day(self, now: datetime) -> None:
        """Refuse every further call of this UTC day: EnsembleData has answered that the units are used up."""
        ...

    def refused(self, refusal: Refusal, agent: str, subject: str, now: datetime) -> Event:
        """Return the event that reports a refusal; `subject` names the call that was refused."""
        ...


class LedgerGate(Gate):
    """The gate over the records' ledger of units.

    Parameters
    ----------
    records: holds the ledger
    cap: EnsembleData units allowed per UTC day
    purposes: purposes that a call may have

    Raises
    ------
    UsageError: `cap` isn't above 0
    """

    def __init__(self, records: Records, cap: int, purposes: Collection[str]) -> None:
        if cap <= 0:
            raise UsageError("source.units_per_day must be above 0")
        self._records = records
        self.cap = cap
        self.purposes = frozenset(purposes)

    def left(self, now: datetime) -> int:
        """See `Gate.left`."""
        day = require_utc(now).date()
        if self._records.value(CLOSED_DAY) == day.isoformat():
            return 0
        return max(0, self.cap - self._records.used(day))

    def reserve(self, request_id: str, request: Request, purpose: str, agent: str, now: datetime) -> Refusal | None:
        """See `Gate.reserve`."""
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
        """See `Gate.reconcile`."""
        return self._records.reconcile(require_utc(now).date(), used, now)

    def reserve_all(self, calls: Sequence[tuple[str, Request, str]], agent: str, now: datetime) -> list[Refusal | None]:
        """See `Gate.reserve_all`."""
        return [self.reserve(request_id, request, purpose, agent, now) for request_id, request, purpose in calls]

    def settle_all(self, charged: Mapping[str, int], now: datetime) -> None:
        """See `Gate.settle_all`."""
        for request_id, units in charged.items():
            self._records.settle(request_id, units, now)

    def close_day(self, now: datetime) -> None:
        """See `Gate.close_day`."""
        self._records.put_value(CLOSED_DAY, require_utc(now).date().isoformat(), now)

    def refused(self, refusal: Refusal, agent: str, subject: str, now: datetime) -> Event:
        """See `Gate.refused`."""
        return Event(EventKind.GATE_REFUSED, "governance", now, f"{refusal.rule}:{subject}", {
            "rule": refusal.rule, "reason": refusal.reason, "asked_by": agent,
        })  # fmt: skip
