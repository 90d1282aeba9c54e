"""Leading hashtags of made-up cycles: plausible figures, another draw every hour."""

from datetime import UTC, datetime, timedelta

import numpy as np

from pipelines.narratives.evidence import Subject

START = datetime(2026, 1, 20, tzinfo=UTC)
TAGS = [
    "booktok",
    "gymtok",
    "glassskin",
    "mealprep",
    "streetfood",
    "latteart",
    "thriftflip",
    "sourdough",
    "nightrun",
    "desksetup",
    "plantmom",
    "lowbudget",
    "slowliving",
    "crochet",
    "petsoftiktok",
    "campingfood",
    "studywithme",
    "nailart",
    "airfryer",
    "padel",
    "matcha",
    "pickleball",
    "citypop",
    "recipes",
]


def made_up_cycle(hour: int, top: int) -> list[Subject]:
    """The `top` leading hashtags of an hour, best first; the same hour gives the same figures."""
    rng = np.random.default_rng(hour)
    at = START + timedelta(hours=hour)
    chances = np.sort(rng.uniform(0.1, 0.9, top))[::-1]
    return [
        Subject(
            hashtag=str(tag),
            at=at,
            prediction={"probability": float(chance), "rank": place},
            measured={
                "views_gained": float(np.exp(rng.normal(9.5, 1.2))),
                "velocity": float(rng.normal(0.2, 0.3)),
                "delta_24h": float(np.exp(rng.normal(12.0, 1.2))),
                "unique_creators": float(rng.integers(2, 90)),
                "novelty": float(rng.uniform(0.1, 0.9)),
                "engagement_efficiency": float(rng.uniform(0.02, 0.2)),
            },
            theme="",
            shared_sounds=int(rng.integers(0, 6)),
        )
        for place, (tag, chance) in enumerate(zip(rng.permutation(TAGS)[:top], chances, strict=True), 1)
    ]
