from datetime import UTC, datetime, timedelta
from math import exp

import polars as pl
import pytest

from core.tables import HASHTAG_SNAPSHOTS, VIDEOS
from core.windows import HOUR
from pipelines.polling.learn import absorb
from pipelines.polling.sightings import SCHEMA
from pipelines.polling.state import Arm, PanelMember, PollKind, PollState, Posting

T0 = datetime(2025, 5, 14, tzinfo=UTC)
DANCE, TAG = (PollKind.SEARCH, "dance", 0), (PollKind.FEED, "a", 0)


def videos(**posted: tuple[float, list[str]]) -> pl.DataFrame:
    rows = [
        dict.fromkeys(VIDEOS.schema)
        | {"video_id": video, "created_at": T0 - hours * HOUR, "hashtags": tags, "window": T0}
        for video, (hours, tags) in posted.items()
    ]
    return pl.DataFrame(rows, schema=VIDEOS.schema)


def seen(*rows: tuple[tuple[PollKind, str, int], str]) -> pl.DataFrame:
    return pl.DataFrame(
        [(*poll, video, T0, str(n)) for n, (poll, video) in enumerate(rows)], schema=SCHEMA, orient="row"
    )


def nothing_read() -> pl.DataFrame:
    return HASHTAG_SNAPSHOTS.empty()


def test_posts_count_by_their_age_and_older_counts_fade() -> None:
    before = PollState(T0 - 3 * HOUR, {"a": Posting(2.0, 5.0)})
    after = absorb(before, T0, nothing_read(), videos(v=(1, ["a", "b"])), seen())
    assert after.postings["a"].fresh == pytest.approx(2 * exp(-0.5) + exp(-1 / 6))
    assert after.postings["a"].day == pytest.approx(5 * exp(-3 / 24) + exp(-1 / 24))
    assert after.postings["b"].fresh == pytest.approx(exp(-1 / 6))
    assert after.until == T0


def test_the_first_to_see_a_post_earns_what_it_moved() -> None:
    arms = {DANCE: Arm(1.0, 1.0, T0 - HOUR), TAG: Arm(0.0, 1.0, T0 - HOUR)}
    state = PollState(T0 - HOUR, {"busy": Posting(100.0, 400.0)}, arms)
    fetched = videos(v1=(0, ["new"]), v2=(0, ["busy"]))
    after = absorb(state, T0, nothing_read(), fetched, seen((TAG, "v1"), (DANCE, "v1"), (DANCE, "v2"), (DANCE, "old")))
    assert after.arms[TAG].worth == pytest.approx(1.0)
    assert 1.0 < after.arms[DANCE].worth < 1.05


def test_a_post_of_unknown_age_and_one_without_hashtags_teach_nothing() -> None:
    fetched = videos(v1=(0, []), v2=(0, ["a"])).with_columns(
        pl.lit(None, VIDEOS.schema["created_at"]).alias("created_at")
    )
    assert absorb(PollState(T0 - HOUR), T0, nothing_read(), fetched, seen((TAG, "v2"))).postings == {}


def test_totals_answer_members() -> None:
    row = dict.fromkeys(HASHTAG_SNAPSHOTS.schema) | {"fetched_at": T0, "window": T0}
    totals = pl.DataFrame(
        [row | {"hashtag": "m", "views_total": 7}, row | {"hashtag": "n"}], schema=HASHTAG_SNAPSHOTS.schema
    )
    state = PollState(T0 - HOUR, panel={"m": PanelMember(T0, 2), "n": PanelMember(T0, 2)})
    assert absorb(state, T0, totals, videos(), seen()).panel == {"m": PanelMember(T0), "n": PanelMember(T0, 2)}


def test_what_was_not_asked_for_a_week_is_forgotten() -> None:
    state = PollState(T0 - HOUR, arms={DANCE: Arm(1, 1, T0 - timedelta(days=8)), TAG: Arm(1, 1, T0 - HOUR)})
    assert set(absorb(state, T0, nothing_read(), videos(), seen()).arms) == {TAG}
