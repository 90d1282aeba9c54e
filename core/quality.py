"""Quality limits of fetched data, and how serious a finding is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How serious a finding is: `critical` keeps the window's data from going further than the raw pages."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"


CHECKS: Mapping[str, str] = {
    "missing": "share of readings whose field is unknown",
    "falls": "share of readings whose counter is below the one before",
    "spikes": "share of readings whose plays rose by more than 20 times the video's median rise",
    "duplicates": "share of readings of a video that was read in the window already",
    "unknown_hashtags": "share of hashtags that were not seen in the two days before",
    "clock_skew": "share of readings of posts made after they were read",
    "empty_pages": "share of answers without any post or total",
    "schema": "share of readings that broke the schema and were left out",
    "set_aside": "share of items that are no post, or one that can't be read",
    "lost_counts": "share of readings with a count that was there and could not be read",
    "rounded_counts": "share of readings with a count that its source has rounded",
    "quarantined": "items left out, by reason",
}


@dataclass(frozen=True)
class Limit:
    """Bounds of a value: above `warning` it is worth a look, above `critical` it stops the window; None is no bound."""

    warning: float | None = None
    critical: float | None = None


@dataclass(frozen=True)
class Limits:
    """The limits of all checks.

    Parameters
    ----------
    by_check: check -> entity -> limit; the limit of the entity `any` applies to entities without their own
    least: fewest items that can make a finding critical
    """

    by_check: Mapping[str, Mapping[str, Limit]] = field(default_factory=dict)
    least: int = 20

    def judge(self, check: str, entity: str, value: float, items: int) -> tuple[Level, float | None]:
        """Return the level of a finding, and the limit that it passed or that comes next.

        Parameters
        ----------
        check: key of `CHECKS`
        entity: field or endpoint that was checked
        value: share or count that was measured
        items: number of items that the value rests on

        Examples
        --------
        >>> limits = Limits({"missing": {"any": Limit(0.5, 0.9)}}, least=20)
        >>> [limits.judge("missing", "plays", 0.95, items)[0].value for items in (100, 5)]
        ['critical', 'warning']
        >>> limits.judge("falls", "plays", 1.0, 100)
        (<Level.OK: 'ok'>, None)
        """
        limits = self.by_check.get(check, {})
        limit = limits.get(entity, limits.get("any", Limit()))
        if limit.critical is not None and value > limit.critical and items >= self.least:
            return Level.CRITICAL, limit.critical
        if limit.warning is not None and value > limit.warning:
            return Level.WARNING, limit.warning
        return Level.OK, limit.critical if limit.warning is None else limit.warning
