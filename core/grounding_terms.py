"""Words for what a number counts or measures: views, creators, likes rate, velocity."""

from collections.abc import Sequence

from core.grounding_hedges import HEDGES
from core.grounding_tokens import Phrases, Token

_WORDS = {
    "views": "views view plays play impressions 'video views' watches",
    "creators": "creators creator accounts account authors author posters users user people creator-count makers voices",
    "videos": "videos video posts post clips clip uploads upload 'video count'",
    "new": "'new videos' 'new posts' 'new video' 'new post' 'new clips' 'new uploads' 'fresh videos' 'fresh posts'",
    "sounds": "sounds sound songs song tracks audios",
    "likes": "likes 'like rate' 'likes rate' hearts",
    "comments": "comments 'comment rate' 'comments rate' replies",
    "shares": "shares 'share rate' 'shares rate' reposts",
    "saves": "saves 'save rate' 'saves rate' bookmarks favourites",
    "engagement": "engagement 'engagement rate' 'engagement efficiency' interactions",
    "velocity": "velocity",
    "acceleration": "acceleration",
    "momentum": "momentum 'momentum score'",
    "novelty": "novelty 'novelty score'",
    "dispersion": "dispersion 'creator dispersion' 'creator diversity' 'creator spread' 'dispersion of creators'",
    "half-life": "'half-life' 'half life' halflife",
    "retention": "retention",
    "z": "'z-score' 'z score' zscore 'standard deviations' 'standard deviation' sigma",
    "probability": "probability chance odds likelihood 'surge probability'",
    "rank": "rank ranks ranked ranking",
    "growth": "growth",
    "coverage": "coverage",
    "followers": "followers follower subscribers fans",
    "viewers": "viewers viewer watchers",
    "downloads": "downloads installs",
    "money": "dollars usd euros eur pounds gbp sales revenue",
    "hashtags": "hashtags hashtag tags trends topics",
    "windows": "windows",
    "p10": "p10 '10th percentile'",
    "p50": "p50 median '50th percentile'",
    "p90": "p90 '90th percentile'",
    "total": "'total views' 'views in total' 'views overall' 'total plays'",
    "lower": "'lower bound'",
    "upper": "'upper bound'",
}
_ALSO = {"total": frozenset({"views", "total"}), "new": frozenset({"videos", "new"})}


def _table() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for topic, words in _WORDS.items():
        for place, part in enumerate(words.split("'")):
            for word in [part] if place % 2 else part.split():
                found[word] = _ALSO.get(topic, frozenset({topic}))
    return found


TERMS = Phrases(_table())
# What may stand between a number and its word: 14 different creators, 35 % increase in views.
_BETWEEN_AFTER = frozenset(
    "more fewer less new extra additional unique different distinct total fresh net separate individual active the its their "
    "licensed further other video participating contributing hourly daily weekly leading overall higher lower faster slower "
    "greater increase rise drop jump gain decline growth fall dip in increment user hashtag tiktok of those these up down "
    "combined as many much surge spike bump cumulative whole full".split()
)
_BETWEEN_BEFORE = HEDGES | frozenset(
    "of is was are were be by now currently stands stood sits sat reads read hit hits reached reaches equals came comes "
    "in a an the its only all has have had been rate score count number index value level ratio figure reading total gained "
    "standing sitting rose fell grew climbed dropped jumped slipped at still this : = - – ( → + [ on with holds measured "
    "estimated put reported totals totalled totaled surpassed exceeds exceeded".split()
)
_FURTHEST = 6
_NO_COUNT = frozenset({"percent", "part", "times", "grown", "points"})


def bound_after(pieces: Sequence[Token], last: int, kind: str) -> tuple[int, int, frozenset[str]] | None:
    """The word behind a number that says what it counts, as (first token, token after it, topics it needs)."""
    for place in range(last, min(last + _FURTHEST, len(pieces))):
        found = TERMS.at(pieces, place)
        if found is not None:
            return place, found[0], found[1]
        text = pieces[place].text
        if text not in _BETWEEN_AFTER and not (text == "-" and pieces[place].start == pieces[place - 1].end):
            return None
        if text == "of" and kind in _NO_COUNT:
            return None
    return None


def bound_before(pieces: Sequence[Token], first: int) -> tuple[int, int, frozenset[str]] | None:
    """The word before a number that says what it measures: views: 12k, a velocity of 0.35."""
    for place in range(first - 1, max(first - 1 - _FURTHEST, -1), -1):
        if pieces[place].kind == "word":
            for start in (place - 2, place - 1, place):
                found = TERMS.at(pieces, start) if start >= 0 else None
                if found is not None and found[0] == place + 1:
                    return start, place + 1, found[1]
        if pieces[place].text not in _BETWEEN_BEFORE:
            return None
    return None
