"""One planner in one world over some days, and what it would have shown people each hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from benchmarks.polling.world import PolledWorld
from core.windows import HOUR, window_end
from pipelines.polling.curve import DailyCurve
from pipelines.polling.learn import absorb
from pipelines.polling.plan import PlannedRequest, Planner
from pipelines.polling.state import Arm, PollKind, PollState, Posting
from sources.world.world import World

FIRST_DAY, DAYS = 20, 14
SHOWN = 10


class Plans(Protocol):
    """What chooses the polls of a slot."""

    def allowance(self, now: datetime, left: int) -> int:
        """See `Planner.allowance`."""
        ...

    def plan(
        self, state: PollState, units: int, slot: datetime, probabilities: Mapping[str, float]
    ) -> tuple[list[PlannedRequest], PollState]:
        """See `Planner.plan`."""
        ...


class RoundRobin:
    """Asks for everything that can be asked, one after the other, each with the request the planner would send.

    Parameters
    ----------
    planner: makes the requests
    searches: keywords whose newest page is a candidate
    """

    def __init__(self, planner: Planner, searches: Sequence[str]) -> None:
        self._planner = planner
        self._searches = [(PollKind.SEARCH, name, 0) for name in searches]
        self._even = DailyCurve(strength=0.0)
        self._next = 0

    def allowance(self, now: datetime, left: int) -> int:
        """The same in every hour."""
        return self._even.allowance(now, self._planner.every, left, self._planner.units_per_day)

    def plan(
        self, state: PollState, units: int, slot: datetime, probabilities: Mapping[str, float]
    ) -> tuple[list[PlannedRequest], PollState]:
        """The next ones in turn."""
        keys = [*self._searches, *((PollKind.FEED, tag, 0) for tag in sorted(state.postings))]
        chosen = [keys[(self._next + i) % len(keys)] for i in range(min(units, len(keys)))]
        self._next = (self._next + len(chosen)) % len(keys)
        arms = dict(state.arms) | {key: Arm(0.0, 0.0, slot) for key in chosen}
        planned = [PlannedRequest(self._planner.request(key), "tracking") for key in chosen]
        return planned, replace(state, arms=arms)


@dataclass(frozen=True)
class Run:
    """What was shown: (time, the ten hashtags that ranked first), and the units spent by purpose."""

    shown: Sequence[tuple[datetime, tuple[str, ...]]]
    spent: Mapping[str, int]


def play(world: World, plans: Plans, cap: int, every: timedelta = HOUR) -> Run:
    """Poll a world from its 20th day on for 14 days, `cap` units a day, all its hashtags being candidates."""
    polled = PolledWorld(world)
    now = world.parameters.start + timedelta(days=FIRST_DAY)
    end = now + timedelta(days=DAYS)
    state = PollState(now, {tag: Posting() for tag in world.hashtags})
    shown, spent, left = [], dict.fromkeys(("discovery", "tracking", "sampling", "follow_up"), 0), cap
    while now < end:
        left = cap if now.hour == now.minute == 0 else left
        planned, state = plans.plan(state, plans.allowance(now, left), now, {})
        left -= sum(call.request.estimate for call in planned)
        for call in planned:
            spent[call.purpose] += call.request.estimate
        state = absorb(state, window_end(now), *polled.answer(planned, now))
        shown.append((now, tuple(state.ranking()[:SHOWN])))
        now += every
    return Run(shown, spent)
