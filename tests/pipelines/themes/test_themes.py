"""Themes of made-up topics: found, named, followed over cycles, and known to features and ranking only afterwards."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from core.events import EventKind
from core.tables import CLUSTERS, THEMES, VIDEOS
from core.windows import DAY, HOUR
from pipelines.metrics.known_clusters import known_clusters, known_spread
from pipelines.themes.clusters import Before, clusters_before
from pipelines.themes.items import ThemeRule, recent_videos, theme_items
from pipelines.themes.labels import Label
from pipelines.themes.themes import ThemeMaker, Themes, changes
from prompts.vocabulary import shipped_vocabulary
from storage.memory.lake import MemoryLake
from tests.support.theme_videos import GENERIC, T0, TOPICS, videos

NOTHING = Before({}, {}, {})
MAKER = ThemeMaker(shipped_vocabulary(), rule=ThemeRule(most_captions=0.5))


def lake_of(frame: pl.DataFrame) -> MemoryLake:
    lake = MemoryLake({table.name: table for table in (VIDEOS, CLUSTERS, THEMES)})
    lake.replace("videos", frame, T0 - 30 * DAY, T0 + 30 * DAY)
    return lake


def cycle(lake: MemoryLake, hours: int, labels: dict[str, Label] | None = None) -> tuple[Themes, Before]:
    at = T0 + hours * HOUR
    before = clusters_before(lake, at)
    made = MAKER.make(recent_videos(lake, at, MAKER.rule), before, labels or {}, at)
    lake.replace("clusters", made.clusters, at - HOUR, at)
    lake.replace("themes", made.themes, at - HOUR, at)
    return made, before


@pytest.fixture(scope="module")
def first() -> Themes:
    return MAKER.make(videos(6), NOTHING, {}, T0 + 6 * HOUR)


def test_hashtags_used_together_are_one_theme(first: Themes) -> None:
    groups = {frozenset(cluster.members) - {*GENERIC} for cluster in first.clustering.clusters}
    assert groups == {frozenset(tags) for tags in TOPICS.values()}


def test_words_of_captions_stand_with_their_hashtags(first: Themes) -> None:
    of_cats = next(cluster for cluster in first.clustering.clusters if "cat" in cluster.members)
    assert "of cats" in of_cats.keywords
    assert not {word for word in of_cats.keywords if "football" in word}


def test_themes_are_named_from_the_vocabulary_else_after_members(first: Themes) -> None:
    labels = {
        first.labels[cluster.cluster_id].text: first.labels[cluster.cluster_id].source
        for cluster in first.clustering.clusters
    }
    assert {"Cat Videos", "Football Goals", "Travel Diaries"} < set(labels)
    (other,) = [text for text, source in labels.items() if source == "members"]
    assert set(other.lower().split()) <= {*TOPICS["tea"], "tea", "tok", "pot", "ware"}


def test_the_order_of_videos_changes_nothing(first: Themes) -> None:
    other = MAKER.make(videos(6).sample(fraction=1, shuffle=True, seed=4), NOTHING, {}, T0 + 6 * HOUR)
    assert_frame_equal(first.themes, other.themes)
    assert_frame_equal(first.clusters, other.clusters)


def test_what_takes_part_is_bounded() -> None:
    frame = pl.concat([videos(6), videos(2, start=T0 - 20 * DAY)])
    rule = ThemeRule(days=14, videos=150, hashtags=10, keywords=5, most_captions=0.5)
    recent = recent_videos(lake_of(frame), T0 + 5 * HOUR, rule)
    assert recent.height == 150
    assert recent["window"].is_between(T0, T0 + 5 * HOUR, closed="right").all()
    items = theme_items(recent, rule)
    assert (len(items.hashtags), len(items.keywords), items.use.shape) == (10, 5, (150, 15))
    assert set(GENERIC) < set(items.hashtags)


def test_a_theme_keeps_its_id_its_birth_and_its_label() -> None:
    lake = lake_of(videos(9))
    first, _ = cycle(lake, 6)
    two, before = cycle(lake, 7, first.labels)
    assert {c.cluster_id for c in first.clustering.clusters} == {c.cluster_id for c in two.clustering.clusters}
    assert set(two.themes["born_at"]) == {first.at}
    assert list(changes(two, before)) == []
    renamed = {
        name: Label(f"Old Name {place}", "vocabulary", label.members)
        for place, (name, label) in enumerate(two.labels.items())
    }
    three, _ = cycle(lake, 8, renamed)
    assert three.labels == renamed


def test_centroids_stay_where_they_were() -> None:
    lake = lake_of(videos(9))
    first, _ = cycle(lake, 6)
    two, _ = cycle(lake, 7, first.labels)
    places = {c.cluster_id: c.centroid for c in first.clustering.clusters}
    assert all(c.centroid @ places[c.cluster_id] > 0.9 for c in two.clustering.clusters)


def test_a_topic_that_ends_is_gone_once_and_one_that_begins_is_born() -> None:
    without = {name: tags for name, tags in TOPICS.items() if name != "tea"}
    early = pl.concat([videos(6, topics=without), videos(6, start=T0 - 16 * DAY)])
    lake = lake_of(pl.concat([early, videos(4, 1, T0 + 6 * HOUR)]))
    _, before = cycle(lake, 6)
    made, before = cycle(lake, 8)
    (born,) = [(kind, name) for kind, name, _ in changes(made, before)]
    assert born[0] is EventKind.CLUSTER_BORN
    assert set(next(c.members for c in made.clustering.clusters if c.cluster_id == born[1])) == set(TOPICS["tea"])
    lake.replace("videos", videos(6, topics=without), T0 - 30 * DAY, T0 + 30 * DAY)
    made, before = cycle(lake, 9)
    assert [kind for kind, _, _ in changes(made, before)] == [EventKind.CLUSTER_GONE]
    made, before = cycle(lake, 10)
    assert list(changes(made, before)) == []


def test_too_few_hashtags_make_no_theme() -> None:
    few = MAKER.make(videos(1, topics={"cats": TOPICS["cats"][:4]}), NOTHING, {}, T0)
    assert few.themes.is_empty()
    assert few.clusters.is_empty()
    assert MAKER.make(videos(0), NOTHING, {}, T0).themes.is_empty()


def test_only_an_earlier_clustering_is_known() -> None:
    lake = lake_of(videos(9))
    assert known_clusters(lake, T0 + 6 * HOUR).is_empty()
    assert known_spread(lake, T0 + 6 * HOUR).is_empty()
    first, _ = cycle(lake, 6)
    assert known_clusters(lake, first.at).is_empty()
    clusters = known_clusters(lake, first.at + HOUR)
    assert set(clusters["hashtag"]) - {*GENERIC} == {tag for tags in TOPICS.values() for tag in tags}
    assert clusters["size"].min() == 8
    assert known_clusters(lake, first.at + 7 * HOUR).is_empty()


def test_hashtags_for_everybody_spread_over_all_themes() -> None:
    lake = lake_of(videos(9))
    cycle(lake, 6)
    spread = dict(known_spread(lake, T0 + 7 * HOUR).iter_rows())
    assert all(spread[tag] > 0.9 for tag in GENERIC)
    assert spread["cat"] < 0.7
