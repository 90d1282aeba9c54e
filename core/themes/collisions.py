"""Collisions: two themes of similar meaning, one of which gains more views than the day before and the other fewer."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.evaluation.intervals import Floats

NEAREST = 3
LEAST_SIMILARITY = 0.5
LEAST_CHANGE = 0.2
LEAST_MEMBERS = 3
LEAST_VIEWS = 100.0
MOST = 5


@dataclass(frozen=True)
class Side:
    """One of the two themes of a collision.

    Parameters
    ----------
    cluster_id: id of the theme's cluster
    label: name of the theme
    leader: the member that gained most views in the last 24 h (ties by name)
    change: views an hour in the last 24 h over those in the 24 h before, less 1
    """

    cluster_id: str
    label: str
    leader: str
    change: float


@dataclass(frozen=True)
class Collision:
    """Two themes that collide, and the cosine of their centroids."""

    rising: Side
    falling: Side
    similarity: float


def collisions(themes: pl.DataFrame, gains: pl.DataFrame) -> list[Collision]:
    """Return at most five collisions, nearest first.

    Two themes are near when one is among the three nearest of the other, with a cosine of 0.5 or more; one has to rise
    by a fifth or more and the other to fall by as much. Themes with fewer than three known members, or that gained
    fewer than 100 views an hour in the 24 h before, are left out.

    Parameters
    ----------
    themes: cluster_id, theme_label, members, centroid (of length 1) of one moment
    gains: hashtag, gained and gained_before: mean views an hour in the last 24 h and in the 24 h before
    """
    changes = theme_changes(themes, gains)
    measured = themes.filter(pl.col("cluster_id").is_in(list(changes))).sort("cluster_id")
    if measured.height < 2:
        return []
    near = _near(np.array(measured["centroid"].to_list(), float))
    ids = measured["cluster_id"].to_list()
    pairs = [
        Collision(changes[ids[up]], changes[ids[down]], float(near[up, down]))
        for up in range(len(ids))
        for down in range(len(ids))
        if near[up, down] >= LEAST_SIMILARITY
        and changes[ids[up]].change >= LEAST_CHANGE
        and changes[ids[down]].change <= -LEAST_CHANGE
    ]
    return sorted(pairs, key=lambda pair: (-pair.similarity, pair.rising.cluster_id, pair.falling.cluster_id))[:MOST]


def theme_changes(themes: pl.DataFrame, gains: pl.DataFrame) -> dict[str, Side]:
    """Return what each theme gained against the day before, by id, for themes with enough known members and views."""
    members = themes.select("cluster_id", "theme_label", hashtag="members").explode("hashtag")
    measured = gains.filter(pl.col("gained").is_not_null(), pl.col("gained_before").is_not_null())
    of_theme = (
        members.join(measured, on="hashtag")
        .sort("gained", "hashtag", descending=[True, False])
        .group_by("cluster_id", "theme_label", maintain_order=True)
        .agg(pl.col("gained", "gained_before").sum(), leader=pl.col("hashtag").first(), known=pl.len())
        .filter(pl.col("known") >= LEAST_MEMBERS, pl.col("gained_before") >= LEAST_VIEWS)
        .with_columns(change=pl.col("gained") / pl.col("gained_before") - 1)
    )
    return {
        row["cluster_id"]: Side(row["cluster_id"], row["theme_label"], row["leader"], row["change"])
        for row in of_theme.iter_rows(named=True)
    }


def _near(centroids: Floats) -> Floats:
    """Return the cosines of themes where one is among the nearest of the other, -1 elsewhere (t, t)."""
    cosine = centroids @ centroids.T
    np.fill_diagonal(cosine, -1.0)
    nearest = np.argsort(-cosine, axis=1, kind="stable")[:, :NEAREST]
    chosen = np.zeros(cosine.shape, bool)
    np.put_along_axis(chosen, nearest, True, axis=1)
    return np.where(chosen | chosen.T, cosine, -1.0)
