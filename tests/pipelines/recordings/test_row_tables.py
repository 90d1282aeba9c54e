import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from core.errors import UsageError
from pipelines.recordings.normalisation import Normalisation, normalise_file
from pipelines.recordings.row_tables import require_columns

KEY = b"test key"
FETCHED = datetime(2025, 5, 14, 10, 7, tzinfo=UTC)
FETCHED_US = int(FETCHED.timestamp()) * 1_000_000
HEADER = "id,text,createTime,playCount,diggCount,commentCount,hashtags"
ROWS = [
    '7100000000000000001,"two lines,\nand a comma #a",2025-05-13T09:00:00Z,1200,30,4,"a,B"',
    '7100000000000000002,"a ""quote""",1747210000,"1.2M",,5,"[""a"", ""c""]"',
    "7100000000000000003,plain #d,1747210000.0,3400.0,nan,6,",
]


def normalised(folder: Path, content: str | bytes, name: str = "rows.csv", *mapping: str) -> Normalisation:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return normalise_file(path, folder / "out", KEY, FETCHED_US, columns=require_columns(list(mapping)))


def rows_of(folder: Path) -> list[tuple[Any, ...]]:
    videos = pl.read_parquet(folder / "out" / "videos.parquet")
    readings = pl.read_parquet(folder / "out" / "video_snapshots.parquet")
    return readings.join(videos, on="video_id").sort("video_id").select("video_id", "plays", "likes", "hashtags").rows()


EXPECTED = [
    ("7100000000000000001", 1_200, 30, ["a", "b"]),
    ("7100000000000000002", 1_200_000, None, ["a", "c"]),
    ("7100000000000000003", 3_400, None, ["d"]),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["rows.csv", "rows", "rows.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rows_are_known_by_their_columns(tmp_path: Path, encoding: str, name: str, end: str) -> None:
    text = end.join([HEADER, *ROWS]) + end
    result = normalised(tmp_path, text.encode(encoding), name)
    assert (result.items, result.accepted, result.quarantined) == (3, 3, {})
    assert rows_of(tmp_path) == EXPECTED
    assert result.rounded == {"plays": 1}


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_other_delimiters(tmp_path: Path, delimiter: str) -> None:
    lines = [HEADER.replace(",", delimiter), delimiter.join(("71", "look", "1747210000", "5", "1", "0", "a"))]
    assert normalised(tmp_path, "\n".join(lines), "rows.tsv").accepted == 1
    assert rows_of(tmp_path) == [("71", 5, 1, ["a"])]


@pytest.mark.parametrize(
    "broken", ['7100000000000000009,"an open quote #x,1,2,3,4,a', "7100000000000000009,x,1,2,3,4,a,one,too,many"]
)
def test_a_broken_row_costs_itself_alone(tmp_path: Path, broken: str) -> None:
    result = normalised(tmp_path, "\n".join([HEADER, ROWS[0], broken, *ROWS[1:]]))
    assert (result.items, result.accepted, result.quarantined) == (4, 3, {"not JSON": 1})
    assert rows_of(tmp_path) == EXPECTED
    lines = (tmp_path / "out" / "quarantine.jsonl").read_text().splitlines()
    assert [json.loads(line)["line"] for line in lines] == [4]


def test_a_mapping_names_the_columns(tmp_path: Path) -> None:
    text = "clip,seen,watched,tag list,hearts\n71,2025-05-14 08:00,5,a b,1\n72,2025-05-14 09:00,6,c,2\n"
    mapping = ("video_id=clip", "fetched_at=seen", "plays=watched", "hashtags=tag list", "likes=hearts")
    result = normalised(tmp_path, text, "rows.csv", *mapping)
    assert (result.accepted, result.times) == (2, {"row": 2})
    assert rows_of(tmp_path) == [("71", 5, 1, ["a", "b"]), ("72", 6, 2, ["c"])]
    readings = pl.read_parquet(tmp_path / "out" / "video_snapshots.parquet")
    assert readings["fetched_at"].to_list() == [datetime(2025, 5, 14, hour, tzinfo=UTC) for hour in (8, 9)]


def test_a_mapping_serves_lines_of_json_as_well(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"clip": str(n), "watched": n, "tags": ["a"]}) for n in (71, 72))
    assert normalised(tmp_path, lines, "rows.jsonl", "video_id=clip", "plays=watched").accepted == 2


def test_totals_of_hashtags_may_be_a_table(tmp_path: Path) -> None:
    normalised(
        tmp_path, "topic,total,n\n#Dance,5000,3\n", "tags.csv", "hashtag=topic", "views_total=total", "videos_total=n"
    )
    totals = pl.read_parquet(tmp_path / "out" / "hashtag_snapshots.parquet")
    assert totals.rows() == [("dance", FETCHED, 5000, 3)]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("plays", "write OURS=THEIRS"),
        ("watched=plays", "write OURS=THEIRS, with one of video_id"),
        ("plays=absent", "there is no column absent; there are id, text"),
    ],
)
def test_a_mapping_that_fits_nothing_says_so(tmp_path: Path, mapping: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        normalised(tmp_path, "\n".join([HEADER, *ROWS]), "rows.csv", mapping)


def test_columns_of_nested_rows_are_put_together_again(tmp_path: Path) -> None:
    header = "id,text,createTime,playCount,diggCount,authorMeta/id,authorMeta/name,hashtags.0.name,hashtags.1.name"
    normalised(tmp_path, f"{header}\n71,look,1747210000,5,1,68,demo.user,a,b\n")
    assert rows_of(tmp_path) == [("71", 5, 1, ["a", "b"])]
    assert pl.read_parquet(tmp_path / "out" / "videos.parquet")["creator_id"].null_count() == 0


def test_parquet_rows_are_read_like_any_others(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "id": [7100000000000000001, 7100000000000000002],
            "desc": ["look #a", "b"],
            "create_time": [datetime(2025, 5, 13, tzinfo=UTC), None],
            "play_count": pl.Series([Decimal(5), None], dtype=pl.Decimal(20, 0)),
            "like_count": [1.0, float("nan")],
            "hashtag_names": [["a"], []],
            "collected_at": [datetime(2025, 5, 14, 8), datetime(2025, 5, 14, 9)],
            "day": [date(2025, 5, 14)] * 2,
            "music": [{"id": "3", "title": "x"}, None],
        }
    )
    folder = tmp_path / "spark"
    folder.mkdir()
    frame.write_parquet(folder / "part-0.snappy.parquet")
    (folder / "_SUCCESS").touch()
    result = normalise_file(folder, tmp_path / "out", KEY, FETCHED_US)
    assert (result.accepted, result.times, result.lost) == (2, {"row": 2}, {"likes": 1})
    assert rows_of(tmp_path) == [("7100000000000000001", 5, 1, ["a"]), ("7100000000000000002", None, None, [])]


def test_a_parquet_file_that_is_cut_off_is_one_loss(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1], "desc": ["x"], "play_count": [3]}).write_parquet(tmp_path / "a.parquet")
    content = (tmp_path / "a.parquet").read_bytes()
    result = normalised(tmp_path, content[:-20], "b.parquet")
    assert (result.items, result.quarantined.total()) == (1, 1)
