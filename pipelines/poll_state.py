"""What the polling planner remembers from one slot to the next, as plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

REMEMBERED_READINGS = 12
GROWTH_FLOOR = 10_000


@dataclass(frozen=True)
class Member:
    """A hashtag of the panel.

    Parameters
    ----------
    joined_at: when it was taken in
    asked_at: when it was last asked for, null before the first time
    unanswered: times asked since it last answered
    readings: (time, total views), oldest first, the last few
    """

    joined_at: datetime
    asked_at: datetime | None = None
    unanswered: int = 0
    readings: tuple[tuple[datetime, int], ...] = ()

    def read(self, at: datetime, views: int) -> "Member":
        """Return it with one reading more; an older or repeated one changes nothing."""
        if self.readings and at <= self.readings[-1][0]:
            return self
        return replace(self, unanswered=0, readings=(*self.readings, (at, views))[-REMEMBERED_READINGS:])

    def asked(self, at: datetime) -> "Member":
        """Return it as asked for at `at`."""
        return replace(self, asked_at=at, unanswered=self.unanswered + 1)

    @property
    def growth_per_day(self) -> float:
        """Relative gain of views per day over the last 24 h of readings; 0 with fewer than two."""
        if len(self.readings) < 2:
            return 0.0
        newest, views = self.readings[-1]
        oldest, before = next(one for one in self.readings if newest - one[0] <= timedelta(hours=24))
        if oldest == newest:
            return 0.0
        return (views - before) / max(before, GROWTH_FLOOR) * (timedelta(days=1) / (newest - oldest))


@dataclass(frozen=True)
class Candidate:
    """A hashtag seen on posts, not in the panel.

    Parameters
    ----------
    videos: distinct posts seen that carry it
    plays_per_hour: their plays over their age, summed; halved for every day since `seen_at`
    seen_at: when the last of them was seen
    """

    videos: int
    plays_per_hour: float
    seen_at: datetime


@dataclass(frozen=True)
class PollState:
    """Panel and candidates, with everything fetched up to `until` taken into account."""

    until: datetime
    panel: Mapping[str, Member] = field(default_factory=dict)
    candidates: Mapping[str, Candidate] = field(default_factory=dict)
    swapped_at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON; `from_json` gives it back."""
        return {
            "until": self.until.isoformat(),
            "swapped_at": _text(self.swapped_at),
            "panel": {
                tag: [
                    member.joined_at.isoformat(),
                    _text(member.asked_at),
                    member.unanswered,
                    [[at.isoformat(), views] for at, views in member.readings],
                ]
                for tag, member in self.panel.items()
            },
            "candidates": {
                tag: [one.videos, one.plays_per_hour, one.seen_at.isoformat()] for tag, one in self.candidates.items()
            },
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "PollState":
        """Read what `to_json` wrote."""
        return cls(
            until=datetime.fromisoformat(value["until"]),
            swapped_at=_time(value["swapped_at"]),
            panel={
                tag: Member(
                    datetime.fromisoformat(joined),
                    _time(asked),
                    unanswered,
                    tuple((datetime.fromisoformat(at), views) for at, views in readings),
                )
                for tag, (joined, asked, unanswered, readings) in value["panel"].items()
            },
            candidates={
                tag: Candidate(videos, rate, datetime.fromisoformat(seen))
                for tag, (videos, rate, seen) in value["candidates"].items()
            },
        )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
