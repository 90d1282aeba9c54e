"""Growth by totals and growth by plays are not learnt from together."""

from datetime import UTC, datetime, timedelta

import polars as pl

from core.labels.label_scale import ENOUGH_ROWS, SHARE, by_totals, judged

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
    totals = by_totals(outcomes(played=40))
    assert totals is not None
    assert set(totals["v_source"]) == {"totals"}
    assert totals.height == TAGS * HOURS
    assert set(totals.filter("viral")["hashtag"]) == {"t00", "t01"}
    assert totals["viral"].mean() == SHARE


def test_what_does_not_grow_is_not_viral() -> None:
    still = outcomes(played=40).with_columns(growth_24h=pl.lit(0.0))
    totals = by_totals(still)
    assert totals is not None
    assert not totals["viral"].any()


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
