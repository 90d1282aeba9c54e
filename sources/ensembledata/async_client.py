"""The asynchronous client of EnsembleData: pooled HTTP/2, limited concurrency, a deadline for each call."""

import asyncio
from dataclasses import dataclass

import httpx
import orjson
import stamina

from core.clock import Clock
from core.errors import SourceError
from sources.ensembledata.errors import NO_ANSWER, Action, problem_of, stopping_error
from sources.ensembledata.page import Page, next_cursor, parse_body, units_of
from sources.ensembledata.requests import Request
from sources.ensembledata.transport import TokenTransport

UNREACHABLE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol)
RETRIED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


@dataclass(frozen=True)
class RetryPolicy:
    """Time-outs and retries.

    Parameters
    ----------
    attempts: number of tries in all
    wait_s, longest_wait_s: first and longest pause between tries, seconds; it doubles from one to the next
    jitter_s: largest random addition to each pause, seconds
    connect_s: longest wait for a connection, seconds
    read_s: longest wait for an answer, seconds; None leaves it to the request
    """

    attempts: int = 3
    wait_s: float = 0.5
    longest_wait_s: float = 8.0
    jitter_s: float = 1.0
    connect_s: float = 10.0
    read_s: float | None = None


class _PassingError(Exception):
    """An error answer that may succeed next time."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class AsyncEnsembleData:
    """Sends requests over pooled connections; an asynchronous context manager.

    Parameters
    ----------
    base_url: address below which the endpoints lie
    token: secret token of the account; never shown
    clock: gives the time at which an answer arrived
    concurrency: largest number of calls in flight and of open connections
    retry_policy: time-outs and retries
    """

    def __init__(
        self, base_url: str, token: str, clock: Clock, *, concurrency: int = 8, retry_policy: RetryPolicy | None = None
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._policy = retry_policy or RetryPolicy()
        self._turns = asyncio.Semaphore(concurrency)
        limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
        self._transport = TokenTransport(token, httpx.AsyncHTTPTransport(http2=True, limits=limits))
        self._http = httpx.AsyncClient(transport=self._transport, headers={"accept": "application/json"})

    def __repr__(self) -> str:
        return f"AsyncEnsembleData({self._base_url!r})"

    async def __aenter__(self) -> "AsyncEnsembleData":
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def call(self, request: Request) -> Page:
        """Send a request, with retries, and return the answer; an error that concerns it alone is in the page.

        A call whose connection broke may have been charged, and is sent again: reconcile with `used_units`.

        Raises
        ------
        UnitsExhausted: if the day's units are used up
        SourceError: if the token is refused or the server can't be reached
        """
        charged: list[int] = []
        async with self._turns:
            try:
                response = await self._send_with_retries(request, charged)
            except UNREACHABLE as error:
                raise SourceError(
                    f"EnsembleData can't be reached at {self._base_url} ({type(error).__name__}): "
                    "check the address and the network"
                ) from None
            except (httpx.HTTPError, TimeoutError) as error:
                reason = f"{NO_ANSWER.reason} ({type(error).__name__})"
                return Page(request, 0, None, reason, None, self._clock.now(), action=NO_ANSWER.action)
        return self._page(request, response, sum(charged))

    async def _send_with_retries(self, request: Request, charged: list[int]) -> httpx.Response:
        retry_policy = self._policy
        try:
            async for attempt in stamina.retry_context(
                on=(_PassingError, *RETRIED),
                attempts=retry_policy.attempts,
                timeout=None,
                wait_initial=retry_policy.wait_s,
                wait_max=retry_policy.longest_wait_s,
                wait_jitter=retry_policy.jitter_s,
            ):
                with attempt:
                    return await self._send(request, charged)
        except _PassingError as passing:
            return passing.response
        raise AssertionError("a retry ends by returning or raising")

    async def _send(self, request: Request, charged: list[int]) -> httpx.Response:
        read_s = self._policy.read_s or request.timeout_s
        timeout = httpx.Timeout(read_s, connect=self._policy.connect_s)
        async with asyncio.timeout(self._policy.connect_s + 2 * read_s):
            url = self._base_url + request.endpoint
            response = await self._http.get(url, params=dict(request.params), timeout=timeout)
        charged.append(units_of(response))
        passing = not response.is_success and problem_of(response.status_code).action is Action.RETRY
        if passing:
            body, problem = parse_body(response.content)
            if problem is not None or "data" not in body:
                raise _PassingError(response)
        return response

    def _page(self, request: Request, response: httpx.Response, units: int) -> Page:
        status, now = response.status_code, self._clock.now()
        stop = stopping_error(status)
        if stop is not None:
            raise stop
        body, error = parse_body(response.content)
        if error is None and "data" in body:
            more, page_token = next_cursor(body)
            return Page(request, status, body["data"], None, units, now, more, page_token=page_token)
        problem = problem_of(status)
        action = Action.RETRY if error is not None else problem.action
        if error is None:
            detail = orjson.dumps(body["detail"]).decode() if "detail" in body else ""
            error = self._transport.redact(f"{problem.reason} {detail}".strip())
        return Page(request, status, body.get("data"), f"{status}: {error}"[:500], units, now, action=action)
