"""The state of the polling planner, which is stored as plain JSON between slots."""

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
    """Discounted counts of the posts seen with a hashtag, as of the state's `until`.

    Parameters
    ----------
    fresh, day: sums of exp(-age / 6 h) and exp(-age / 24 h) over the posts
    """

    fresh: float = 0.0
    day: float = 0.0

    @property
    def expected(self) -> float:
        """The value of `fresh` if the posts of the last day had come evenly."""
        return max(0.0, self.day - self.fresh) * FRESH_H / (DAY_H - FRESH_H)

    @cached_property
    def spread(self) -> float:
        """Expected standard deviation of `fresh`: that of a count, plus one post, plus half the count itself."""
        return sqrt(1.0 + self.expected + (SPREAD * self.expected) ** 2)

    @cached_property
    def surprise(self) -> float:
        """By how many standard deviations `fresh` exceeds what the posts of the last day lead to expect.

        Examples
        --------
        >>> Posting(fresh=1.0, day=4.0).surprise, round(Posting(fresh=7.0, day=10.0).surprise, 1)
        (0.0, 4.0)
        """
        return (self.fresh - self.expected) / self.spread


@dataclass(frozen=True)
class Arm:
    """One arm of the bandit: a poll, with discounted sums over the times it was made.

    Parameters
    ----------
    worth: by how much its polls moved the surprise of hashtags
    promised: the promises of those polls
    asked_at: time of the last poll
    """

    worth: float
    promised: float
    asked_at: datetime


@dataclass(frozen=True)
class PanelMember:
    """A hashtag of the panel: when it joined, and the number of polls since its totals last came."""

    joined_at: datetime
    unanswered: int = 0


@dataclass(frozen=True)
class PollState:
    """The planner's state, with everything fetched up to `until` taken into account.

    Parameters
    ----------
    postings: hashtags seen on posts, or given as candidates
    arms: (kind, name, page) -> arm; polls never made are absent
    panel: hashtags whose totals are read often enough to be known at any time
    """

    until: datetime
    postings: Mapping[str, Posting] = field(default_factory=dict)
    arms: Mapping[Poll, Arm] = field(default_factory=dict)
    panel: Mapping[str, PanelMember] = field(default_factory=dict)

    def ranking(self) -> list[str]:
        """Return the hashtags by surprise, the most surprising first, ties by name."""
        return sorted(self.postings, key=lambda tag: (-self.postings[tag].surprise, tag))

    def answered(self, tags: set[str]) -> "PollState":
        """Return the state after the totals of `tags` were read."""
        panel = {tag: replace(member, unanswered=0) if tag in tags else member for tag, member in self.panel.items()}
        return replace(self, panel=panel)

    def to_json(self) -> dict[str, Any]:
        """Return the state as plain JSON; `from_json` restores it."""
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
