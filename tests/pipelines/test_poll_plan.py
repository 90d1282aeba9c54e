from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.tables import HASHTAG_SNAPSHOTS, VIDEO_SNAPSHOTS, VIDEOS
from core.windows import window_end
from pipelines.poll_learn import absorb
from pipelines.poll_plan import PlannedRequest, Planner, Polling
from pipelines.poll_state import Candidate, Member, PollState
from sources.ensembledata_requests import Endpoint

T0 = datetime(2025, 5, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEEDS = ("dance", "gym", "books")


def planner(units: int = 288, every: timedelta = HOUR, **rules: object) -> Planner:
    return Planner(SEEDS, units, every, Polling(**rules))  # type: ignore[arg-type]


def candidates(n: int, seen: datetime = T0, videos: int = 3) -> dict[str, Candidate]:
    return {f"c{i:03d}": Candidate(videos, float(1000 - i), seen) for i in range(n)}


def names(plan: list[PlannedRequest], purpose: str) -> list[str]:
    return [one.request.params["name"] for one in plan if one.purpose == purpose]


def test_an_even_day_is_allowed_and_no_more_than_two_slots_at_once() -> None:
    one = planner(288)
    assert one.allowance(T0, 288) == 12
    assert one.allowance(T0 + HOUR, 276) == 12
    assert one.allowance(T0 + 12 * HOUR, 288) == 24
    assert one.allowance(T0 + 23 * HOUR, 3) == 3
    assert one.allowance(T0 + 3 * HOUR, 0) == 0
    assert planner(300, timedelta(minutes=15)).allowance(T0, 300) == 3


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 2000), st.sampled_from([15, 60, 120]))
def test_a_day_is_never_overspent_and_nearly_used(units: int, minutes: int) -> None:
    every = timedelta(minutes=minutes)
    one, left = planner(units, every), units
    for nth in range(int(timedelta(days=1) / every)):
        left -= one.allowance(T0 + nth * every + timedelta(minutes=13), left)
    assert left == 0


def test_with_nothing_known_everything_goes_into_discovery_on_rotating_keywords() -> None:
    plan, _ = planner().plan(PollState(T0), 5, T0, {})
    assert [(one.request.endpoint, one.purpose) for one in plan] == [(Endpoint.KEYWORD_SEARCH, "discovery")] * 5
    assert [(one.request.params["name"], one.request.params["cursor"]) for one in plan[:4]] == [
        ("dance", "0"), ("gym", "0"), ("books", "0"), ("dance", "20"),
    ]  # fmt: skip
    later, _ = planner().plan(PollState(T0), 12, T0 + HOUR, {})
    assert names(later, "discovery")[0] != "dance"


def test_a_sixth_goes_into_discovery_while_the_panel_needs_the_rest() -> None:
    one = planner()
    state = PollState(T0, {}, candidates(200))
    for nth in range(4):
        plan, state = one.plan(state, 12, T0 + nth * HOUR, {})
        assert len(names(plan, "discovery")) == 2
        assert len(names(plan, "tracking")) == 10
    assert len(state.panel) == one.panel_size == 40


def test_no_total_goes_unknown_and_all_units_are_used() -> None:
    one = planner()
    state = PollState(T0, {}, candidates(200))
    asked: dict[str, datetime] = {}
    late = 0
    for nth in range(72):
        slot = T0 + nth * HOUR
        plan, state = one.plan(state, 12, slot, {"c001": 0.9})
        assert len(plan) == 12
        asked |= {read.request.params["name"]: slot for read in plan if read.purpose != "discovery"}
        state = _answered(state, asked, slot)
        unread = [slot - asked.get(tag, member.joined_at) for tag, member in state.panel.items()]
        assert max(unread) < 6 * HOUR
        late += sum(since >= 5 * HOUR for since in unread)
    assert late <= 72
    assert len(state.panel) == one.panel_size


def _answered(state: PollState, asked: dict[str, datetime], slot: datetime) -> PollState:
    panel = {
        tag: member.read(slot, 1_000_000 + 1000 * len(member.readings)) if asked.get(tag) == slot else member
        for tag, member in state.panel.items()
    }
    return PollState(state.until, panel, state.candidates, state.swapped_at)


def test_what_is_left_follows_the_fastest_and_the_predicted() -> None:
    readings = ((T0 - 3 * HOUR, 100_000), (T0 - 2 * HOUR, 101_000))
    fast = ((T0 - 3 * HOUR, 100_000), (T0 - 2 * HOUR, 180_000))
    panel = {f"m{i}": Member(T0 - 5 * HOUR, T0 - 2 * HOUR, 0, fast if i == 3 else readings) for i in range(6)}
    plan, state = planner(discovery_share=0.0).plan(PollState(T0, panel), 2, T0, {"m5": 0.9})
    assert sorted(names(plan, "follow_up")) == ["m3", "m5"]
    assert state.panel["m3"].asked_at == T0
    assert state.panel["m0"].asked_at == T0 - 2 * HOUR


def test_members_are_swapped_slowly_and_never_before_their_tenure() -> None:
    one = planner(48)
    old = {f"m{i}": Member(T0 - 31 * HOUR, T0, 0) for i in range(one.panel_size)}
    young = {tag: Member(T0 - 20 * HOUR, T0, 0) for tag in old}
    for panel, swapped in ((old, 1), (young, 0)):
        state = PollState(T0, panel, candidates(50))
        _, after = one.plan(state, 2, T0, {})
        assert len(set(after.panel) - set(panel)) == swapped
        _, again = one.plan(after, 2, T0 + HOUR, {})
        assert len(set(again.panel) - set(panel)) == swapped
        assert len(again.panel) == one.panel_size


def test_a_candidate_needs_three_posts_and_a_silent_member_goes() -> None:
    state = PollState(T0, {"silent": Member(T0 - HOUR, T0, 3)}, candidates(5, videos=2))
    plan, after = planner().plan(state, 12, T0, {})
    assert not after.panel
    assert names(plan, "tracking") == []


def test_plan_and_state_survive_json() -> None:
    state = PollState(T0, {"m": Member(T0, None, 1, ((T0, 5),))}, candidates(3), T0)
    assert PollState.from_json(state.to_json()) == state
    plan, _ = planner().plan(state, 12, T0, {})
    assert [PlannedRequest.from_json(one.to_json()) for one in plan] == plan


def test_the_same_knowledge_gives_the_same_plan() -> None:
    state = PollState(T0, {}, candidates(50))
    shuffled = PollState(T0, {}, dict(reversed(candidates(50).items())))
    assert planner().plan(state, 12, T0, {}) == planner().plan(shuffled, 12, T0, {})


def test_discovery_needs_a_keyword() -> None:
    with pytest.raises(ValueError, match="at least one keyword"):
        Planner((), 300, HOUR)


def test_posts_seen_first_make_candidates_and_readings_reach_the_panel() -> None:
    window = window_end(T0 + timedelta(minutes=5))
    common = {"fetched_at": T0 + timedelta(minutes=5), "window": window}
    videos = pl.DataFrame(
        [
            dict.fromkeys(VIDEOS.schema)
            | {"video_id": v, "created_at": T0 - 2 * HOUR + timedelta(minutes=5), "hashtags": [], "window": window}
            for v in ("1", "2")
        ],
        schema=VIDEOS.schema,
    )
    snapshots = pl.DataFrame(
        [
            dict.fromkeys(VIDEO_SNAPSHOTS.schema) | common | {"hashtag": tag, "video_id": video, "plays": plays}
            for tag, video, plays in (("a", "1", 200), ("a", "2", 400), ("m", "1", 200), ("a", "seen-before", 9_999))
        ],
        schema=VIDEO_SNAPSHOTS.schema,
    )
    totals = pl.DataFrame(
        [dict.fromkeys(HASHTAG_SNAPSHOTS.schema) | common | {"hashtag": "m", "views_total": 77}],
        schema=HASHTAG_SNAPSHOTS.schema,
    )
    before = PollState(T0 - timedelta(days=1), {"m": Member(T0 - HOUR, T0, 2)}, {"a": Candidate(1, 10.0, T0 - HOUR)})
    after = absorb(before, T0, totals, snapshots, videos)
    assert after.panel["m"].readings == ((common["fetched_at"], 77),)
    assert after.panel["m"].unanswered == 0
    assert after.candidates == {"a": Candidate(3, 5.0 + 100 + 200, common["fetched_at"])}


def test_growth_is_taken_over_the_last_day_of_readings() -> None:
    member = Member(T0)
    assert member.growth_per_day == 0
    for hours, views in ((0, 10_000), (30, 100_000), (36, 150_000)):
        member = member.read(T0 + hours * HOUR, views)
    assert member.growth_per_day == pytest.approx(0.5 * 4)
    assert member.read(T0, 5) is member
