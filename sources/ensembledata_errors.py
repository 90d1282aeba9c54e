"""What EnsembleData's status codes mean for the caller: stop, stop for today, try again, or give one request up."""

from collections.abc import Mapping

from core.errors import SourceError, UnitsExhausted

_SET_TOKEN = "set ENSEMBLEDATA_TOKEN to the token of your account"

REFUSED_TOKENS: Mapping[int, str] = {
    491: f"EnsembleData refused the token, it knows none like it: {_SET_TOKEN}",
    492: "EnsembleData refused the token, its e-mail address is not verified: verify it, or "
    f"{_SET_TOKEN.replace('your', 'another')}",
    493: f"EnsembleData refused the token, its subscription has expired: renew it, or "
    f"{_SET_TOKEN.replace('your', 'another')}",
}
UNITS_USED_UP = 495
PASSING = frozenset({429, 500, 502, 503, 504})

REASONS: Mapping[int, str] = {
    404: "no such path",
    422: "bad parameters",
    462: "bad post address",
    463: "bad user",
    464: "too many ids",
    466: "bad country",
    469: "topic restricted",
    471: "user restricted",
    472: "private user",
    473: "user not found",
    474: "profile not available in this region",
    520: "post restricted",
}


def stopping_error(status: int) -> SourceError | None:
    """The error that ends a run, or None: a refused token, or the day's units used up."""
    if status in REFUSED_TOKENS:
        return SourceError(REFUSED_TOKENS[status])
    if status == UNITS_USED_UP:
        return UnitsExhausted("EnsembleData says the day's units are used up: polling resumes at midnight UTC")
    return None
