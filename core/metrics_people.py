"""Who is behind a hashtag: distinct creators and sounds, how evenly videos spread over creators, novelty (SPEC 3)."""

import numpy as np
import polars as pl

from core.keyed_frame import Keys, keys_of, pair_keys

LEADERS = 20
KINDS = ("creator_id", "sound_id")


def distinct() -> list[pl.Expr]:
    """Return aggregations over a hashtag's observed videos: unique_creators and unique_sounds."""
    names = dict(zip(KINDS, ("unique_creators", "unique_sounds"), strict=True))
    return [pl.col(kind).drop_nulls().n_unique().cast(pl.Int64).alias(name) for kind, name in names.items()]


def dispersion(observed: pl.DataFrame) -> pl.DataFrame:
    """Return (code, creator_dispersion): entropy of videos over creators / ln(number of creators), 0 for one.

    Videos of unknown creators are left out; a hashtag without any known creator has no row.
    """
    share = pl.col("len") / pl.col("len").sum()
    entropy = -(share * share.log()).sum()
    return (
        observed.lazy()
        .filter(pl.col("creator_id").is_not_null())
        .group_by("code", "creator_id", maintain_order=True)
        .len()
        .group_by("code", maintain_order=True)
        .agg(pl.when(pl.len() > 1).then(entropy / pl.len().log()).otherwise(0.0).alias("creator_dispersion"))
        .collect()
    )


def novelty(observed: pl.DataFrame, earlier: dict[str, Keys]) -> pl.DataFrame:
    """Return (code, novelty): 1 - the mean over creators and sounds of the share that was there the day before.

    Of each kind the 20 most viewed members count (plays of a member's videos summed, ties by id). A kind without
    members is left out of the mean; a hashtag without any member has no row.

    Parameters
    ----------
    observed: code, plays, creator_id and sound_id of the window's videos
    earlier: for each kind `member_keys` of what was observed in the 24 h before the window
    """
    overlaps = pl.concat([_overlap(observed, kind, earlier[kind]) for kind in KINDS])
    return overlaps.group_by("code", maintain_order=True).agg((1 - pl.col("overlap").mean()).alias("novelty"))


def member_keys(codes: pl.Series, members: pl.Series) -> Keys:
    """Return a key for each (hashtag code, creator or sound); those of null members mean nothing."""
    return pair_keys(codes.to_numpy(), keys_of(members))


def _overlap(observed: pl.DataFrame, kind: str, earlier: Keys) -> pl.DataFrame:
    leaders = (
        observed.lazy()
        .filter(pl.col(kind).is_not_null())
        .group_by("code", kind)
        .agg(pl.col("plays").sum())
        .sort("code", "plays", kind, descending=[False, True, False])
        .filter(pl.int_range(pl.len()).over("code") < LEADERS)
        .collect()
    )
    known = np.isin(member_keys(leaders["code"], leaders[kind]), earlier)
    return (
        leaders.with_columns(overlap=pl.Series(known, dtype=pl.Boolean)).group_by("code").agg(pl.col("overlap").mean())
    )
