"""The tables of the lake: their columns, keys and meanings, declared once.

`docs/data-dictionary.md` is written from here, and the lake checks every frame against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from core.windows import micros

UTC_TIME = pl.Datetime("us", "UTC")


def utc_literal(moment: datetime) -> pl.Expr:
    """Return a moment for expressions; `pl.lit` of a zoned time runs a query to make one."""
    return pl.lit(micros(moment), pl.Int64).cast(UTC_TIME)


@dataclass(frozen=True)
class Field:
    """One column: its Polars type, its meaning with unit, and whether it may be null."""

    dtype: pl.DataType
    meaning: str
    mandatory: bool = False


@dataclass(frozen=True)
class Table:
    """One table of the lake.

    Every table also carries `window`: the end of the window that owns the row (a fetch window of 15 minutes for what
    is fetched, `window_end` or `at` for what is computed). Replacing a range of windows replaces the rows they own.

    Parameters
    ----------
    name: folder name in the lake
    key: columns that are unique together
    fields: all columns but `window` (and `bucket`), in order
    bucketed: rows are spread over buckets by hash of `hashtag`
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    fields: Mapping[str, Field]
    bucketed: bool = False

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Column types in order, `window` last."""
        return {name: field.dtype for name, field in self.fields.items()} | {"window": UTC_TIME}

    def empty(self) -> pl.DataFrame:
        """A frame with this table's columns and no rows."""
        return pl.DataFrame(schema=self.schema)


def _text(meaning: str, mandatory: bool = False) -> Field:
    return Field(pl.String(), meaning, mandatory)


def _count(meaning: str, mandatory: bool = False) -> Field:
    return Field(pl.Int64(), meaning, mandatory)


def _number(meaning: str, mandatory: bool = False) -> Field:
    return Field(pl.Float64(), meaning, mandatory)


def _time(meaning: str, mandatory: bool = True) -> Field:
    return Field(UTC_TIME, meaning, mandatory)


def _flag(meaning: str, mandatory: bool = False) -> Field:
    return Field(pl.Boolean(), meaning, mandatory)


_HASHTAG = _text("its key as `core.hashtags` makes it: NFKC, case folded, nothing invisible, without #", True)
_VIDEO = _text("the platform's video id", True)

RAW = Table(
    "raw",
    "what was asked and what came back, append only",
    ("request_id",),
    {
        "request_id": _text("hash of slot, endpoint and parameters; the same request of a slot is the same row", True),
        "endpoint": _text("path of the request", True),
        "params": _text("query parameters as JSON, without the token", True),
        "purpose": _text("why it was asked: discovery, tracking, sampling, follow_up, deletion_sync, replay", True),
        "status": _count("HTTP status", True),
        "body": Field(pl.Binary(), "zlib-compressed JSON of the allow-listed fields; null when nothing could be read"),
        "error": _text("for a body that did not parse: its hash, length and the error"),
        "units_charged": _count("EnsembleData units on the answer's header", True),
        "fetched_at": _time("when the answer arrived"),
    },
)

VIDEOS = Table(
    "videos",
    "what belongs to a video alone, written when it is first seen",
    ("video_id",),
    {
        "video_id": _VIDEO,
        "created_at": _time("when it was posted", False),
        "hashtags": Field(pl.List(pl.String()), "its hashtags, distinct, in order of appearance", True),
        "creator_id": _text("keyed hash of the creator's id: personal data never enters"),
        "sound_id": _text("the platform's sound id"),
        "caption": _text("the caption without handles, mail addresses, links, accounts and phone numbers"),
        "language": _text("caption language as the platform says"),
        "region": _text("region of the post"),
        "duration_s": _number("length, seconds"),
        "is_ad": _flag("marked as an advertisement"),
        "endpoint": _text("where it was first seen", True),
        "platform": _text("tiktok", True),
    },
)

VIDEO_SNAPSHOTS = Table(
    "video_snapshots",
    "counters of a video, one row per hashtag it carries and fetch window",
    ("hashtag", "video_id", "window"),
    {
        "hashtag": _HASHTAG,
        "video_id": _VIDEO,
        "fetched_at": _time("when the counters were read"),
        "plays": _count("views; null when unknown, never 0 for unknown"),
        "likes": _count("likes"),
        "comments": _count("comments"),
        "shares": _count("shares"),
        "saves": _count("saves"),
    },
    bucketed=True,
)

HASHTAG_SNAPSHOTS = Table(
    "hashtag_snapshots",
    "the platform's totals of a hashtag, one row per fetch window",
    ("hashtag", "window"),
    {
        "hashtag": _HASHTAG,
        "fetched_at": _time("when the totals were read"),
        "views_total": _count("views of all its videos as the platform reports them"),
        "videos_total": _count("number of its videos as the platform reports it"),
    },
    bucketed=True,
)

CREATOR_SNAPSHOTS = Table(
    "creator_snapshots",
    "followers of a creator, one row per fetch window",
    ("creator_id", "window"),
    {
        "creator_id": _text("keyed hash", True),
        "fetched_at": _time("when it was read"),
        "followers": _count("followers"),
    },
)

SOUND_SNAPSHOTS = Table(
    "sound_snapshots",
    "uses of a sound, one row per fetch window",
    ("sound_id", "window"),
    {
        "sound_id": _text("the platform's sound id", True),
        "fetched_at": _time("when it was read"),
        "uses": _count("posts that use it"),
        "title": _text("title of a sound known to be licensed; null for any other, as it may hold a person's name"),
        "licensed": _flag("true where the title was kept because the platform says so; null without a title"),
    },
)

HASHTAG_METRICS = Table(
    "hashtag_metrics",
    "the metrics of a hashtag in a window",
    ("hashtag", "window_end", "window_length"),
    {
        "hashtag": _HASHTAG,
        "window_end": _time("end of the window"),
        "window_length": _count("minutes", True),
        "volume": _count("distinct videos observed in the window; null for a tag with totals only"),
        "new_videos": _count("of those, created inside the window"),
        "unique_creators": _count("distinct creators observed"),
        "unique_sounds": _count("distinct sounds observed"),
        "views_increment": _number("sum of the known play increments of the observed videos"),
        "increment_coverage": _number("share of observed videos whose increment is known"),
        "views_total": _number("V: running maximum of the platform's total, read within 6 h"),
        "views_gained": _number("views gained over the window, from totals or else from plays"),
        "v_source": _text("what views_gained rests on: totals or plays"),
        "likes_rate": _number("likes per play"),
        "comments_rate": _number("comments per play"),
        "shares_rate": _number("shares per play"),
        "saves_rate": _number("saves per play"),
        "engagement_efficiency": _number("likes, comments and shares per play"),
        "creator_dispersion": _number("normalised entropy of videos over creators, 0 to 1"),
        "velocity": _number("relative change of views_gained against the window before, -1 to 10"),
        "acceleration": _number("relative change of velocity, -10 to 10"),
        "momentum": _number("weighted ranks of velocity, acceleration, engagement and dispersion, 0 to 1"),
        "novelty": _number("share of leading creators and sounds not seen in the 24 h before, 0 to 1"),
        "half_life_h": _number("hours until engagement halves, at most 720"),
        "retention_6": _number("gain per hour of videos aged 6 to 12 h over that of younger ones"),
        "retention_24": _number("gain per hour of videos aged 24 to 48 h over that of younger ones"),
        "retention_72": _number("gain per hour of videos aged 72 to 144 h over that of younger ones"),
        "z_14d": _number("z-score of views_gained against the 14 days before"),
        "delta_24h": _number("V now less V 24 h ago"),
        "first_detected_at": _time("end of the first window with volume >= 3 or V known", False),
        "emerging": _flag("momentum in the top 5 %, novelty >= 0.6 and volume >= 3", True),
    },
)

PREDICTIONS = Table(
    "predictions",
    "what a model said of a hashtag at a time",
    ("hashtag", "at", "model_id"),
    {
        "hashtag": _HASHTAG,
        "at": _time("time of the prediction"),
        "model_id": _text("the model that said it", True),
        "probability": _number("chance that growth over 24 h is among the top 5 %", True),
        "lower": _number("lower end of the 80 % interval of the probability"),
        "upper": _number("upper end of the 80 % interval of the probability"),
        "growth_p10": _number("10 % quantile of growth over 24 h, ratio"),
        "growth_p50": _number("median of growth over 24 h, ratio"),
        "growth_p90": _number("90 % quantile of growth over 24 h, ratio"),
        "rank": _count("place in the ranking; null when not ranked"),
        "rank_score": _number("what the ranking is by; null when not ranked"),
        "alerted": _flag("an alert was raised", True),
        "contributions": _text("JSON list of {feature, value, contribution}: the six that moved it most, in order"),
        "members": _text(
            "of a blend, JSON list of {model, share, probability, explained}; contributions are the explained one's"
        ),
        "moved_by": _text(
            "the three things that moved it most, in a sentence that passed the grounding rules; "
            "null when it is neither ranked nor alerted, or when no sentence passed"
        ),
        "feature_set": _text("name of the feature set", True),
    },
)

OUTCOMES = Table(
    "outcomes",
    "what became of a hashtag in the 24 h after a time",
    ("hashtag", "at"),
    {
        "hashtag": _HASHTAG,
        "at": _time("the time looked ahead from"),
        "growth_24h": _number("gain over 24 h relative to max(V, 10000)", True),
        "viral": _flag("growth positive and among the top 5 % of labelled hashtags", True),
        "surged_at": _time("first reading whose growth reached the threshold", False),
        "surged_totals_at": _time(
            "of one known by totals, beside others known by plays: first reading to reach the top tenth of its kind",
            False,
        ),
        "v_source": _text("what growth_24h rests on: totals or plays"),
        "resolved_at": _time("when the outcome was established"),
    },
)

CLUSTERS = Table(
    "clusters",
    "which cluster a hashtag is in; a hashtag in none has no row",
    ("hashtag", "at"),
    {
        "hashtag": _HASHTAG,
        "at": _time("time of the clustering; nothing fetched later is used"),
        "cluster_id": _text("the cluster, the same as long as it lives", True),
        "similarity": _number("cosine of the hashtag's vector and the cluster's centroid, -1 to 1", True),
    },
)

THEMES = Table(
    "themes",
    "a cluster of hashtags at a time, with the words it is shown by",
    ("cluster_id", "at"),
    {
        "cluster_id": _text("the cluster, the same as long as it lives", True),
        "at": _time("time of the clustering"),
        "theme_label": _text("the theme in two or three words", True),
        "label_source": _text(
            "where the label comes from: vocabulary, model (chosen by the language model), members", True
        ),
        "centroid": Field(pl.List(pl.Float32()), "mean of the members' vectors, of length 1", True),
        "size": _count("number of its hashtags", True),
        "members": Field(pl.List(pl.String()), "its hashtags, nearest to the centroid first", True),
        "keywords": Field(pl.List(pl.String()), "words of captions in the same cluster, nearest first", True),
        "born_at": _time("time of the clustering it first appeared in"),
    },
)

VECTORS = Table(
    "vectors",
    "what a text model makes of a hashtag, kept so that it is asked once",
    ("hashtag", "embedder", "at"),
    {
        "hashtag": _HASHTAG,
        "embedder": _text("the model", True),
        "at": _time("time of the clustering it was made for"),
        "captions": _count("distinct captions of its videos there were then", True),
        "vector": Field(pl.List(pl.Float32()), "of length 1", True),
    },
)

QUALITY = Table(
    "quality",
    "what was found of the quality of what was fetched",
    ("check", "entity", "window"),
    {
        "check": _text("name of the check", True),
        "entity": _text("the field, counter or reason it is about; empty for the whole", True),
        "value": _number("what was found, mostly a share", True),
        "items": _count("number of things the share is of", True),
        "threshold": _number("the limit that was passed, or the next one"),
        "level": _text("ok, warning, or critical: the window's rows stay in the raw pages", True),
    },
)

FETCHED = (RAW, VIDEOS, VIDEO_SNAPSHOTS, HASHTAG_SNAPSHOTS, CREATOR_SNAPSHOTS, SOUND_SNAPSHOTS, QUALITY)


def tables(features: Table) -> dict[str, Table]:
    """All tables by name; `features` is the feature table of the feature set in use."""
    return {
        table.name: table
        for table in (*FETCHED, HASHTAG_METRICS, features, CLUSTERS, THEMES, VECTORS, PREDICTIONS, OUTCOMES)
    }
