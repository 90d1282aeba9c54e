"""The one place that knows the token: it joins the address below everything that logs, raises or prints addresses."""

import httpx


class TokenTransport(httpx.BaseTransport):
    """Adds `token` to the query of every request on its way out.

    The client's own request objects, and so its log lines and exceptions, never carry it.

    Parameters
    ----------
    token: the account's secret
    inner: what really sends
    """

    def __init__(self, token: str, inner: httpx.BaseTransport) -> None:
        self._token = token
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` with the token."""
        signed = httpx.Request(
            request.method,
            request.url.copy_add_param("token", self._token),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return self._inner.handle_request(signed)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    def redact(self, text: str) -> str:
        """Return `text` without the token, should a server have echoed it."""
        return text.replace(self._token, "[token]") if self._token else text
