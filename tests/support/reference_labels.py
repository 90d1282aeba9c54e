"""The label of docs/formulas.md, section 5, in slow, plain Python.

The fast labels have to equal it; it imports nothing of them.
"""

import math
from collections import defaultdict
from datetime import datetime
from typing import Any

from core.windows import DAY, HOUR

Row = dict[str, Any]


def labels_at(readings: list[Row], totals: list[Row], at: datetime) -> list[Row]:
    """Every hashtag labelled at `at`: hashtag, at, growth_24h, viral, surged_at, surged_totals_at, v_source."""
    plays_of: dict[str, dict[str, list[tuple[datetime, int]]]] = defaultdict(lambda: defaultdict(list))
    for r in readings:
        if r["plays"] is not None:
            plays_of[r["hashtag"]][r["video_id"]].append((r["fetched_at"], r["plays"]))
    totals_of = defaultdict(list)
    for r in totals:
        if r["views_total"] is not None:
            totals_of[r["hashtag"]].append((r["fetched_at"], r["views_total"]))
    tags = sorted(set(plays_of) | set(totals_of))
    curves = {tag: curve(totals_of[tag], plays_of[tag], at) for tag in tags}
    growths = {tag: growth(c, at + DAY) for tag, c in curves.items() if c is not None}
    if not growths:
        return []
    sources = {
        tag: "totals" if known(totals_of[tag], at) and known(totals_of[tag], at + DAY) else "plays" for tag in growths
    }
    theta = threshold(growths.values(), 0.05)
    mixed = len(set(sources.values())) == 2
    own = threshold([growths[tag] for tag in growths if sources[tag] == "totals"], 0.1) if mixed else math.inf
    return [
        {
            "hashtag": tag,
            "at": at,
            "growth_24h": grown,
            "viral": grown > 0 and grown >= theta,
            "surged_at": first(curves[tag], at, theta),
            "surged_totals_at": first(curves[tag], at, own) if sources[tag] == "totals" else None,
            "v_source": sources[tag],
        }
        for tag, grown in growths.items()
    ]


def threshold(growths, share) -> float:
    return sorted(growths, reverse=True)[max(1, math.floor(share * len(growths) + 0.5)) - 1]


def first(curve, at, bound):
    times, _, _ = curve
    return min((s for s in times if at < s <= at + DAY and growth(curve, s) >= bound), default=None)


def curve(totals, videos, at):
    """Times of readings, V(at), and V as a function of time, of one source known at both ends; None without."""
    if known(totals, at) and known(totals, at + DAY):

        def views(moment):
            return max(v for time, v in totals if time <= moment)

        return sorted(time for time, _ in totals), views(at), views
    mine = [sorted(readings) for readings in videos.values() if min(readings)[0] <= at]
    if not mine:
        return None

    def plays(moment):
        return sum([v for time, v in readings if time <= moment][-1] for readings in mine)

    return sorted(time for readings in mine for time, _ in readings), plays(at), plays


def known(totals, moment) -> bool:
    return any(moment - 6 * HOUR < time <= moment for time, _ in totals)


def growth(curve, moment) -> float:
    _, start, views = curve
    return (views(moment) - start) / max(start, 10000)
