"""Plain words for features, free of digits, so that no number appears that is not cited."""

import re

PLAIN = {
    "acceleration": "its acceleration",
    "best_day": "the size of its best recent day",
    "cluster": "its theme",
    "cohort_growth": "the growth of all hashtags",
    "comments_rate": "how much it is commented on",
    "creator_dispersion": "how evenly its creators share it",
    "creators": "the number of its creators",
    "daily_growth": "its usual growth of a day",
    "daily_to_threshold": "its usual day beside those of the leaders",
    "day_": "how its last days went",
    "day_to_threshold": "its last day beside those of the leaders",
    "days_since_top": "how recently it led before",
    "engagement_change": "the change of its engagement",
    "engagement_efficiency": "its engagement",
    "from_totals": "how its views are known",
    "gained_24h_before": "its growth the day before",
    "growth_before": "its growth weeks ago",
    "growth_trend": "its growth beside its usual one",
    "half_life": "how long its engagement lasts",
    "hours_since_detected": "how new it is here",
    "hours_since_reading": "how fresh its figures are",
    "hours_since_rise": "how long its views have stood still",
    "increment_coverage": "how much of it is measured",
    "interval_": "the time between its steps",
    "last_rise": "the size of its last step",
    "likes_rate": "how much it is liked",
    "momentum": "its momentum",
    "new_video": "its share of new posts",
    "novelty": "its novelty",
    "overdue_": "how overdue its next step is",
    "pace_": "the pace of its last steps",
    "pace_to_threshold": "its pace beside that of the leaders",
    "peak_share": "how much of its growth came at once",
    "pending_": "how much of its growth does not show yet",
    "quiet_share": "how long it was quiet",
    "residual": "how it beat past predictions",
    "retention": "how its older posts do",
    "rise_": "the size of its steps before",
    "rounding_step": "how coarsely its views are counted",
    "saves_rate": "how much it is saved",
    "shares_rate": "how much it is shared",
    "spread_14d": "how uneven its days are",
    "step_to_threshold": "how much one step of its views counts",
    "threshold_": "what it takes to lead",
    "top_creator_share": "the weight of its leading creator",
    "top_days": "how often it led before",
    "unique_creators": "the number of its creators",
    "unique_sounds": "the number of its sounds",
    "velocity": "its velocity",
    "videos": "the number of its posts",
    "views_gained": "the views it gains",
    "views_total": "its size",
    "volume": "the number of its posts",
    "z_": "how unusual its growth is",
}
SPANS = ((1, "the last hour"), (12, "the last hours"), (24, "the last day"), (72, "the last days"))
LONGEST = "the last week"
RANK = "rank_"
_GROWTH = re.compile(r"(?:gained|growth)_(\d+)h(?:_|$)")


def plain_words(feature: str) -> str:
    """Return a feature's name as a reader would say it.

    Examples
    --------
    >>> plain_words("novelty"), plain_words("gained_24h_log"), plain_words("rank_growth_24h_past")
    ('its novelty', 'its growth over the last day', 'its growth over the last day compared with others')
    """
    if feature.startswith(RANK):
        return f"{plain_words(feature.removeprefix(RANK))} compared with others"
    for name in sorted(PLAIN, key=len, reverse=True):
        if feature.startswith(name):
            return PLAIN[name]
    growth = _GROWTH.match(feature)
    if growth is not None:
        return "its growth over " + next((words for hours, words in SPANS if int(growth[1]) <= hours), LONGEST)
    return "its " + " ".join(re.sub(r"[\d_]+", " ", feature).split())
