"""What a metric is about: its topics, the windows it may be stated with, and whether its sign is a direction."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from core.grounding.evidence import EvidenceMetric
from core.grounding.tokens import words
from core.hashtags import clean_hashtag

CHANGES = frozenset({"velocity", "acceleration", "views_gained", "delta_24h", "views_increment", "last_rise"})
CHANGE_PREFIXES = tuple(words("gained_ growth_ change_ delta_ daily_growth velocity_ acceleration_ cohort_growth"))
CHANGE_SUFFIXES = ("_change", "_delta", "_growth", "_trend", "_gained", "_increment")
FORECASTS = tuple(words("probability growth_p lower upper growth_24h rank horizon alerted viral"))
# Counts and changes within a window; texts rarely state the window of other metrics.
WINDOWED = frozenset(
    words("views_gained views_increment volume new_videos unique_creators unique_sounds velocity acceleration")
)
STANDING = frozenset(words("views_total videos_total rank rank_score probability lower upper half_life_h horizon"))
_DAY_H, _WEEK_H = 24.0, 168.0
_VIEWS = "views plays view play"
_TOPICS = {
    "views_gained": f"{_VIEWS} gained growth",
    "views_increment": f"{_VIEWS} gained growth",
    "views_total": f"{_VIEWS} total size",
    "delta_24h": f"{_VIEWS} gained growth",
    "gained": f"{_VIEWS} gained growth",
    "growth": f"{_VIEWS} growth",
    "velocity": f"{_VIEWS} velocity growth pace",
    "acceleration": "acceleration growth pace velocity-change",
    "volume": "videos volume",
    "new_videos": "videos new",
    "unique_creators": "creators",
    "unique_sounds": "sounds",
    "likes_rate": "likes engagement",
    "comments_rate": "comments engagement",
    "shares_rate": "shares engagement",
    "saves_rate": "saves engagement",
    "engagement_efficiency": "engagement likes-comments-shares",
    "creator_dispersion": "dispersion creators",
    "momentum": "momentum",
    "novelty": "novelty creators sounds new",
    "half_life_h": "half-life engagement",
    "half_life": "half-life engagement",
    "retention": "retention videos",
    "z_14d": f"z {_VIEWS}",
    "z": f"z {_VIEWS}",
    "probability": "probability",
    "lower": "probability",
    "upper": "probability",
    "rank": "rank",
    "rank_score": "score",
    "increment_coverage": "coverage videos",
    "videos_total": "videos total",
    "top_creator_share": "creators",
    "new_video_share": "videos new",
    "spread": "spread",
    "engagement_to_usual": "engagement creators",
    "talk_to_usual": "talk comments shares creators",
    "pinned": "creators videos",
    "views_share": "views creators",
    "misses": "surges",
}
_SPAN = re.compile(r"_(\d+)(h|d|w)?(?=_|$)")
_HOURS_OF = {"h": 1.0, "d": _DAY_H, "w": _WEEK_H}
_WORD_SPANS = dict.fromkeys(["hour", "hourly"], 1.0) | dict.fromkeys(["day", "daily", "days"], _DAY_H)
_WORD_SPANS |= dict.fromkeys(["week", "weekly"], _WEEK_H)
_NEVER = datetime.min.replace(tzinfo=UTC)
_EQUALLY_GIVEN = frozenset({"retention", "z"})


@dataclass(frozen=True, slots=True)
class FigureKind:
    """What the name of a metric says.

    Parameters
    ----------
    family: the name without spans and quantiles; figures of the same family can be compared
    topics: words that may describe it
    change: whether its sign is a direction
    relative: whether a value of 1 means as much again (velocity, growth)
    spans: time spans in its name, hours
    forecast: whether it is about the future
    """

    family: str
    topics: frozenset[str]
    change: bool
    relative: bool
    spans: tuple[float, ...]
    forecast: bool


@lru_cache(maxsize=4096)
def kind_of(name: str) -> FigureKind:
    """Read the name of a metric.

    Examples
    --------
    >>> kind = kind_of("gained_24h")
    >>> kind.family, kind.change, kind.spans, "views" in kind.topics
    ('gained', True, (24.0,), True)
    """
    family = re.sub(r"_p?\d+[hdw]?(?=_|$)", "", name)
    topics = set(family.split("_")) | {family}
    topics |= set((_TOPICS.get(name) or _TOPICS.get(family) or "").split())
    if any(name.endswith(suffix) for suffix in ("_p10", "_p50", "_p90")):
        topics |= {name[-3:]} | ({"median"} if name.endswith("p50") else set())
    change = name in CHANGES or name.startswith(CHANGE_PREFIXES) or name.endswith(CHANGE_SUFFIXES)
    lengths = [(float(count), unit) for count, unit in _SPAN.findall(name) if unit or family == "retention"]
    spans = [count * _HOURS_OF[unit or "h"] for count, unit in lengths]
    spans += [_WORD_SPANS[word] for word in name.split("_") if word in _WORD_SPANS]
    topics |= {"quantile"} if name.endswith(("_p10", "_p50", "_p90")) or name in ("lower", "upper") else set()
    topics |= {"probability"} if name.endswith("probability") else set()
    forecast = name.endswith("probability") or (
        name.startswith(FORECASTS) and not name.startswith("growth_24h_past") and not name.startswith("rank_g")
    )
    relative = change and family not in ("views_gained", "views_increment", "delta")
    return FigureKind(family, frozenset(topics), change, relative, tuple(spans), forecast)


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric of the evidence, prepared for the rules.

    Parameters
    ----------
    metric: the metric
    tag: its hashtag, as `clean_hashtag` writes it
    kind: what its name says
    windows: time spans it may be stated with, hours
    """

    metric: EvidenceMetric
    tag: str
    kind: FigureKind
    windows: tuple[float, ...]

    @property
    def change(self) -> bool:
        """Whether its sign is a direction."""
        return self.kind.change

    @property
    def pace(self) -> bool:
        """Whether it measures how fast something grows, and not by how much."""
        return self.kind.change and self.metric.unit != "count"

    @property
    def accelerates(self) -> bool:
        """Whether it measures the change of a pace."""
        return self.kind.family.startswith("acceleration")


def figures(metrics: Iterable[EvidenceMetric]) -> list[Figure]:
    """Return metrics, each with what it is about."""
    return [_figure(metric) for metric in metrics]


def _figure(metric: EvidenceMetric) -> Figure:
    kind = kind_of(metric.metric)
    windows = {metric.window_h} if not kind.spans or kind.family in _EQUALLY_GIVEN or metric.window_h != 1 else set()
    windows |= set(kind.spans)
    if kind.forecast:
        windows.add(_DAY_H)
    return Figure(metric, clean_hashtag(metric.hashtag), kind, tuple(windows))


@lru_cache(maxsize=4096)
def moment_of(text: str) -> datetime | None:
    """Return a time in ISO 8601 in UTC, None for what is none; a time without zone is in UTC.

    Examples
    --------
    >>> moment_of("2026-01-05T00:30:00+05:30") == moment_of("2026-01-04T19:00:00Z")
    True
    >>> moment_of("0001-01-01T00:00:00+14:00") is None
    True
    """
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_earlier(first: str, other: str) -> bool:
    """Return whether a time in ISO 8601 is before another; what is no time is before everything."""
    return first != other and _moment(first) < _moment(other)


def _moment(text: str) -> datetime:
    return moment_of(text) or _NEVER


def older_readings(figures: Sequence[Figure]) -> dict[str, bool]:
    """Return, by id, whether a figure is an older reading; only for figures that have several readings."""
    readings: dict[tuple[str, str, float], list[Figure]] = {}
    for figure in figures:
        readings.setdefault((figure.metric.metric, figure.tag, figure.metric.window_h), []).append(figure)
    older: dict[str, bool] = {}
    for alike in readings.values():
        if len(alike) == 1:
            continue
        newest = max((figure.metric.window_end for figure in alike), key=_moment)
        behind = {figure.metric.id: is_earlier(figure.metric.window_end, newest) for figure in alike}
        if any(behind.values()):
            older |= behind
    return older
