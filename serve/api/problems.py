"""Every error as one clear line: problem+json (RFC 9457) for programs, a small page for people."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from core.errors import GroundswellError

MEDIA_TYPE = "application/problem+json"
ErrorPage = Callable[[Request, int, str, dict[str, str] | None], Response]
"""Renders a request's error: status, one line of detail, headers."""
_PROGRAM_PATHS = ("/v1", "/healthz", "/openapi.json")


class ProblemJson(JSONResponse):
    """A problem document."""

    media_type = MEDIA_TYPE


class UnknownThing(HTTPException):
    """What was asked for does not exist here: 404 with a line that says where to look instead."""

    def __init__(self, detail: str) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, detail)


class NotYet(HTTPException):
    """The stores can't be read at the moment: 503 with the reason."""

    def __init__(self, detail: str) -> None:
        super().__init__(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"})


def problem(status: int, detail: str, instance: str, headers: dict[str, str] | None = None) -> ProblemJson:
    """A problem document of `status`; `detail` is one line for people, `instance` the path that was asked."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
    }
    return ProblemJson(body, status, headers)


def one_line(errors: list[dict[str, Any]]) -> str:
    """What is wrong with the parameters, in one line.

    Examples
    --------
    >>> one_line([{"loc": ("query", "limit"), "msg": "Input should be less than or equal to 500", "input": "900"}])
    "limit: input should be less than or equal to 500, got '900'"
    >>> one_line([{"loc": ("query", "limti"), "msg": "Extra inputs are not permitted", "input": "5"}])
    'limti: there is no such parameter'
    """
    parts = []
    for error in errors:
        name = ".".join(str(part) for part in error["loc"][1:]) or "request"
        if error["msg"].startswith("Extra inputs"):
            parts.append(f"{name}: there is no such parameter")
        else:
            message = error["msg"].removeprefix("Value error, ")
            parts.append(f"{name}: {message[:1].lower()}{message[1:]}, got {str(error.get('input'))[:60]!r}")
    return "; ".join(parts)


def install(app: FastAPI, page: ErrorPage | None = None) -> None:
    """Answer every error of `app` as a problem document.

    Parameters
    ----------
    page: renders the error where a person asked for a page; None where the application has no pages
    """

    def answer(request: Request, status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
        if page is None or request.url.path.startswith(_PROGRAM_PATHS):
            return problem(status, detail, request.url.path, headers)
        return page(request, status, detail, headers)

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        return answer(request, error.status_code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def bad_parameters(request: Request, error: RequestValidationError) -> Response:
        return answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, one_line(list(error.errors())))

    @app.exception_handler(GroundswellError)
    def store_error(request: Request, error: GroundswellError) -> Response:
        return answer(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error), {"Retry-After": "5"})

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        return answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, f"an unexpected {type(error).__name__}; see the log")
