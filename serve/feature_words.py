"""Names of features as people say them."""

import re

_EXACT = {
    "acceleration": "growth picking up",
    "cluster_age_h": "age of its theme",
    "cluster_growth_24h": "growth of its theme",
    "cluster_size_log": "size of its theme",
    "best_day_28d": "its best day in four weeks",
    "cohort_growth_24h": "how everything grew in a day",
    "comments_rate": "comments per view",
    "creator_dispersion": "spread over creators",
    "daily_to_threshold": "its usual day against what counts as a surge",
    "day_to_threshold": "its last day against what counts as a surge",
    "days_since_top": "time since its last surge",
    "engagement_change": "change in engagement",
    "engagement_efficiency": "likes, comments and shares per view",
    "from_totals": "what its numbers rest on",
    "gained_24h_before": "views gained the day before",
    "growth_before_28d": "growth a month ago",
    "growth_trend": "its last day against its usual one",
    "growth_24h_past": "growth in a day",
    "half_life_h": "how long interest lasts",
    "hours_since_detected": "time since it was found",
    "hours_since_reading": "time since it was read",
    "hours_since_rise": "time since it last rose",
    "increment_coverage": "share of its videos measured",
    "last_rise": "size of its last rise",
    "likes_rate": "likes per view",
    "momentum": "momentum",
    "new_video_share": "share of new videos",
    "novelty": "new faces and sounds",
    "novelty_mean_12": "new faces and sounds lately",
    "pace_to_threshold": "its pace against what counts as a surge",
    "peak_share_24h": "share of its best hour",
    "quiet_share_24h": "quiet hours",
    "residual_last": "how its last call went",
    "residual_mean_7d": "how its calls went in a week",
    "rounding_step": "how coarsely its views are rounded",
    "saves_rate": "saves per view",
    "shares_rate": "shares per view",
    "spread_14d": "how unevenly it grew in two weeks",
    "step_to_threshold": "one step of its count against what counts as a surge",
    "threshold_7d": "what counted as a surge this week",
    "top_creator_share_24h": "weight of its biggest creator",
    "unique_creators": "creators taking part",
    "unique_sounds": "sounds in use",
    "velocity": "speed of growth",
    "views_gained": "views gained in an hour",
    "views_gained_log": "views gained in an hour",
    "views_total_log": "views so far",
    "volume": "active videos",
    "z_14d": "growth against its own two weeks",
}
_SPANS = {1: "an hour", 24: "a day", 48: "2 days", 72: "3 days", 168: "a week"}
_IN_HOURS = ("h", "h_log", *(f"retention_{age}" for age in (6, 24, 72)))
_FAMILIES = (
    (re.compile(r"gained_(\d+)h(_log)?"), "views gained in {}"),
    (re.compile(r"velocity_lag_(\d+)h"), "speed of growth {} ago"),
    (re.compile(r"acceleration_lag_(\d+)h"), "growth picking up {} ago"),
    (re.compile(r"pace_(\d+)_rises(_waiting)?"), "pace of its last {} rises"),
    (re.compile(r"interval_(\d+)_rises"), "time between its last {} rises"),
    (re.compile(r"overdue_(\d+)_rises"), "how overdue a rise is by its last {}"),
    (re.compile(r"pending_(\d+)_rises"), "views waiting to show by its last {} rises"),
    (re.compile(r"rise_(\d+)_before"), "size of the rise {} before the last"),
    (re.compile(r"daily_growth_(\d+)d"), "its usual day, over {} days"),
    (re.compile(r"day_(\d+)"), "its growth {} days before"),
    (re.compile(r"top_days_(\d+)d"), "days it surged, of the last {}"),
    (re.compile(r"retention_(\d+)"), "how videos hold up after {}"),
    (re.compile(r"videos_(\d+)h"), "videos in {}"),
    (re.compile(r"creators_(\d+)h"), "creators in {}"),
)


def feature_words(name: str) -> str:
    """A feature in words; one that is not known here keeps its own.

    Examples
    --------
    >>> [feature_words(name) for name in ("gained_6h_log", "rank_velocity", "videos_24h", "unheard_of")]
    ['views gained in 6 h', 'place by speed of growth', 'videos in a day', 'unheard of']
    """
    if name.endswith("_is_missing"):
        return f"no reading of {feature_words(name.removesuffix('_is_missing'))}"
    if name.startswith("rank_"):
        return f"place by {feature_words(name.removeprefix('rank_'))}"
    if name in _EXACT:
        return _EXACT[name]
    for pattern, words in _FAMILIES:
        if match := pattern.fullmatch(name):
            number = int(match[1])
            return words.format(_SPANS.get(number, f"{number} h") if name.endswith(_IN_HOURS) else number)
    return name.replace("_", " ")
