from datetime import UTC, datetime

import pytest

from core.windows import HOUR
from pipelines.polling.plan import PlannedRequest, Planner, Polling
from pipelines.polling.state import Arm, PanelMember, PollKind, PollState, Posting
from sources.ensembledata.requests import Endpoint

T0 = datetime(2025, 5, 14, tzinfo=UTC)
SEEDS = ("dance", "gym", "books")


def planner(units: int = 288, **rules: object) -> Planner:
    return Planner(SEEDS, units, HOUR, polling=Polling(**rules))  # type: ignore[arg-type]


def surprising(n: int) -> dict[str, Posting]:
    return {f"c{i:03d}": Posting(10.0 - i / 100, 10.0 - i / 100) for i in range(n)}


def names(plan: list[PlannedRequest], purpose: str) -> list[str]:
    return [call.request.params["name"] for call in plan if call.purpose == purpose]


def feeds(**polled: datetime) -> dict[tuple[PollKind, str, int], Arm]:
    return {(PollKind.FEED, tag, 0): Arm(1.0, 2.0, at) for tag, at in polled.items()}


def test_with_nothing_known_every_search_is_asked_first_pages_first() -> None:
    plan, state = planner().plan(PollState(T0), 5, T0, {})
    assert [(call.request.endpoint, call.purpose) for call in plan] == [(Endpoint.KEYWORD_SEARCH, "discovery")] * 5
    later, _ = planner().plan(state, 4, T0, {})
    polled = {(call.request.params["name"], call.request.params["cursor"]) for call in (*plan, *later)}
    assert len(polled) == 9


def test_a_call_costs_a_unit_and_shows_two_hundred_posts() -> None:
    plan, _ = planner().plan(PollState(T0, surprising(3)), 12, T0, {})
    reads = [call.request for call in plan if call.request.endpoint is Endpoint.HASHTAG_RECENT_POSTS]
    assert {call.params["max_cursor"] for call in reads} == {"200"}
    assert sum(call.request.estimate for call in plan) == len(plan) == 12


def test_panel_members_are_read_before_their_totals_go_unknown() -> None:
    polls = planner()
    state = PollState(T0, surprising(60))
    polled: dict[str, datetime] = {}
    for nth in range(48):
        slot = T0 + nth * HOUR
        plan, state = polls.plan(state, 12, slot, {})
        assert len(plan) == 12
        polled |= {read.request.params["name"]: slot for read in plan if read.purpose != "discovery"}
        state = state.answered(set(state.panel))
        assert all(slot - polled.get(tag, member.joined_at) < 6 * HOUR for tag, member in state.panel.items())
    assert len(state.panel) == polls.panel_size == 30


def test_what_was_worth_more_is_asked_again_sooner() -> None:
    arms = {(PollKind.SEARCH, seed, page): Arm(1.0, 10.0, T0 - HOUR) for seed in SEEDS for page in range(3)}
    arms |= {(PollKind.SEARCH, "gym", 0): Arm(90.0, 10.0, T0 - HOUR)}
    plan, _ = planner().plan(PollState(T0, {}, arms), 1, T0, {})
    assert names(plan, "discovery") == ["gym"]


def test_a_feed_whose_posts_others_have_shown_already_falls_back() -> None:
    postings = {"broad": Posting(6.0, 24.0), "other": Posting(6.0, 24.0)}
    arms = {
        (PollKind.FEED, "broad", 0): Arm(0.1, 30.0, T0 - 2 * HOUR),
        (PollKind.FEED, "other", 0): Arm(30.0, 30.0, T0 - 2 * HOUR),
    }
    plan, _ = planner(search_prior=0.0).plan(PollState(T0, postings, arms), 1, T0, {})
    assert names(plan, "follow_up") == ["other"]


def test_surprising_and_predicted_hashtags_are_followed_up() -> None:
    postings = {f"t{i}": Posting(1.0, 4.0) for i in range(5)} | {"hot": Posting(9.0, 12.0)}
    arms = feeds(**dict.fromkeys(postings, T0 - HOUR))
    calm = planner(search_prior=0.0, panel_share=0.0001)
    plan, _ = calm.plan(PollState(T0, postings, arms), 2, T0, {"t3": 0.9})
    assert {call.request.params["name"] for call in plan} == {"hot", "t3"}


def test_every_candidate_gets_its_turn() -> None:
    polls, state = planner(), PollState(T0, {f"quiet{i}": Posting() for i in range(40)})
    polled: set[str] = set()
    for nth in range(48):
        plan, state = polls.plan(state, 12, T0 + nth * HOUR, {})
        polled |= set(names(plan, "sampling"))
    assert len(polled) == 40


def test_members_stay_for_their_tenure_and_then_make_room_for_what_surprises_more() -> None:
    polls = planner(48)
    for age, left in ((31, 1), (20, 0)):
        panel = {f"m{i}": PanelMember(T0 - age * HOUR) for i in range(polls.panel_size)}
        postings = {tag: Posting(3.0 + i, 6.0) for i, tag in enumerate(panel)} | {"new": Posting(5.1, 6.0)}
        _, after = polls.plan(PollState(T0, postings, feeds(**dict.fromkeys(panel, T0)), panel), 2, T0, {})
        assert len(set(panel) - set(after.panel)) == left
        assert len(after.panel) == polls.panel_size
        assert ("new" in after.panel) == bool(left)


def test_a_silent_member_goes_and_an_answer_clears_it() -> None:
    silent = PollState(T0, {}, feeds(silent=T0), {"silent": PanelMember(T0 - HOUR, 3)})
    assert planner().plan(silent, 12, T0, {})[1].panel == {}
    assert planner().plan(silent.answered({"silent"}), 12, T0, {})[1].panel == {"silent": PanelMember(T0 - HOUR)}


def test_plan_and_state_survive_json() -> None:
    plan, state = planner().plan(PollState(T0, surprising(9)), 12, T0, {})
    assert PollState.from_json(state.to_json()) == state
    assert [PlannedRequest.from_json(call.to_json()) for call in plan] == plan


def test_the_same_knowledge_gives_the_same_plan() -> None:
    shuffled = dict(reversed(surprising(50).items()))
    assert planner().plan(PollState(T0, surprising(50)), 12, T0, {}) == planner().plan(
        PollState(T0, shuffled), 12, T0, {}
    )


def test_discovery_needs_a_keyword() -> None:
    with pytest.raises(ValueError, match="at least one keyword"):
        Planner((), 300, HOUR)
