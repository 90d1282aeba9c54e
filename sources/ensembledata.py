"""The client of EnsembleData: the same for the real interface and for the stand-in server."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import orjson
import stamina

from core.clock import Clock
from core.errors import SourceError
from sources.ensembledata_errors import PASSING, REASONS, stopping_error
from sources.ensembledata_requests import Request
from sources.ensembledata_transport import TokenTransport

UNITS_HEADER = "units_charged"
UNREACHABLE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol)
RETRIED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


@dataclass(frozen=True)
class Page:
    """One answer.

    Parameters
    ----------
    request: what was asked
    status: HTTP status; 0 when no answer came in time
    data: what stood under `data`; null also when the answer was an error
    error: why there is no data, in one line; null for a good answer
    units_charged: EnsembleData units on the answer's header; null when no answer came
    fetched_at: when it arrived, UTC
    more: cursor of the next page, null on the last
    """

    request: Request
    status: int
    data: Any
    error: str | None
    units_charged: int | None
    fetched_at: datetime
    more: int | None = None


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try.

    Parameters
    ----------
    attempts: tries in all
    wait_s, longest_wait_s: first and longest pause between tries, seconds; doubled from one to the next
    jitter_s: at most so much is added to each pause, seconds
    connect_s, read_s: time-outs, seconds
    """

    attempts: int = 3
    wait_s: float = 0.5
    longest_wait_s: float = 8.0
    jitter_s: float = 1.0
    connect_s: float = 10.0
    read_s: float = 120.0


class _PassingError(Exception):
    """An answer that may be better next time."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class EnsembleData:
    """Sends requests over pooled connections; safe to share between threads.

    Parameters
    ----------
    base_url: address below which the endpoints lie
    token: the account's secret; never shown
    clock: tells when an answer arrived
    connections: connections kept open at most
    patience: time-outs and retries

    Examples
    --------
    >>> from datetime import UTC
    >>> from core.clock import VirtualClock
    >>> EnsembleData("http://127.0.0.1:9/apis", "secret", VirtualClock(datetime(2025, 5, 14, tzinfo=UTC)))
    EnsembleData('http://127.0.0.1:9/apis')
    """

    def __init__(
        self, base_url: str, token: str, clock: Clock, *, connections: int = 8, patience: Patience | None = None
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._patience = patience or Patience()
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._transport = TokenTransport(token, httpx.HTTPTransport(limits=limits))
        timeout = httpx.Timeout(self._patience.read_s, connect=self._patience.connect_s)
        self._http = httpx.Client(transport=self._transport, timeout=timeout, headers={"accept": "application/json"})

    def __repr__(self) -> str:
        return f"EnsembleData({self._base_url!r})"

    def call(self, request: Request) -> Page:
        """Ask, patiently, and return the answer; one that only concerns this request has `error` set.

        A refused token or a server that can't be reached is a SourceError, used-up units are UnitsExhausted. A call
        whose connection broke may have been charged and is asked again: reconcile with `used_units`.
        """
        try:
            response = self._send_patiently(request)
        except UNREACHABLE as error:
            raise SourceError(
                f"EnsembleData can't be reached at {self._base_url} ({type(error).__name__}): "
                "check the address and the network"
            ) from None
        except httpx.TransportError as error:
            return self._no_answer(request, f"no answer ({type(error).__name__})")
        return self._page(request, response)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _send_patiently(self, request: Request) -> httpx.Response:
        patience = self._patience
        try:
            for attempt in stamina.retry_context(
                on=(_PassingError, *RETRIED),
                attempts=patience.attempts,
                timeout=None,
                wait_initial=patience.wait_s,
                wait_max=patience.longest_wait_s,
                wait_jitter=patience.jitter_s,
            ):
                with attempt:
                    return self._send(request)
        except _PassingError as passing:
            return passing.response
        raise AssertionError("a retry ends by returning or raising")

    def _send(self, request: Request) -> httpx.Response:
        response = self._http.get(self._base_url + request.endpoint, params=dict(request.params))
        if response.status_code in PASSING and not _has_data(response.content):
            raise _PassingError(response)
        return response

    def _page(self, request: Request, response: httpx.Response) -> Page:
        stop = stopping_error(response.status_code)
        if stop is not None:
            raise stop
        units = _units(response)
        body, error = _parse(response.content)
        if error is None and "data" in body:
            return Page(request, response.status_code, body["data"], None, units, self._clock.now(), _cursor(body))
        return Page(request, response.status_code, None, self._reason(response, body, error), units, self._clock.now())

    def _no_answer(self, request: Request, reason: str) -> Page:
        return Page(request, 0, None, reason, None, self._clock.now())

    def _reason(self, response: httpx.Response, body: dict[str, Any], error: str | None) -> str:
        if error is not None:
            return f"{response.status_code}: {error}"
        known = REASONS.get(response.status_code, "no data")
        detail = orjson.dumps(body.get("detail")).decode() if "detail" in body else ""
        return self._transport.redact(f"{response.status_code}: {known} {detail}".strip())[:500]


def _parse(content: bytes) -> tuple[dict[str, Any], str | None]:
    """The body as a JSON object, or why it is none: its hash and length, and the parser's words."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        problem = str(error)
    else:
        if isinstance(body, dict):
            return body, None
        problem = f"a JSON {type(body).__name__}, not an object"
    digest = hashlib.blake2b(content, digest_size=16).hexdigest()
    return {}, f"blake2b {digest}, {len(content)} bytes: {problem}"


def _has_data(content: bytes) -> bool:
    return "data" in _parse(content)[0]


def _units(response: httpx.Response) -> int:
    """Units on the header; absent or unreadable counts as none charged."""
    try:
        return max(0, int(response.headers.get(UNITS_HEADER, "0")))
    except ValueError:
        return 0


def _cursor(body: dict[str, Any]) -> int | None:
    data = body["data"]
    cursor = data.get("nextCursor") if isinstance(data, dict) else body.get("nextCursor")
    return cursor if isinstance(cursor, int) else None
