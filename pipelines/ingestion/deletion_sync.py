"""Erases posts that were deleted on the platform: a few are looked up every day."""

from datetime import date, datetime, timedelta

import polars as pl
import xxhash

from core.tables import RAW, VIDEOS
from pipelines.normalise.raw import parameters, unpack
from pipelines.normalise.walk import REMOVED
from pipelines.operations.forget import TORN_ID, erase
from pipelines.polling.plan import PlannedRequest
from sources.ensembledata.requests import MULTI_INFO_IDS, Endpoint, multi_info
from storage.lake.interface import Lake

PURPOSE = "deletion_sync"
LEAST_AGE = timedelta(days=1)
UNITS_A_POST = 2
FAULT_FROM = 3
COLUMNS = ("endpoint", "params", "body")
REMOVED_POSTS = frozenset((REMOVED,))


def due(lake: Lake, now: datetime, posts: int, units: int) -> PlannedRequest | None:
    """Return the request that looks up a random sample of `posts` videos, fewer if `units` don't suffice, or None."""
    count = min(posts, units // UNITS_A_POST, MULTI_INFO_IDS)
    if count <= 0:
        return None
    videos = lake.read(VIDEOS.name, end=now - LEAST_AGE, columns=["video_id"])["video_id"].to_list()
    chosen = sorted(videos, key=lambda video: _lot(now.date(), video))[:count]
    return PlannedRequest(multi_info(chosen), PURPOSE) if chosen else None


def erase_gone(lake: Lake, start: datetime, end: datetime) -> int:
    """Erase the videos that look-ups in these windows found deleted; return their number."""
    missing = gone(lake.read(RAW.name, start=start, end=end, columns=list(COLUMNS)))
    if missing:
        erase(lake, missing, [])
    return len(missing)


def gone(raw: pl.DataFrame) -> list[str]:
    """Return the ids that were looked up and are missing from the answer.

    An answer that lacks all of three or more ids counts as a fault of the source, not as deletions.
    """
    missing: set[str] = set()
    looked_up = raw.filter((pl.col("endpoint") == Endpoint.MULTI_INFO.value) & pl.col("body").is_not_null())
    for _, params, body in looked_up.select(COLUMNS).iter_rows():
        page = unpack(body)
        if not REMOVED_POSTS.issuperset(page.get("set_aside", {})):
            continue  # what can't be read may be the post that was looked up
        requested = set(str(parameters(params).get("ids", TORN_ID)).split(";")) - {TORN_ID}
        answered = {str(post["aweme_id"]) for post in page["posts"]}
        if answered or len(requested) < FAULT_FROM:
            missing |= requested - answered
    return sorted(missing)


def _lot(day: date, video: str) -> str:
    return xxhash.xxh64_hexdigest(f"{day}|{video}")
