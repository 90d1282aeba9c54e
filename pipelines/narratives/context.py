"""Context of a narrative beyond the metrics: a hashtag's theme, and the licensed sounds it shares with others."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from core.windows import DAY
from pipelines.narratives.evidence import Subject
from storage.lake.interface import Lake

POSTS = timedelta(days=3)
TITLES = timedelta(days=7)


def with_context(lake: Lake, subjects: Sequence[Subject], at: datetime) -> list[Subject]:
    """Return the subjects with their themes and the number of sounds that they share with each other."""
    if not subjects:
        return []
    tags = [subject.hashtag for subject in subjects]
    themes, sounds = themes_of(lake, tags, at), shared_sounds(lake, tags, at)
    return [
        replace(subject, theme=themes.get(subject.hashtag, ""), shared_sounds=sounds.get(subject.hashtag))
        for subject in subjects
    ]


def themes_of(lake: Lake, hashtags: Sequence[str], at: datetime) -> Mapping[str, str]:
    """Return hashtag -> label of its most recent theme in the day before `at`."""
    filed = lake.read("clusters", start=at - DAY, end=at, columns=["hashtag", "at", "cluster_id"])
    labels = lake.read("themes", start=at - DAY, end=at, columns=["cluster_id", "at", "theme_label"])
    mine = filed.filter(pl.col("hashtag").is_in(list(hashtags))).join(labels, ["cluster_id", "at"])
    newest = mine.sort("at").unique("hashtag", keep="last", maintain_order=True)
    return dict(newest.select("hashtag", "theme_label").iter_rows())


def shared_sounds(lake: Lake, hashtags: Sequence[str], at: datetime) -> Mapping[str, int]:
    """Return hashtag -> number of its licensed sounds that another of `hashtags` used too, in the day before `at`.

    It counts posts read in that day and first seen in the three days before `at`; a sound is licensed when its title
    was read in the last week. Hashtags without any sound known are left out.
    """
    seen = lake.read("video_snapshots", start=at - DAY, end=at, columns=["hashtag", "video_id"], ordered=False)
    mine = seen.filter(pl.col("hashtag").is_in(list(hashtags))).unique()
    posts = lake.read("videos", start=at - POSTS, end=at, columns=["video_id", "sound_id"], ordered=False)
    titles = lake.read("sound_snapshots", start=at - TITLES, end=at, columns=["sound_id", "title"], ordered=False)
    licensed = titles.filter(pl.col("title").is_not_null()).select("sound_id").unique()
    heard = (
        mine.join(posts.drop_nulls("sound_id").unique("video_id"), "video_id").select("hashtag", "sound_id").unique()
    )
    shared = heard.join(licensed, "sound_id").filter(pl.len().over("sound_id") > 1)
    counts = heard.select("hashtag").unique().join(shared.group_by("hashtag").len(), "hashtag", "left")
    return {tag: int(count or 0) for tag, count in counts.iter_rows()}
