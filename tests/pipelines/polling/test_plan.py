from datetime import UTC, datetime

import pytest

from core.windows import HOUR
from pipelines.polling.plan import PlannedRequest, Planner, Polling
from pipelines.polling.state import Action, Arm, Member, PollState, Posting
from sources.ensembledata.requests import Endpoint

T0 = datetime(2025, 5, 14, tzinfo=UTC)
SEEDS = ("dance", "gym", "books")


def planner(units: int = 288, **rules: object) -> Planner:
    return Planner(SEEDS, units, HOUR, polling=Polling(**rules))  # type: ignore[arg-type]


def surprising(n: int) -> dict[str, Posting]:
    return {f"c{i:03d}": Posting(10.0 - i / 100, 10.0 - i / 100) for i in range(n)}


def names(plan: list[PlannedRequest], purpose: str) -> list[str]:
    return [one.request.params["name"] for one in plan if one.purpose == purpose]


def feeds(**asked: datetime) -> dict[tuple[Action, str, int], Arm]:
    return {(Action.FEED, tag, 0): Arm(1.0, 2.0, at) for tag, at in asked.items()}


def test_with_nothing_known_every_search_is_asked_first_pages_first() -> None:
    plan, state = planner().plan(PollState(T0), 5, T0, {})
    assert [(one.request.endpoint, one.purpose) for one in plan] == [(Endpoint.KEYWORD_SEARCH, "discovery")] * 5
    later, _ = planner().plan(state, 4, T0, {})
    asked = {(one.request.params["name"], one.request.params["cursor"]) for one in (*plan, *later)}
    assert len(asked) == 9


def test_a_call_costs_a_unit_and_shows_two_hundred_posts() -> None:
    plan, _ = planner().plan(PollState(T0, surprising(3)), 12, T0, {})
    reads = [one.request for one in plan if one.request.endpoint is Endpoint.HASHTAG_RECENT_POSTS]
    assert {one.params["max_cursor"] for one in reads} == {"200"}
    assert sum(one.request.estimate for one in plan) == len(plan) == 12


def test_panel_members_are_read_before_their_totals_go_unknown() -> None:
    one = planner()
    state = PollState(T0, surprising(60))
    asked: dict[str, datetime] = {}
    for nth in range(48):
        slot = T0 + nth * HOUR
        plan, state = one.plan(state, 12, slot, {})
        assert len(plan) == 12
        asked |= {read.request.params["name"]: slot for read in plan if read.purpose != "discovery"}
        state = state.answered(set(state.panel))
        assert all(slot - asked.get(tag, member.joined_at) < 6 * HOUR for tag, member in state.panel.items())
    assert len(state.panel) == one.panel_size == 30


def test_what_was_worth_more_is_asked_again_sooner() -> None:
    arms = {(Action.SEARCH, seed, page): Arm(1.0, 10.0, T0 - HOUR) for seed in SEEDS for page in range(3)}
    arms |= {(Action.SEARCH, "gym", 0): Arm(90.0, 10.0, T0 - HOUR)}
    plan, _ = planner().plan(PollState(T0, {}, arms), 1, T0, {})
    assert names(plan, "discovery") == ["gym"]


def test_a_feed_whose_posts_others_have_shown_already_falls_back() -> None:
    postings = {"broad": Posting(6.0, 24.0), "other": Posting(6.0, 24.0)}
    arms = {
        (Action.FEED, "broad", 0): Arm(0.1, 30.0, T0 - 2 * HOUR),
        (Action.FEED, "other", 0): Arm(30.0, 30.0, T0 - 2 * HOUR),
    }
    plan, _ = planner(search_prior=0.0).plan(PollState(T0, postings, arms), 1, T0, {})
    assert names(plan, "follow_up") == ["other"]


def test_surprising_and_predicted_hashtags_are_followed_up() -> None:
    postings = {f"t{i}": Posting(1.0, 4.0) for i in range(5)} | {"hot": Posting(9.0, 12.0)}
    arms = feeds(**dict.fromkeys(postings, T0 - HOUR))
    calm = planner(search_prior=0.0, panel_share=0.0001)
    plan, _ = calm.plan(PollState(T0, postings, arms), 2, T0, {"t3": 0.9})
    assert {one.request.params["name"] for one in plan} == {"hot", "t3"}


def test_every_candidate_gets_its_turn() -> None:
    one, state = planner(), PollState(T0, {f"quiet{i}": Posting() for i in range(40)})
    asked: set[str] = set()
    for nth in range(48):
        plan, state = one.plan(state, 12, T0 + nth * HOUR, {})
        asked |= set(names(plan, "sampling"))
    assert len(asked) == 40


def test_members_stay_for_their_tenure_and_then_make_room_for_what_surprises_more() -> None:
    one = planner(48)
    for age, left in ((31, 1), (20, 0)):
        panel = {f"m{i}": Member(T0 - age * HOUR) for i in range(one.panel_size)}
        postings = {tag: Posting(3.0 + i, 6.0) for i, tag in enumerate(panel)} | {"new": Posting(5.1, 6.0)}
        _, after = one.plan(PollState(T0, postings, feeds(**dict.fromkeys(panel, T0)), panel), 2, T0, {})
        assert len(set(panel) - set(after.panel)) == left
        assert len(after.panel) == one.panel_size
        assert ("new" in after.panel) == bool(left)


def test_a_silent_member_goes_and_an_answer_clears_it() -> None:
    silent = PollState(T0, {}, feeds(silent=T0), {"silent": Member(T0 - HOUR, 3)})
    assert planner().plan(silent, 12, T0, {})[1].panel == {}
    assert planner().plan(silent.answered({"silent"}), 12, T0, {})[1].panel == {"silent": Member(T0 - HOUR)}


def test_plan_and_state_survive_json() -> None:
    plan, state = planner().plan(PollState(T0, surprising(9)), 12, T0, {})
    assert PollState.from_json(state.to_json()) == state
    assert [PlannedRequest.from_json(one.to_json()) for one in plan] == plan


def test_the_same_knowledge_gives_the_same_plan() -> None:
    shuffled = dict(reversed(surprising(50).items()))
    assert planner().plan(PollState(T0, surprising(50)), 12, T0, {}) == planner().plan(
        PollState(T0, shuffled), 12, T0, {}
    )


def test_discovery_needs_a_keyword() -> None:
    with pytest.raises(ValueError, match="at least one keyword"):
        Planner((), 300, HOUR)
