import random
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from core.judgements.boosting import FLAGGED_FROM, JUDGED, POINTS, POSTS, SIGNALS, accounts, findings, judge
from core.windows import HOUR

AT = datetime(2025, 5, 14, 10, tzinfo=UTC)


def post(tag: str, video: str, creator: str | None, plays: int | None, liked: int, **other: Any) -> dict[str, Any]:
    row = {"hashtag": tag, "video_id": video, "creator_id": creator, "plays": plays, "likes": liked}
    return {**row, "comments": 0, "shares": 0, "created_at": AT - 5 * HOUR, "fetched_at": AT - HOUR, **other}


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=POSTS)


def ordinary(tag: str = "gym", count: int = 40) -> list[dict[str, Any]]:
    """Posts of as many creators, a twentieth of whose plays become likes."""
    counters = {"comments": 5, "shares": 5}
    return [post(tag, f"{tag}{n}", f"{tag} fan {n}", 1_000 + n, 50, **counters) for n in range(count)]


def boosted(tag: str = "winbig", count: int = 6, **other: Any) -> list[dict[str, Any]]:
    """Posts of a single account, hardly liked."""
    return [post(tag, f"b{n}", "booster", 50_000, 100, **other) for n in range(count)]


def view(rows: list[dict[str, Any]], tag: str) -> dict[str, Any]:
    return judge(frame(rows), AT).filter(pl.col("hashtag") == tag).row(0, named=True)


def test_a_single_account_with_unliked_posts_is_flagged_and_a_crowd_is_not() -> None:
    rows = [*ordinary(), *boosted()]
    bought, organic = view(rows, "winbig"), view(rows, "gym")
    assert (bought["flagged"], bought["score"]) == (True, 1.0)
    assert (organic["flagged"], organic["score"], organic["videos"]) == (False, 0.0, None)
    assert bought["engagement_to_usual"] == pytest.approx((100 / 50_000) / (60 / 1_020), rel=0.02)


def test_a_beloved_account_is_not_flagged_whatever_else_fires() -> None:
    loved = [row | {"likes": 5_000, "comments": 250, "shares": 250} for row in boosted("series")]
    beloved = view([*ordinary(), *loved], "series")
    assert not beloved["flagged"]
    assert [signal["name"] for signal in findings(beloved) if not signal["fired"]] == ["unliked", "untalked"]
    others = sum(signal.points for signal in SIGNALS if signal.name != "unliked")
    assert others / POINTS < FLAGGED_FROM


def test_tags_that_a_boosted_post_merely_carries_along_are_not_flagged() -> None:
    along = [row | {"hashtag": "gym"} for row in boosted()[:2]]
    rows = [*ordinary(), *boosted(), *along]
    assert [view(rows, tag)["flagged"] for tag in ("winbig", "gym")] == [True, False]


def test_posts_older_than_48_hours_or_of_the_future_do_not_count() -> None:
    for created in (AT - 49 * HOUR, AT + HOUR):
        assert view([*ordinary(), *boosted(created_at=created)], "winbig")["score"] == 0.0


def test_what_is_unknown_fires_nothing() -> None:
    few = boosted()
    assert view(few, "winbig")["engagement_to_usual"] is None
    signals = {signal["name"]: signal for signal in findings(view(few, "winbig"))}
    assert (signals["unliked"]["value"], signals["unliked"]["fired"]) == (None, False)
    unknown = [row | {"plays": None, "creator_id": None} for row in boosted()]
    assert judge(frame(unknown), AT).select("score", "flagged").row(0) == (0.0, False)
    assert judge(frame([]), AT).columns == list(JUDGED)


@pytest.mark.parametrize("seed", range(5))
def test_the_score_is_what_its_signals_add_up_to_in_any_order(seed: int) -> None:
    rng = random.Random(seed)
    rows = ordinary()
    for tag in ("a", "b", "c"):
        for n in range(rng.randint(1, 9)):
            plays, creator = rng.choice([None, 0, 10, 5_000]), rng.choice(["x", "y", None])
            created = AT - rng.randint(0, 60) * HOUR
            rows.append(post(tag, f"{tag}{n}", creator, plays, rng.randint(0, 300), created_at=created))
    judged = judge(frame(rows), AT)
    rng.shuffle(rows)
    assert judge(frame(rows), AT).equals(judged)
    for row in judged.iter_rows(named=True):
        points = sum(signal["points"] for signal in findings(row) if signal["fired"])
        assert row["score"] == pytest.approx(points / POINTS)
        assert row["flagged"] == (row["score"] >= FLAGGED_FROM)


def test_accounts_are_measured_under_each_hashtag() -> None:
    rows = [*boosted("a", 3), *[row | {"hashtag": "b"} for row in boosted("b", 2)]]
    measured = {row["hashtag"]: row for row in accounts(frame(rows), AT).iter_rows(named=True)}
    assert {signal.measure for signal in SIGNALS} <= set(measured["a"])
    assert (measured["a"]["pinned"], measured["b"]["pinned"]) == (1.0, pytest.approx(2 / 3))
