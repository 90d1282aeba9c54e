"""Word lists of the rules: rising and falling, comparing, standing still, and what a number counts or measures."""

from core.grounding.tokens import Phrases, inflected, phrases, words

UP, DOWN = 1, -1
_RISE = (
    *inflected(
        "accelerate",
        "climb",
        "gain",
        "increase",
        "jump",
        "quicken",
        "surge",
        "soar",
        "expand",
        "rally",
        "strengthen",
        "improve",
        "rebound",
        "spike",
        "advance",
        "rocket",
        "skyrocket",
        "boom",
        "swell",
        "mount",
        "intensify",
        "balloon",
        "recover",
        "escalate",
        "heighten",
        "widen",
        "ascend",
        "multiply",
    ),
    "rise rises rose risen rising grow grows grew grown growing speeding sped leap leaps leapt leaping up upward "
    "upwards uptick upswing upturn faster higher positive hotter stronger bigger larger greater growth-spurt increases "
    "intensified intensifies escalated multiplied",
)
_FALL = (
    *inflected(
        "cool",
        "decline",
        "decrease",
        "fade",
        "slow",
        "drop",
        "plunge",
        "plummet",
        "tumble",
        "slump",
        "slide",
        "sag",
        "ebb",
        "contract",
        "weaken",
        "worsen",
        "dip",
        "retreat",
        "recede",
        "decelerate",
        "dwindle",
        "wane",
        "crater",
        "collapse",
        "erode",
        "soften",
        "subside",
        "narrow",
        "deteriorate",
        "diminish",
        "descend",
        "nosedive",
        "crash",
        "reverse",
        "falter",
        "lessen",
    ),
    "dropped dropping dipped dipping sagged sagging slid sliding fall falls fell fallen falling shrink shrinks shrank "
    "shrunk shrinking lose loses lost losing sink sinks sank sunk sinking down downward downwards downturn downtick "
    "slower lower negative weaker smaller slowdown slipping slipped slip slips loss losses reversal cooler slumping",
)


def _split(groups: tuple[str, ...], way: int) -> dict[str, int]:
    return {word: way for group in groups for word in group.split()}


_PHRASES = {
    "picking up": UP,
    "picked up": UP,
    "picks up": UP,
    "heating up": UP,
    "heats up": UP,
    "heated up": UP,
    "ramping up": UP,
    "speeding up": UP,
    "speeds up": UP,
    "sped up": UP,
    "taking off": UP,
    "took off": UP,
    "takes off": UP,
    "on the rise": UP,
    "▲": UP,
    "↑": UP,
    "⬆": UP,
    "📈": UP,
    "▼": DOWN,
    "↓": DOWN,
    "⬇": DOWN,
    "📉": DOWN,
    "gaining steam": UP,
    "gaining ground": UP,
    "gaining traction": UP,
    "building up": UP,
    "on the up": UP,
    "trending up": UP,
    "trending higher": UP,
    "trending upward": UP,
    "on an upswing": UP,
    "slowing down": DOWN,
    "slows down": DOWN,
    "slowed down": DOWN,
    "cooling off": DOWN,
    "cooled off": DOWN,
    "cooling down": DOWN,
    "dying down": DOWN,
    "tapering off": DOWN,
    "losing steam": DOWN,
    "losing ground": DOWN,
    "trailing off": DOWN,
    "fell off": DOWN,
    "falling off": DOWN,
    "dropping off": DOWN,
    "dropped off": DOWN,
    "winding down": DOWN,
    "trending down": DOWN,
    "trending lower": DOWN,
    "trending downward": DOWN,
    "on the decline": DOWN,
    "drying up": DOWN,
    "easing off": DOWN,
    "eased": DOWN,
    "easing": DOWN,
    "running out of steam": DOWN,
    "on the wane": DOWN,
    "giving up ground": DOWN,
    "shedding": DOWN,
    "sheds": DOWN,
    "levelling off": DOWN,
    "leveling off": DOWN,
    "petering out": DOWN,
    "peaked": DOWN,
}
_PHRASES |= {
    f"{word} {joint}{noun}": sign
    for word, sign in (("above", UP), ("below", DOWN))
    for joint in ("", "the ", "its ", "its own ")
    for noun in ("zero", "average", "norm", "normal", "usual", "baseline", "mean", "typical")
}
# Idioms in which such a word tells no direction.
_NO_WAY = dict.fromkeys(
    phrases(
        "up to, so far, follow up, following up, sum up, summing up, made up, make up, makes up, break down, broken "
        "down, breakdown, adds up, add up, up next, down to earth, what's up, at the top, up for, growing list, look "
        "up, sign up, set up, end up, ends up, keep up, keeps up, shows up, show up, close up, back up, up close, "
        "narrowed down, slow motion, cool tag, positive note, up and running, lower bound, upper bound, greater than, "
        "lower than expected, up against, wake up, up until, false positive, coming up, positive probability, higher "
        "up, mounting evidence, sliding window, advanced, rising hashtags, rising hashtag, rising tags, rising trends, "
        "the views it gains, view gain, view gains, total gain, the gain, no drop, climb out, beat past"
    ),
    0,
)
DIRECTIONS = Phrases(_split(_RISE, UP) | _split(_FALL, DOWN) | _PHRASES | _NO_WAY)
PACE_WORDS = frozenset(
    {*inflected("accelerate", "quicken", "slow", "decelerate")}
    | {*words("faster slower speeding sped slowdown picking picked slowing easing eased tapering softening")}
)
ACCELERATION_WORDS = frozenset(inflected("accelerate", "decelerate"))
# Before such a word (or right behind it, as in surge probability) it tells what may come, and no change seen.
EXPECTING = frozenset(
    words(
        "chance chances probability odds likelihood likely unlikely may might could will would should expected "
        "forecast forecasts predicted predicts projected poised set potential possibility prospect can probable "
        "prediction risk towards toward"
    )
)
# Amounts beside another figure: they tell a direction where they stand at a number or before "than".
COMPARATIVES = {
    "more": UP,
    "extra": UP,
    "additional": UP,
    "above": UP,
    "ahead": UP,
    "better": UP,
    "clear": UP,
    "lead": UP,
    "fewer": DOWN,
    "less": DOWN,
    "below": DOWN,
    "behind": DOWN,
    "short": DOWN,
    "shy": DOWN,
    "worse": DOWN,
    "difference": 0,
    "differ": 0,
    "differs": 0,
    "gap": 0,
    "apart": 0,
    "change": 0,
    "spread": 0,
    "margin": 0,
    "swing": 0,
    "shift": 0,
}
# Verbs between two hashtags.
BEATS = dict.fromkeys(
    words(
        "beats beat outpaces outpaced outpacing leads led leading tops topped outperforms outperformed exceeds "
        "exceeded surpasses surpassed surpassing overtakes overtook overtaken outstrips outstripped outgrew outgrows "
        "outruns outranks outshines outnumber outnumbers outnumbered outgained outpace lead top outperform exceed "
        "surpass overtake outstrip dwarfs eclipses passes outdoes outdid outdraws outdrew edges bests"
    ),
    UP,
) | dict.fromkeys(words("trail lag trails trailed trailing lags lagged lagging underperforms underperformed"), DOWN)
FLAT = Phrases(
    dict.fromkeys(
        phrases(
            "flat, unchanged, stagnant, stalled, no change, not changed, not moved, standing still, stagnating, "
            "plateaued, plateauing, plateau, flatlined, flatlining, held steady, holding steady, holds steady, "
            "remained steady, remains steady, remained stable, remains stable, is stable, is steady, stayed steady, "
            "stayed stable"
        ),
        0,
    )
)
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
