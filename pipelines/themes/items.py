"""What is clustered: the hashtags and caption words of recent videos, and which video uses which."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from storage.lake.interface import Lake

VIDEO_COLUMNS = ("video_id", "hashtags", "caption", "window")
KEYWORD_WEIGHT = 0.5
_STRIPPED = r"[#@]\S+|https?://\S+"
_WORD = r"[\p{L}\p{M}]{2,}"


@dataclass(frozen=True)
class ThemeRule:
    """What takes part in a clustering; all of it is bounded, so that a cycle costs the same at any age.

    Parameters
    ----------
    days: videos first seen in so many days
    videos: at most so many of them, the newest
    hashtags: at most so many hashtags, those on most videos
    least_videos: videos a hashtag must be on
    keywords: at most so many caption words and pairs of words
    least_captions, most_captions: captions a word must be in, and the share of all from which on it says nothing
    """

    days: int = 14
    videos: int = 20_000
    hashtags: int = 3_000
    least_videos: int = 3
    keywords: int = 500
    least_captions: int = 5
    most_captions: float = 0.03


@dataclass(frozen=True)
class ThemeItems:
    """The items to cluster, hashtags first.

    Parameters
    ----------
    hashtags, keywords: in order of the alphabet
    use: sparse (videos, hashtags + keywords): 1 where a video carries the hashtag, less where its caption has the word
    captions: hashtag, captions (distinct ones of its videos, newest first)
    """

    hashtags: tuple[str, ...]
    keywords: tuple[str, ...]
    use: Any
    captions: pl.DataFrame


def recent_videos(lake: Lake, at: datetime, rule: ThemeRule) -> pl.DataFrame:
    """Return the videos that take part at `at`: those first seen in the days before, the newest of them."""
    rows = lake.read("videos", start=at - timedelta(days=rule.days), end=at, columns=VIDEO_COLUMNS, ordered=False)
    return rows.sort("window", "video_id", descending=True).head(rule.videos)


def theme_items(videos: pl.DataFrame, rule: ThemeRule) -> ThemeItems:
    """Return the hashtags and caption words of `videos`, in an order that does not depend on theirs.

    Parameters
    ----------
    videos: video_id, hashtags, caption, window
    """
    from scipy import sparse  # every agent imports the rule, one of them clusters

    ordered = videos.sort("window", "video_id").with_row_index("row")
    tags = ordered.select("row", item="hashtags").explode("item", empty_as_null=False).drop_nulls().unique()
    chosen = _counted(tags).filter(pl.col("videos") >= rule.least_videos)
    chosen = chosen.sort(["videos", "item"], descending=[True, False]).head(rule.hashtags)
    tags = tags.join(chosen.select("item"), on="item", how="semi")
    words = _words(ordered.select("row", "caption"))
    words = words.join(_telling(words, tags, ordered.height, rule).select("item"), on="item", how="semi")
    hashtags, keywords = (sorted(frame["item"].unique()) for frame in (tags, words))
    parts = (_matrix(tags, hashtags, ordered.height), KEYWORD_WEIGHT * _matrix(words, keywords, ordered.height))
    return ThemeItems(tuple(hashtags), tuple(keywords), sparse.hstack(parts).tocsr(), _captions(ordered, tags))


def _counted(uses: pl.DataFrame) -> pl.DataFrame:
    return uses.group_by("item").agg(videos=pl.len())


def _words(captions: pl.DataFrame) -> pl.DataFrame:
    """Return row, item: the words of three letters or more of each caption, and its pairs of words."""
    cut = pl.col("caption").str.to_lowercase().str.replace_all(_STRIPPED, " ").str.extract_all(_WORD)
    single = captions.drop_nulls().select("row", item=cut).explode("item", empty_as_null=False).drop_nulls()
    pairs = single.with_columns(item=pl.col("item") + " " + pl.col("item").shift(-1).over("row")).drop_nulls()
    return pl.concat([single.filter(pl.col("item").str.len_chars() >= 3), pairs]).unique()


def _telling(words: pl.DataFrame, tags: pl.DataFrame, videos: int, rule: ThemeRule) -> pl.DataFrame:
    """Return the words most informative about the hashtags beside them, by their share of the mutual information."""
    counts = _counted(words).filter(
        pl.col("videos") >= rule.least_captions, pl.col("videos") <= rule.most_captions * videos
    )
    beside = words.join(counts, on="item").join(
        tags.rename({"item": "tag"}).join(_counted(tags).rename({"item": "tag", "videos": "tagged"}), on="tag"),
        on="row",
    )
    together = beside.group_by("item", "tag").agg(pl.len().alias("both"), pl.col("videos", "tagged").first())
    weight = pl.col("both") * (pl.col("both") * videos / (pl.col("videos") * pl.col("tagged"))).log()
    scores = together.group_by("item").agg(score=weight.sort_by("tag").sum().round(6))
    return scores.sort(["score", "item"], descending=[True, False]).head(rule.keywords)


def _matrix(uses: pl.DataFrame, items: list[str], videos: int) -> Any:
    from scipy import sparse

    places = pl.DataFrame({"item": items}, schema={"item": pl.String()}).with_row_index("column")
    cells = uses.join(places, on="item").sort("row", "column")
    ones = np.ones(cells.height)
    return sparse.csr_matrix((ones, (cells["row"].to_numpy(), cells["column"].to_numpy())), shape=(videos, len(items)))


def _captions(videos: pl.DataFrame, tags: pl.DataFrame) -> pl.DataFrame:
    captions = videos.select("row", "caption").drop_nulls().filter(pl.col("caption").str.strip_chars() != "")
    pairs = tags.rename({"item": "hashtag"}).join(captions, on="row").sort("row", descending=True)
    return pairs.group_by("hashtag").agg(captions=pl.col("caption").unique(maintain_order=True)).sort("hashtag")
