"""Columns that every rival of `groundswell bench metrics` returns, and the constants of the formulas."""

DAY_WINDOWS = 24
COUNTERS = ("plays", "likes", "comments", "shares", "saves")
RATED = COUNTERS[1:]
RETENTION_AGES_H = (6, 24, 72)
LEADERS = 20
HALF_LIFE_WINDOWS = 12
LONGEST_HALF_LIFE_H = 720.0
Z_WINDOWS, Z_LEAST = 14 * 24, 24
MOMENTUM = {"velocity": 0.4, "acceleration": 0.3, "engagement_efficiency": 0.2, "creator_dispersion": 0.1}
TIED_DECIMALS = 12
ROUNDING = 1e-12

COUNTS = ("volume", "new_videos", "unique_creators", "unique_sounds")
COLUMNS = (
    "hashtag",
    "window_end",
    *COUNTS,
    "views_increment",
    "increment_coverage",
    "views_gained",
    "likes_rate",
    "comments_rate",
    "shares_rate",
    "saves_rate",
    "engagement_efficiency",
    "creator_dispersion",
    "velocity",
    "acceleration",
    "momentum",
    "novelty",
    "half_life_h",
    "retention_6",
    "retention_24",
    "retention_72",
    "z_14d",
    "emerging",
)
