"""The stand-in for EnsembleData's TikTok interface as an ASGI application, and the switch of its clock."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.clock import Clock
from sources.standin.account import Account, TokenState
from sources.standin.answer import Answering, Refused
from sources.standin.answers_accounts import ACCOUNT_ANSWERS
from sources.standin.answers_posts import POST_ANSWERS
from sources.standin.answers_sounds import SOUND_ANSWERS
from sources.standin.backend import Backend
from sources.standin.clock import SettableClock
from sources.standin.fault_injector import UNITS_HEADER, FaultInjector
from sources.standin.faulty_backend import FaultyBackend
from sources.standin.parameters import Parameters

ANSWERS: Mapping[str, Answering] = {**POST_ANSWERS, **ACCOUNT_ANSWERS, **SOUND_ANSWERS}
PLATFORMS = ("tiktok", "instagram", "reddit", "youtube", "twitch")
LONGEST_HISTORY = 366
REFUSED_TOKENS: Mapping[TokenState, tuple[int, str]] = {
    TokenState.UNVERIFIED: (492, "Your email has not been verified."),
    TokenState.EXPIRED: (493, "Subscription expired. Send an email at hello@ensembledata.com"),
}
UNKNOWN_TOKEN = "Token not found, please sign up at https://dashboard.ensembledata.com/register"
USED_UP = "Maximum requests limit reached for today. Send an email at hello@ensembledata.com"

Handler = Callable[[Request], Awaitable[Response]]


def build_app(backend: Backend, account: Account, clock: Clock, faults: FaultInjector | None = None) -> Starlette:
    """Return the application: `/apis/...` as EnsembleData answers, `/_standin/clock` to read or set the clock.

    The clock decides what is visible and which UTC day a call is charged to; it can be set over HTTP when it is a
    `SettableClock`. Without `faults` no fault strikes.
    """
    shown = FaultyBackend(backend, faults) if faults else backend
    standin = _Standin(shown, account, clock, faults or FaultInjector())
    routes = [
        Route(f"/apis{path}", standin.metered(path, answering), methods=["GET"]) for path, answering in ANSWERS.items()
    ]
    routes += [
        Route("/apis/customer/get-used-units", standin.customer(standin.used_units), methods=["GET"]),
        Route("/apis/customer/get-history", standin.customer(standin.history), methods=["GET"]),
    ]
    for route in routes:
        (route.methods or set()).discard("HEAD")
    routes.append(Route("/_standin/clock", standin.tell_clock, methods=["GET"]))
    routes.append(Route("/_standin/clock", standin.set_clock, methods=["POST"]))
    return Starlette(routes=routes, exception_handlers={HTTPException: _no_such_call, Exception: _internal})


class _Standin:
    """The handlers: each checks in the interface's order, then asks the backend."""

    def __init__(self, backend: Backend, account: Account, clock: Clock, faults: FaultInjector) -> None:
        self._backend, self._account, self._clock, self._faults = backend, account, clock, faults

    def metered(self, path: str, answering: Answering) -> Handler:
        """A call that costs units: token, its state, parameters, units left, then the call itself."""

        async def handle(request: Request) -> Response:
            now = self._clock.now()
            token, today, query = "", now.date(), _query_text(request)
            try:
                token, state = self._token(request)
                if state in REFUSED_TOKENS:
                    raise Refused(*REFUSED_TOKENS[state])
                parameters = Parameters(request.query_params)
                answer = answering(self._backend, parameters, now)
                _require(parameters)
                if self._account.exhausted(token, today):
                    raise Refused(495, USED_UP)
                instead = await self._faults.before(path, query, now)
                if instead is not None:
                    return instead
                answered = answer()
            except Refused as refused:
                self._account.charge(token, today, refused.units)
                if not self._faults.forgives(refused, query):
                    return _refusal(refused)
                return _json({"data": None}, units=refused.units)
            self._account.charge(token, today, answered.units)
            return self._faults.respond(path, query, now, answered)

        return handle

    def customer(self, answer: Callable[[Parameters, str], Any]) -> Handler:
        """A call about the account itself: free, and open to every known token."""

        async def handle(request: Request) -> Response:
            try:
                token, _ = self._token(request)
                parameters = Parameters(request.query_params)
                data = answer(parameters, token)
                _require(parameters)
            except Refused as refused:
                return _refusal(refused)
            return _json({"data": data})

        return handle

    def used_units(self, parameters: Parameters, token: str) -> dict[str, int]:
        """Units of one day by platform."""
        return self._by_platform(token, parameters.day("date"))

    def history(self, parameters: Parameters, token: str) -> list[dict[str, Any]]:
        """Units of each of the last days, today first."""
        days, today = min(parameters.integer("days"), LONGEST_HISTORY), self._clock.now().date()
        past = [today - timedelta(days=back) for back in range(days)]
        return [{"date": day.isoformat(), **self._by_platform(token, day)} for day in past]

    async def tell_clock(self, request: Request) -> Response:
        """Say what time it is here, and whether that can be changed."""
        return _json({"now": self._clock.now().isoformat(), "settable": isinstance(self._clock, SettableClock)})

    async def set_clock(self, request: Request) -> Response:
        """Set the clock to `{"now": ISO 8601}`; a time without zone is UTC."""
        if not isinstance(self._clock, SettableClock):
            return _refusal(Refused(409, "this server runs on the real clock, which can't be set"))
        try:
            moment = datetime.fromisoformat(orjson.loads(await request.body())["now"])
        except (ValueError, TypeError, KeyError):
            return _refusal(Refused(422, 'send {"now": "2026-01-05T00:00:00+00:00"}'))
        self._clock.set(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC))
        return await self.tell_clock(request)

    def _token(self, request: Request) -> tuple[str, TokenState]:
        parameters = Parameters(request.query_params)
        token = parameters.text("token")
        _require(parameters)
        state = self._account.tokens.get(token)
        if state is None:
            raise Refused(491, UNKNOWN_TOKEN)
        return token, state

    def _by_platform(self, token: str, day: date) -> dict[str, int]:
        return dict.fromkeys(PLATFORMS, 0) | {"tiktok": self._account.used(token, day)}


def _query_text(request: Request) -> str:
    """The query without the token: equal requests, equal text."""
    return "&".join(sorted(f"{name}={value}" for name, value in request.query_params.multi_items() if name != "token"))


def _require(parameters: Parameters) -> None:
    if parameters.problems:
        raise Refused(422, parameters.problems)


def _json(body: Any, status: int = 200, units: int = 0) -> Response:
    return Response(orjson.dumps(body), status, {UNITS_HEADER: str(units)}, "application/json")


def _refusal(refused: Refused) -> Response:
    return _json({"detail": refused.detail}, refused.status, refused.units)


async def _no_such_call(request: Request, error: Exception) -> Response:
    """Unknown path or method, in the interface's JSON."""
    assert isinstance(error, HTTPException)
    return _json({"detail": error.detail}, error.status_code)


async def _internal(request: Request, error: Exception) -> Response:
    return _json({"detail": "Internal error."}, 500)
