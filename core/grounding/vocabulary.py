"""The words of the rules: for rising, falling, comparing and standing still, and for what is measured."""

from core.grounding.tokens import Phrases, inflected, phrases, words

UP, DOWN = 1, -1
_RISE = (
    *inflected(
        *words(
            "accelerate climb gain increase jump quicken surge soar expand rally strengthen improve rebound spike "
            "advance rocket skyrocket boom swell mount intensify balloon recover escalate heighten widen ascend "
            "multiply"
        )
    ),
    "rise rises rose risen rising grow grows grew grown growing speeding sped leap leaps leapt leaping up upward "
    "upwards uptick upswing upturn faster higher positive hotter stronger bigger larger greater growth-spurt increases "
    "intensified intensifies escalated multiplied",
)
_FALL = (
    *inflected(
        *words(
            "cool decline decrease fade slow drop plunge plummet tumble slump slide sag ebb contract weaken "
            "worsen dip retreat recede decelerate dwindle wane crater collapse erode soften subside narrow "
            "deteriorate diminish descend nosedive crash reverse falter lessen"
        )
    ),
    "dropped dropping dipped dipping sagged sagging slid sliding fall falls fell fallen falling shrink shrinks shrank "
    "shrunk shrinking lose loses lost losing sink sinks sank sunk sinking down downward downwards downturn downtick "
    "slower lower negative weaker smaller slowdown slipping slipped slip slips loss losses reversal cooler slumping",
)


def _split(groups: tuple[str, ...], direction: int) -> dict[str, int]:
    """Return the words of the groups, each with its direction."""
    return {word: direction for group in groups for word in group.split()}


_PHRASES = dict.fromkeys(
    phrases(
        "picking up, picked up, picks up, heating up, heats up, heated up, ramping up, speeding up, speeds "
        "up, sped up, taking off, took off, takes off, on the rise, ▲, ↑, ⬆, 📈, gaining steam, gaining "
        "ground, gaining traction, building up, on the up, trending up, trending higher, trending upward, on "
        "an upswing"
    ),
    UP,
) | dict.fromkeys(
    phrases(
        "▼, ↓, ⬇, 📉, slowing down, slows down, slowed down, cooling off, cooled off, cooling down, dying "
        "down, tapering off, losing steam, losing ground, trailing off, fell off, falling off, dropping off, "
        "dropped off, winding down, trending down, trending lower, trending downward, on the decline, drying "
        "up, easing off, eased, easing, running out of steam, on the wane, giving up ground, shedding, sheds, "
        "levelling off, leveling off, petering out, peaked"
    ),
    DOWN,
)
_PHRASES |= {
    f"{word} {joint}{noun}": sign
    for word, sign in (("above", UP), ("below", DOWN))
    for joint in ("", "the ", "its ", "its own ")
    for noun in ("zero", "average", "norm", "normal", "usual", "baseline", "mean", "typical")
}
# Idioms in which such a word states no direction.
_NO_DIRECTION = dict.fromkeys(
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
DIRECTIONS = Phrases(_split(_RISE, UP) | _split(_FALL, DOWN) | _PHRASES | _NO_DIRECTION)
PACE_WORDS = frozenset(
    {*inflected("accelerate", "quicken", "slow", "decelerate")}
    | {*words("faster slower speeding sped slowdown picking picked slowing easing eased tapering softening")}
)
ACCELERATION_WORDS = frozenset(inflected("accelerate", "decelerate"))
# Beside these words, a word of direction states what may come: may rise, surge probability.
EXPECTING = frozenset(
    words(
        "chance chances probability odds likelihood likely unlikely may might could will would should expected "
        "forecast forecasts predicted predicts projected poised set potential possibility prospect can probable "
        "prediction risk towards toward"
    )
)
# Comparing words; they state a direction beside a number or before "than".
COMPARATIVES = (
    dict.fromkeys(words("more extra additional above ahead better clear lead"), UP)
    | dict.fromkeys(words("fewer less below behind short shy worse"), DOWN)
    | dict.fromkeys(words("difference differ differs gap apart change spread margin swing shift"), 0)
)
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
# Words for what is measured, by topic.
_MEASURED = {
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


def _term_topics() -> dict[str, frozenset[str]]:
    """Return the topics of each word for what is measured."""
    topics: dict[str, frozenset[str]] = {}
    for topic, listed in _MEASURED.items():
        for place, part in enumerate(listed.split("'")):
            for word in [part] if place % 2 else part.split():
                topics[word] = _ALSO.get(topic, frozenset({topic}))
    return topics


TERMS = Phrases(_term_topics())
