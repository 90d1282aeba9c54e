"""Clients of an HTTP server that take little time of their own: requests over connections that stay open."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

_HEADERS = "Host: 127.0.0.1\r\nAccept: text/html,application/json\r\nAccept-Encoding: gzip\r\n\r\n"


@dataclass(frozen=True)
class HttpAnswer:
    """One answer as it came over the wire."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class LoadResult:
    """What some clients measured together.

    Parameters
    ----------
    seconds: of every answer with status 200
    errors: answers with another status, and connections that broke
    took_s: from the first request to the last answer
    """

    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    took_s: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.took_s

    def quantile_ms(self, share: float) -> float:
        """Return the time that `share` of the answers stayed within, milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class HttpConnection:
    """One connection that asks for one path after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "HttpConnection":
        """Connect to a port of this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=2**20))

    async def get(self, path: str) -> HttpAnswer:
        """Return the answer to a path, body and all."""
        self._writer.write(f"GET {path} HTTP/1.1\r\n{_HEADERS}".encode())
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in lines[1:] if line)]
        length = dict(headers).get("content-length")
        body = await self._reader.readexactly(int(length)) if length is not None else await self._chunks()
        return HttpAnswer(int(lines[0].split()[1]), headers, body)

    async def _chunks(self) -> bytes:
        parts = []
        while size := int(await self._reader.readline(), 16):
            parts.append(await self._reader.readexactly(size))
            await self._reader.readline()
        await self._reader.readline()
        return b"".join(parts)

    def close(self) -> None:
        """End the connection."""
        self._writer.close()


async def load(port: int, paths: Sequence[str], clients: int, seconds: float, pause_s: float = 0.0) -> LoadResult:
    """Let clients ask for the paths in turn, each as soon as it has its answer and waited `pause_s`."""
    result, turn = LoadResult(), count()
    began = time.perf_counter()

    async def client() -> None:
        connection = await HttpConnection.open(port)
        while time.perf_counter() - began < seconds:
            sent = time.perf_counter()
            try:
                answer = await connection.get(paths[next(turn) % len(paths)])
            except (OSError, asyncio.IncompleteReadError, ValueError):
                result.errors += 1
                connection = await HttpConnection.open(port)
                continue
            if answer.status == 200:
                result.seconds.append(time.perf_counter() - sent)
            else:
                result.errors += 1
            if pause_s:
                await asyncio.sleep(pause_s)
        connection.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    result.took_s = time.perf_counter() - began
    return result
