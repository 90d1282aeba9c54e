"""The backend over a recording: it shows what had been read of each post and hashtag by the given time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import xxhash

from core.hashtags import clean_hashtag
from core.windows import DAY, EPOCH, micros, require_utc
from sources.standin.backend import PAGE_POSTS, RecentPosts, Sorting, Totals, page_of
from sources.standin.post import Counters, Post, Poster, PostPage, Sound
from sources.standin.recorded_readings import RecordedTotalReadings, RecordedVideoReadings
from sources.standin.recorded_society import RecordedSociety
from sources.standin.society import Society

MOMENTS_KEPT = 8


class RecordingBackend:
    """Implements `sources.standin.backend.Backend` over the parts of a `sources.recordings.loading.Recording`.

    A post exists from its first reading on, a hashtag from the first reading of its total or of one of its posts. Feeds
    show first what was read last. Totals that were not recorded are the sum of the last known plays.

    Parameters
    ----------
    videos, video_snapshots, hashtag_snapshots: as `Recording` has them; None for a part that is missing
    """

    def __init__(
        self,
        videos: pl.DataFrame | None,
        video_snapshots: pl.DataFrame | None,
        hashtag_snapshots: pl.DataFrame | None,
    ) -> None:
        self._readings = RecordedVideoReadings(videos, video_snapshots)
        self._totals = RecordedTotalReadings(hashtag_snapshots)
        self._moment = lru_cache(maxsize=MOMENTS_KEPT)(self._order)
        self._shown = self._readings.videos
        self._numbers = {video_id: number for number, video_id in enumerate(self._shown["video_id"].to_list())}
        tags: dict[str, list[int]] = {}
        for number, carried in enumerate(self._shown["hashtags"].to_list()):
            for tag in carried or ():
                tags.setdefault(tag, []).append(number)
        self._tagged = {tag: np.asarray(numbers, np.int64) for tag, numbers in tags.items()}
        posters = [_poster(row) for row in self._shown.iter_rows(named=True)]
        self.society: Society = RecordedSociety(posters, self._shown["sound_id"].to_list(), self._there)
        self._words = self._shown.select(
            pl.concat_str(
                pl.col("caption").fill_null(""), pl.col("hashtags").list.join(" "), separator=" "
            ).str.to_lowercase()
        ).to_series()

    def hashtag_page(self, name: str, at: datetime, cursor: int, count: int = PAGE_POSTS) -> PostPage:
        """See `Backend`."""
        return self._page(self._feed(name, at), at, cursor, count)

    def recent(self, name: str, at: datetime, days: int, max_cursor: int) -> RecentPosts:
        """See `Backend`."""
        feed = self._feed(name, at)
        chunks = min(-(-max(0, max_cursor) // PAGE_POSTS), -(-len(feed) // PAGE_POSTS))
        walked = feed[: chunks * PAGE_POSTS]
        fresh = walked[self._readings.created[walked] >= micros(at - timedelta(days=min(days, 20_000)))]
        return RecentPosts(self._posts(fresh, at), chunks)

    def totals(self, name: str, at: datetime) -> Totals | None:
        """See `Backend`."""
        tag = clean_hashtag(name)
        seen = self._feed(tag, at)
        views, videos = self._totals.at(tag, at)
        if views is None and not len(seen):
            return None
        return Totals(
            _tag_id(tag), self._readings.known_plays(seen, at) if views is None else views, videos or len(seen)
        )

    def search(
        self, keyword: str, at: datetime, period: int, sorting: Sorting, cursor: int, count: int, exactly: bool
    ) -> PostPage:
        """See `Backend`: posts whose caption or hashtags hold the keyword; exactly, as a word of its own."""
        order = self._moment(at)
        videos = order[np.isin(order, self._matching(keyword, exactly))]
        created = self._readings.created
        if period:
            videos = videos[created[videos] >= micros(at - period * DAY)]
        if sorting is Sorting.RECENT:
            videos = videos[np.argsort(-created[videos], kind="stable")]
        elif sorting is Sorting.LIKES:
            likes = self._readings.counters[self._readings.last(at)[videos], 1]
            videos = videos[np.argsort(-np.nan_to_num(likes, nan=-1.0), kind="stable")]
        return self._page(videos, at, cursor, count)

    def posts(self, ids: Sequence[str], at: datetime) -> tuple[Post, ...]:
        """See `Backend`."""
        videos = [self._numbers[post_id] for post_id in dict.fromkeys(ids) if post_id in self._numbers]
        return self._there(np.asarray(videos, np.int64), at)

    def busy_tags(self, at: datetime, count: int) -> list[str]:
        """See `Backend`: those with most posts read in the last day; where none were, those with the largest totals."""
        last = self._readings.last(at)
        since = micros(at - DAY)
        fresh = np.append(self._readings.times, 0)[last] > since
        busy = {tag: int((fresh & (last >= 0))[numbers].sum()) for tag, numbers in self._tagged.items()}
        named = sorted((tag for tag, posts in busy.items() if posts), key=lambda tag: (-busy[tag], tag))
        return list(dict.fromkeys([*named, *self._totals.largest(at)]))[:count]

    def _feed(self, name: str, at: datetime) -> npt.NDArray[np.int64]:
        numbers = self._tagged.get(clean_hashtag(name))
        if numbers is None:
            return np.zeros(0, np.int64)
        places = self._place(at)[numbers]
        there = places >= 0
        return numbers[there][np.argsort(places[there], kind="stable")]

    def _order(self, at: datetime) -> npt.NDArray[np.int64]:
        """All posts there are, those read last first, then those with more plays."""
        last = self._readings.last(at)
        there = np.flatnonzero(last >= 0)
        rows = last[there]
        plays = np.nan_to_num(self._readings.counters[rows, 0], nan=-1.0)
        return there[np.lexsort((there, -plays, -self._readings.times[rows]))]

    def _place(self, at: datetime) -> npt.NDArray[np.int64]:
        """Position of each post in the order, -1 for those not there."""
        order = self._moment(at)
        places = np.full(self._shown.height, -1, np.int64)
        places[order] = np.arange(len(order))
        return places

    def _matching(self, keyword: str, exactly: bool) -> npt.NDArray[np.int64]:
        word = keyword.strip().lower()
        if not word:
            return np.zeros(0, np.int64)
        if not exactly:
            return np.flatnonzero(self._words.str.contains(word, literal=True).to_numpy())
        words = self._words.str.replace_all(r"[#,.!?]", " ").str.split(" ")
        return np.flatnonzero(words.list.contains(word).to_numpy())

    def _page(self, videos: npt.NDArray[np.int64], at: datetime, cursor: int, count: int) -> PostPage:
        numbers, more = page_of(videos.tolist(), cursor, count)
        return PostPage(self._posts(np.asarray(numbers, np.int64), at), more)

    def _there(self, videos: npt.NDArray[np.int64], at: datetime) -> tuple[Post, ...]:
        """Posts of those videos that had been read by then."""
        return self._posts(videos[self._readings.last(at)[videos] >= 0], at)

    def _posts(self, videos: npt.NDArray[np.int64], at: datetime) -> tuple[Post, ...]:
        last = self._readings.last(at)
        rows = self._shown[videos.tolist()].iter_rows(named=True) if len(videos) else ()
        counts = self._readings.counts(last[videos])
        return tuple(_post(row, count) for row, count in zip(rows, counts, strict=False))


def _poster(video: dict[str, Any], followers: int | None = None) -> Poster:
    """Who posted a recorded video; without a handle one is made of the id, without an id one of the handle."""
    handle = video["creator_handle"] or f"user{video['creator_id'] or ''}"
    uid = video["creator_id"] or _digits(handle, 19)
    return Poster(uid, handle, f"MS4wLjABAAAA{_digits(uid, 20)}", handle, "", video["region"] or "", "", followers)


def _post(video: dict[str, Any], counts: list[int | None]) -> Post:
    """A recorded video with one reading's plays, likes, comments, shares, saves, followers and sound uses."""
    sound = video["sound_id"]
    return Post(
        post_id=video["video_id"],
        created_s=int((require_utc(video["created_at"]) - EPOCH).total_seconds()) if video["created_at"] else 0,
        text=video["caption"] or "",
        tags=tuple((tag, _tag_id(tag)) for tag in video["hashtags"] or ()),
        mention=None,
        language=video["language"] or "un",
        region=video["region"] or "",
        duration_s=float(video["duration_s"] or 0),
        photo=False,
        ad=bool(video["is_ad"]),
        account=_poster(video, counts[5]),
        sound=Sound(sound, video["sound_title"] or "", "", None, 0, counts[6], bool(video["sound_licensed"]))
        if sound
        else None,
        counters=Counters(*counts[:5]),
    )


def _tag_id(tag: str) -> str:
    return _digits(tag, 16)


def _digits(text: str, count: int) -> str:
    return str(xxhash.xxh64_intdigest(text) % 10**count)
