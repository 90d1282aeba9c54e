"""EnsembleData's status codes: what each means, and what the caller does about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from core.errors import SourceError, UnitsExhausted

_SET_TOKEN = "set ENSEMBLEDATA_TOKEN to the token of your account"


class Action(Enum):
    """What the caller does about an answer without data."""

    STOP = "stop the run"
    STOP_TODAY = "send nothing more before midnight UTC"
    RETRY = "send it again later"
    FIX = "fix the request or the settings before sending it again"
    SPLIT = "send it in smaller parts"
    SKIP = "leave this item out"
    MISSING = "mark this account as missing"


@dataclass(frozen=True)
class Problem:
    """The meaning of a status code, and what the caller does about it."""

    reason: str
    action: Action


PROBLEMS: Mapping[int, Problem] = {
    404: Problem("not found", Action.SKIP),
    422: Problem("bad parameters", Action.FIX),
    429: Problem("too many requests at once", Action.RETRY),
    462: Problem("bad post address", Action.SKIP),
    463: Problem("bad user", Action.MISSING),
    464: Problem("too many ids", Action.SPLIT),
    465: Problem("bad video address", Action.SKIP),
    466: Problem("bad country", Action.FIX),
    469: Problem("topic restricted", Action.SKIP),
    471: Problem("user restricted", Action.SKIP),
    472: Problem("private user", Action.SKIP),
    473: Problem("user not found", Action.MISSING),
    474: Problem("profile not available in this region", Action.SKIP),
    491: Problem(f"EnsembleData refused the token because it is unknown: {_SET_TOKEN}", Action.STOP),
    492: Problem(
        "EnsembleData refused the token because its e-mail address isn't verified: verify it, or "
        f"{_SET_TOKEN.replace('your', 'another')}",
        Action.STOP,
    ),
    493: Problem(
        "EnsembleData refused the token because its subscription has expired: renew it, or "
        f"{_SET_TOKEN.replace('your', 'another')}",
        Action.STOP,
    ),
    495: Problem("EnsembleData says the day's units are used up: polling resumes at midnight UTC", Action.STOP_TODAY),
    500: Problem("internal error", Action.RETRY),
    502: Problem("bad gateway", Action.RETRY),
    503: Problem("unavailable", Action.RETRY),
    504: Problem("gateway timed out", Action.RETRY),
    520: Problem("post restricted", Action.SKIP),
}
NO_ANSWER = Problem("no answer", Action.RETRY)


def problem_of(status: int) -> Problem:
    """Return the problem behind an answer without data; undocumented codes 46x and 47x concern one item.

    Examples
    --------
    >>> problem_of(468).action, problem_of(418).action, problem_of(599).action
    (<Action.SKIP: 'leave this item out'>, <Action.FIX: 'fix the request or the settings before sending it again'>, \
<Action.RETRY: 'send it again later'>)
    """
    if status in PROBLEMS:
        return PROBLEMS[status]
    if 460 <= status < 480:
        return Problem("this item isn't available", Action.SKIP)
    return Problem("server error", Action.RETRY) if status >= 500 else Problem("no data", Action.FIX)


def stopping_error(status: int) -> SourceError | None:
    """Return the error that ends a run (refused token, units used up), or None."""
    problem = PROBLEMS.get(status)
    if problem is None or problem.action not in (Action.STOP, Action.STOP_TODAY):
        return None
    return (UnitsExhausted if problem.action is Action.STOP_TODAY else SourceError)(problem.reason)
