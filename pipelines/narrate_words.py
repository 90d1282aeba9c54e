"""Plain words for features, free of digits, so that no number appears that is not cited."""

import re

PLAIN = {
    "acceleration": "its acceleration",
    "comments_rate": "how much it is commented on",
    "creator_dispersion": "how evenly its creators share it",
    "engagement_efficiency": "its engagement",
    "likes_rate": "how much it is liked",
    "momentum": "its momentum",
    "new_videos": "its new posts",
    "novelty": "its novelty",
    "saves_rate": "how much it is saved",
    "shares_rate": "how much it is shared",
    "unique_creators": "the number of its creators",
    "unique_sounds": "the number of its sounds",
    "velocity": "its velocity",
    "views_gained": "the views it gains",
    "views_total": "its size",
    "volume": "the number of its posts",
}
SPANS = ((1, "the last hour"), (12, "the last hours"), (24, "the last day"), (72, "the last days"))
LONGEST = "the last week"
_HOURS = re.compile(r"_(\d+)h(?=_|$)|lag_?(\d+)")


def plain_words(feature: str) -> str:
    """Return a feature's name as a reader would say it.

    Examples
    --------
    >>> plain_words("novelty"), plain_words("gained_24h_rel"), plain_words("lag_3")
    ('its novelty', 'its growth over the last day', 'its growth over the last hours')
    """
    if feature in PLAIN:
        return PLAIN[feature]
    span = _HOURS.search(feature)
    if span is not None:
        words = next((words for hours, words in SPANS if int(span[1] or span[2]) <= hours), LONGEST)
        ranked = "its rank by growth" if "rank" in feature else "its growth"
        return f"{ranked} over {words}"
    for name in sorted(PLAIN, key=len, reverse=True):
        if feature.startswith(name):
            return PLAIN[name]
    return "its " + re.sub(r"[\d_]+", " ", feature).strip()
