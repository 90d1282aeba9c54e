"""Times of the simulated world and its stand-in server at the default size: `groundswell bench world`."""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import httpx
import psutil

from sources.standin.account import Account
from sources.standin.app import build_app
from sources.standin.backend import Sorting
from sources.standin.clock import SettableClock
from sources.standin.server import StandinServer
from sources.world.world import World

DAY = 20
TAGS, REQUESTS = 40, 200
NO_CAP = 10**9


def main() -> int:
    """Print the table as Markdown."""
    before = psutil.Process().memory_info().rss
    begin = time.perf_counter()
    world = World()
    built = time.perf_counter() - begin
    grown = (psutil.Process().memory_info().rss - before) / 1e6
    rows = [("construction", f"{built:.2f} s"), ("memory it adds", f"{grown:.0f} MB"), *page_times(world)]
    rows.append(("recent-posts over HTTP, one connection", f"{requests_per_s(world):.0f} requests/s"))
    lines = ["| | measured |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def page_times(world: World) -> list[tuple[str, str]]:
    """Median and worst time of a 20-post page, asked of many hashtags for the first time."""
    at = world.parameters.start + timedelta(days=DAY, hours=7)
    names = world.busy_tags(at, TAGS)
    keywords = ("dance", "recipe", "gym", "makeup", "football", "travel")
    for keyword in keywords:
        world.search(keyword, at, 1, Sorting.RECENT, 0, 20, False)
    calls: dict[str, list[Callable[[], object]]] = {
        "hashtag page of 20": [partial(world.hashtag_page, name, at, 0) for name in names],
        "totals": [partial(world.totals, name, at) for name in names],
        "search page of 20, newest": [partial(world.search, k, at, 1, Sorting.RECENT, 0, 20, False) for k in keywords],
    }
    return [(name, _spread([_ms(call) for call in queries])) for name, queries in calls.items()]


def requests_per_s(world: World) -> float:
    """Requests a second, client and server in this process."""
    clock = SettableClock(world.parameters.start + timedelta(days=DAY, hours=8))
    names = world.busy_tags(clock.now(), REQUESTS)
    params = {"token": "groundswell-demo", "days": "30", "max_cursor": "20", "remap_output": "false"}
    with StandinServer(build_app(world, Account(NO_CAP), clock)) as server, httpx.Client() as client:
        begin = time.perf_counter()
        for name in names:
            client.get(f"{server.url}/tt/hashtag/recent-posts", params=params | {"name": name}).raise_for_status()
        return len(names) / (time.perf_counter() - begin)


def _ms(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return 1e3 * (time.perf_counter() - begin)


def _spread(times_ms: list[float]) -> str:
    return f"{statistics.median(times_ms):.1f} ms, at most {max(times_ms):.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
