import gzip
import json
import subprocess
import sys
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from core.errors import UsageError
from pipelines.recordings.normalisation import Normalisation, normalise_file
from sources.recordings.loading import load_recording
from sources.standin.web_shapes import item_struct, web_post
from tests.support.awemes import aweme
from tests.support.paths import PAYLOADS, ROOT
from tests.support.requirements import require_data
from tests.support.small_worlds import MIDDLE, small_world

KEY = b"test key"
FETCHED = datetime(2025, 5, 14, 10, 7, tzinfo=UTC)
FETCHED_US = int(FETCHED.timestamp()) * 1_000_000


def written(folder: Path, *lines: Any) -> Path:
    path = folder / "lines.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def normalised(folder: Path, *lines: Any) -> Normalisation:
    return normalise_file(written(folder, *lines), folder / "out", KEY, FETCHED_US)


def plain_tags(post: dict[str, Any]) -> list[str]:
    """Hashtags read without the code under test."""
    names = [tag["hashtag_name"] for tag in post["text_extra"] or () if tag["type"] == 1]
    names += [tag["cha_name"] for tag in post["cha_list"] or ()]
    seen = ["".join(sign for sign in name if not is_invisible(sign)) for name in names]
    clean = [unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()) for name in seen if name]
    return list(dict.fromkeys(name.replace("#", "") for name in clean))


def is_invisible(sign: str) -> bool:
    """Return whether a character is one of format or a variation selector."""
    return unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f"


def plain_counters(post: dict[str, Any]) -> list[int | None]:
    """Counters as they stand; where the platform says that it lost them, a 0 is unknown."""
    statistics = post["statistics"]
    names = ("play_count", "digg_count", "comment_count", "share_count", "collect_count")
    return [statistics[name] if statistics[name] or not statistics["lose_count"] else None for name in names]


def test_every_counter_hashtag_sound_and_time_of_the_real_posts_is_right(tmp_path: Path) -> None:
    require_data(PAYLOADS)
    result = normalise_file(PAYLOADS, tmp_path, KEY, FETCHED_US)
    assert (result.lines, result.accepted, result.duplicates, result.quarantined) == (400, 400, 0, Counter())
    with gzip.open(PAYLOADS, "rt", encoding="utf-8") as lines:
        left_out = [json.loads(line) for line in lines]
    recording = load_recording([tmp_path])
    assert recording.videos is not None
    assert recording.video_snapshots is not None
    videos = {row["video_id"]: row for row in recording.videos.iter_rows(named=True)}
    readings = {row["video_id"]: row for row in recording.video_snapshots.iter_rows(named=True)}
    assert len(videos) == len(readings) == len(left_out) == 400
    creators = {}
    for line in left_out:
        post = line["aweme"]
        video, reading = videos[post["aweme_id"]], readings[post["aweme_id"]]
        assert [reading[name] for name in ("plays", "likes", "comments", "shares", "saves")] == plain_counters(post)
        assert reading["fetched_at"] == datetime.fromtimestamp(line["observed_at"], UTC)
        assert video["created_at"] == datetime.fromtimestamp(post["create_time"], UTC)
        assert video["hashtags"] == plain_tags(post)
        assert video["sound_id"] == post["music"]["mid"]
        assert video["duration_s"] == (post["video"]["duration"] / 1000 or None)
        assert video["region"] == (post["region"] or None)
        assert video["is_ad"] is post["is_ads"]
        creators.setdefault(post["author"]["uid"], set()).add(video["creator_id"])
    assert all(len(hashes) == 1 for hashes in creators.values())
    assert len({name for hashes in creators.values() for name in hashes}) == len(creators)


def test_any_mix_of_answers_and_posts_is_read(tmp_path: Path) -> None:
    page = small_world().hashtag_page("dance", MIDDLE, 0, 3)
    wrapper = {"id": "622001", "view_count": 900, "video_count": 7}
    tagged = aweme(8, ["Magic"], cha_list=[{"cid": "622001", "cha_name": "Magic"}])
    result = normalised(
        tmp_path,
        {"data": {"nextCursor": 20, "data": [aweme(1, ["a"])]}},
        {
            "data": {
                "nextCursor": 20,
                "data": [{"type": 1, "aweme_info": aweme(2, ["a"])}, {"type": 4, "user_list": []}],
            }
        },
        {"data": [aweme(3, ["a"])], "nextCursor": 1_698_533_373_000},
        {"data": {"aweme_list": [aweme(4, ["a"])]}},
        {"data": {"liked_posts": [aweme(5, ["a"])], "nextCursor": 3}},
        aweme(6, ["a"]),
        {"aweme_detail": aweme(7, ["a"])},
        {"data": wrapper | {"posts": [tagged]}},
        {"data": wrapper | {"id": "5", "posts": [web_post(post) for post in page.posts]}},
        {"params": {"name": "Totals"}, "body": {"data": wrapper | {"posts": []}}},
        {"observed_at": 1_746_684_600, "aweme": aweme(6, ["a"], 50)},
        {"data": {"user": {"id": "6800000000000000001"}}},
        {"detail": "Internal error."},
        '{"data": [',
        "",
        {"data": None},
        [aweme("not-a-number", ["a"])],
    )
    assert result.quarantined == {
        "not a video card": 1,
        "totals of a hashtag without a name": 1,
        "unknown shape: user": 1,
        "an error answer": 1,
        "not JSON": 1,
        "video_id is not a platform id": 1,
    }
    assert (result.lines, result.accepted, result.duplicates, result.videos) == (16, 12, 0, 11)
    totals = pl.read_parquet(tmp_path / "out" / "hashtag_snapshots.parquet")
    assert totals.rows() == [("magic", FETCHED, 900, 7), ("totals", FETCHED, 900, 7)]
    places = [json.loads(line) for line in (tmp_path / "out" / "quarantine.jsonl").read_text().splitlines()]
    assert {"line": 14, "items": 1, "reason": "not JSON"} in places
    assert {"line": 17, "items": 1, "reason": "video_id is not a platform id"} in places


def test_a_reading_told_twice_is_a_duplicate_and_the_larger_plays_stay(tmp_path: Path) -> None:
    result = normalised(tmp_path, aweme(1, ["a"], 90), aweme(1, ["a"], 95), aweme(1, ["a"], None), aweme(2, []))
    assert (result.items, result.accepted, result.duplicates, result.readings) == (4, 2, 2, 2)
    readings = pl.read_parquet(tmp_path / "out" / "video_snapshots.parquet")
    assert readings.select("video_id", "fetched_at", "plays").rows() == [("1", FETCHED, 95), ("2", FETCHED, 100)]


def test_a_second_run_gives_the_same_files_and_leaves_nothing_else(tmp_path: Path) -> None:
    normalised(tmp_path, aweme(1, ["a"]), {"data": {"id": "1", "view_count": 3, "posts": []}, "params": {"name": "x"}})
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert set(before) == {"videos.parquet", "video_snapshots.parquet", "hashtag_snapshots.parquet", "quarantine.jsonl"}
    normalise_file(tmp_path / "lines.jsonl", tmp_path / "out", KEY, FETCHED_US)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    normalised(tmp_path, aweme(1, ["a"]))
    assert not (tmp_path / "out" / "hashtag_snapshots.parquet").exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [("{", "not JSON"), ({"observed_at": "soon", "aweme": aweme(2, ["a"])}, "observed_at is no time")],
)
def test_a_line_that_can_not_be_used_says_why(tmp_path: Path, line: Any, reason: str) -> None:
    result = normalised(tmp_path, line, aweme(1, ["a"]))
    assert (result.items, result.accepted, result.quarantined) == (2, 1, {reason: 1})


def test_a_compressed_file_that_is_cut_off_keeps_what_came(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(json.dumps(aweme(n, ["a"])).encode() + b"\n" for n in range(1, 200)))
    (tmp_path / "cut.gz").write_bytes(whole[: len(whole) // 2])
    result = normalise_file(tmp_path / "cut.gz", tmp_path / "out", KEY, FETCHED_US)
    assert 20 < result.accepted < 180
    assert result.quarantined["the compressed file is cut off"] == 1


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nothing\.jsonl can't be read: No such file"):
        normalise_file(tmp_path / "nothing.jsonl", tmp_path / "out", KEY, FETCHED_US)


def test_a_broken_page_state_loses_one_post_of_its_map(tmp_path: Path) -> None:
    page = small_world().hashtag_page("dance", MIDDLE, 0, 8)
    module = {post.post_id: item_struct(post) for post in page.posts}
    text = json.dumps({"fetched_at": 1_747_217_220, "ItemModule": module, "UserPage": {"a": 1}})
    at = text.index('"createTime"', len(text) // 2)
    result = normalised(tmp_path, text[:at] + '"' + text[at:])
    assert (result.items, result.accepted, result.quarantined) == (len(module), len(module) - 1, {"not JSON": 1})
    assert result.times == {"wrapper": len(module) - 1}


MEASURE = """
import resource, sys
from pathlib import Path
from pipelines.recordings.normalisation import normalise_file
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
small, large, out = map(Path, sys.argv[1:])
normalise_file(small, out, b"k", 1)
before = peak()
normalise_file(large, out, b"k", 1)
print((peak() - before) / 1024)
"""


@pytest.mark.parametrize(
    ("before", "between", "after"), [(b"", b"\n", b""), (b"[", b",", b"]"), (b'{"data":[', b",", b"]}")]
)
def test_memory_does_not_grow_with_the_file(tmp_path: Path, before: bytes, between: bytes, after: bytes) -> None:
    body = json.dumps(aweme("{}", ["a", "b"], filler="x" * 1500)).encode()

    def write(path: Path, count: int) -> None:
        with path.open("wb") as file:
            file.write(before)
            for n in range(count):
                file.write((between if n else b"") + body.replace(b'"{}"', b'"%d"' % (10**18 + n), 1))
            file.write(after)

    small, large = tmp_path / "small.jsonl", tmp_path / "large.jsonl"
    write(small, 8_000)
    write(large, 24_000)
    command = [sys.executable, "-c", MEASURE, str(small), str(large), str(tmp_path / "out")]
    grown = float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert large.stat().st_size / 2**20 > 30
    assert grown < 25, f"{grown:.0f} MB more for three times the posts"
