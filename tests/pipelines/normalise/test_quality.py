from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from configs.quality import load_quality
from core.errors import UsageError
from core.quality import CHECKS, Limit, Limits
from core.tables import FETCHED, QUALITY
from core.windows import FETCH_WINDOW, HOUR, window_end
from pipelines.normalise.quality import promoted, quality_counts
from pipelines.normalise.raw import keep
from pipelines.normalise.readings import KeptPage, read_pages
from pipelines.normalise.tables import Normalised, by_window
from storage.memory.lake import MemoryLake
from tests.support.awemes import aweme

NOW = datetime(2025, 5, 14, 10, 7, tzinfo=UTC)
END = window_end(NOW)
LIMITS = Limits({check: {"any": Limit(0.2, 0.6)} for check in CHECKS if check != "quarantined"}, least=5)
TABLES = {table.name: table for table in FETCHED}


def page(posts: Sequence[Any], at: datetime = NOW, name: str = "dance") -> KeptPage:
    return KeptPage(keep(list(posts), b"k").body, f"r{at}", "/tt/x", name, int(at.timestamp()) * 1_000_000)


def read(*pages: KeptPage) -> Normalised:
    return by_window(read_pages(pages))


def lake_with(*pages: KeptPage) -> MemoryLake:
    """A lake in which pages were promoted, window by window, before now."""
    lake = MemoryLake(TABLES)
    for kept in pages:
        end = window_end(datetime.fromtimestamp(kept.fetched / 1e6, UTC))
        frames = promoted(read(kept), lake, end - FETCH_WINDOW, Limits()).frames
        for name, frame in frames.items():
            lake.replace(name, frame, end - FETCH_WINDOW, end)
    return lake


def judged(normalised: Normalised, lake: MemoryLake | None = None, limits: Limits = LIMITS) -> Normalised:
    return promoted(normalised, lake or MemoryLake(TABLES), END - FETCH_WINDOW, limits)


def found(normalised: Normalised) -> dict[tuple[str, str], tuple[float, str]]:
    rows = normalised.frames["quality"].select("check", "entity", "value", "level").iter_rows()
    return {(check, entity): (value, level) for check, entity, value, level in rows}


def posts(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [aweme(100 + n, ["dance"], **changes) for n in range(count)]


def test_good_readings_go_on_untouched_and_every_finding_is_within_its_limit() -> None:
    normalised = read(page(posts(10, author={"uid": "5", "follower_count": 3})))
    result = judged(normalised)
    assert {level for _, level in found(result).values()} == {"ok"}
    for name, frame in normalised.frames.items():
        assert frame.equals(result.frames[name])
    assert dict(result.frames["quality"].schema) == QUALITY.schema


@pytest.mark.parametrize(
    ("changes", "check", "entity"),
    [
        ({"statistics": {"digg_count": 1}}, "missing", "plays"),
        ({"create_time": None}, "missing", "created_at"),
        ({"text_extra": None, "cha_list": None}, "missing", "hashtags"),
        ({"create_time": int((NOW + HOUR).timestamp())}, "clock_skew", ""),
        ({"duration": 10**12}, "schema", ""),
        ({"aweme_id": ""}, "set_aside", ""),
    ],
)
def test_a_critical_finding_keeps_the_window_out_of_every_table(
    changes: dict[str, Any], check: str, entity: str
) -> None:
    result = judged(read(page([*posts(7, **changes), *[aweme(n, ["b"]) for n in range(2)]])))
    value, level = found(result)[check, entity]
    assert (value, level) == (pytest.approx(7 / 9), "critical")
    assert all(frame.is_empty() for name, frame in result.frames.items() if name != "quality")
    assert quality_counts(result.frames["quality"])["windows_held_back"] == 1
    few = judged(read(page(posts(4, **changes))))
    assert found(few)[check, entity][1] == "warning" or check in ("schema", "set_aside")


def test_only_the_bad_window_is_held_back() -> None:
    normalised = read(page(posts(9)), page(posts(9, statistics={}), NOW + FETCH_WINDOW))
    lake = MemoryLake(TABLES)
    result = promoted(normalised, lake, END - FETCH_WINDOW, LIMITS)
    assert set(result.frames["video_snapshots"]["window"]) == {END}
    assert result.frames["videos"].height == 9


def test_counters_that_fall_are_told_by_counter() -> None:
    lake = lake_with(page([aweme(n, ["dance"], 100) for n in range(10)], NOW - HOUR))
    result = judged(read(page([aweme(n, ["dance"], 90 if n < 8 else 110) for n in range(10)])), lake)
    assert found(result)["falls", "plays"] == (0.8, "critical")
    assert found(result)["falls", "likes"] == (0.0, "ok")


def test_a_counter_unknown_in_between_still_falls() -> None:
    pages = [page([aweme(1, ["a"], plays)], NOW - hours * HOUR) for plays, hours in ((100, 3), (None, 2))]
    assert found(judged(read(page([aweme(1, ["a"], 50)])), lake_with(*pages)))["falls", "plays"][0] == 1.0


def test_a_rise_of_more_than_20_times_the_usual_is_a_spike() -> None:
    past = [
        page([aweme(n, ["a"], 1_000 + 10 * (5 - hours)) for n in (1, 2)], NOW - hours * HOUR) for hours in (4, 3, 2, 1)
    ]
    new = page([aweme(1, ["a"], 1_040 + 10 * 20), aweme(2, ["a"], 1_040 + 10 * 20 + 1), aweme(3, ["a"], 10**6)])
    assert found(judged(read(new), lake_with(*past)))["spikes", "plays"][0] == 0.5


def test_repeated_readings_empty_pages_and_new_hashtags_are_shares() -> None:
    lake = lake_with(page([aweme(9, ["old"])], NOW - HOUR))
    normalised = read(
        page([aweme(1, ["old"]), aweme(1, ["old"]), aweme(2, ["new"]), aweme(3, ["newer"])]), page([], NOW)
    )
    result = found(judged(normalised, lake))
    assert result["duplicates", ""][0] == 0.25
    assert result["empty_pages", ""][0] == 0.5
    assert result["unknown_hashtags", ""][0] == pytest.approx(2 / 3)


def test_what_is_quarantined_is_counted_by_reason() -> None:
    normalised = read(page([aweme(1, ["a"]), {"type": 4}, {"type": 4}, aweme("seven", ["a"])]))
    rows = judged(normalised, limits=Limits()).frames["quality"].filter(pl.col("check") == "quarantined")
    assert rows.select("entity", "value", "items", "level").rows() == [
        ("not a video card", 2.0, 2, "ok"),
        ("video_id is not a platform id", 1.0, 1, "ok"),
    ]


def test_windows_made_at_once_are_judged_as_one_by_one() -> None:
    """The second is held back, so the third is compared with the first."""
    bad = [aweme(n, ["dance", "other"], statistics={"digg_count": 1}) for n in range(9)]
    pages = [
        page([aweme(n, ["dance"], 100) for n in range(9)]),
        page(bad, NOW + FETCH_WINDOW),
        page([aweme(n, ["dance", "other"], 90 + 20 * (n % 2)) for n in range(9)], NOW + 2 * FETCH_WINDOW),
    ]
    one_by_one, at_once = MemoryLake(TABLES), MemoryLake(TABLES)
    for nth, kept in enumerate(pages):
        start, end = END + (nth - 1) * FETCH_WINDOW, END + nth * FETCH_WINDOW
        for name, frame in promoted(read(kept), one_by_one, start, LIMITS).frames.items():
            one_by_one.replace(name, frame, start, end)
    start, end = END - FETCH_WINDOW, END + 2 * FETCH_WINDOW
    for name, frame in promoted(read(*pages), at_once, start, LIMITS).frames.items():
        at_once.replace(name, frame, start, end)
    for name in ("quality", "video_snapshots", "creator_snapshots"):
        assert one_by_one.read(name).sort("window").equals(at_once.read(name).sort("window")), name
    falls = at_once.read("quality").filter((pl.col("check") == "falls") & (pl.col("entity") == "plays"))
    assert falls["value"].to_list() == [pytest.approx(5 / 9)]


def test_the_same_pages_are_judged_the_same_and_nothing_at_all_is_fine() -> None:
    normalised = read(page(posts(9)))
    lake = lake_with(page(posts(9, statistics={"play_count": 5}), NOW - HOUR))
    assert judged(normalised, lake).frames["quality"].equals(judged(normalised, lake).frames["quality"])
    assert judged(read()).frames["quality"].is_empty()


def test_the_shipped_limits_cover_the_checks_and_a_wrong_file_is_one_clear_line(tmp_path: Path) -> None:
    assert set(load_quality().by_check) == set(CHECKS) - {"quarantined"}
    wrong = tmp_path / "quality.yaml"
    for text, message in (
        ("checks: {no_such: {}}", "no check 'no_such'"),
        ("checks: {falls: {any: {warning: 7}}}", "less"),
    ):
        wrong.write_text(text)
        with pytest.raises(UsageError, match=message):
            load_quality(wrong)
