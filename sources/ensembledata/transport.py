"""Adds the token to the address of each request, below everything that logs, raises or prints addresses."""

import logging

import httpx

_HEADER_LOGS = ("hpack", "h2")


class TokenTransport(httpx.AsyncBaseTransport):
    """Adds `token` to the query of every request on its way out.

    The client's own request objects, log lines and exceptions never hold the token. HTTP/2 packs addresses into headers
    and can log each of them at debug level; this class turns these logs off.

    Parameters
    ----------
    token: secret token of the account
    inner: transport that sends the requests
    """

    def __init__(self, token: str, inner: httpx.AsyncBaseTransport) -> None:
        self._token = token
        self._inner = inner
        for name in _HEADER_LOGS:
            logging.getLogger(name).setLevel(logging.WARNING)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` with the token."""
        signed = httpx.Request(
            request.method,
            request.url.copy_add_param("token", self._token),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return await self._inner.handle_async_request(signed)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()

    def redact(self, text: str) -> str:
        """Return `text` without the token, in case a server echoed it."""
        return text.replace(self._token, "[token]") if self._token else text
