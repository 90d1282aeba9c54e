"""Feature set v2: v1, and what the steps of the platform's rounded totals say of the pace behind them."""

from core.features.set_v1 import V1
from core.features.sets import Feature, FeatureSet, Group

RISES = (1, 2, 4, 8)
FADES_DAYS = (3, 7, 20)
SEQUENCE_DAYS = 14
COHORT_RANKED = (
    "pace_4_rises",
    "pace_2_rises_waiting",
    "pace_8_rises_waiting",
    "gained_3h",
    "gained_72h",
    "spread_14d",
)

_A = Group.GROWTH
_WAITING = "the wait since the last one counted in"

STEPS = (
    Feature("rounding_step", _A, "log ratio", "log10 of the platform's rounding step / max(V, 10000)"),
    *(
        Feature(f"pace_{k}_rises", _A, "ratio", f"views a day over the last {k} rises of V / max(V, 10000)")
        for k in RISES
    ),
    *(Feature(f"pace_{k}_rises_waiting", _A, "ratio", f"pace_{k}_rises with {_WAITING}") for k in RISES),
    *(Feature(f"interval_{k}_rises", _A, "hours", f"mean time between the last {k} rises") for k in RISES),
    *(Feature(f"overdue_{k}_rises", _A, "ratio", f"time since the last rise / interval_{k}_rises") for k in RISES),
    *(
        Feature(f"pending_{k}_rises", _A, "steps", f"rounding steps gone by since the last rise at pace_{k}_rises")
        for k in (1, 8)
    ),
    *(
        Feature(f"rise_{k}_before", _A, "ratio", f"size of the rise {k} before the last / max(V then, 10000)")
        for k in (1, 2)
    ),
    *(
        Feature(f"daily_growth_{days}d", _A, "ratio", f"mean growth a day, fading by half in {days} days")
        for days in FADES_DAYS
    ),
    Feature(
        "growth_trend", _A, "log ratio", "ln of daily growth of the last day / daily_growth_7d, 0.0001 added to both"
    ),
    Feature("best_day_28d", _A, "ratio", "largest growth of a day in 28 days"),
    Feature("spread_14d", _A, "ratio", "standard deviation of the growth of the last 14 days"),
    Feature("growth_before_28d", _A, "ratio", "growth from 56 to 28 days ago"),
)

AGAINST_OTHERS = (
    Feature("threshold_7d", _A, "ratio", "mean over 7 days of the growth that made a day's top 5 %"),
    Feature("step_to_threshold", _A, "log ratio", "log10 of one rounding step / threshold_7d"),
    Feature("day_to_threshold", _A, "ratio", "growth of the last day / threshold_7d"),
    Feature("pace_to_threshold", _A, "ratio", "pace_4_rises_waiting / threshold_7d"),
    Feature("daily_to_threshold", _A, "ratio", "daily_growth_7d / threshold_7d"),
    Feature("top_days_7d", _A, "share", "of the last 7 days, those in which it was in the top 5 %"),
    Feature("top_days_28d", _A, "share", "the same over 28 days"),
    Feature("days_since_top", _A, "days", "since it last was in a day's top 5 %, null if not in 28 days"),
    Feature("cohort_growth_24h", _A, "ratio", "mean growth of the last day over all hashtags"),
    *(
        Feature(f"rank_{name}", _A, "share", f"place of {name} among the window's hashtags, 0 to 1")
        for name in COHORT_RANKED
    ),
)

SEQUENCE = tuple(
    Feature(f"day_{day}", _A, "ratio", f"growth of the day that ended {day} days before, for models of sequences alone")
    for day in range(SEQUENCE_DAYS)
)

V2 = FeatureSet(
    "v2",
    "v1, and what the steps of the platform's rounded totals say of the pace behind them.",
    V1.features + STEPS + AGAINST_OTHERS + SEQUENCE,
)
