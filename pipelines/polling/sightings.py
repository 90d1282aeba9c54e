"""Which poll returned which video: the planner credits the poll that returned a video first."""

import polars as pl

from core.tables import RAW
from pipelines.normalise.counts import whole_number
from pipelines.normalise.raw import parameters, unpack
from pipelines.polling.plan import POSTS_A_PAGE
from pipelines.polling.state import PollKind
from sources.ensembledata.requests import Endpoint

COLUMNS = ("request_id", "endpoint", "params", "body", "fetched_at")
POLL_COLUMNS = {"request_id": pl.String(), "action": pl.String(), "name": pl.String(), "page": pl.Int64()}
SCHEMA = {
    "action": pl.String(),
    "name": pl.String(),
    "page": pl.Int64(),
    "video_id": pl.String(),
    "fetched_at": RAW.schema["fetched_at"],
    "request_id": pl.String(),
}
ACTIONS = {Endpoint.KEYWORD_SEARCH.value: PollKind.SEARCH, Endpoint.HASHTAG_RECENT_POSTS.value: PollKind.FEED}


def sightings(raw: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Return a row for every post that a poll returned, columns as `SCHEMA`, in the order of `posts`.

    Parameters
    ----------
    raw: rows of table `raw`; requests to endpoints that the planner doesn't poll, or without a name, are left out
    posts: every post of these pages: video_id, fetched_at, request_id
    """
    requests = raw.filter(pl.col("endpoint").is_in(list(ACTIONS))).unique("request_id", maintain_order=True)
    polls = []
    for request_id, endpoint, params in requests.select("request_id", "endpoint", "params").iter_rows():
        query = parameters(params)
        cursor = whole_number(query.get("cursor", 0))
        if isinstance(query.get("name"), str) and cursor is not None:
            polls.append((request_id, ACTIONS[endpoint], query["name"], cursor // POSTS_A_PAGE))
    of_request = pl.DataFrame(polls, schema=POLL_COLUMNS, orient="row")
    return posts.join(of_request, on="request_id", maintain_order="left").select(list(SCHEMA))


def raw_sightings(raw: pl.DataFrame) -> pl.DataFrame:
    """Return the sightings of raw pages, read from their bodies.

    Parameters
    ----------
    raw: rows of table `raw`, at least `COLUMNS`
    """
    polled = raw.filter(pl.col("body").is_not_null() & pl.col("endpoint").is_in(list(ACTIONS)))
    posts = [
        (str(post["aweme_id"]), fetched_at, request_id)
        for request_id, body, fetched_at in polled.select("request_id", "body", "fetched_at").iter_rows()
        for post in unpack(body)["posts"]
    ]
    schema = {name: SCHEMA[name] for name in ("video_id", "fetched_at", "request_id")}
    return sightings(polled, pl.DataFrame(posts, schema=schema, orient="row"))
