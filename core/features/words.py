"""Names of features in words: for pages, and for sentences, in which every number has to be cited."""

import re
from collections.abc import Mapping

RANK = "rank_"
_MISSING = "_is_missing"
_EXACT: Mapping[str, tuple[str, str]] = {
    "acceleration": ("growth picking up", "its acceleration"),
    "best_day_28d": ("its best day in four weeks", "the size of its best recent day"),
    "cluster_age_h": ("age of its theme", "its theme"),
    "cluster_growth_24h": ("growth of its theme", "its theme"),
    "cluster_size_log": ("size of its theme", "its theme"),
    "cohort_growth_24h": ("how everything grew in a day", "the growth of all hashtags"),
    "comments_rate": ("comments per view", "how much it is commented on"),
    "creator_dispersion": ("spread over creators", "how evenly its creators share it"),
    "daily_to_threshold": ("its usual day against what counts as a surge", "its usual day beside those of the leaders"),
    "day_to_threshold": ("its last day against what counts as a surge", "its last day beside those of the leaders"),
    "days_since_top": ("time since its last surge", "how recently it led before"),
    "engagement_change": ("change in engagement", "the change of its engagement"),
    "engagement_efficiency": ("likes, comments and shares per view", "its engagement"),
    "from_totals": ("what its numbers rest on", "how its views are known"),
    "gained_24h_before": ("views gained the day before", "its growth the day before"),
    "growth_24h_past": ("growth in a day", "its growth over the last day"),
    "growth_before_28d": ("growth a month ago", "its growth weeks ago"),
    "growth_trend": ("its last day against its usual one", "its growth beside its usual one"),
    "half_life_h": ("how long interest lasts", "how long its engagement lasts"),
    "hours_since_detected": ("time since it was found", "how new it is here"),
    "hours_since_reading": ("time since it was read", "how fresh its figures are"),
    "hours_since_rise": ("time since it last rose", "how long its views have stood still"),
    "increment_coverage": ("share of its videos measured", "how much of it is measured"),
    "last_rise": ("size of its last rise", "the size of its last step"),
    "likes_rate": ("likes per view", "how much it is liked"),
    "momentum": ("momentum", "its momentum"),
    "new_video_share": ("share of new videos", "its share of new posts"),
    "novelty": ("new faces and sounds", "its novelty"),
    "novelty_mean_12": ("new faces and sounds lately", "its novelty"),
    "pace_to_threshold": ("its pace against what counts as a surge", "its pace beside that of the leaders"),
    "peak_share_24h": ("share of its best hour", "how much of its growth came at once"),
    "quiet_share_24h": ("quiet hours", "how long it was quiet"),
    "residual_last": ("how its last call went", "how it beat past predictions"),
    "residual_mean_7d": ("how its calls went in a week", "how it beat past predictions"),
    "rounding_step": ("how coarsely its views are rounded", "how coarsely its views are counted"),
    "saves_rate": ("saves per view", "how much it is saved"),
    "shares_rate": ("shares per view", "how much it is shared"),
    "spread_14d": ("how unevenly it grew in two weeks", "how uneven its days are"),
    "step_to_threshold": (
        "one step of its count against what counts as a surge",
        "how much one step of its views counts",
    ),
    "threshold_7d": ("what counted as a surge this week", "what it takes to lead"),
    "top_creator_share_24h": ("weight of its biggest creator", "the weight of its leading creator"),
    "unique_creators": ("creators taking part", "the number of its creators"),
    "unique_sounds": ("sounds in use", "the number of its sounds"),
    "velocity": ("speed of growth", "its velocity"),
    "views_gained": ("views gained in an hour", "the views it gains"),
    "views_gained_log": ("views gained in an hour", "the views it gains"),
    "views_total_log": ("views so far", "its size"),
    "volume": ("active videos", "the number of its posts"),
    "z_14d": ("growth against its own two weeks", "how unusual its growth is"),
}
"""Feature -> its name on a page, its name in a sentence."""
_FAMILIES = (
    (re.compile(r"gained_(\d+)h(_log)?"), "views gained in {span}", "its growth over {lately}"),
    (re.compile(r"velocity_lag_(\d+)h"), "speed of growth {span} ago", "its velocity"),
    (re.compile(r"acceleration_lag_(\d+)h"), "growth picking up {span} ago", "its acceleration"),
    (re.compile(r"pace_(\d+)_rises(_waiting)?"), "pace of its last {number} rises", "the pace of its last steps"),
    (re.compile(r"interval_(\d+)_rises"), "time between its last {number} rises", "the time between its steps"),
    (re.compile(r"overdue_(\d+)_rises"), "how overdue a rise is by its last {number}", "how overdue its next step is"),
    (
        re.compile(r"pending_(\d+)_rises"),
        "views waiting to show by its last {number} rises",
        "how much of its growth does not show yet",
    ),
    (re.compile(r"rise_(\d+)_before"), "size of the rise {number} before the last", "the size of its steps before"),
    (re.compile(r"daily_growth_(\d+)d"), "its usual day, over {number} days", "its usual growth of a day"),
    (re.compile(r"day_(\d+)"), "its growth {number} days before", "how its last days went"),
    (re.compile(r"top_days_(\d+)d"), "days it surged, of the last {number}", "how often it led before"),
    (re.compile(r"retention_(\d+)"), "how videos hold up after {span}", "how its older posts do"),
    (re.compile(r"videos_(\d+)h"), "videos in {span}", "the number of its posts"),
    (re.compile(r"creators_(\d+)h"), "creators in {span}", "the number of its creators"),
)
"""The same for families of features whose names differ only by a number."""
_SPANS = {1: "an hour", 24: "a day", 48: "2 days", 72: "3 days", 168: "a week"}
_LATELY = ((1, "the last hour"), (12, "the last hours"), (24, "the last day"), (72, "the last days"))
_LONGEST = "the last week"


def feature_words(name: str) -> str:
    """Return the name of a feature for a page; a feature without words keeps its own name.

    Examples
    --------
    >>> [feature_words(name) for name in ("gained_6h_log", "rank_velocity", "videos_24h", "unheard_of")]
    ['views gained in 6 h', 'place by speed of growth', 'videos in a day', 'unheard of']
    """
    if name.endswith(_MISSING):
        return f"no reading of {feature_words(name.removesuffix(_MISSING))}"
    if name.startswith(RANK):
        return f"place by {feature_words(name.removeprefix(RANK))}"
    names = _known(name)
    return names[0] if names else name.replace("_", " ")


def plain_words(name: str) -> str:
    """Return the name of a feature for a sentence, without digits.

    Examples
    --------
    >>> plain_words("novelty"), plain_words("gained_24h_log"), plain_words("rank_growth_24h_past")
    ('its novelty', 'its growth over the last day', 'its growth over the last day compared with others')
    """
    if name.startswith(RANK):
        return f"{plain_words(name.removeprefix(RANK))} compared with others"
    bare = name.removesuffix(_MISSING)
    names = _known(bare)
    return names[1] if names else "its " + " ".join(re.sub(r"[\d_]+", " ", bare).split())


def _known(name: str) -> tuple[str, str] | None:
    """Return both names of a feature, None for a feature without words."""
    if name in _EXACT:
        return _EXACT[name]
    for pattern, label, sentence in _FAMILIES:
        if match := pattern.fullmatch(name):
            number = int(match[1])
            span = _SPANS.get(number, f"{number} h")
            lately = next((words for hours, words in _LATELY if number <= hours), _LONGEST)
            return label.format(span=span, number=number), sentence.format(lately=lately)
    return None
