"""Names of features as people say them."""

import re

_UNITS = {"h": "h", "d": "days"}
_EXACT = {
    "momentum": "momentum",
    "novelty": "new faces and sounds",
    "velocity": "speed of growth",
    "acceleration": "growth picking up",
    "volume": "active videos",
    "new_videos": "new videos",
    "unique_creators": "creators taking part",
    "unique_sounds": "sounds in use",
    "creator_dispersion": "spread over creators",
    "engagement_efficiency": "likes, comments and shares per view",
    "likes_rate": "likes per view",
    "comments_rate": "comments per view",
    "shares_rate": "shares per view",
    "saves_rate": "saves per view",
    "views_total": "size so far",
    "views_gained": "views gained in the last hour",
    "half_life_h": "how long interest lasts",
    "age_h": "age of the hashtag",
    "z_14d": "growth against its own 14 days",
}
_WORDS = {
    "gained": "views gained",
    "growth": "growth",
    "log": "",
    "rel": "",
    "relative": "",
    "past": "",
    "lag": "earlier",
    "rank": "rank by",
    "creators": "creators",
    "videos": "videos",
    "views": "views",
    "is": "",
    "missing": "(no reading)",
}


def feature_words(name: str) -> str:
    """A feature in words.

    Examples
    --------
    >>> [feature_words(name) for name in ("gained_6h_log", "growth_24h_past", "velocity", "unheard_of")]
    ['views gained in 6 h', 'growth in 24 h', 'speed of growth', 'unheard of']
    """
    if name in _EXACT:
        return _EXACT[name]
    said: list[str] = []
    span = ""
    for part in name.split("_"):
        match = re.fullmatch(r"(\d+)([hd])", part)
        if match:
            span = f"in {match[1]} {_UNITS[match[2]]}"
        elif word := _WORDS.get(part, part):
            said.append(word)
    return " ".join([*said, span]).strip() or name
