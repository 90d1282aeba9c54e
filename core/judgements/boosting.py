"""The rule for artificial boosting: does one account make a hashtag's views, with posts that hardly anybody likes?

The rule looks at the posts of the last 48 h. It measures every account that has two or more of them under a hashtag and
at least a tenth of the hashtag's views. Each signal that passes its limit adds its points, and the hashtag gets the
score of the account with the most points. If an account's posts are liked as usual, the other signals together are not
enough to flag it. Points and limits were chosen on simulated worlds; `docs/measurements/risk.md` has the figures of
other worlds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from core.grounding.evidence import Unit
from core.tables import UTC_TIME
from core.windows import HOUR

YOUNG = timedelta(hours=48)
LEAST_VIDEOS = 2
LEAST_SHARE = 0.1
FLAGGED_FROM = 0.75
USUAL_FROM_PLAYS = 100
USUAL_FROM_POSTS = 30
POSTS: Mapping[str, pl.DataType] = {
    "hashtag": pl.String(),
    "video_id": pl.String(),
    "created_at": UTC_TIME,
    "creator_id": pl.String(),
    "fetched_at": UTC_TIME,
    **dict.fromkeys(("plays", "likes", "comments", "shares"), pl.Int64()),
}


@dataclass(frozen=True)
class Signal:
    """One piece of evidence for boosting.

    Parameters
    ----------
    name: name under which the signal is stored
    measure: the figure of the account that is compared, a column of `accounts`
    limit: the signal fires at this value, and beyond it
    above: whether beyond means above the limit (else below it)
    points: points that the signal adds to the score
    unit: unit of the figure
    words: what the figure says; `{}` stands for the figure
    """

    name: str
    measure: str
    limit: float
    above: bool
    points: int
    unit: Unit
    words: str

    @property
    def fires(self) -> pl.Expr:
        """Whether the signal fires; it never does on an unknown figure."""
        figure = pl.col(self.measure)
        return (figure >= self.limit if self.above else figure <= self.limit).fill_null(False)


_POSTED = "its leading account put {} posts under it lately"
_LIKED = "engagement with its leading account is {} of the usual"
_TALKED = "talk about it is {} of the usual"
SIGNALS = (
    Signal("repeated", "videos", 3, True, 2, "count", _POSTED),
    Signal("often", "videos", 5, True, 1, "count", _POSTED),
    Signal("burst", "span_h", 12, False, 1, "hours", "it took {} to post them"),
    Signal("unliked", "engagement_to_usual", 0.4, False, 5, "ratio", _LIKED),
    Signal("untalked", "talk_to_usual", 0.4, False, 1, "ratio", _TALKED),
    Signal("pinned", "pinned", 0.8, True, 3, "ratio", "that account is {} pinned to it"),
    Signal("dominant", "views_share", 0.5, True, 2, "ratio", "its views share is {}"),
    Signal("few_accounts", "videos_per_creator", 2, True, 1, "score", "videos per creator come to {}"),
)
POINTS = sum(signal.points for signal in SIGNALS)
JUDGED = ("hashtag", "score", "flagged", *dict.fromkeys(signal.measure for signal in SIGNALS))


def accounts(posts: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Return what each account did under each hashtag in the 48 h before `at`, as far as plays are known.

    The columns are hashtag, creator_id and the measures of `SIGNALS`: `videos`, the number of its posts;
    `engagement_to_usual` and `talk_to_usual` (likes, comments and shares per play, and the latter two alone, over the
    median of all posts); `pinned` (share of the account's posts, under any hashtag, that carry this one); `views_share`
    (of the plays of the hashtag's posts); `videos_per_creator` of the hashtag; `span_h`, hours from the account's first
    post to its last.

    Parameters
    ----------
    posts: rows of `POSTS`, the latest reading of each post under each hashtag
    at: the moment of the judgement
    """
    young = (pl.col("created_at") > at - YOUNG) & (pl.col("created_at") <= at)
    recent = posts.filter(young, pl.col("plays") > 0, pl.col("creator_id").is_not_null()).with_columns(
        engagement=pl.sum_horizontal("likes", "comments", "shares"), talk=pl.sum_horizontal("comments", "shares")
    )
    videos = recent.unique("video_id", keep="first", maintain_order=True)
    of_tag = recent.group_by("hashtag").agg(
        views=pl.col("plays").sum(), videos_per_creator=pl.len() / pl.col("creator_id").n_unique()
    )
    of_account = videos.group_by("creator_id").agg(everywhere=pl.len())
    mine = recent.group_by("hashtag", "creator_id").agg(
        pl.len().cast(pl.Float64).alias("videos"),
        pl.col("plays", "engagement", "talk").sum(),
        span_h=(pl.col("created_at").max() - pl.col("created_at").min()) / HOUR,
    )
    return (
        mine.join(of_tag, on="hashtag")
        .join(of_account, on="creator_id")
        .select(
            "hashtag",
            "creator_id",
            "videos",
            "videos_per_creator",
            "span_h",
            pinned=pl.col("videos") / pl.col("everywhere"),
            views_share=pl.col("plays") / pl.col("views"),
            engagement_to_usual=_per_play("engagement") / _usual(videos, "engagement"),
            talk_to_usual=_per_play("talk") / _usual(videos, "talk"),
        )
    )


def judge(posts: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Return the judgement of every hashtag in `posts`: the columns `JUDGED`, sorted by hashtag.

    `score` is the share of all points, 0 where no account posted twice; from 0.75 on the hashtag is `flagged`. The
    measures are those of the account with the highest score (ties: more views, then its id), null where there is none.

    Parameters
    ----------
    posts: rows of `POSTS`, the latest reading of each post under each hashtag
    at: the moment of the judgement
    """
    suspected = accounts(posts, at).filter(pl.col("videos") >= LEAST_VIDEOS, pl.col("views_share") >= LEAST_SHARE)
    points = pl.sum_horizontal(signal.fires.cast(pl.Float64) * signal.points for signal in SIGNALS)
    worst = (
        suspected.with_columns(score=points / POINTS)
        .sort(["score", "views_share", "creator_id"], descending=[True, True, False])
        .unique("hashtag", keep="first", maintain_order=True)
    )
    tags = posts.select(pl.col("hashtag").unique().sort())
    judged = tags.join(worst, on="hashtag", how="left", maintain_order="left").with_columns(
        pl.col("score").fill_null(0.0)
    )
    return judged.with_columns(flagged=pl.col("score") >= FLAGGED_FROM).select(JUDGED)


def findings(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every signal of a row of `judge`: name, value (null where unknown), limit, points, fired."""
    signals = []
    for signal in SIGNALS:
        value = row[signal.measure]
        passed = value is not None and (value >= signal.limit if signal.above else value <= signal.limit)
        facts = {"value": value, "limit": signal.limit, "points": signal.points}
        signals.append({"name": signal.name, **facts, "fired": passed})
    return signals


def _per_play(name: str) -> pl.Expr:
    return pl.col(name) / pl.col("plays")


def _usual(videos: pl.DataFrame, name: str) -> float | None:
    """Return the median per play over posts with enough plays; None when such posts are too few or the median is 0."""
    enough = videos.filter(pl.col("plays") >= USUAL_FROM_PLAYS)
    usual = enough.select(_per_play(name).median()).item() if enough.height >= USUAL_FROM_POSTS else None
    return float(usual) if usual else None
