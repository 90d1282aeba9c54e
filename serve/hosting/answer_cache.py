"""Answers that follow from a snapshot alone, made once for each snapshot and kept as the bytes that were sent."""

import asyncio
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import GroundswellError
from serve.reading.reader import Reader
from serve.reading.snapshot import Snapshot

KEPT_BYTES = 64 * 1024 * 1024
_PATHS = ("/", "/themes", "/v1/trends", "/v1/predictions", "/v1/scoreboard", "/v1/kpis", "/v1/quality", "/v1/themes")
_FOLDERS = ("/hashtags/", "/themes/", "/partials/", "/v1/hashtags/")
_READ_FROM_RECORDS = ("/partials/prompts",)
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_NOT_MODIFIED_HEADERS = (b"etag", b"cache-control", b"vary")
Key = tuple[str, bytes, bool, bool]


@dataclass(frozen=True)
class KeptAnswer:
    """One answer as it is sent."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def etag(self) -> str | None:
        """Its entity tag, where it has one."""
        return next((value.decode("latin-1") for name, value in self.headers if name == b"etag"), None)

    async def send(self, send: Send, if_none_match: str | None) -> None:
        """Send the answer; 304 where the client says that it holds the same."""
        status, headers, body = self.status, list(self.headers), self.body
        if if_none_match is not None and if_none_match == self.etag:
            status, body = 304, b""
            headers = [pair for pair in headers if pair[0] in _NOT_MODIFIED_HEADERS]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class AnswerCache:
    """ASGI middleware that keeps answers as long as the reader's snapshot stays the same object.

    Requests for the same answer wait for the first of them. A request that changes something drops every answer, so
    that a decision shows at once; what other processes change shows with the next snapshot.

    Parameters
    ----------
    reader: gives the snapshot that answers are made from
    kept_bytes: bytes of answers kept at most; the oldest are dropped first
    """

    def __init__(self, app: ASGIApp, reader: Reader, kept_bytes: int = KEPT_BYTES) -> None:
        self.app = app
        self._reader = reader
        self._kept_bytes = kept_bytes
        self._snapshot: Snapshot | None = None
        self._answers: dict[Key, KeptAnswer] = {}
        self._size = 0
        self._being_made: dict[Key, asyncio.Task[KeptAnswer]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, else pass the request on and keep the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["method"] not in _SAFE_METHODS:
            try:
                await self.app(scope, receive, send)
            finally:
                self._drop(None)
        elif scope["method"] != "GET" or not _is_kept(scope["path"]) or not await self._take_snapshot():
            await self.app(scope, receive, send)
        else:
            headers = Headers(scope=scope)
            answer = await self._answer(_key(scope, headers), scope)
            await answer.send(send, headers.get("if-none-match"))

    async def _take_snapshot(self) -> bool:
        """Drop the answers of an older snapshot; False where none can be read."""
        snapshot = self._reader.at_hand()
        if snapshot is None:
            try:
                read = await run_in_threadpool(self._reader.snapshot)
            except GroundswellError:
                return False
            snapshot = self._reader.at_hand() or read
        if snapshot is not self._snapshot:
            self._drop(snapshot)
        return True

    async def _answer(self, key: Key, scope: Scope) -> KeptAnswer:
        kept = self._answers.get(key)
        if kept is not None:
            return kept
        making = self._being_made.get(key)
        if making is None:
            making = asyncio.ensure_future(self._made(key, scope))
            self._being_made[key] = making
        return await asyncio.shield(making)

    async def _made(self, key: Key, scope: Scope) -> KeptAnswer:
        answers, being_made = self._answers, self._being_made
        try:
            answer = await _called(self.app, scope)
        finally:
            being_made.pop(key, None)
        if answer.status == 200 and answers is self._answers:
            self._keep(key, answer)
        return answer

    def _keep(self, key: Key, answer: KeptAnswer) -> None:
        self._answers[key] = answer
        self._size += len(answer.body)
        while self._size > self._kept_bytes:
            oldest = next(iter(self._answers))
            self._size -= len(self._answers.pop(oldest).body)

    def _drop(self, snapshot: Snapshot | None) -> None:
        """Start over: answers that are still being made go to the requests that wait for them and are not kept."""
        self._snapshot, self._answers, self._being_made, self._size = snapshot, {}, {}, 0


def _is_kept(path: str) -> bool:
    return (path in _PATHS or path.startswith(_FOLDERS)) and path not in _READ_FROM_RECORDS


def _key(scope: Scope, headers: Headers) -> Key:
    """Return what an answer depends on: the address, and the form that the client takes it in."""
    accept = headers.get("accept", "")
    as_csv = "text/csv" in accept and "json" not in accept
    return scope["path"], scope["query_string"], as_csv, "gzip" in headers.get("accept-encoding", "")


async def _called(app: ASGIApp, scope: Scope) -> KeptAnswer:
    """Return the whole answer of an application."""
    status, headers = 500, []
    parts: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], message["headers"]
        else:
            parts.append(message.get("body", b""))

    unconditional = [(name, value) for name, value in scope["headers"] if name != b"if-none-match"]
    await app({**scope, "headers": unconditional}, receive, send)
    return KeptAnswer(status, tuple((bytes(name), bytes(value)) for name, value in headers), b"".join(parts))
