"""Measures the pages and lists of a made installation: one client, a client that pauses, and many clients."""

import asyncio
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.figures import MEASUREMENTS, replace_section
from benchmarks.serve.clients import HttpConnection, LoadResult, load
from benchmarks.serve.installation import MadeInstallation
from core.errors import GroundswellError

PAGE = MEASUREMENTS / "serve.md"
START_WITHIN_S = 120.0
PAUSE_S = 1.1
"""Longer than a snapshot is fresh: every request of this client has its answer made anew."""


@dataclass(frozen=True)
class ServePlan:
    """How long and with how many clients is measured.

    Parameters
    ----------
    clients: connections of the many
    seconds: of each measurement
    tags: hashtags whose page and history are asked for in turn
    """

    clients: int = 64
    seconds: float = 10.0
    tags: int = 4


@dataclass(frozen=True)
class PathFigures:
    """What was measured of one kind of path.

    Parameters
    ----------
    bytes: size of an answer as sent, mean over the paths of this kind
    p50_ms, p99_ms: one client that asks again at once
    paused_p50_ms, paused_max_ms: one client that waits until the data are read again
    many_per_s, many_p99_ms, errors: of many clients
    bare_per_s: of as many clients, asking bare uvicorn for the same bytes
    """

    path: str
    bytes: int
    p50_ms: float
    p99_ms: float
    paused_p50_ms: float
    paused_max_ms: float
    many_per_s: float
    many_p99_ms: float
    errors: int
    bare_per_s: float

    @property
    def share(self) -> float:
        """Throughput as a share of that of bare uvicorn."""
        return self.many_per_s / self.bare_per_s


def measure(made: MadeInstallation, plan: ServePlan, progress: Callable[[str], None]) -> list[PathFigures]:
    """Return the figures of every kind of path."""
    tags = made.leaders(plan.tags)
    kinds = {
        "/": ["/"],
        "/v1/predictions": ["/v1/predictions"],
        "/v1/hashtags/{tag}": [f"/v1/hashtags/{tag}" for tag in tags],
        "/hashtags/{tag}": [f"/hashtags/{tag}" for tag in tags],
    }
    figures = []
    with _serving("pages", made.home) as port, tempfile.TemporaryDirectory() as folder:
        sizes = {kind: asyncio.run(_keep(port, paths, Path(folder))) for kind, paths in kinds.items()}
        with _serving("bare", Path(folder)) as bare_port:
            for kind, paths in kinds.items():
                progress(f"measures {kind}")
                alone = asyncio.run(load(port, paths, 1, plan.seconds))
                paused = asyncio.run(load(port, paths, 1, plan.seconds, PAUSE_S))
                many = asyncio.run(load(port, paths, plan.clients, plan.seconds))
                bare = asyncio.run(load(bare_port, paths, plan.clients, plan.seconds))
                figures.append(_figures(kind, sizes[kind], alone, paused, many, bare))
    return figures


def _figures(
    kind: str, size: int, alone: LoadResult, paused: LoadResult, many: LoadResult, bare: LoadResult
) -> PathFigures:
    return PathFigures(
        path=kind,
        bytes=size,
        p50_ms=alone.quantile_ms(0.5),
        p99_ms=alone.quantile_ms(0.99),
        paused_p50_ms=paused.quantile_ms(0.5),
        paused_max_ms=paused.quantile_ms(1.0),
        many_per_s=many.per_second,
        many_p99_ms=many.quantile_ms(0.99),
        errors=alone.errors + paused.errors + many.errors,
        bare_per_s=bare.per_second,
    )


async def _keep(port: int, paths: Sequence[str], folder: Path) -> int:
    """Ask for each path once and keep its answer for the bare server; return the mean size."""
    index_path = folder / "index.json"
    index = json.loads(index_path.read_text()) if index_path.exists() else {}
    connection = await HttpConnection.open(port)
    sizes = []
    for path in paths:
        answer = await connection.get(path)
        if answer.status != 200:
            raise GroundswellError(f"{path} was answered with status {answer.status}")
        name = f"answer-{len(index)}"
        (folder / name).write_bytes(answer.body)
        own = ("date", "server", "transfer-encoding", "content-length")
        kept = [(header, value) for header, value in answer.headers if header not in own]
        index[path] = (name, [*kept, ("content-length", str(len(answer.body)))])
        sizes.append(len(answer.body))
    connection.close()
    index_path.write_text(json.dumps(index))
    return round(sum(sizes) / len(sizes))


@contextmanager
def _serving(kind: str, where: Path) -> Iterator[int]:
    """Run a server in a process of its own and give its port once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.serve.server", kind, str(where), str(port)])
    try:
        ends = time.monotonic() + START_WITHIN_S
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > ends:
                raise GroundswellError(f"the server of {where} did not start within {START_WITHIN_S:.0f} s")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def table(figures: Sequence[PathFigures]) -> str:
    """Return the figures as a table in Markdown."""
    lines = [
        "| path | bytes sent | one client p50, p99 ms | after a pause p50, max ms | many clients a second, p99 ms "
        "| share of bare uvicorn | errors |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row.path}` | {row.bytes:,} | {row.p50_ms:.1f}, {row.p99_ms:.1f} "
        f"| {row.paused_p50_ms:.0f}, {row.paused_max_ms:.0f} | {row.many_per_s:,.0f}, {row.many_p99_ms:.0f} "
        f"| {row.share:.2f} | {row.errors} |"
        for row in figures
    ]
    return "\n".join(lines)


def as_json(figures: Sequence[PathFigures]) -> list[dict[str, object]]:
    """Return the figures for programs."""
    return [{**asdict(row), "share": row.share} for row in figures]


def _load_words() -> str:
    """Return the load average, with a warning where other processes must have caused it."""
    load_average, cpus = os.getloadavg()[0], os.cpu_count() or 1
    words = f"load average at the end {load_average:.1f}"
    if load_average > 2 * cpus:
        words += ": other work shared the machine, so times are upper bounds and shares are rough"
    return words


def write(figures: Sequence[PathFigures], made: MadeInstallation, plan: ServePlan) -> None:
    """Write the figures into the documentation."""
    text = (
        f"`groundswell bench serve`: {made.hashtags:,} hashtags over {made.days} days, {plan.tags} of them asked for "
        f"in turn, {plan.clients} clients for {plan.seconds:.0f} s each, {os.cpu_count()} CPUs "
        f"({platform.machine()}) that clients and server share; {_load_words()}.\n\n"
        "One client asks again as soon as it has its answer. The client with a pause waits until the data are read "
        "again, so that each of its answers is made anew. Bare uvicorn returns the same bytes from memory.\n\n"
        f"{table(figures)}"
    )
    replace_section(PAGE, "bench serve", text)
