"""The kinds of hashtags a simulated world has, and the waves of adoption of each.

A wave is the mean field of self-exciting adoption with a limited public: dN/dt = N (1 - N/K) / rise, so the number who
have joined is a logistic curve. Views follow with a lag, because a wave's later posts are amplified (`boost`, `lag_h`),
while its first ones already engage more (`engagement`): creators and engagement run ahead of the views.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class HashtagKind(StrEnum):
    """The process that drives a hashtag's views."""

    EVERGREEN = "evergreen"
    ORGANIC_SURGE = "organic_surge"
    SLOW_BURN = "slow_burn"
    FIZZLE = "fizzle"
    SEASONAL = "seasonal"
    BOOSTED = "boosted"
    COPY_CAT = "copy_cat"


@dataclass(frozen=True)
class Waves:
    """The waves of a kind.

    Parameters
    ----------
    a_day: waves a day on average; weekly ones come once a week
    rise_h: least and largest time constant of the rise, hours
    fall: how many times slower it falls than it rises
    days_worth, days_worth_sd: posts of a wave, in days of the tag's ordinary posting (log-normal), beside a floor
    least_posts: that floor
    boost, boost_sd: by how much the plays of the wave's later posts are multiplied (log-normal)
    lag_h: least and largest lag of that amplification behind adoption, hours
    engagement: likes, comments, shares and saves per play of the wave's posts, relative to ordinary ones
    share_joined: the wave breaks off when this share of its public has joined
    reposts: share of its posts that repeat an earlier post of its source
    one_creator: a single account posts it all
    """

    a_day: float
    rise_h: tuple[float, float]
    fall: float
    days_worth: float
    days_worth_sd: float = 0.7
    least_posts: float = 8.0
    boost: float = 1.0
    boost_sd: float = 0.6
    lag_h: tuple[float, float] = (5.0, 10.0)
    engagement: float = 1.0
    share_joined: float = 1.0
    reposts: float = 0.05
    one_creator: bool = False


SHARES: Mapping[HashtagKind, float] = {
    HashtagKind.EVERGREEN: 0.38,
    HashtagKind.ORGANIC_SURGE: 0.26,
    HashtagKind.SLOW_BURN: 0.06,
    HashtagKind.FIZZLE: 0.12,
    HashtagKind.SEASONAL: 0.07,
    HashtagKind.BOOSTED: 0.04,
    HashtagKind.COPY_CAT: 0.07,
}

COPY_DELAY_H = (10.0, 40.0)

WAVES: Mapping[HashtagKind, Waves] = {
    HashtagKind.ORGANIC_SURGE: Waves(3 / 60, (2.5, 6.0), 2.5, 14.0, boost=22.0, lag_h=(3.0, 8.0), engagement=1.5),
    HashtagKind.SLOW_BURN: Waves(1 / 60, (30.0, 60.0), 1.5, 40.0, boost=6.0, lag_h=(15.0, 30.0), engagement=1.2),
    HashtagKind.FIZZLE: Waves(4 / 60, (2.5, 6.0), 2.5, 4.0, boost_sd=0.2, engagement=1.4, share_joined=0.4),
    HashtagKind.SEASONAL: Waves(1 / 7, (4.0, 7.0), 1.0, 4.0, least_posts=3.0, boost=2.5, boost_sd=0.2, engagement=1.1),
    HashtagKind.BOOSTED: Waves(
        2.5 / 60, (1.0, 2.0), 1.5, 0.0, least_posts=6.0, boost=25.0, lag_h=(0.0, 1.0), engagement=0.12, one_creator=True
    ),
    HashtagKind.COPY_CAT: Waves(
        3 / 60, (2.5, 6.0), 2.5, 10.0, boost=14.0, lag_h=(3.0, 8.0), engagement=1.3, reposts=0.6
    ),
}
