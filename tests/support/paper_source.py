"""A source on paper: what it answers is a function of request and time alone."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from core.clock import VirtualClock
from core.windows import HOUR
from sources.ensembledata.client import Page
from sources.ensembledata.requests import Endpoint, Request
from tests.support.awemes import aweme

T0 = datetime(2025, 5, 14, 10, 13, tzinfo=UTC)


class Paper:
    """A source whose answers are a function of request and time; counts calls, and fails on request."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.calls: list[Request] = []
        self.account: dict[str, int] | None = None
        self.trouble: Callable[[int, Request], Page | None] = lambda _, __: None

    def call(self, request: Request) -> Page:
        if request.endpoint is Endpoint.USED_UNITS:
            return self.page(request, self.account)
        self.calls.append(request)
        trouble = self.trouble(len(self.calls), request)
        return trouble or self.page(request, self._data(request))

    def page(self, request: Request, data: Any, status: int = 200, error: str | None = None) -> Page:
        return Page(request, status, data, error, 1, self.clock.now())

    def _data(self, request: Request) -> Any:
        name = request.params["name"]
        hours = int((self.clock.now() - T0) / HOUR)
        seed = sum(map(ord, name)) * 1000 + int(request.params.get("cursor", 0)) * 7 + hours * 3
        tags = [[name, f"tag{n % 4}", "fyp"] for n in range(8)]
        posts = [self._post(seed + n, tags[n], 100 * ((seed + n) % 50 + 1) + 10 * hours) for n in range(8)]
        if request.endpoint is Endpoint.HASHTAG_RECENT_POSTS:
            return {"view_count": 100_000 + 1_000 * hours, "video_count": 50, "posts": posts}
        return {"data": [{"type": 1, "aweme_info": post} for post in posts]}

    @staticmethod
    def _post(number: int, tags: list[str], plays: int) -> dict[str, Any]:
        author = {"uid": f"68{number}", "unique_id": f"demo.{number}", "follower_count": 1_000 + number % 10}
        return aweme(number, tags, plays, author=author)
