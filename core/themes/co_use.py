"""Co-use of hashtags and words: vectors from positive pointwise mutual information and an SVD; spread over clusters.

Levy and Goldberg (2014), "Neural word embedding as implicit matrix factorization"; context counts smoothed by 0.75 as
in Levy, Goldberg and Dagan (2015).
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float32]

SMOOTHING = 0.75


def co_use_vectors(use: Any, dimensions: int) -> Floats:
    """Return unit vectors (n, at most `dimensions`) of n things; a thing used with no other has all zeros.

    Parameters
    ----------
    use: how much each video counts as a use of each thing, sparse (videos, n)
    dimensions: most dimensions of a vector

    Examples
    --------
    >>> from scipy import sparse
    >>> use = sparse.block_diag([np.ones((2, 4)), np.ones((2, 4))])
    >>> vectors = co_use_vectors(use, 2)
    >>> bool(vectors[0] @ vectors[3] > 0.99), bool(abs(vectors[0] @ vectors[4]) < 0.01)
    (True, True)
    """
    information = mutual_information(use)
    rank = min(dimensions, information.shape[0] - 1)
    if rank < 1 or information.nnz == 0:
        return np.zeros((information.shape[0], max(rank, 0)), np.float32)
    from sklearn.utils.extmath import randomized_svd  # agents that only read clusters load none of it

    left, strength, _ = randomized_svd(information, rank, n_iter=4, random_state=0)
    return unit_rows(left * np.sqrt(strength))


def mutual_information(use: Any) -> Any:
    """Return the positive pointwise mutual information of things used in one video, sparse (n, n).

    The pairs of one video share a single count, so that a video with eighty hashtags weighs no more than one with two.
    """
    from scipy import sparse

    use = sparse.csr_matrix(use, dtype=np.float64)
    others = np.maximum(np.asarray(use.sum(axis=1)).ravel() - 1, 1)
    together = (use.T @ sparse.diags(1 / others) @ use).tocoo()
    apart = together.row != together.col
    rows, columns, counts = together.row[apart], together.col[apart], together.data[apart]
    total = np.bincount(rows, counts, minlength=use.shape[1])
    context = total**SMOOTHING
    gain = np.log(counts * context.sum() / (total[rows] * context[columns])) if counts.size else counts
    kept = gain > 0
    return sparse.csr_matrix((gain[kept], (rows[kept], columns[kept])), shape=together.shape)


def unit_rows(matrix: npt.NDArray[Any]) -> Floats:
    """Return rows scaled to length 1; rows of zeros stay."""
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(length, 1e-12), np.float32)


def cluster_spread(videos: pl.DataFrame, clusters: pl.DataFrame) -> pl.DataFrame:
    """Return hashtag and spread: how far a hashtag reaches over clusters (docs/formulas.md, section 5).

    Spread is the normalised entropy of the clusters of co-used hashtags, each counted once per video; it is 0 for one
    cluster. A hashtag that is used with no clustered hashtag has no row.

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
