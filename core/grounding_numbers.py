"""Numbers in a text, what they claim, and whether a metric bears the claim out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.grounding_evidence import Metric

SCALES = {"k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9, "thousand": 1e3, "million": 1e6, "billion": 1e9}
ROUNDING = 1e-9
_HASHTAG = re.compile(r"#\w+")
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?"
    r"(?:(?P<tight>[kKMB]|bn|[x×])(?!\w)|\s?(?P<percent>%|percent\b)|\s(?P<scale>thousand|million|billion)\b|"
    r"\s?(?P<hours>h|hours?)(?!\w))?"
)


@dataclass(frozen=True)
class Number:
    """A number as printed.

    Parameters
    ----------
    start, end: where it stands in the text
    value: what it says, scaled (12k is 12,000; 35 % is 35)
    half_step: half a unit of the last printed digit, scaled
    kind: plain, percent, times or hours
    """

    start: int
    end: int
    value: float
    half_step: float
    kind: str


def numbers(text: str) -> Iterator[Number]:
    """Yield the numbers of a text written in digits; those inside a hashtag are none.

    Examples
    --------
    >>> [(n.value, n.half_step, n.kind) for n in numbers("up 1.2M views, 35 % in 24 hours for #top10")]
    [(1200000.0, 50000.0, 'plain'), (35.0, 0.5, 'percent'), (24.0, 0.5, 'hours')]
    """
    covered = _HASHTAG.sub(lambda match: " " * len(match.group()), text)
    for match in _NUMBER.finditer(covered):
        decimals = match["decimals"] or ""
        suffix = (match["tight"] or match["scale"] or "").lower()
        scale = SCALES.get(suffix, 1.0)
        kind = "plain"
        if match["percent"]:
            kind = "percent"
        elif suffix in ("x", "×"):
            kind = "times"
        elif match["hours"]:
            kind = "hours"
        value = float(match["digits"].replace(",", "") + decimals) * scale
        half_step = 0.5 * 10.0 ** -max(0, len(decimals) - 1) * scale
        yield Number(match.start(), match.end(), value, half_step, kind)


def bears_out(metric: Metric, number: Number) -> bool:
    """Whether a metric, rounded as printed, is the number; signs are the direction rule's business."""
    value = abs(metric.value)
    if number.kind == "percent":
        if metric.unit not in ("ratio", "percent", "score"):
            return False
        value = value if metric.unit == "percent" else 100 * value
    elif (number.kind == "times" and metric.unit != "ratio") or (number.kind == "hours" and metric.unit != "hours"):
        return False
    return abs(value - number.value) <= number.half_step + ROUNDING * max(1.0, value)
