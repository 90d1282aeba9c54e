"""Chooses what to ask EnsembleData next: the polls that promise most for their unit.

The worth of a poll is measured afterwards: by how much the posts that it returned first moved the surprise of their
hashtags (`pipelines.polling.learn`). Its promise beforehand is the product of two factors. The first is a guess from
the hashtag's state: how fast it is posted to, how surprising that is, what the models predict, and how long ago it was
last polled. The second is the worth that such guesses had for this very poll so far, a discounted mean that starts from
a prior. So feeds and searches that return new posts are polled again soon, those that repeat what another poll returned
fall back, and polls that were never made get their turn.

Some units are set aside for a panel first: a hashtag's total counts as known only within 6 h of a reading, so panel
members are read every 5 h, at least until their outcome is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.windows import DAY, HOUR
from pipelines.polling.curve import DailyCurve
from pipelines.polling.state import FRESH_H, Arm, PanelMember, Poll, PollKind, PollState, Posting
from sources.ensembledata.requests import Endpoint, Request, hashtag_recent_posts, keyword_search

POSTS_A_PAGE = 20


@dataclass(frozen=True)
class PlannedRequest:
    """One request and the purpose it is made for."""

    request: Request
    purpose: str

    def to_json(self) -> list[Any]:
        """Return the request as plain JSON."""
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
    panel_share: share of the units that is spent on reading the panel
    read_within: time after which a panel member is due for a reading
    tenure: shortest membership of the panel, so that the outcomes of a member can be resolved
    least_surprise: surprise that a hashtag needs to join the panel
    unanswered: number of polls without totals after which a member is dropped
    days, max_cursor: arguments of recent-posts; 200 posts are 10 chunks, which cost the same unit as one
    pages: number of pages of a search that can be polled
    horizon_h: longest time for which a promise accumulates, hours
    curiosity: promise per hour of a hashtag without any known post
    conviction: weight of a predicted probability of 1, in standard deviations of surprise
    search_prior, feed_prior: worth per promise before anything was learned
    prior_weight: weight of that prior, in units of promise
    memory: factor by which earlier polls are discounted at each new one
    """

    panel_share: float = 0.5
    read_within: timedelta = timedelta(hours=5)
    tenure: timedelta = timedelta(hours=30)
    least_surprise: float = 1.0
    unanswered: int = 3
    days: int = 7
    max_cursor: int = 200
    pages: int = 3
    horizon_h: float = 12.0
    curiosity: float = 0.02
    conviction: float = 3.0
    search_prior: float = 5.0
    feed_prior: float = 0.5
    prior_weight: float = 3.0
    memory: float = 0.8


class Planner:
    """Plans the polls of each slot; the same state, slot and predictions give the same plan.

    Parameters
    ----------
    seeds: keywords to search for
    units_per_day: EnsembleData units per UTC day
    every: time between slots
    curve: spreads the units over the day
    polling: rules of the planner
    """

    def __init__(
        self,
        seeds: Sequence[str],
        units_per_day: int,
        every: timedelta,
        curve: DailyCurve | None = None,
        polling: Polling | None = None,
    ) -> None:
        if not seeds:
            raise ValueError("discovery needs at least one keyword")
        self.every = every
        self.units_per_day = units_per_day
        self.curve = curve or DailyCurve()
        self.polling = rules = polling or Polling()
        self._searches = [(PollKind.SEARCH, seed, page) for page in range(rules.pages) for seed in seeds]
        self.panel_size = max(1, int(units_per_day * rules.panel_share * (rules.read_within / DAY)))

    def allowance(self, now: datetime, left: int) -> int:
        """Return the units that may be spent now, see `DailyCurve.allowance`."""
        return self.curve.allowance(now, self.every, left, self.units_per_day)

    def plan(
        self, state: PollState, units: int, slot: datetime, probabilities: Mapping[str, float]
    ) -> tuple[list[PlannedRequest], PollState]:
        """Return the requests of a slot, for at most `units`, and the state with these polls noted."""
        state = replace(state, panel=self._panel(state, slot, probabilities))
        due = self._due(state, slot)
        chosen = dict.fromkeys(due[:units], "tracking")
        promises = self._promises(state, slot, probabilities)
        best = sorted((key for key in promises if key not in chosen), key=lambda key: (-promises[key], key))
        chosen |= {key: _purpose(key, state) for key in best[: units - len(chosen)]}
        planned = [PlannedRequest(self.request(key), purpose) for key, purpose in chosen.items()]
        return planned, self._noted(state, chosen, slot)

    def request(self, key: Poll) -> Request:
        """Return the request of a poll; it costs 1 unit."""
        action, name, page = key
        if action is PollKind.SEARCH:
            return keyword_search(name, cursor=page * POSTS_A_PAGE)
        return hashtag_recent_posts(name, self.polling.days, self.polling.max_cursor)

    def _promises(self, state: PollState, slot: datetime, probabilities: Mapping[str, float]) -> dict[Poll, float]:
        """Return the promise of each poll."""
        keys: list[Poll] = [*self._searches, *((PollKind.FEED, tag, 0) for tag in state.postings)]
        promises = {}
        for key in keys:
            arm = state.arms.get(key)
            promises[key] = self._guess(state, key, arm, slot, probabilities) * self._trust(key, arm)
        return promises

    def _guess(
        self, state: PollState, key: Poll, arm: Arm | None, slot: datetime, probabilities: Mapping[str, float]
    ) -> float:
        """Return the guess of a poll's worth from the state; a poll never made gets the whole horizon."""
        rules, (action, name, _) = self.polling, key
        hours = rules.horizon_h if arm is None else min(rules.horizon_h, (slot - arm.asked_at) / HOUR)
        if action is PollKind.SEARCH:
            return hours
        posting = state.postings.get(name) or Posting()
        interest = max(0.0, posting.surprise) + rules.conviction * probabilities.get(name, 0.0)
        return hours * (rules.curiosity + posting.fresh / FRESH_H / posting.spread * (1.0 + interest))

    def _trust(self, key: Poll, arm: Arm | None) -> float:
        """Return the worth per promise that this poll has had."""
        rules = self.polling
        prior = rules.search_prior if key[0] is PollKind.SEARCH else rules.feed_prior
        if arm is None:
            return prior
        return (arm.worth + prior * rules.prior_weight) / (arm.promised + rules.prior_weight)

    def _panel(self, state: PollState, slot: datetime, probabilities: Mapping[str, float]) -> dict[str, PanelMember]:
        """Drop silent members; in a full panel, members past their tenure make room for more surprising tags."""
        rules = self.polling
        interest = {
            tag: posting.surprise + rules.conviction * probabilities.get(tag, 0.0)
            for tag, posting in state.postings.items()
        }
        panel = {tag: member for tag, member in state.panel.items() if member.unanswered < rules.unanswered}
        ready = (tag for tag, of in interest.items() if of >= rules.least_surprise and tag not in state.panel)
        newcomers = sorted(ready, key=lambda tag: (-interest[tag], tag))
        served = [tag for tag, member in panel.items() if slot - member.joined_at >= rules.tenure]
        leavers = iter(sorted(served, key=lambda tag: (interest.get(tag, 0.0), tag)))
        for tag in newcomers[: self.panel_size]:
            if len(panel) >= self.panel_size:
                leaver = next(leavers, None)
                if leaver is None or interest.get(leaver, 0.0) >= interest[tag]:
                    break
                del panel[leaver]
            panel[tag] = PanelMember(slot)
        return panel

    def _due(self, state: PollState, slot: datetime) -> list[Poll]:
        """Return the panel members that are due for a reading, longest unread first."""
        before = slot + self.every - self.polling.read_within
        unread = []
        for tag in state.panel:
            arm = state.arms.get((PollKind.FEED, tag, 0))
            if arm is None or arm.asked_at < before:
                unread.append((arm is not None, arm.asked_at if arm else slot, tag))
        return [(PollKind.FEED, tag, 0) for _, _, tag in sorted(unread)]

    def _noted(self, state: PollState, chosen: Iterable[Poll], slot: datetime) -> PollState:
        arms, panel, memory = dict(state.arms), dict(state.panel), self.polling.memory
        for key in chosen:
            arm = state.arms.get(key)
            guess = self._guess(state, key, arm, slot, {})
            worth, promised = (arm.worth * memory, arm.promised * memory) if arm else (0.0, 0.0)
            arms[key] = Arm(worth, promised + guess, slot)
            if key[0] is PollKind.FEED and key[1] in panel:
                panel[key[1]] = replace(panel[key[1]], unanswered=panel[key[1]].unanswered + 1)
        return replace(state, arms=arms, panel=panel)


def _purpose(key: Poll, state: PollState) -> str:
    if key[0] is PollKind.SEARCH:
        return "discovery"
    return "follow_up" if key in state.arms else "sampling"
