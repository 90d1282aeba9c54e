"""Words for what a number counts or measures: views, creators, likes rate, velocity."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from core.grounding.hedges import HEDGES
from core.grounding.tokens import Phrases, Token
from core.grounding.wordlists import words

_WORDS = {
    "views": "views view plays play impressions 'video views' watches",
    "creators": "creators creator accounts account authors author posters users user people makers",
    "videos": "videos video posts post clips clip uploads upload 'video count'",
    "new": "'new videos' 'new posts' 'new video' 'new post' 'new clips' 'new uploads' 'fresh videos' 'fresh posts'",
    "sounds": "sounds sound songs song tracks audios",
    "likes": "likes liked 'like rate' 'likes rate' hearts",
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
    "probability": "probability chance odds likelihood p 'surge probability'",
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
    "quantile": "range interval band",
    "lower": "'lower bound'",
    "upper": "'upper bound'",
}
_ALSO = {"total": frozenset({"views", "total"}), "new": frozenset({"videos", "new"})}


def _table() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for topic, told in _WORDS.items():
        for place, part in enumerate(told.split("'")):
            for word in [part] if place % 2 else part.split():
                found[word] = _ALSO.get(topic, frozenset({topic}))
    return found


TERMS = Phrases(_table())
# What may stand between a number and its word: 14 different creators, 35 % increase in views.
_BETWEEN_AFTER = frozenset(
    words(
        "more fewer less new extra additional unique different distinct total fresh net separate individual active "
        "the its their licensed further other video participating contributing hourly daily weekly leading overall "
        "higher lower faster slower greater increase rise drop jump gain decline growth fall dip in increment user "
        "hashtag tiktok of those these up down combined as many much surge spike bump cumulative whole full missed "
        "late true false past earlier such big sharp sudden"
    )
)
_BETWEEN_BEFORE = HEDGES | frozenset(
    words(
        "of is was are were be by now currently stands stood sits sat reads read hit hits reached reaches equals came "
        "comes in a an the its h only all has have had been rate score count number index value level ratio figure "
        "reading total gained standing sitting rose fell grew climbed dropped jumped slipped at still this : = - – ( "
        "→ + [ on with holds measured from between positive negative high low strong weak solid steady stays remains "
        "keeps estimated put reported totals totalled totaled surpassed exceeds exceeded"
    )
)
_FURTHEST = 6
_NO_COUNT = frozenset({"percent", "part", "times", "grown", "points"})


@dataclass(frozen=True, slots=True)
class Term:
    """A word for what is measured: its tokens, and the topics a figure must have to be told by it."""

    first: int
    last: int
    topics: frozenset[str]


def terms(pieces: Sequence[Token]) -> list[Term]:
    """The words for what is measured, in order."""
    return [Term(first, last, topics) for first, last, topics in TERMS.find(pieces)]


def bound_after(pieces: Sequence[Token], starts: Mapping[int, Term], last: int, kind: str) -> Term | None:
    """The word behind a number that says what it counts; `starts` holds the terms by their first token."""
    for place in range(last, min(last + _FURTHEST, len(pieces))):
        if place in starts:
            return starts[place]
        text = pieces[place].text
        if text not in _BETWEEN_AFTER and not (text == "-" and pieces[place].start == pieces[place - 1].end):
            return None
        if text == "of" and kind in _NO_COUNT:
            return None
    return None


def bound_before(pieces: Sequence[Token], ends: Mapping[int, Term], first: int, spans: Collection[int]) -> Term | None:
    """The word before a number that says what it measures: views: 12k, a velocity of 0.35; time words are skipped.

    `ends` holds the terms by the token after their last.
    """
    left = _FURTHEST
    for place in range(first - 1, -1, -1):
        if place in spans or (pieces[place].text in ("over", "during") and place + 1 in spans):
            continue
        left -= 1
        if left < 0:
            return None
        if place + 1 in ends:
            return ends[place + 1]
        if pieces[place].text not in _BETWEEN_BEFORE:
            return None
    return None
