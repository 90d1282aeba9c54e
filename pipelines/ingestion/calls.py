"""Sends the calls of a slot through the gate, a few at a time, and stops at the first error that ends a run."""

import secrets
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.errors import SourceError
from core.events import Event
from pipelines.ingestion.gate import Gate
from pipelines.normalise.counts import whole_number
from pipelines.polling.plan import PlannedRequest
from sources.ensembledata.client import Page
from sources.ensembledata.requests import Request, used_units

AGENT = "ingestion"
MOST_UNITS = 10**9


class Client(Protocol):
    """What ingestion needs of `sources.ensembledata.client.EnsembleData`."""

    def call(self, request: Request) -> Page:
        """Send a request and return its answer."""
        ...


@dataclass
class Calls:
    """The results of a slot's calls.

    Parameters
    ----------
    pages: (request id, planned request, answer), in no particular order
    refusals: events of calls that the gate refused
    stopped_by: the error that ended the calls early
    """

    pages: list[tuple[str, PlannedRequest, Page]] = field(default_factory=list)
    refusals: list[Event] = field(default_factory=list)
    stopped_by: SourceError | None = None


class Caller:
    """Reserves units for a group of calls, sends them and settles the units they cost.

    Units are reserved just before a group is sent, so that after a stop only the calls of one group stay reserved. A
    call that gets no answer keeps its reserved estimate, because it may have been charged. Every attempt reserves anew:
    the call of a process that died before settling may have been charged, and the next attempt will be.

    Parameters
    ----------
    client: sends requests
    gate: decides whether a request may be sent
    concurrency: largest number of calls in flight; a group has twice as many
    kept: reduces an answer to what may be kept, as soon as it arrives
    """

    def __init__(
        self,
        client: Client,
        gate: Gate,
        concurrency: int = 4,
        kept: Callable[[Page], Page] = lambda page: page,
    ) -> None:
        self._client = client
        self._kept = kept
        self._gate = gate
        self._group = 2 * concurrency
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="ensembledata")

    def reconcile(self, now: datetime) -> None:
        """Fetch the units that the account was charged today and record them; the request is free."""
        used = self._client.call(used_units(now.date())).data
        if isinstance(used, dict):
            charged = [units for value in used.values() if (units := whole_number(value)) is not None]
            self._gate.reconcile(sum(units for units in charged if units <= MOST_UNITS), now)

    def run(self, planned: Sequence[tuple[str, PlannedRequest]], now: datetime) -> Calls:
        """Send the calls (request id, request). Returns when all are answered, or after an error that ends the run."""
        calls = Calls()
        for first in range(0, len(planned), self._group):
            if calls.stopped_by is None:
                self._run_group(planned[first : first + self._group], now, calls)
        return calls

    def close(self) -> None:
        """Shut the threads down."""
        self._pool.shutdown()

    def _run_group(self, planned: Sequence[tuple[str, PlannedRequest]], now: datetime, calls: Calls) -> None:
        attempts = [f"{request_id}.{secrets.token_hex(4)}" for request_id, _ in planned]
        wanted = [(name, call.request, call.purpose) for name, (_, call) in zip(attempts, planned, strict=True)]
        allowed: dict[str, tuple[str, PlannedRequest]] = {}
        for name, call, refusal in zip(attempts, planned, self._gate.reserve_all(wanted, AGENT, now), strict=True):
            if refusal is None:
                allowed[name] = call
            else:
                request = call[1].request
                target = "posts" if "ids" in request.params else request.canonical
                calls.refusals.append(self._gate.refused(refusal, AGENT, f"{request.endpoint} {target}", now))
        stop = threading.Event()
        charged = self._pool.map(lambda call: self._send(call[0], call[1], calls, stop), allowed.values())
        settled = {name: units for name, units in zip(allowed, charged, strict=True) if units is not None}
        if settled:
            self._gate.settle_all(settled, now)

    def _send(self, request_id: str, planned: PlannedRequest, calls: Calls, stop: threading.Event) -> int | None:
        """Send a call and return the units it cost, None where the answer doesn't tell."""
        if stop.is_set():
            return 0
        try:
            page = self._client.call(planned.request)
        except SourceError as error:
            stop.set()
            calls.stopped_by = error
            return 0
        calls.pages.append((request_id, planned, self._kept(page)))
        return page.units_charged
