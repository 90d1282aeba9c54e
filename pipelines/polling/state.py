"""What the polling planner remembers from one slot to the next, as plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from math import sqrt
from typing import Any

FRESH_H, DAY_H = 6.0, 24.0
SPREAD = 0.5


class PollKind(StrEnum):
    """The ways to poll."""

    SEARCH = "search"
    FEED = "feed"


Poll = tuple[PollKind, str, int]
"""What can be polled: its kind, the keyword or hashtag, and the page."""


@dataclass(frozen=True)
class Posting:
    """The posts seen that carry a hashtag, as of the state's `until`.

    Parameters
    ----------
    fresh, day: each post counts exp(-age / 6 h) and exp(-age / 24 h), ages since it was posted
    """

    fresh: float = 0.0
    day: float = 0.0

    @property
    def expected(self) -> float:
        """What `fresh` would be, had the posts of the day before come evenly."""
        return max(0.0, self.day - self.fresh) * FRESH_H / (DAY_H - FRESH_H)

    @cached_property
    def spread(self) -> float:
        """Standard deviation of `fresh` to be expected: that of a count, one post of doubt, half the count itself."""
        return sqrt(1.0 + self.expected + (SPREAD * self.expected) ** 2)

    @cached_property
    def surprise(self) -> float:
        """By how many standard deviations the last hours brought more posts than the day before promised.

        Examples
        --------
        >>> Posting(fresh=1.0, day=4.0).surprise, round(Posting(fresh=7.0, day=10.0).surprise, 1)
        (0.0, 4.0)
        """
        return (self.fresh - self.expected) / self.spread


@dataclass(frozen=True)
class Arm:
    """One thing that can be asked, and what asking it was worth; older polls count less.

    Parameters
    ----------
    worth: what its polls brought: by how much they moved the surprise of hashtags
    promised: what those polls were thought to bring
    asked_at: when it was last asked
    """

    worth: float
    promised: float
    asked_at: datetime


@dataclass(frozen=True)
class PanelMember:
    """A hashtag of the panel: when it was taken in, and times asked since its totals last came."""

    joined_at: datetime
    unanswered: int = 0


@dataclass(frozen=True)
class PollState:
    """What is known, with everything fetched up to `until` taken into account.

    Parameters
    ----------
    postings: hashtags seen on posts, or given as candidates
    arms: (action, name, page) -> what asking was worth; what was never asked is not there
    panel: hashtags whose totals are read often enough to be known at any time
    """

    until: datetime
    postings: Mapping[str, Posting] = field(default_factory=dict)
    arms: Mapping[Poll, Arm] = field(default_factory=dict)
    panel: Mapping[str, PanelMember] = field(default_factory=dict)

    def ranking(self) -> list[str]:
        """Hashtags by surprise, the most surprising first, ties by name."""
        return sorted(self.postings, key=lambda tag: (-self.postings[tag].surprise, tag))

    def answered(self, tags: set[str]) -> "PollState":
        """Return it with the totals of `tags` read."""
        panel = {tag: replace(member, unanswered=0) if tag in tags else member for tag, member in self.panel.items()}
        return replace(self, panel=panel)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON; `from_json` gives it back."""
        return {
            "until": self.until.isoformat(),
            "postings": {tag: [posting.fresh, posting.day] for tag, posting in self.postings.items()},
            "arms": [[*key, arm.worth, arm.promised, arm.asked_at.isoformat()] for key, arm in self.arms.items()],
            "panel": {tag: [member.joined_at.isoformat(), member.unanswered] for tag, member in self.panel.items()},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "PollState":
        """Read what `to_json` wrote."""
        return cls(
            until=datetime.fromisoformat(value["until"]),
            postings={tag: Posting(*counts) for tag, counts in value["postings"].items()},
            arms={
                (PollKind(action), name, page): Arm(worth, promised, datetime.fromisoformat(polled_at))
                for action, name, page, worth, promised, polled_at in value["arms"]
            },
            panel={
                tag: PanelMember(datetime.fromisoformat(joined), unanswered)
                for tag, (joined, unanswered) in value["panel"].items()
            },
        )
