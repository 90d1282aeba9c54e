"""Growth by totals and growth by plays are not learnt from together."""

from datetime import UTC, datetime, timedelta

import polars as pl

from core.labels.label_scale import ENOUGH_ROWS, GROWTH, SHARE, by_totals, judged, without_plays

START = datetime(2025, 5, 14, tzinfo=UTC)
TAGS, HOURS = 20, ENOUGH_ROWS // 20


def outcomes(played: int) -> pl.DataFrame:
    """Hours of twenty hashtags followed by totals, the first with most growth, and of others that grow by a third."""
    rows = [
        {"hashtag": f"t{tag:02}", "at": START + timedelta(hours=hour), "growth_24h": 0.01 / (1 + tag) - 0.001,
         "viral": False, "v_source": "totals"}
        for hour in range(HOURS) for tag in range(TAGS)
    ]  # fmt: skip
    others = [
        {"hashtag": f"p{tag:02}", "at": START + timedelta(hours=hour), "growth_24h": 0.33, "viral": True,
         "v_source": "plays"}
        for hour in range(HOURS) for tag in range(played)
    ]  # fmt: skip
    return pl.DataFrame(rows + others)


def test_of_two_scales_the_totals_are_kept_and_their_own_top_tenth_is_viral() -> None:
    told = by_totals(outcomes(played=40))
    assert told is not None
    assert set(told["v_source"]) == {"totals"}
    assert told.height == TAGS * HOURS
    assert set(told.filter("viral")["hashtag"]) == {"t00", "t01"}
    assert told["viral"].mean() == SHARE


def test_what_does_not_grow_is_not_viral() -> None:
    still = outcomes(played=40).with_columns(growth_24h=pl.lit(0.0))
    told = by_totals(still)
    assert told is not None
    assert not told["viral"].any()


def test_one_scale_alone_or_few_totals_leave_everything_as_it_is() -> None:
    mixed = outcomes(played=40)
    assert by_totals(outcomes(played=0)) is None
    assert by_totals(outcomes(played=1)) is None
    assert by_totals(mixed.filter(pl.col("v_source") == "plays")) is None
    assert by_totals(mixed.with_columns(v_source=pl.lit(None, pl.String))) is None
    assert by_totals(mixed.filter(pl.col("at") > START + timedelta(hours=1))) is None
    assert by_totals(mixed.filter(pl.col("hashtag") != "t19")) is None


def test_each_kind_is_judged_among_its_like() -> None:
    surged = pl.col("at") + timedelta(hours=7)
    mixed = outcomes(played=40).with_columns(
        surged_at=pl.when("viral").then(surged),
        surged_totals_at=pl.when(pl.col("hashtag") < "t02", pl.col("v_source") == "totals").then(surged),
    )
    verdicts = judged(mixed)
    assert verdicts.height == mixed.height
    assert set(verdicts.filter(pl.col("viral"), pl.col("v_source") == "totals")["hashtag"]) == {"t00", "t01"}
    assert verdicts.filter(pl.col("v_source") == "plays")["viral"].all()
    assert verdicts.filter("viral")["surged_at"].null_count() == 0
    alone = mixed.filter(pl.col("v_source") == "totals")
    assert judged(alone).equals(alone)


def test_growth_by_plays_is_unknown_and_all_else_stays() -> None:
    frame = pl.DataFrame(
        {"gained_24h": [0.1, 0.2, 0.3], "velocity": [1.0, None, 2.0], "shares_rate": [0.1, 0.2, 0.3],
         "from_totals": [1.0, 0.0, None]}
    )  # fmt: skip
    masked = without_plays(frame)
    assert masked["gained_24h"].to_list() == [0.1, None, None]
    assert masked["velocity"].to_list() == [1.0, None, None]
    assert masked.select("shares_rate", "from_totals").equals(frame.select("shares_rate", "from_totals"))
    assert without_plays(frame.drop("from_totals")).equals(frame.drop("from_totals"))
    assert "from_totals" not in GROWTH
    assert "pace_4_rises" not in GROWTH
