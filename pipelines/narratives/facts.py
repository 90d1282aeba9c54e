"""Facts for narratives: each holds its metric, prints itself rounded, and is cited when it is printed."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.grounding.evidence import EvidenceMetric

THOUSANDS = ((1e9, "B"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True)
class Fact:
    """A metric and its printed form.

    Parameters
    ----------
    metric: what it rests on
    words: how it is printed
    cites: the ids printed so far, shared by the facts of one narrative
    """

    metric: EvidenceMetric
    words: str
    cites: list[str] = field(repr=False)

    def __str__(self) -> str:
        if self.metric.id not in self.cites:
            self.cites.append(self.metric.id)
        return self.words

    @property
    def rises(self) -> bool:
        """Whether it is above 0 after rounding."""
        return self.metric.value > 0 and self.words not in ("0", "0.0 %", "0.00")

    @property
    def falls(self) -> bool:
        """Whether it is below 0 after rounding."""
        return self.metric.value < 0 and self.words not in ("0", "0.0 %", "0.00")

    @property
    def single(self) -> bool:
        """Whether its value is 1, for the singular."""
        return self.metric.value == 1


def compact(value: float) -> str:
    """Print a count: 950, 12.3k, 1.2M.

    Examples
    --------
    >>> [compact(value) for value in (950, 12_340, 999_960, 1_234_567)]
    ['950', '12.3k', '1.0M', '1.2M']
    """
    size = abs(value)
    for scale, suffix in THOUSANDS:
        if round(size / scale, 4) >= 1:
            return f"{size / scale:.1f}{suffix}"
    return f"{size:.0f}"


def percent(value: float) -> str:
    """Print a ratio as a percentage, with decimals where a whole number would lose too much.

    Examples
    --------
    >>> [percent(value) for value in (0.35, 0.004, 0.9996, -0.12)]
    ['35 %', '0.4 %', '99.96 %', '12 %']
    """
    size = 100 * abs(value)
    decimals = 0
    if size < 1:
        decimals = 1
    elif size < 100 < size + 0.5:
        decimals = 2
    return f"{size:.{decimals}f} %"


def score(value: float) -> str:
    """Print a score between 0 and 1 with two decimals."""
    return f"{value:.2f}"


def whole(value: float) -> str:
    """Print a whole number."""
    return f"{value:,.0f}"


Printer = Callable[[float], str]
