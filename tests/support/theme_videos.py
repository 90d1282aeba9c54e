"""Videos of a few topics whose hashtags are used together, for tests of themes."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import polars as pl

from core.tables import VIDEOS
from core.windows import HOUR

T0 = datetime(2025, 5, 14, tzinfo=UTC)
TOPICS: Mapping[str, Sequence[str]] = {
    "cats": ("cat", "cats", "catsoftiktok", "kitten", "catlover", "meo", "funnycat", "kitty"),
    "football": ("football", "bongda", "messi", "ronaldo", "laliga", "derby", "realmadrid", "goal"),
    "travel": ("travel", "dulich", "danang", "phuquoc", "beach", "roadtrip", "vanlife", "hostel"),
    "tea": ("oolong", "sencha", "gaiwan", "teatok", "teapot", "puerh", "teaware", "gongfu"),
}
GENERIC = ("fyp", "viral", "foryou")


def videos(
    hours: int, seed: int = 0, start: datetime = T0, topics: Mapping[str, Sequence[str]] = TOPICS, each: int = 8
) -> pl.DataFrame:
    """Rows of `videos`: `each` a topic and hour, with three of its hashtags, one for everybody and a caption."""
    chance = random.Random(seed)
    rows = [
        {
            "video_id": f"{topic}-{start:%d%H}-{hour}-{number}",
            "hashtags": [*chance.sample(list(tags), 3), chance.choice(GENERIC)],
            "caption": f"a day of {topic} number {chance.randrange(99)}",
            "endpoint": "/tt/hashtag/posts",
            "platform": "tiktok",
            "window": start + (hour + 1) * HOUR,
        }
        for hour in range(hours)
        for topic, tags in topics.items()
        for number in range(each)
    ]
    return pl.DataFrame(rows, schema=VIDEOS.schema)
