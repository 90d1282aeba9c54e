"""Who may read and change, and what a page may load: a token for all but /healthz, no other sites, strict headers."""

import base64
import binascii
import hmac
import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import UsageError
from serve.api.problems import problem

_OPEN_PATHS = ("/healthz",)
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def require_token(host: str, token: str | None) -> None:
    """Refuse (UsageError) to listen on an address others can reach without a token."""
    if not is_loopback(host) and not token:
        raise UsageError(f"{host} can be reached from elsewhere: set GROUNDSWELL_TOKEN, or listen on 127.0.0.1")


class SecurityHeaders:
    """ASGI middleware that adds `HEADERS` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to what comes back."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class SameOrigin:
    """ASGI middleware that answers 403 to a request that changes something and comes from another site's page.

    Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`); programs say nothing and pass.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless another site's page sent it."""
        if scope["type"] != "http" or scope["method"] in _SAFE_METHODS or not _cross_site(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        await problem(403, "the page of another site may not change anything here", scope["path"])(scope, receive, send)


def _cross_site(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


def presented_token(authorization: str) -> str:
    """The token of an Authorization header: `Bearer <token>`, or the password of `Basic` (what a browser can ask for).

    Examples
    --------
    >>> presented_token("Bearer abc"), presented_token("Basic " + base64.b64encode(b"me:abc").decode())
    ('abc', 'abc')
    """
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


class BearerToken:
    """ASGI middleware that answers 401 unless the request carries `token`; /healthz stays open."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app = app
        self._token = token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when it carries the token."""
        if scope["type"] != "http" or scope["path"] in _OPEN_PATHS:
            await self.app(scope, receive, send)
            return
        given = presented_token(Headers(scope=scope).get("authorization", ""))
        if hmac.compare_digest(given.encode(), self._token):
            await self.app(scope, receive, send)
            return
        detail = "send the token as 'Authorization: Bearer <token>', or as the password a browser asks for"
        challenge = {"WWW-Authenticate": 'Basic realm="Groundswell", charset="UTF-8", Bearer'}
        await problem(401, detail, scope["path"], challenge)(scope, receive, send)
