"""How far a hashtag reaches over clusters: the entropy of those among the hashtags it is used with.

Formulas: docs/formulas.md, section 5.
"""

import polars as pl


def cluster_spread(videos: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    """Return hashtag, spread: normalised entropy of clusters, each co-used hashtag counted once a video.

    0 for one cluster; a hashtag used with none that is in a cluster has no row.

    Parameters
    ----------
    videos: video_id, hashtags
    clusters: hashtag, cluster_id

    Examples
    --------
    >>> used = pl.DataFrame({"video_id": ["1", "2"], "hashtags": [["a", "b"], ["a", "c"]]})
    >>> known = pl.DataFrame({"hashtag": ["b", "c"], "cluster_id": ["c1", "c2"]})
    >>> cluster_spread(used, known).rows()
    [('a', 1.0)]
    """
    tags = videos.select("video_id", hashtag="hashtags").explode("hashtag", empty_as_null=False).drop_nulls().unique()
    other = tags.join(clusters.select("hashtag", "cluster_id"), on="hashtag").rename({"hashtag": "other"})
    pairs = tags.join(other, on="video_id").filter(pl.col("hashtag") != pl.col("other"))
    counts = pairs.group_by("hashtag", "cluster_id").agg(uses=pl.len()).sort("hashtag", "cluster_id")
    share = pl.col("uses") / pl.col("uses").sum()
    entropy = counts.group_by("hashtag").agg(entropy=-(share * share.log()).sum(), clusters=pl.len())
    spread = pl.when(pl.col("clusters") == 1).then(0.0).otherwise(pl.col("entropy") / pl.col("clusters").log())
    return entropy.select("hashtag", spread=spread).sort("hashtag")
