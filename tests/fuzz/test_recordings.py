"""Recordings with odd values at random: each loads and is measured, or is refused in one line.

GROUNDSWELL_FUZZ_SECONDS (default 5) says for how long, GROUNDSWELL_FUZZ_SEED names the cases: the same seed tries the
same ones in the same order.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

from core.errors import UsageError
from pipelines.metrics.parts import WindowRange
from pipelines.recordings.metrics import recording_metrics
from sources.recordings.loading import load_recording

SECONDS = float(os.environ.get("GROUNDSWELL_FUZZ_SECONDS", "5"))
SEED = int(os.environ.get("GROUNDSWELL_FUZZ_SEED", "14"))
START = datetime(2025, 5, 14, tzinfo=UTC)
SPAN = WindowRange(START, START + timedelta(hours=6), timedelta(hours=1))
IDS = ["7100000000000000001", "2", "", "x", "\x00", "3", "3", None, "9" * 400]
TAGS = ["a", "#A", "b", "", "#", "a/b", "\x00", "x" * 300, "İ", None, "\u200b"]
COUNTS = [0, 1, 5, 100, -1, 2**62, 2**63 - 1, None]
REALS = [0.0, 1.5, -1.0, 1e300, float("nan"), float("inf"), float("-inf"), None]
TEXTS = ["", "look #a", "\x00", "x" * 5_000, None]


def moments(random: Random, rows: int) -> pl.Series:
    near = [START + timedelta(minutes=random.randrange(-600, 600)) for _ in range(rows)]
    odd = [
        None,
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
    ]
    values = [random.choice(odd) if random.random() < 0.1 else moment for moment in near]
    unit = random.choice(("us", "ms"))
    zone = random.choice(("UTC", None))
    series = pl.Series(values, dtype=pl.Datetime("us", "UTC")).cast(pl.Datetime(unit, "UTC"))
    return series if zone else series.dt.replace_time_zone(None)


def texts(random: Random, rows: int, values: list[Any] = TEXTS) -> pl.Series:
    series = pl.Series([random.choice(values) for _ in range(rows)], dtype=pl.String)
    return series.cast(pl.Categorical) if random.random() < 0.1 else series


def counts(random: Random, rows: int) -> pl.Series:
    if random.random() < 0.2:
        return pl.Series([random.choice(REALS) for _ in range(rows)], dtype=pl.Float64)
    series = pl.Series([random.choice(COUNTS) for _ in range(rows)], dtype=pl.Int64)
    return random.choice((series, series, series.cast(pl.UInt64, strict=False), series.cast(pl.Int16, strict=False)))


def ids(random: Random, rows: int) -> pl.Series:
    if random.random() < 0.1:
        return pl.Series([random.randrange(9) for _ in range(rows)], dtype=pl.Int64)
    return texts(random, rows, IDS)


def tags(random: Random, rows: int) -> pl.Series:
    lists = [
        None if random.random() < 0.1 else [random.choice(TAGS) for _ in range(random.randrange(4))]
        for _ in range(rows)
    ]
    return pl.Series(lists, dtype=pl.List(pl.String))


def flags(random: Random, rows: int) -> pl.Series:
    return pl.Series([random.choice((True, False, None)) for _ in range(rows)], dtype=pl.Boolean)


def reals(random: Random, rows: int) -> pl.Series:
    return pl.Series([random.choice(REALS) for _ in range(rows)], dtype=pl.Float64)


Make = Callable[[Random, int], pl.Series]
PARTS: dict[str, dict[str, Make]] = {
    "videos": {
        **{
            "video_id": ids,
            "created_at": moments,
            "creator_id": ids,
            "hashtags": tags,
            "caption": texts,
            "sound_id": ids,
        },
        **{"duration_s": reals, "is_ad": flags, "region": texts},
    },
    "video_snapshots": {
        **{
            "video_id": ids,
            "fetched_at": moments,
            "plays": counts,
            "likes": counts,
            "comments": counts,
            "shares": counts,
        },
        **{"saves": counts, "creator_followers": counts},
    },
    "hashtag_snapshots": {
        "hashtag": lambda random, rows: texts(random, rows, TAGS),
        "fetched_at": moments,
        "views_total": counts,
        "videos_total": counts,
    },
}


def write(random: Random, folder: Path) -> None:
    for part, columns in PARTS.items():
        path = folder / f"{part}.parquet"
        path.unlink(missing_ok=True)
        if random.random() < 0.1:
            continue
        rows = random.randrange(40)
        made = {name: make(random, rows) for name, make in columns.items()}
        if random.random() < 0.1:
            del made[random.choice(list(made))]
        if random.random() < 0.05:
            made[random.choice(list(made))] = random.choice((texts, counts, flags, tags))(random, rows)
        pl.DataFrame(made).write_parquet(path)
        if random.random() < 0.05:
            content = path.read_bytes()
            path.write_bytes(content[: random.randrange(len(content))])


def measure(folder: Path) -> tuple[pl.DataFrame | None, str]:
    """The metrics of a recording, or the line that refuses it."""
    try:
        return recording_metrics(load_recording([folder]), SPAN), ""
    except UsageError as error:
        return None, str(error)


def test_every_recording_is_measured_or_refused_in_a_line(tmp_path: Path) -> None:
    until = time.monotonic() + SECONDS
    number = measured = 0
    while number < 40 or time.monotonic() < until:
        random = Random(f"recordings {SEED} {number}")
        number += 1
        write(random, tmp_path)
        rows, refusal = measure(tmp_path)
        if rows is None:
            assert refusal
            assert "\n" not in refusal
            continue
        measured += 1
        assert rows["window_end"].is_between(SPAN.start, SPAN.end, closed="right").all()
    assert measured > number / 4
