"""What a simulated world is made from: its size, and the constants fitted to real recordings."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.errors import UsageError
from core.windows import require_utc


@dataclass(frozen=True)
class Fitted:
    """Constants taken from, or tuned to, real public data; `docs/simulated-world.md` compares the result.

    Medians and `_sd` are of log-normal laws (sd of the natural logarithm). VN = recording `videos-vn`,
    HV = recording `hashtag-views`; "tuned" = moved until the world's figure met the real one, then frozen.

    Parameters
    ----------
    followers_median, followers_sd: followers of a creator (sd: VN; the median is lower, VN crawled known accounts)
    plays_per_follower: final plays over followers, median (VN)
    plays_on_followers: slope of log plays on log followers (VN)
    plays_sd: spread between videos of one tag and one following (tuned to the sd of plays per follower in VN)
    level_sd: spread of the level of plays between tags (tuned to the spread of totals in HV)
    plays_most: no video gets more
    tag_use_exponent: number of videos of the r-th tag falls as r to minus this (VN, tags used 5 times or more)
    likes, comments, shares, saves: (median, sd) per play (VN)
    life_h, life_sd: time constant of a video's audience, hours (tuned to growth exponents over age in VN)
    tail: least and largest exponent of the audience's tail (as life_h)
    duration_s, duration_sd: length of a video (VN)
    new_share, new_share_sd: views a day that come from new videos, as a share of the total (tuned to growth in HV)
    old_share, old_share_sd: the same from videos older than the world (as new_share)
    stale_share, stale_h: share of readings of totals served from a lagging copy and its lag at most, hours
        (tuned to the share of falling readings in HV)
    falling_share: share of videos whose counters are cleaned up once (tuned to falling readings in VN)
    repost_share: share of captions used before (VN)
    """

    followers_median: float = 2_000.0
    followers_sd: float = 2.47
    plays_per_follower: float = 1.4
    plays_on_followers: float = 0.52
    plays_sd: float = 1.6
    level_sd: float = 1.85
    plays_most: float = 8e7
    tag_use_exponent: float = 0.8
    likes: tuple[float, float] = (0.0448, 0.88)
    comments: tuple[float, float] = (6.1e-4, 1.05)
    shares: tuple[float, float] = (1.74e-3, 1.58)
    saves: tuple[float, float] = (2.14e-3, 1.05)
    life_h: float = 5.0
    life_sd: float = 0.5
    tail: tuple[float, float] = (0.1, 0.65)
    duration_s: float = 19.0
    duration_sd: float = 1.03
    new_share: float = 2.2e-4
    new_share_sd: float = 1.3
    old_share: float = 1.7e-4
    old_share_sd: float = 1.5
    stale_share: float = 0.12
    stale_h: float = 12.0
    falling_share: float = 0.12
    repost_share: float = 0.05


@dataclass(frozen=True)
class WorldParameters:
    """Size, span and seed of a world; the same parameters give the same world.

    Parameters
    ----------
    seed: random seed of the world
    start: first day, midnight UTC
    days: number of days in which videos are posted
    back_days: number of days before `start` that have videos too, so that the first day isn't empty
    hashtags, videos: number of hashtags, and of videos posted within `days`
    creators, sounds: number of accounts, and of sounds beside the accounts' own
    fitted: the constants fitted to real data
    """

    seed: int = 7
    start: datetime = datetime(2026, 1, 5, tzinfo=UTC)
    days: int = 60
    back_days: int = 10
    hashtags: int = 2_000
    videos: int = 200_000
    creators: int = 60_000
    sounds: int = 8_000
    fitted: Fitted = field(default_factory=Fitted)

    def __post_init__(self) -> None:
        require_utc(self.start)
        if self.hashtags < 40 or self.videos < 10 * self.hashtags:
            raise UsageError(
                f"a world needs at least 40 hashtags and 10 videos for each: {self.hashtags} hashtags and "
                f"{self.videos} videos are too few"
            )
        if self.days < 2 or self.back_days < 1 or self.creators < 100 or self.sounds < 20:
            raise UsageError("a world needs at least 2 days, 1 day before, 100 creators and 20 sounds")
        if self.seed < 0:
            raise UsageError(f"the seed of a world must be 0 or more, not {self.seed}")

    @property
    def start_s(self) -> int:
        """The start in seconds since the Unix epoch."""
        return int(self.start.timestamp())

    def hours(self, at: datetime) -> float:
        """Hours from the start to `at`, the world's own measure of time."""
        return (require_utc(at) - self.start).total_seconds() / 3600.0
