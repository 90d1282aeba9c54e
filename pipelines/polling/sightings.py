"""Which poll saw which video, read from the raw pages: the planner credits the first to see one."""

import zlib
from typing import Any

import orjson
import polars as pl

from core.tables import RAW
from pipelines.polling.plan import POSTS_A_PAGE
from pipelines.polling.state import Action
from sources.ensembledata.requests import Endpoint

COLUMNS = ("request_id", "endpoint", "params", "body", "fetched_at")
SCHEMA = {
    "action": pl.String(),
    "name": pl.String(),
    "page": pl.Int64(),
    "video_id": pl.String(),
    "fetched_at": RAW.schema["fetched_at"],
    "request_id": pl.String(),
}
ACTIONS = {Endpoint.KEYWORD_SEARCH.value: Action.SEARCH, Endpoint.HASHTAG_RECENT_POSTS.value: Action.FEED}


def opened(body: bytes) -> list[dict[str, Any]]:
    """Return the posts of a raw page."""
    posts: list[dict[str, Any]] = orjson.loads(zlib.decompress(body))["posts"]
    return posts


def sightings(raw: pl.DataFrame) -> pl.DataFrame:
    """Return a row for every post of every page, columns as `SCHEMA`.

    Parameters
    ----------
    raw: rows of table `raw`, at least `COLUMNS`; pages of other endpoints and failed ones are left out
    """
    rows: list[tuple[Any, ...]] = []
    for request_id, endpoint, params, body, fetched_at in raw.select(COLUMNS).iter_rows():
        if body is None or endpoint not in ACTIONS:
            continue
        asked = orjson.loads(params)
        poll = (ACTIONS[endpoint], asked["name"], int(asked.get("cursor", 0)) // POSTS_A_PAGE)
        rows += [(*poll, str(post["aweme_id"]), fetched_at, request_id) for post in opened(body)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
