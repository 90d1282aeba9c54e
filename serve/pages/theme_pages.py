"""Themes as answers and pages show them: what each holds now, how it grows, where it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from core.events import EventKind
from core.windows import MICROSECOND
from serve.api import rows
from serve.api.hashtag_schemas import ThemeAnswer, TrendAnswer
from serve.api.problems import UnknownThing
from serve.pages.charts import Spark, spark
from serve.reading.reader import Reader
from serve.reading.snapshot import Snapshot
from serve.reading.themes import THEME_COLUMNS, with_growth
from storage.records.rows import EventRow

SPAN = timedelta(days=30)
MOST_EVENTS = 20_000
CHANGES = (EventKind.CLUSTER_BORN, EventKind.CLUSTER_SPLIT, EventKind.CLUSTER_MERGED, EventKind.CLUSTER_GONE)


@dataclass(frozen=True)
class ThemeCard:
    """A theme with the line of its views an hour."""

    theme: ThemeAnswer
    spark: Spark | None


@dataclass(frozen=True)
class ThemeChange:
    """One change of a cluster in words, with the other cluster that took part."""

    at: datetime
    words: str
    other: str | None = None


@dataclass(frozen=True)
class ThemeView:
    """One theme as its page shows it.

    Parameters
    ----------
    theme: as it is now, or as it last was
    gone: whether it is missing from the newest clustering
    views_spark: views an hour of its hashtags over the last days
    size_spark: number of its hashtags since it appeared, 30 days at most
    trends: its hashtags as measured in the newest window, most views gained first
    unmeasured: its other hashtags
    changes: its births, splits and merges, newest first
    """

    theme: ThemeAnswer
    gone: bool
    views_spark: Spark | None
    size_spark: Spark | None
    trends: Sequence[TrendAnswer]
    unmeasured: Sequence[str]
    changes: Sequence[ThemeChange]


def cards(snapshot: Snapshot, limit: int) -> list[ThemeCard]:
    """Return the themes whose hashtags gain most views now."""
    themes = rows.of_frame(ThemeAnswer, with_growth(snapshot.themes, snapshot).head(limit))
    lines = _views(snapshot, {theme.cluster_id: theme.members for theme in themes})
    return [ThemeCard(theme, lines.get(theme.cluster_id)) for theme in themes]


def theme_view(cluster_id: str, reader: Reader, snapshot: Snapshot) -> ThemeView:
    """Return the view of a theme; `UnknownThing` when no theme had that id in the last 30 days."""
    lake, start, mine = reader.lake, snapshot.now - SPAN, {"cluster_id": cluster_id}
    sizes = lake.read("themes", start=start, columns=("cluster_id", "at", "size"), where=mine)
    if sizes.is_empty():
        raise UnknownThing(
            f"there was no theme {cluster_id[:40]!r} in the last 30 days; /v1/themes lists those there are"
        )
    now = snapshot.themes.filter(cluster_id=cluster_id)
    if now.is_empty():
        last = sizes["at"].max()
        assert isinstance(last, datetime)
        there = lake.read("themes", start=last - MICROSECOND, end=last, columns=THEME_COLUMNS, where=mine)
        now = there.with_columns(size_24h_ago=pl.lit(None, pl.Int64))
    (theme,) = rows.of_frame(ThemeAnswer, with_growth(now, snapshot))
    measured = snapshot.trends.filter(pl.col("hashtag").is_in(theme.members))
    measured = measured.sort(["views_gained", "hashtag"], descending=[True, False], nulls_last=True)
    trends = rows.of_frame(TrendAnswer, measured)
    return ThemeView(
        theme=theme,
        gone=snapshot.themes.filter(cluster_id=cluster_id).is_empty(),
        views_spark=_views(snapshot, {cluster_id: theme.members}).get(cluster_id),
        size_spark=spark(sizes.sort("at")["size"].to_list()),
        trends=trends,
        unmeasured=sorted(set(theme.members) - {trend.hashtag for trend in trends}),
        changes=_changes(cluster_id, reader, max(theme.born_at, start)),
    )


def _views(snapshot: Snapshot, members: Mapping[str, Sequence[str]]) -> dict[str, Spark | None]:
    """Return the line of the views an hour of some themes' hashtags, by the id of the theme."""
    tags = pl.DataFrame(
        [(cluster_id, tag) for cluster_id, tags in members.items() for tag in tags],
        schema={"cluster_id": pl.String, "hashtag": pl.String},
        orient="row",
    )
    gained = snapshot.recent.select("hashtag", "window_end", "views_gained").drop_nulls("views_gained")
    hours = gained.join(tags, on="hashtag").group_by("cluster_id", "window_end").agg(pl.col("views_gained").sum())
    return {
        str(name): spark(line["views_gained"].to_list())
        for (name,), line in hours.sort("window_end").group_by("cluster_id", maintain_order=True)
    }


def _changes(cluster_id: str, reader: Reader, since: datetime) -> list[ThemeChange]:
    changes = [
        change
        for kind in CHANGES
        for event in reader.records.events(kind=kind, since=since, limit=MOST_EVENTS)
        if (change := _change(event, cluster_id)) is not None
    ]
    return sorted(changes, key=lambda change: (change.at, change.words), reverse=True)


def _change(event: EventRow, cluster_id: str) -> ThemeChange | None:
    """Return what an event changed about a cluster; None where it is about other clusters."""
    facts: dict[str, Any] = dict(event.detail)
    mine = event.subject == cluster_id
    match event.kind:
        case EventKind.CLUSTER_BORN if mine:
            return ThemeChange(event.at, f"appeared with {facts['size']} hashtags")
        case EventKind.CLUSTER_SPLIT if mine:
            return ThemeChange(event.at, f"split off with {facts['size']} hashtags from", facts["parent"])
        case EventKind.CLUSTER_SPLIT if facts["parent"] == cluster_id:
            return ThemeChange(event.at, f"lost {facts['size']} hashtags to", event.subject)
        case EventKind.CLUSTER_MERGED if mine:
            return ThemeChange(event.at, f"went with its {facts['size']} hashtags into", facts["into"])
        case EventKind.CLUSTER_MERGED if facts["into"] == cluster_id:
            return ThemeChange(event.at, f"took in {facts['size']} hashtags of", event.subject)
        case EventKind.CLUSTER_GONE if mine:
            return ThemeChange(event.at, f"fell apart, last with {facts['size']} hashtags")
        case _:
            return None
