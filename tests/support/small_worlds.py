"""Worlds small enough for tests, made once."""

from datetime import UTC, datetime, timedelta
from functools import cache

import polars as pl

from sources.standin.recorded_backend import RecordingBackend
from sources.world.parameters import WorldParameters
from sources.world.world import World

SMALL = WorldParameters(seed=3, days=30, hashtags=300, videos=15_000, creators=4_000, sounds=500)
MIDDLE = SMALL.start + timedelta(days=15, hours=9, minutes=7)
READ_AT = datetime(2025, 5, 14, 10, tzinfo=UTC)


@cache
def small_world() -> World:
    return World(SMALL)


def small_recording() -> RecordingBackend:
    """Three videos read once or twice, and the totals of two hashtags."""
    hour = timedelta(hours=1)
    videos = pl.DataFrame(
        {
            "video_id": ["7000000000000000001", "7000000000000000002", "7000000000000000003"],
            "created_at": [READ_AT - 30 * hour, READ_AT - 3 * hour, None],
            "creator_handle": ["anna", "ben", None],
            "creator_id": [None, None, "680001"],
            "caption": ["Look at my Dance", None, "cooking"],
            "hashtags": [["dance", "fyp"], ["dance"], ["recipe"]],
            "sound_id": ["71", "71", None],
            "duration_s": [12.5, None, 3.0],
        },
        schema_overrides={"created_at": pl.Datetime("us", "UTC"), "creator_id": pl.String},
    )
    readings = [
        ("7000000000000000001", READ_AT, 100, 10),
        ("7000000000000000001", READ_AT + 2 * hour, None, 12),
        ("7000000000000000002", READ_AT + hour, 40, 20),
        ("7000000000000000003", READ_AT + 3 * hour, 7, 1),
        ("7999999999999999999", READ_AT, 5, 1),
    ]
    snapshots = pl.DataFrame(
        {
            "video_id": [reading[0] for reading in readings],
            "fetched_at": [reading[1] for reading in readings],
            "plays": [reading[2] for reading in readings],
            "likes": [reading[3] for reading in readings],
            "comments": [1] * len(readings),
            "shares": [None] * len(readings),
        }
    )
    totals = pl.DataFrame(
        {
            "hashtag": ["fyp", "fyp", "booktok"],
            "fetched_at": [READ_AT, READ_AT + hour, READ_AT],
            "views_total": [5_000, 6_000, 900],
        }
    )
    return RecordingBackend(videos, snapshots, totals)
