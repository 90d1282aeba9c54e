"""What to ask EnsembleData next: discovery on rotating keywords, and a panel of hashtags read often enough.

A hashtag's total is known at a time only within 6 h of a reading, so the panel is no larger than its units can read
every 5 h, which leaves an hour for a reading that had to wait; what is left over goes to the members that grow fastest
or are predicted to, and then to discovery.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.windows import EPOCH
from pipelines.poll_state import Member, PollState
from sources.ensembledata_requests import Endpoint, Request, hashtag_recent_posts, keyword_search

DAY = timedelta(days=1)
POSTS_A_PAGE = 20


@dataclass(frozen=True)
class PlannedRequest:
    """One call and the purpose it is made for."""

    request: Request
    purpose: str

    def to_json(self) -> list[Any]:
        """Return it as plain JSON."""
        return [self.request.endpoint.value, dict(self.request.params), self.request.estimate, self.purpose]

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> "PlannedRequest":
        """Read what `to_json` wrote."""
        endpoint, params, estimate, purpose = value
        return cls(Request(Endpoint(endpoint), params, estimate), purpose)


@dataclass(frozen=True)
class Polling:
    """The rules of the planner.

    Parameters
    ----------
    discovery_share: share of the units that looks for new hashtags
    read_within: a panel member is due for reading after this
    fill: share of the panel's reading capacity that is filled; the rest follows the fastest
    tenure: no member is dropped before this, so that its outcomes can be resolved
    swaps_per_day: members replaced a day at most
    least_videos: posts a candidate must have been seen on
    follow_up_after: pause before a member is read again out of turn
    unanswered: a member that stayed silent so often is dropped
    days, max_cursor: arguments of recent-posts
    """

    discovery_share: float = 1 / 6
    read_within: timedelta = timedelta(hours=5)
    fill: float = 0.8
    tenure: timedelta = timedelta(hours=30)
    swaps_per_day: int = 12
    least_videos: int = 3
    follow_up_after: timedelta = timedelta(hours=1)
    unanswered: int = 3
    days: int = 30
    max_cursor: int = 20


class Planner:
    """Plans one slot after the other; the same state, slot and predictions give the same plan.

    Parameters
    ----------
    seeds: keywords that discovery rotates over
    units_per_day: EnsembleData units a UTC day
    every: time between slots
    polling: the rules
    """

    def __init__(
        self, seeds: Sequence[str], units_per_day: int, every: timedelta, polling: Polling | None = None
    ) -> None:
        if not seeds:
            raise ValueError("discovery needs at least one keyword")
        self.every = every
        self.units_per_day = units_per_day
        self.polling = polling or Polling()
        self._seeds = tuple(seeds)
        share = self.polling.discovery_share
        reads_per_day = units_per_day * (1 - share) / hashtag_recent_posts("x", 1, self.polling.max_cursor).estimate
        self.panel_size = max(1, int(reads_per_day * (self.polling.read_within / DAY) * self.polling.fill))

    def allowance(self, now: datetime, left: int) -> int:
        """Units that may be spent now: what an even day allows up to the next slot, at most two slots' worth."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        by_now = int(self.units_per_day * min(1.0, (now - midnight + self.every) / DAY))
        burst = 2 * max(1, -int(-self.units_per_day * self.every // DAY))
        return max(0, min(left, by_now - (self.units_per_day - left), burst))

    def plan(
        self, state: PollState, units: int, slot: datetime, probabilities: Mapping[str, float]
    ) -> tuple[list[PlannedRequest], PollState]:
        """Return the calls of a slot, worth at most `units`, and the state with the members asked for."""
        nth = (slot - EPOCH) // self.every
        share = units * self.polling.discovery_share
        searched_before = int(nth * share)
        searches = int((nth + 1) * share) - searched_before
        state = self._with_members(state, slot, probabilities, units - searches)
        reads, state = self._reads(state, slot, probabilities, units - searches)
        left = units - sum(one.request.estimate for one in reads)
        return [*self._searches(searched_before, left), *reads], state

    def _searches(self, before: int, count: int) -> list[PlannedRequest]:
        n = len(self._seeds)
        return [
            PlannedRequest(keyword_search(self._seeds[(before + i) % n], cursor=i // n * POSTS_A_PAGE), "discovery")
            for i in range(count)
        ]

    def _reads(
        self, state: PollState, slot: datetime, probabilities: Mapping[str, float], units: int
    ) -> tuple[list[PlannedRequest], PollState]:
        """Members that are due, longest unread first, then the most promising ones out of turn."""
        rules = self.polling
        due_before = slot + self.every - rules.read_within
        due = sorted((m.asked_at or EPOCH, tag) for tag, m in state.panel.items() if (m.asked_at or EPOCH) < due_before)
        chosen = {tag: "tracking" for _, tag in due}
        promise = self._promise(state.panel, probabilities)
        for tag in sorted(promise, key=lambda one: (-promise[one], one)):
            asked = state.panel[tag].asked_at
            if tag not in chosen and asked and slot - asked >= rules.follow_up_after and promise[tag] > 0:
                chosen[tag] = "follow_up"
        planned: list[PlannedRequest] = []
        panel = dict(state.panel)
        for tag, purpose in chosen.items():
            request = hashtag_recent_posts(tag, rules.days, rules.max_cursor)
            if request.estimate > units:
                break
            units -= request.estimate
            planned.append(PlannedRequest(request, purpose))
            panel[tag] = panel[tag].asked(slot)
        return planned, replace(state, panel=panel)

    def _with_members(
        self, state: PollState, slot: datetime, probabilities: Mapping[str, float], reads: int
    ) -> PollState:
        """Drop the silent, fill free places with the best candidates, and now and then swap the dullest member."""
        rules = self.polling
        panel = {tag: member for tag, member in state.panel.items() if member.unanswered < rules.unanswered}
        candidates = {tag: one for tag, one in state.candidates.items() if tag not in panel and tag not in state.panel}
        waiting = [tag for tag, one in candidates.items() if one.videos >= rules.least_videos]
        waiting.sort(key=lambda tag: (-candidates[tag].plays_per_hour, tag))
        swapped_at = state.swapped_at
        for tag in waiting[: min(reads, max(0, self.panel_size - len(panel)))]:
            panel[tag] = Member(slot)
            del candidates[tag]
        newcomers = [tag for tag in waiting if tag in candidates]
        rested = swapped_at is None or slot - swapped_at >= DAY / rules.swaps_per_day
        if newcomers and rested and len(panel) >= self.panel_size:
            dullest = self._dullest(panel, slot, probabilities)
            if dullest is not None:
                del panel[dullest]
                panel[newcomers[0]] = Member(slot)
                del candidates[newcomers[0]]
                swapped_at = slot
        return replace(state, panel=panel, candidates=candidates, swapped_at=swapped_at)

    def _dullest(self, panel: Mapping[str, Member], slot: datetime, probabilities: Mapping[str, float]) -> str | None:
        """The least promising member that has served its time and is in the lower half."""
        promise = self._promise(panel, probabilities)
        lower_half = sorted(promise, key=lambda tag: (promise[tag], tag))[: (len(promise) + 1) // 2]
        return next((tag for tag in lower_half if slot - panel[tag].joined_at >= self.polling.tenure), None)

    @staticmethod
    def _promise(panel: Mapping[str, Member], probabilities: Mapping[str, float]) -> dict[str, float]:
        """Rank of recent growth, 0 to 1, plus the latest predicted probability."""
        growth = {tag: member.growth_per_day for tag, member in panel.items()}
        order = sorted(growth, key=lambda tag: (growth[tag], tag))
        ranks = {tag: place / max(1, len(order) - 1) for place, tag in enumerate(order)}
        return {tag: (ranks[tag] if growth[tag] > 0 else 0.0) + probabilities.get(tag, 0.0) for tag in panel}
