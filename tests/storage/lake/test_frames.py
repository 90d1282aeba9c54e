import polars as pl
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from storage.lake.frames import bucket_column, bucket_of, checked, chosen_columns, in_range
from tests.support.lake_rows import PAGES, READINGS, START, hour, pages, readings


@given(st.lists(st.text(st.characters(codec="utf-8"))), st.integers(1, 16))
def test_buckets_are_xxh64_modulo_their_number(tags: list[str], buckets: int) -> None:
    numbers = bucket_column(pl.Series("hashtag", tags, dtype=pl.String), buckets)
    assert numbers.to_list() == [xxhash.xxh64(tag.encode()).intdigest() % buckets for tag in tags]
    assert numbers.dtype == pl.Int32
    assert numbers.name == "bucket"


def test_a_bucket_never_changes() -> None:
    assert [bucket_of(tag, 4) for tag in ("football", "cà_phê", "")] == [
        xxhash.xxh64(tag.encode()).intdigest() % 4 for tag in ("football", "cà_phê", "")
    ]


def test_a_fitting_frame_passes_unchanged() -> None:
    for table, frame in ((READINGS, readings(hour(1), {"a": 1})), (PAGES, pages(hour(1), ["p1"]))):
        assert checked(table, frame, START, hour(1)).equals(frame)
        assert checked(table, frame.clear(), START, hour(1)).schema == pl.Schema(table.schema)


@pytest.mark.parametrize(
    ("views", "fits"),
    [
        (pl.lit(7, pl.UInt8), True),
        (pl.lit(7.0), True),
        (pl.lit(None), True),
        (pl.lit(7.5), False),
        (pl.lit(float("nan")), False),
        (pl.lit(2**63, pl.UInt64), False),
        (pl.lit("7"), False),
    ],
)
def test_numbers_are_cast_only_without_loss(views: pl.Expr, fits: bool) -> None:
    frame = readings(hour(1), {"a": 1}).with_columns(views=views)
    if fits:
        assert checked(READINGS, frame, START, hour(1)).schema == pl.Schema(READINGS.schema)
    else:
        with pytest.raises(ValueError, match=r"readings\.views is .* does not cast to Int64 without loss"):
            checked(READINGS, frame, START, hour(1))


def test_another_zone_is_the_same_instant() -> None:
    frame = readings(hour(1), {"a": 1})
    moved = frame.with_columns(pl.col("read_at").dt.convert_time_zone("Asia/Ho_Chi_Minh"))
    assert checked(READINGS, moved, START, hour(1)).equals(frame)


def test_a_range_without_bounds_binds_nothing() -> None:
    frame = pl.concat([readings(hour(number), {"a": number}) for number in (1, 2, 3)])
    assert frame.filter(in_range(None, None)).height == 3
    assert frame.filter(in_range(hour(1), None)).height == 2
    assert frame.filter(in_range(None, hour(1))).height == 1


def test_columns_are_all_or_those_asked_for() -> None:
    assert chosen_columns(READINGS, None) == [*READINGS.schema]
    assert chosen_columns(READINGS, ("window", "hashtag")) == ["window", "hashtag"]
    with pytest.raises(ValueError, match="readings has no column 'x'"):
        chosen_columns(READINGS, ["x"])
