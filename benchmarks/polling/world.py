"""The simulated world as a planner sees it, without HTTP: the same posts as the stand-in server's answers to its polls.

`tests/benchmarks/polling/test_world.py` holds it against polls that really went through server, client and tables.
"""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import polars as pl

from core.tables import HASHTAG_SNAPSHOTS, VIDEOS
from core.windows import window_end
from pipelines.polling.plan import POSTS_A_PAGE, PlannedRequest
from pipelines.polling.sightings import SCHEMA
from pipelines.polling.state import PollKind
from sources.ensembledata.requests import Endpoint
from sources.standin.backend import Sorting
from sources.world.draws import Integers
from sources.world.world import World

SEEN = ("video_id", "created_at", "hashtags", "window")
READ = ("hashtag", "fetched_at", "views_total", "window")


class PolledWorld:
    """Answers the polls of one planner and remembers which videos it has seen.

    Parameters
    ----------
    world: the world
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._seen = np.zeros(len(world.videos.tag), bool)
        self._names = np.asarray(world.hashtags, object)

    def answer(
        self, planned: Sequence[PlannedRequest], at: datetime
    ) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Return what `absorb` takes: totals read, videos first seen, and which poll saw them."""
        sightings: dict[str, list[object]] = {name: [] for name in SCHEMA}
        read, fresh = [], []
        for call in sorted(planned, key=lambda call: call.request.request_id(at)):
            action, name, page, shown = look(self._world, call, at)
            new = shown[~self._seen[shown]]
            self._seen[new] = True
            fresh.append(new)
            sightings["video_id"] += [str(video) for video in new.tolist()]
            poll = {"action": action, "name": name, "page": page, "fetched_at": at}
            for column, value in (poll | {"request_id": call.request.request_id(at)}).items():
                sightings[column] += [value] * len(new)
            if action is PollKind.FEED:
                read.append(name)
        totals = pl.DataFrame(
            {"hashtag": read, "fetched_at": at, "views_total": 1, "window": window_end(at)},
            schema={name: HASHTAG_SNAPSHOTS.schema[name] for name in READ},
        )
        videos = self._videos(np.concatenate([np.zeros(0, np.int64), *fresh]), at)
        return totals, videos, pl.DataFrame(sightings, schema=SCHEMA)

    def _videos(self, index: Integers, at: datetime) -> pl.DataFrame:
        videos, start = self._world.videos, self._world.parameters.start_s
        created_us = (start + np.round(videos.created_h[index] * 3600).astype(np.int64)) * 1_000_000
        frame = pl.DataFrame(
            {
                "video_id": [str(video) for video in index.tolist()],
                "created_at": pl.Series(created_us, dtype=pl.Int64).cast(VIDEOS.schema["created_at"]),
                "hashtags": [self._names[videos.members.of_video(video)].tolist() for video in index.tolist()],
            },
            schema_overrides={"hashtags": pl.List(pl.String)},
        )
        return frame.with_columns(pl.lit(window_end(at)).alias("window")).select(SEEN)


def look(world: World, call: PlannedRequest, at: datetime) -> tuple[PollKind, str, int, Integers]:
    """Return which poll a request is (action, name, page), and the numbers of the videos on its answer."""
    params = call.request.params
    name = params["name"]
    if call.request.endpoint is Endpoint.KEYWORD_SEARCH:
        first = int(params["cursor"])
        videos = world.matching(name, at, int(params["period"]), Sorting(params["sorting"]))
        return PollKind.SEARCH, name, first // POSTS_A_PAGE, videos[first : first + POSTS_A_PAGE]
    walked = world.feed(name, at)[: int(params["max_cursor"])]
    oldest = world.parameters.hours(at) - 24.0 * int(params["days"])
    return PollKind.FEED, name, 0, walked[world.videos.created_h[walked] >= oldest]
