"""Random evidence for the corpus: figures of one to three hashtags in windows of several lengths."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.grounding.printed_numbers import words

TAGS = words(
    "booktok gymtok cleantok mealprep roadbike f1 top10 catsoftiktok thriftfinds sourdough kpop nailart plantmom diy "
    "2025goals studywithme skincare vanlife retro90s coffeetime ootd pilates microbakery crochet"
)
SOUNDS = ("Golden Hour", "Slow Mornings", "Paper Kites", "Blue 52", "Rise Again", "Espresso Run", "Night Drive")
CREATORS = ("lena_bakes", "marcoruns", "thedailydesk", "studio.noa")
WINDOWS = (1, 3, 6, 12, 24, 48, 168)


@dataclass(frozen=True)
class CorpusFigure:
    """A figure of the evidence."""

    id: str
    tag: str
    name: str
    value: float
    unit: str
    hours: float
    end: str

    def as_json(self) -> dict[str, Any]:
        """Return the figure as an evidence file holds it."""
        return {
            "id": self.id,
            "hashtag": self.tag,
            "metric": self.name,
            "value": self.value,
            "unit": self.unit,
            "window_end": self.end,
            "window_h": self.hours,
        }


class HashtagFigures:
    """The figures of one hashtag and window, by name; a figure without such a window keeps its own."""

    def __init__(self, figures: list[CorpusFigure], name: str, hours: float) -> None:
        self._by_name = {
            figure.name: figure for figure in figures if figure.tag == name and figure.hours in (hours, 1.0, 24.0)
        }
        self._by_name |= {figure.name: figure for figure in figures if figure.tag == name and figure.hours == hours}
        self.tag, self.hours = name, hours

    def __getitem__(self, name: str) -> CorpusFigure:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name


def random_figures(
    rng: random.Random, tags: int = 1, windows: int = 1, ranked: bool | None = None
) -> list[CorpusFigure]:
    """Every metric of docs/formulas.md, section 3, with probability, rank and growth quantiles, by window."""
    at = datetime(2026, rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23), tzinfo=UTC)
    names = rng.sample(TAGS, tags)
    lengths = rng.sample(WINDOWS[:5], windows)
    has_rank = rng.random() < 0.5 if ranked is None else ranked
    rows: list[tuple[str, str, float, str, float]] = []
    for tag in names:
        size = 10 ** rng.uniform(2.3, 6.8)
        for hours in lengths:
            rows += _windowed(rng, tag, size * hours**0.7, hours)
        rows += _standing(rng, tag, size, has_rank)
    return [
        CorpusFigure(f"m{number}", tag, name, value, unit, hours, (at - timedelta(hours=0)).isoformat())
        for number, (tag, name, value, unit, hours) in enumerate(rows, 1)
    ]


def _windowed(rng: random.Random, tag: str, size: float, hours: float) -> list[tuple[str, str, float, str, float]]:
    """Return the figures of one window."""
    gained = float(round(size * rng.uniform(0.3, 2)))
    videos = rng.randint(12, 900)
    velocity = (
        rng.choice([-1, 1]) * round(rng.uniform(0.03, 0.95), 4) if rng.random() < 0.8 else round(rng.uniform(1, 6), 3)
    )
    acceleration = rng.choice([-1, 1]) * round(rng.uniform(0.02, 3), 4)
    counts = {
        "views_gained": gained,
        "views_increment": float(round(gained * rng.uniform(0.5, 0.9))),
        "volume": videos,
        "new_videos": rng.randint(3, videos),
        "unique_creators": rng.randint(4, videos),
        "unique_sounds": rng.randint(2, videos),
    }
    ratios = {
        "velocity": velocity,
        "acceleration": acceleration,
        "likes_rate": round(rng.uniform(0.01, 0.2), 4),
        "comments_rate": round(rng.uniform(0.001, 0.03), 5),
        "shares_rate": round(rng.uniform(0.001, 0.05), 5),
        "engagement_efficiency": round(rng.uniform(0.02, 0.28), 4),
        "creator_dispersion": round(rng.uniform(0.1, 1), 4),
        "novelty": round(rng.uniform(0.05, 0.98), 4),
    }
    rows = [(tag, name, float(value), "count", float(hours)) for name, value in counts.items()]
    rows += [(tag, name, value, "ratio", float(hours)) for name, value in ratios.items()]
    return [*rows, (tag, "momentum", round(rng.uniform(0.05, 0.99), 3), "score", float(hours))]


def _standing(rng: random.Random, tag: str, size: float, ranked: bool) -> list[tuple[str, str, float, str, float]]:
    """Return the figures that don't depend on the window."""
    low = round(rng.uniform(-0.05, 0.2), 3)
    rows = [
        (tag, "views_total", float(round(size * rng.uniform(40, 900))), "count", 1.0),
        (tag, "probability", round(rng.uniform(0.02, 0.98), 3), "ratio", 24.0),
        (tag, "growth_p10", low, "ratio", 24.0),
        (tag, "growth_p50", round(low + rng.uniform(0.05, 0.4), 3), "ratio", 24.0),
        (tag, "growth_p90", round(low + rng.uniform(0.5, 2), 3), "ratio", 24.0),
        (tag, "half_life_h", round(rng.uniform(3, 90), 1), "hours", 1.0),
        (tag, "z_14d", round(rng.uniform(-2.5, 6), 2), "score", 1.0),
        (tag, "delta_24h", float(round(size * rng.uniform(4, 30))), "count", 24.0),
        (tag, "retention_24", round(rng.uniform(0.1, 0.95), 3), "ratio", 1.0),
    ]
    return [*rows, (tag, "rank", float(rng.randint(2, 40)), "count", 24.0)] if ranked else rows
