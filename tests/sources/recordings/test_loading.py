from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from core.errors import UsageError
from core.windows import HOUR
from sources.recordings.loading import load_recording

T0 = datetime(2025, 5, 14, 10, tzinfo=UTC)


def write(folder: Path, **files: pl.DataFrame) -> Path:
    folder.mkdir(exist_ok=True)
    for name, frame in files.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return folder


def totals(*rows: tuple[str | None, datetime | None, int | None]) -> pl.DataFrame:
    schema = {"hashtag": pl.String, "fetched_at": pl.Datetime("us", "UTC"), "views_total": pl.Int64}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def readings(*rows: tuple[str, datetime, int | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"video_id": v, "fetched_at": t, "plays": p, "likes": 1, "comments": 1, "shares": 1} for v, t, p in rows]
    )


def videos(**changes: Any) -> pl.DataFrame:
    row = {"video_id": "1", "created_at": T0, "creator_handle": "somebody", "hashtags": ["#Dance", "dance", "gym"]}
    return pl.DataFrame([row | changes])


def test_a_folder_of_totals_alone_is_a_recording(tmp_path: Path) -> None:
    recording = load_recording([write(tmp_path, hashtag_snapshots=totals(("#Dance", T0, 5)))])
    assert recording.videos is None
    assert recording.hashtag_snapshots is not None
    assert recording.hashtag_snapshots.rows() == [("dance", T0, 5, None)]
    assert (recording.first, recording.last) == (T0, T0)


def test_missing_optional_columns_are_null(tmp_path: Path) -> None:
    recording = load_recording([write(tmp_path, videos=videos(), video_snapshots=readings(("1", T0, 3)))])
    assert recording.videos is not None
    assert recording.video_snapshots is not None
    video = recording.videos.row(0, named=True)
    assert video["hashtags"] == ["dance", "gym"]
    assert (video["creator_id"], video["caption"], video["is_ad"]) == (None, None, None)
    assert recording.video_snapshots.row(0, named=True)["saves"] is None


def test_bad_rows_are_counted_and_mended(tmp_path: Path) -> None:
    rows = totals(
        ("b", T0 + HOUR, 90),
        ("b", T0, 100),
        ("b", T0, 100),
        ("b", T0, 70),
        (None, T0, 1),
        ("a", None, 1),
        ("a", T0, -4),
    )
    recording = load_recording([write(tmp_path, hashtag_snapshots=rows)])
    assert recording.hashtag_snapshots is not None
    assert recording.hashtag_snapshots.select("hashtag", "views_total").rows() == [("a", None), ("b", 100), ("b", 90)]
    assert recording.quality.counts["hashtag_snapshots"] == {
        "hashtag or fetched_at is null": 2,
        "duplicate rows": 2,
        "out of order": 1,
        "views_total falls": 1,
    }


def test_several_folders_are_one_recording(tmp_path: Path) -> None:
    first = write(tmp_path / "one", hashtag_snapshots=totals(("a", T0, 5), ("a", T0 + HOUR, 6)))
    two = write(
        tmp_path / "two",
        hashtag_snapshots=totals(("a", T0, 5), ("b", T0, 7)),
        videos=videos(),
        video_snapshots=readings(("1", T0 + 2 * HOUR, 3)),
    )
    recording = load_recording([first, two])
    assert recording.hashtag_snapshots is not None
    assert recording.hashtag_snapshots.height == 3
    assert recording.last == T0 + 2 * HOUR


def test_other_types_that_say_the_same_are_accepted(tmp_path: Path) -> None:
    naive = totals(("a", T0, 5)).with_columns(
        pl.col("fetched_at").dt.replace_time_zone(None).cast(pl.Datetime("ms")), pl.col("views_total").cast(pl.Float64)
    )
    recording = load_recording([write(tmp_path, hashtag_snapshots=naive)])
    assert recording.hashtag_snapshots is not None
    assert recording.hashtag_snapshots.rows() == [("a", T0, 5, None)]
    numbers = videos().with_columns(pl.col("video_id").cast(pl.Int64))
    again = load_recording([write(tmp_path / "n", videos=numbers, video_snapshots=readings(("1", T0, 3)))])
    assert again.videos is not None
    assert again.videos["video_id"].to_list() == ["1"]


def test_wrong_use_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        load_recording([tmp_path / "nowhere"])
    with pytest.raises(UsageError, match=r"neither hashtag_snapshots\.parquet nor video_snapshots\.parquet"):
        load_recording([write(tmp_path / "empty")])
    broken = write(tmp_path / "broken")
    (broken / "hashtag_snapshots.parquet").write_bytes(b"not parquet at all")
    with pytest.raises(UsageError, match=r"broken/hashtag_snapshots.parquet is not a readable Parquet file"):
        load_recording([broken])
    lacking = write(tmp_path / "lacking", hashtag_snapshots=totals(("a", T0, 5)).drop("views_total"))
    with pytest.raises(UsageError, match="lacks the column views_total"):
        load_recording([lacking])
    nobody = write(tmp_path / "nobody", videos=videos().drop("creator_handle"), video_snapshots=readings(("1", T0, 3)))
    with pytest.raises(UsageError, match=r"lacks the column creator_id \(or creator_handle\)"):
        load_recording([nobody])
    text = totals(("a", T0, 5)).with_columns(pl.col("views_total").cast(pl.String))
    with pytest.raises(UsageError, match="column views_total is String, expected Int64") as caught:
        load_recording([write(tmp_path / "text", hashtag_snapshots=text)])
    assert "\n" not in str(caught.value)
    with pytest.raises(UsageError, match="holds no readings"):
        load_recording([write(tmp_path / "none", hashtag_snapshots=totals())])
