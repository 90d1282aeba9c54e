"""What each kind of hashtag does, seen from the truth that no client sees."""

import itertools
from datetime import timedelta
from functools import cache

import numpy as np
import polars as pl

from sources.world.kinds import HashtagKind
from sources.world.tags import KINDS
from tests.support.small_worlds import SMALL, small_world

DAY_H = 24.0


@cache
def waves() -> pl.DataFrame:
    """One row a wave well inside the span: what its tag gained in the day after its onset and in the one before."""
    world = small_world()
    rows = []
    onsets = world.streams.onset_h()
    for tag, onset in zip(world.streams.tag.tolist(), onsets.tolist(), strict=True):
        if not 3 * DAY_H < onset < DAY_H * (SMALL.days - 4):
            continue
        name = world.hashtags[tag]
        at = [SMALL.start + timedelta(hours=onset + step * DAY_H) for step in (-1, 0, 1, 2)]
        views = [world.true_views(name, moment) for moment in at]
        made = world.videos.members.of_tag(tag)
        hours = world.videos.created_h[made]
        fresh = made[(hours >= onset) & (hours < onset + 2 * DAY_H)]
        rows.append(
            {
                "kind": world.tags.kind(tag).value,
                "gained_before": views[1] - views[0],
                "gained": views[3] - views[1],
                "growth": (views[3] - views[1]) / max(views[1], 1e4),
                "creators": len(np.unique(world.videos.creator[fresh])),
                "posts": len(fresh),
                "posts_before": int(((hours >= onset - 2 * DAY_H) & (hours < onset)).sum()),
            }
        )
    return pl.DataFrame(rows)


def of(kind: HashtagKind) -> pl.DataFrame:
    of_kind = waves().filter(pl.col("kind") == kind.value)
    assert of_kind.height >= 5
    return of_kind


def test_every_kind_occurs_and_the_truth_names_it() -> None:
    truth = small_world().truth()
    assert set(truth["kind"]) == {kind.value for kind in KINDS}
    quiet = truth.filter(pl.col("surge_at").list.len() == 0)
    assert set(quiet["kind"]) == {"evergreen"}
    assert truth.filter(pl.col("kind") == "evergreen")["surge_at"].list.len().max() == 0
    assert truth["theme"].n_unique() == 13


def test_organic_surges_bring_posts_creators_and_views() -> None:
    organic = of(HashtagKind.ORGANIC_SURGE)
    assert organic["posts"].median() > 2 * organic["posts_before"].median()
    assert organic["gained"].median() > 2 * 2 * organic["gained_before"].median()
    assert (organic["creators"] / organic["posts"]).median() > 0.9


def test_fizzles_begin_like_surges_and_bring_fewer_views() -> None:
    fizzle, organic = of(HashtagKind.FIZZLE), of(HashtagKind.ORGANIC_SURGE)
    assert fizzle["posts"].median() > 1.3 * fizzle["posts_before"].median()
    assert fizzle["growth"].median() < organic["growth"].median()


def test_boosted_tags_gain_views_without_creators() -> None:
    boosted, organic = of(HashtagKind.BOOSTED), of(HashtagKind.ORGANIC_SURGE)
    per_creator = [
        (wave["gained"] / wave["gained_before"].clip(1) / wave["creators"].clip(1)) for wave in (boosted, organic)
    ]
    assert per_creator[0].median() > 3 * per_creator[1].median()
    streams = small_world().streams
    videos = small_world().videos
    for stream in np.flatnonzero(streams.one_creator)[:10].tolist():
        assert len(np.unique(videos.creator[videos.stream == stream])) <= 1


def test_boosted_posts_are_hardly_liked() -> None:
    world = small_world()
    boosted = world.streams.one_creator[world.videos.stream] > 0
    likes = world.videos.rates[:, 0]
    assert np.median(likes[boosted]) < 0.3 * np.median(likes[~boosted])


def test_early_posts_of_a_surge_engage_more_before_they_are_amplified() -> None:
    world = small_world()
    streams, videos = world.streams, world.videos
    kinds = world.tags.kinds[videos.tag]
    organic = (videos.stream >= len(world.hashtags)) & (kinds == KINDS.index(HashtagKind.ORGANIC_SURGE))
    early = organic & (videos.created_h < streams.middle_h[videos.stream])
    steady = videos.stream < len(world.hashtags)
    assert np.median(videos.rates[early, 0]) > 1.3 * np.median(videos.rates[steady, 0])
    late = organic & ~early
    same_tag = np.log(videos.plays) - 1.85 * world.tags.level[videos.tag]
    assert np.median(same_tag[late]) > np.median(same_tag[early]) > np.median(same_tag[steady]) - 0.5


def test_copy_cats_follow_what_they_copy_and_repeat_its_posts() -> None:
    world = small_world()
    truth = {row["hashtag"]: row for row in world.truth().iter_rows(named=True)}
    tag = next(t for t in np.flatnonzero(world.tags.origin >= 0).tolist() if truth[world.hashtags[t]]["surge_at"])
    origin = world.hashtags[int(world.tags.origin[tag])]
    for at in truth[world.hashtags[tag]]["surge_at"]:
        delays = [(at - first) / timedelta(hours=1) for first in truth[origin]["surge_at"]]
        assert any(-5 < delay < 60 for delay in delays)
    copied = (world.tags.origin[world.videos.tag] >= 0) & (world.videos.stream >= len(world.hashtags))
    repeated = world.videos.caption_key != np.arange(len(world.videos.tag))
    assert repeated[copied].mean() > 0.4
    assert repeated[~copied].mean() < 0.1


def test_seasonal_waves_come_weekly() -> None:
    truth = small_world().truth().filter(pl.col("kind") == "seasonal")
    gaps = [(b - a) / timedelta(days=1) for times in truth["surge_at"].to_list() for a, b in itertools.pairwise(times)]
    assert gaps
    assert all(6 < gap < 8 for gap in gaps)


def test_posting_follows_the_hour_of_day() -> None:
    hours = small_world().videos.created_h
    per_hour = np.bincount((hours % 24).astype(int), minlength=24)
    assert per_hour[12] > 2 * per_hour[0]
