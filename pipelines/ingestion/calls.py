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
from pipelines.ingestion.gate import Gate, Refusal
from pipelines.polling.plan import PlannedRequest
from sources.ensembledata.client import Page
from sources.ensembledata.requests import Request, used_units

AGENT = "ingestion"


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
    """Reserves units for each call, sends it and settles the units it cost.

    Units are reserved just before a call is sent, so that after a stop only the calls in flight stay reserved. A call
    that gets no answer keeps its reserved estimate, because it may have been charged. Every attempt reserves anew:
    the call of a process that died before settling may have been charged, and the next attempt will be.

    Parameters
    ----------
    client: sends requests
    gate: decides whether a request may be sent
    concurrency: largest number of calls in flight
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
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="ensembledata")
        self._ledger = threading.Lock()

    def reconcile(self, now: datetime) -> None:
        """Fetch the units that the account was charged today and record them; the request is free."""
        used = self._client.call(used_units(now.date())).data
        if isinstance(used, dict):
            self._gate.reconcile(sum(units for units in used.values() if isinstance(units, int)), now)

    def run(self, planned: Sequence[tuple[str, PlannedRequest]], now: datetime) -> Calls:
        """Send the calls (request id, request). Returns when all are answered, or after an error that ends the run."""
        calls = Calls()
        stop = threading.Event()
        list(self._pool.map(lambda item: self._send(item[0], item[1], now, calls, stop), planned))
        return calls

    def close(self) -> None:
        """Shut the threads down."""
        self._pool.shutdown()

    def _send(
        self, request_id: str, planned: PlannedRequest, now: datetime, calls: Calls, stop: threading.Event
    ) -> None:
        if stop.is_set():
            return
        attempt = f"{request_id}.{secrets.token_hex(4)}"
        refusal = self._reserve(attempt, planned, now)
        if refusal is not None:
            target = "posts" if "ids" in planned.request.params else planned.request.canonical
            subject = f"{planned.request.endpoint} {target}"
            calls.refusals.append(self._gate.refused(refusal, AGENT, subject, now))
            return
        try:
            page = self._client.call(planned.request)
        except SourceError as error:
            stop.set()
            calls.stopped_by = error
            self._settle(attempt, 0, now)
            return
        if page.units_charged is not None:
            self._settle(attempt, page.units_charged, now)
        calls.pages.append((request_id, planned, self._kept(page)))

    def _reserve(self, attempt: str, planned: PlannedRequest, now: datetime) -> Refusal | None:
        with self._ledger:
            return self._gate.reserve(attempt, planned.request, planned.purpose, AGENT, now)

    def _settle(self, attempt: str, charged: int, now: datetime) -> None:
        with self._ledger:
            self._gate.settle(attempt, charged, now)
