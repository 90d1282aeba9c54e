"""The client of EnsembleData for threads; it works with the real API and with the stand-in server alike."""

import asyncio
import threading

from core.clock import Clock
from sources.ensembledata.async_client import AsyncEnsembleData, RetryPolicy
from sources.ensembledata.page import Page
from sources.ensembledata.requests import Request

__all__ = ["EnsembleData", "Page", "RetryPolicy"]


class EnsembleData:
    """Sends requests from any thread through one `AsyncEnsembleData`, whose loop runs in a thread of its own.

    Parameters
    ----------
    base_url: address below which the endpoints lie
    token: secret token of the account; never shown
    clock: gives the time at which an answer arrived
    concurrency: largest number of calls in flight and of open connections
    retry_policy: time-outs and retries

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from core.clock import VirtualClock
    >>> client = EnsembleData("http://127.0.0.1:9/apis", "secret", VirtualClock(datetime(2025, 5, 14, tzinfo=UTC)))
    >>> client
    EnsembleData('http://127.0.0.1:9/apis')
    >>> client.close()
    """

    def __init__(
        self, base_url: str, token: str, clock: Clock, *, concurrency: int = 8, retry_policy: RetryPolicy | None = None
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._client = AsyncEnsembleData(base_url, token, clock, concurrency=concurrency, retry_policy=retry_policy)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ensembledata", daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        return f"EnsembleData({self._base_url!r})"

    def call(self, request: Request) -> Page:
        """See `AsyncEnsembleData.call`."""
        return asyncio.run_coroutine_threadsafe(self._client.call(request), self._loop).result()

    def close(self) -> None:
        """Close the connections and end the thread. Calling it again has no effect."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._client.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
