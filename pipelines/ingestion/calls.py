"""Sends the calls of a slot through the gate, a few at a time, and stops at the first answer that says stop."""

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
    """What is needed of `sources.ensembledata.client.EnsembleData`."""

    def call(self, request: Request) -> Page:
        """Ask and return the answer."""
        ...


@dataclass
class Calls:
    """What came of a slot's calls.

    Parameters
    ----------
    pages: request id, what was planned, its answer; in no particular order
    refusals: events of calls that the gate turned away
    stopped_by: the error that ended the calls early
    """

    pages: list[tuple[str, PlannedRequest, Page]] = field(default_factory=list)
    refusals: list[Event] = field(default_factory=list)
    stopped_by: SourceError | None = None


class Caller:
    """Reserves, calls and settles.

    Units are reserved just before a call goes out, so that a stop leaves reserved what was on its way and no more. An
    answer that never came leaves its estimate standing: it may have been charged. Each time a request is sent it is
    reserved anew: the call of a process that died before settling may have been charged, and so will the next one.

    Parameters
    ----------
    client: sends a request
    gate: says whether it may be sent
    concurrency: calls on their way at one time
    kept: what is kept of an answer, as soon as it is there
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
        """Take in what the account was charged today, here and elsewhere; asking is free, no answer changes nothing."""
        used = self._client.call(used_units(now.date())).data
        if isinstance(used, dict):
            self._gate.reconcile(sum(units for units in used.values() if isinstance(units, int)), now)

    def run(self, planned: Sequence[tuple[str, PlannedRequest]], now: datetime) -> Calls:
        """Send the calls (request id, request) and return when all are answered or one said stop."""
        calls = Calls()
        stop = threading.Event()
        list(self._pool.map(lambda item: self._send(item[0], item[1], now, calls, stop), planned))
        return calls

    def close(self) -> None:
        """Let the threads end."""
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
