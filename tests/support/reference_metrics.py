"""The metrics of docs/formulas.md, section 3, in slow, plain Python.

The fast metrics have to equal them; it imports nothing of them.
"""

import math
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.windows import DAY, HOUR

Row = dict[str, Any]
COUNTERS = ("likes", "comments", "shares", "saves")


def all_windows(
    readings: list[Row], totals: list[Row], videos: list[Row], ends: list[datetime], length: timedelta
) -> list[Row]:
    """Rows of every window in `ends` (consecutive), in the order of (window_end, hashtag)."""
    past: dict[tuple[str, datetime], Row] = {}
    detected: dict[str, datetime] = {}
    result = []
    for end in ends:
        rows = one_window(readings, totals, {v["video_id"]: v for v in videos}, end, length, past)
        for row in rows:
            if (row["volume"] or 0) >= 3 or row["views_total"] is not None:
                detected.setdefault(row["hashtag"], end)
            row["first_detected_at"] = detected.get(row["hashtag"])
            past[row["hashtag"], end] = row
        result += rows
    return result


def one_window(readings, totals, videos, end, length, past) -> list[Row]:
    start = end - length
    by_tag = defaultdict(list)
    for reading in readings:
        by_tag[reading["hashtag"]].append(reading)
    totals_by_tag = defaultdict(list)
    for reading in totals:
        if reading["views_total"] is not None:
            totals_by_tag[reading["hashtag"]].append((reading["fetched_at"], reading["views_total"]))
    rows = []
    for tag in sorted(set(by_tag) | set(totals_by_tag)):
        observed = observe(by_tag[tag], videos, start, end, length)
        views = views_at(totals_by_tag[tag], end)
        if observed or views is not None:
            rows.append(one_row(tag, observed, by_tag[tag], totals_by_tag[tag], videos, start, end, length, past))
    compare(rows)
    return rows


def observe(readings, videos, start, end, length) -> list[Row]:
    observed = []
    for video_id in sorted({r["video_id"] for r in readings if start < r["fetched_at"] <= end}):
        mine = sorted((r for r in readings if r["video_id"] == video_id), key=lambda r: r["fetched_at"])
        inside = [r for r in mine if start < r["fetched_at"] <= end]
        video = dict(videos.get(video_id, {"created_at": None, "creator_id": None, "sound_id": None}))
        for counter in ("plays", *COUNTERS):
            values = [r[counter] for r in inside if r[counter] is not None]
            video[counter] = values[-1] if values else None
        video["gain"] = gain(mine, video, start, end, length)
        observed.append(video)
    return observed


def gain(readings, video, start, end, length) -> float | None:
    now = [(r["fetched_at"], r["plays"]) for r in readings if start < r["fetched_at"] <= end and r["plays"] is not None]
    before = [
        (r["fetched_at"], r["plays"])
        for r in readings
        if start - DAY <= r["fetched_at"] <= start and r["plays"] is not None
    ]
    if not now:
        return None
    if before:
        return max(0, now[-1][1] - before[-1][1]) * min(1.0, length / (now[-1][0] - before[-1][0]))
    if video["created_at"] is not None and start < video["created_at"] <= end:
        return float(now[-1][1])
    return None


def views_at(totals, moment) -> int | None:
    """V(moment): the running maximum, if a reading lies in the 6 h before."""
    if not any(moment - 6 * HOUR < at <= moment for at, _ in totals):
        return None
    return max(views for at, views in totals if at <= moment)


def gained_from_totals(totals, end, length) -> float | None:
    late = [at for at, _ in totals if end - 6 * HOUR < at <= end]
    if not late:
        return None
    r1 = max(late)
    early = [at for at, _ in totals if r1 - DAY <= at <= r1 - length]
    if not early:
        return None
    r0 = max(early)
    rise = max(v for at, v in totals if at <= r1) - max(v for at, v in totals if at <= r0)
    return rise * (length / HOUR) / ((r1 - r0) / HOUR)


def one_row(tag, observed, readings, totals, videos, start, end, length, past) -> Row:
    row: Row = {"hashtag": tag, "window_end": end, "window_length": round(length / timedelta(minutes=1))}
    row |= of_videos(observed, readings, videos, start, end)
    row["views_total"] = views_at(totals, end)
    day_before = views_at(totals, end - DAY)
    both = row["views_total"] is not None and day_before is not None
    row["delta_24h"] = row["views_total"] - day_before if both else None
    gained = gained_from_totals(totals, end, length)
    row["views_gained"] = row["views_increment"] if gained is None else gained
    row["v_source"] = "plays" if gained is None else "totals"
    before = past.get((tag, start), {})
    row["velocity"] = velocity(row, before)
    row["acceleration"] = acceleration(row["velocity"], before.get("velocity"))
    row["half_life_h"] = half_life(tag, row, end, length, past)
    row["z_14d"] = z_score(tag, row, end, length, past)
    return row


def of_videos(observed, readings, videos, start, end) -> Row:
    names = ("volume", "new_videos", "unique_creators", "unique_sounds", "views_increment", "increment_coverage")
    names += ("engagement_efficiency", "creator_dispersion", "novelty", "retention_6", "retention_24", "retention_72")
    row: Row = dict.fromkeys(names) | {f"{c}_rate": None for c in COUNTERS}
    if not observed:
        return row
    gains = [v["gain"] for v in observed if v["gain"] is not None]
    row["volume"] = len(observed)
    row["new_videos"] = sum(1 for v in observed if v["created_at"] is not None and start < v["created_at"] <= end)
    row["unique_creators"] = len({v["creator_id"] for v in observed} - {None})
    row["unique_sounds"] = len({v["sound_id"] for v in observed} - {None})
    row["views_increment"] = sum(gains) if gains else None
    row["increment_coverage"] = len(gains) / len(observed)
    for counter in COUNTERS:
        both = [v for v in observed if v[counter] is not None and v["plays"] is not None and v["plays"] > 0]
        row[f"{counter}_rate"] = sum(v[counter] for v in both) / sum(v["plays"] for v in both) if both else None
    parts = [row[f"{c}_rate"] for c in ("likes", "comments", "shares")]
    row["engagement_efficiency"] = None if parts == [None] * 3 else sum(p or 0.0 for p in parts)
    row["creator_dispersion"] = dispersion([v["creator_id"] for v in observed if v["creator_id"] is not None])
    row["novelty"] = novelty(observed, readings, videos, start)
    for age in (6, 24, 72):
        row[f"retention_{age}"] = retention(observed, end, age * HOUR)
    return row


def dispersion(creators: list[str]) -> float | None:
    if not creators:
        return None
    shares = [creators.count(c) / len(creators) for c in set(creators)]
    return 0.0 if len(shares) == 1 else -math.fsum(p * math.log(p) for p in shares) / math.log(len(shares))


def novelty(observed, readings, videos, start) -> float | None:
    earlier = {r["video_id"] for r in readings if start - DAY < r["fetched_at"] <= start}
    overlaps = []
    for kind in ("creator_id", "sound_id"):
        plays: dict[str, int] = defaultdict(int)
        for video in observed:
            if video[kind] is not None:
                plays[video[kind]] += video["plays"] or 0
        leaders = sorted(plays, key=lambda member: (-plays[member], member))[:20]
        before = {videos[v][kind] for v in earlier if v in videos}
        if leaders:
            overlaps.append(sum(1 for member in leaders if member in before) / len(leaders))
    return 1 - sum(overlaps) / len(overlaps) if overlaps else None


def retention(observed, end, limit) -> float | None:
    aged = [
        (end - v["created_at"], v["gain"]) for v in observed if v["created_at"] is not None and v["gain"] is not None
    ]
    old = [gain for age, gain in aged if limit <= age < 2 * limit]
    young = [gain for age, gain in aged if timedelta(0) <= age < limit]
    if len(old) < 3 or len(young) < 3 or sum(young) == 0:
        return None
    return (sum(old) / len(old)) / (sum(young) / len(young))


def velocity(row, before) -> float | None:
    x, x_prev = row["views_gained"], before.get("views_gained")
    if x is None or x_prev is None or row["v_source"] != before["v_source"]:
        return None
    if x_prev == 0:
        return 0.0 if x == 0 else 10.0
    return min(10.0, max(-1.0, (x - x_prev) / x_prev))


def acceleration(v, v_prev) -> float | None:
    if v is None or v_prev is None:
        return None
    return min(10.0, max(-10.0, (v - v_prev) / max(abs(v_prev), 0.1)))


def half_life(tag, row, end, length, past) -> float | None:
    points = []
    for back in range(12):
        there = row if back == 0 else past.get((tag, end - back * length))
        value = there and there["engagement_efficiency"]
        if value:
            points.append((-back * (length / HOUR), math.log(value)))
    if len(points) < 3:
        return None
    mean_x = math.fsum(x for x, _ in points) / len(points)
    mean_y = math.fsum(y for _, y in points) / len(points)
    slope = math.fsum((x - mean_x) * (y - mean_y) for x, y in points) / math.fsum((x - mean_x) ** 2 for x, _ in points)
    return min(720.0, math.log(2) / -slope) if slope < -1e-12 else None


def z_score(tag, row, end, length, past) -> float | None:
    values = []
    for back in range(1, timedelta(days=14) // length + 1):
        there = past.get((tag, end - back * length))
        if there and there["views_gained"] is not None and there["v_source"] == row["v_source"]:
            values.append(there["views_gained"])
    if row["views_gained"] is None or len(values) < 24:
        return None
    mean = math.fsum(values) / len(values)
    deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in values) / len(values))
    return (row["views_gained"] - mean) / deviation if deviation > 1e-12 * abs(mean) else None


def compare(rows: list[Row]) -> None:
    """Fill in momentum and emerging, which compare the rows of a window."""
    weights = {"velocity": 0.4, "acceleration": 0.3, "engagement_efficiency": 0.2, "creator_dispersion": 0.1}
    for row in rows:
        row["momentum"] = sum(w * rank(row[name], [r[name] for r in rows]) for name, w in weights.items())
    ordered = sorted(row["momentum"] for row in rows)
    for row in rows:
        high = row["momentum"] >= percentile(ordered, 95) - 1e-12
        row["emerging"] = high and (row["novelty"] or 0) >= 0.6 and (row["volume"] or 0) >= 3


def rank(value, values) -> float:
    readings = [round(v, 12) for v in values if v is not None]  # what is equal but for rounding errors is tied
    if value is None:
        return 0.5
    value = round(value, 12)
    below, same = sum(v < value for v in readings), sum(v == value for v in readings)
    return (below + (same + 1) / 2 - 0.5) / len(readings)


def percentile(ordered: list[float], percent: int) -> float:
    whole, rest = divmod(percent * (len(ordered) - 1), 100)
    above = ordered[min(whole + 1, len(ordered) - 1)]
    return ordered[whole] + (above - ordered[whole]) * rest / 100


def assert_equal(got: list[Row], want: list[Row]) -> None:
    """The fast rows are those of the reference, to 1e-9."""
    assert [(r["window_end"], r["hashtag"]) for r in got] == [(r["window_end"], r["hashtag"]) for r in want]
    for mine, theirs in zip(got, want, strict=True):
        assert set(theirs) == set(mine) - {"window"}
        for name, value in theirs.items():
            expected = pytest.approx(value, rel=1e-9, abs=1e-12) if isinstance(value, float) else value
            assert mine[name] == expected, (name, mine["hashtag"], mine["window_end"])
