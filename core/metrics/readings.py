"""How new readings enter the state: running maxima of totals, gains of plays, videos, their creators and sounds."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import polars as pl

from core.metrics.formulas import TOTALS_HORIZON
from core.metrics.keyed_frame import Keys, keys_of, pair_keys
from core.metrics.observed import LOOK_BACK, VideoReadings, floats, starts_of
from core.metrics.people import KINDS
from core.metrics.state import HashtagTable, MetricState
from core.metrics.time_log import Array, Flags, Ints, TimeLog

ATTRIBUTES = ("created_at", *KINDS)
MEMBERS = tuple(f"{kind}_key" for kind in KINDS)


def with_tags(state: MetricState, *frames: pl.DataFrame) -> MetricState:
    """Return the state with a code for every hashtag in `frames`."""
    names = pl.concat([frame["hashtag"] for frame in frames])
    return replace(state, tags=state.tags.including(names))


def with_videos(state: MetricState, videos: pl.DataFrame) -> MetricState:
    """Return the state with the attributes of `videos`; attributes that are known already stay unchanged."""
    keys = keys_of(videos["video_id"])
    rows = videos.select(pl.Series("key", keys), *ATTRIBUTES).filter(~state.videos.holds(keys))
    return replace(state, videos=state.videos.upsert(rows.unique("key", keep="first", maintain_order=True)))


def with_totals(state: MetricState, readings: pl.DataFrame, end: datetime) -> MetricState:
    """Return the state with readings of totals up to `end`.

    Parameters
    ----------
    state: the state before
    readings: hashtag, fetched_at, views_total; none earlier than the readings of its hashtag in the state
    end: readings of totals are kept for 30 h before this moment
    """
    tags = state.tags
    rows = (
        readings.with_columns(code=tags.codes(readings["hashtag"]))
        .lazy()
        .filter(pl.col("views_total").is_not_null())
        .sort("code", "fetched_at", "views_total")
        .select("code", "fetched_at", pl.col("views_total").cast(pl.Float64))
        .collect()
    )
    codes, times = rows["code"].to_numpy(), rows["fetched_at"].to_physical().to_numpy()
    peak = tags["peak"]
    views = np.fmax(_running_maximum(rows), peak[codes])
    before = _previous(codes, views, peak)
    rises = ~(views <= before)
    tags = tags.updated(
        peak=_placed(peak, codes, views),
        earlier_peak=_placed(tags["earlier_peak"], codes[rises], before[rises]),
        risen_at=_placed(tags["risen_at"], codes[rises], times[rises]),
    )
    order = np.argsort(times, kind="stable")
    log = TimeLog(times, codes, {"views": views}).part(order)
    return replace(state, tags=tags, totals=state.totals.extended(log, end - TOTALS_HORIZON))


def with_plays(state: MetricState, readings: VideoReadings, end: datetime) -> MetricState:
    """Return the state with the plays of readings up to `end`.

    A gain is what a reading adds to the last known plays of its video; the first reading gains all its plays.

    Parameters
    ----------
    state: the state before
    readings: readings of videos; none earlier than the readings of its pair in the state
    end: gains are kept for 24 h before this moment
    """
    played = np.flatnonzero(~np.isnan(readings.counters["plays"]))
    plays, times = readings.counters["plays"][played].astype(np.int64), readings.times[played]
    pairs = readings.pairs[played]
    first = starts_of(pairs)
    who, last = pairs[first], np.roll(first, -1)
    before = state.pairs.find(readings.keys[who])
    earlier = np.roll(plays, 1)
    earlier[first] = np.nan_to_num(floats(before["plays_before"])).astype(np.int64)
    since = floats(before["since"])
    since = np.where(np.isnan(since), times[first], since).astype(np.int64)
    log = TimeLog(
        times, readings.codes[pairs], {"gain": plays - earlier, "since": np.repeat(since, np.diff(_bounds(first)))}
    )
    newest = {"key": readings.keys[who], "plays_before": plays[last], "before_at": times[last], "since": since}
    return replace(
        state,
        tags=_with_gains(state.tags, log),
        pairs=state.pairs.upsert(pl.DataFrame(newest)),
        gains=state.gains.extended(log.part(np.argsort(times, kind="stable")), end - LOOK_BACK),
    )


def with_seen(state: MetricState, videos: pl.DataFrame, end: datetime) -> MetricState:
    """Return the state with the videos observed up to `end`; each pair is kept with the last time it was observed.

    Parameters
    ----------
    state: the state before
    videos: code, video, pair, read_at and the keys of `member_keys`
    end: pairs are kept for 24 h before this moment
    """
    times = videos["read_at"].to_physical().to_numpy()
    columns: dict[str, Array] = {name: videos[name].to_numpy() for name in ("pair", "video", *MEMBERS)}
    log = TimeLog(times, videos["code"].to_numpy(), columns).part(np.argsort(times, kind="stable"))
    again = pl.Series(state.seen["pair"]).is_in(pl.Series(columns["pair"])).to_numpy()
    return replace(state, seen=state.seen.part(~again).extended(log, end - LOOK_BACK))


def member_keys(tags: HashtagTable, codes: Array, attributes: pl.DataFrame) -> dict[str, Keys]:
    """Return the keys of the creators and sounds behind videos, by kind, 0 where unknown (N,).

    Parameters
    ----------
    tags: the hashtags
    codes: hashtag of each video (N,)
    attributes: creator_id and sound_id of each video (N rows)
    """
    of_tags = tags.keys[codes]
    keys = {kind: pair_keys(of_tags, keys_of(attributes[kind])) for kind in KINDS}
    return {kind: np.where(attributes[kind].is_not_null().to_numpy(), keys[kind], np.uint64(0)) for kind in KINDS}


def with_keys(readings: pl.DataFrame, tags: HashtagTable) -> pl.DataFrame:
    """Return video readings with `code` of the hashtag and the keys `video` and `pair`."""
    codes, videos = tags.codes(readings["hashtag"]), keys_of(readings["video_id"])
    keys: dict[str, Keys] = {"video": videos, "pair": pair_keys(tags.keys[codes.to_numpy()], videos)}
    return readings.with_columns(codes.alias("code"), *(pl.Series(name, key) for name, key in keys.items()))


def _running_maximum(rows: pl.DataFrame) -> Array:
    """Return the running maximum of views_total within each code of sorted rows."""
    codes = rows["code"].to_numpy()
    if (codes[1:] != codes[:-1]).all():
        return rows["views_total"].to_numpy()
    return rows.select(pl.col("views_total").cum_max().over("code")).to_series().to_numpy()


def _bounds(first: Flags) -> Ints:
    """Return where runs begin, and where the last one ends."""
    return np.append(np.flatnonzero(first), len(first))


def _with_gains(tags: HashtagTable, log: TimeLog) -> HashtagTable:
    since = tags["plays_since"].copy()
    np.minimum.at(since, log.codes, log["since"])
    return tags.updated(plays=tags["plays"] + log.total(log["gain"], len(tags)), plays_since=since)


def _previous(codes: Array, views: Array, peak: Array) -> Array:
    """Return the running maximum before each row of sorted `codes`: the row above, or the peak carried on."""
    first = np.ones(len(codes), bool)
    first[1:] = codes[1:] != codes[:-1]
    return np.where(first, peak[codes], np.roll(views, 1))


def _placed(values: Array, codes: Array, new: Array) -> Array:
    """Return `values` with the last of `new` of each code in its place."""
    placed = values.copy()
    placed[codes] = new
    return placed
