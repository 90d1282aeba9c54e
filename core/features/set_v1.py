"""Feature set v1: the features of docs/formulas.md, section 4, groups A to F."""

from core.features.sets import Feature, FeatureSet, Group, Missing

GAIN_HOURS = (1, 3, 6, 12, 24, 48, 72, 168)
VELOCITY_LAGS = (1, 3, 6, 24)
ACCELERATION_LAGS = (1, 6)
RANKED = ("growth_24h_past", "velocity", "gained_6h", "gained_24h", "z_14d", "views_total_log")

_A, _B, _C = Group.GROWTH, Group.ENGAGEMENT, Group.CREATORS
_D, _E, _F = Group.SEMANTIC, Group.NOVELTY, Group.RESIDUALS

_GROWTH = (
    Feature("growth_24h_past", _A, "ratio", "the label looking back: (V(t) - V(t - 24 h)) / max(V(t - 24 h), 10000)"),
    *(
        Feature(f"gained_{hours}h", _A, "ratio", f"views gained over {hours} h / max(views before, 10000)")
        for hours in GAIN_HOURS
    ),
    *(Feature(f"gained_{hours}h_log", _A, "log views", f"ln(1 + views gained over {hours} h)") for hours in GAIN_HOURS),
    Feature("gained_24h_before", _A, "ratio", "gained_24h a day earlier"),
    Feature("views_gained_log", _A, "log views", "ln(1 + views_gained of the window)"),
    Feature("velocity", _A, "ratio", "relative change of views_gained against the window before"),
    *(Feature(f"velocity_lag_{h}h", _A, "ratio", f"velocity {h} h before") for h in VELOCITY_LAGS),
    Feature("acceleration", _A, "ratio", "relative change of velocity"),
    *(Feature(f"acceleration_lag_{h}h", _A, "ratio", f"acceleration {h} h before") for h in ACCELERATION_LAGS),
    Feature("momentum", _A, "score", "weighted ranks of velocity, acceleration, engagement and dispersion"),
    Feature("z_14d", _A, "score", "z-score of views_gained against the 14 days before"),
    *(Feature(f"rank_{name}", _A, "share", f"place of {name} among the window's hashtags, 0 to 1") for name in RANKED),
    Feature("quiet_share_24h", _A, "share", "windows of the last 24 h without any gain, of those known"),
    Feature("peak_share_24h", _A, "share", "largest window's share of what was gained in the last 24 h"),
    Feature("hours_since_rise", _A, "hours", "since the platform's total reached its highest value"),
    Feature("last_rise", _A, "ratio", "size of that last step of the total / max(total before, 10000)"),
    Feature("hours_since_reading", _A, "hours", "since the platform's total was last read"),
    Feature("hours_since_detected", _A, "hours", "since the hashtag was first detected"),
    Feature("views_total_log", _A, "log views", "ln(1 + V), of the total or else the plays known"),
    Feature("from_totals", _A, "share", "1 where views_gained rests on the platform's totals, 0 on plays"),
)

_ENGAGEMENT = (
    *(Feature(f"{name}_rate", _B, "ratio", f"{name} per play") for name in ("likes", "comments", "shares", "saves")),
    Feature("engagement_efficiency", _B, "ratio", "likes, comments and shares per play", Missing.FORWARD),
    Feature("engagement_change", _B, "ratio", "engagement_efficiency / its mean over the last 12 windows - 1"),
    Feature("half_life_h", _B, "hours", "until engagement halves"),
    *(
        Feature(f"retention_{age}", _B, "ratio", f"gain of videos aged {age} to {2 * age} h over younger")
        for age in (6, 24, 72)
    ),
    Feature("increment_coverage", _B, "share", "observed videos whose gain is known"),
)

_CREATORS = (
    Feature("volume", _C, "count", "videos observed in the window"),
    Feature("new_video_share", _C, "share", "of them created inside the window"),
    Feature("unique_creators", _C, "count", "distinct creators in the window"),
    Feature("unique_sounds", _C, "count", "distinct sounds in the window"),
    Feature("creator_dispersion", _C, "share", "normalised entropy of videos over creators", Missing.FORWARD),
    Feature("videos_24h", _C, "count", "distinct videos observed in the last 24 h; null if none ever was"),
    Feature("creators_24h", _C, "count", "distinct creators observed in the last 24 h; null if none ever was"),
    Feature("top_creator_share_24h", _C, "share", "largest creator's share of the videos of the last 24 h"),
)

_LATER = (
    Feature("cluster_size_log", _D, "log count", "ln(1 + hashtags in its cluster)", Missing.NEVER_FILLED),
    Feature("cluster_growth_24h", _D, "ratio", "median growth_24h_past of its cluster", Missing.NEVER_FILLED),
    Feature("cluster_age_h", _D, "hours", "since its cluster appeared", Missing.NEVER_FILLED),
    Feature("novelty", _E, "share", "leading creators and sounds not seen in the 24 h before", Missing.FORWARD),
    Feature("novelty_mean_12", _E, "share", "mean novelty of the last 12 windows"),
    Feature(
        "residual_last",
        _F,
        "score",
        "viral (0 or 1) less the probability of its latest resolved prediction of the last 14 days",
        Missing.NEVER_FILLED,
    ),
    Feature("residual_mean_7d", _F, "score", "mean of that over predictions of the last 7 days", Missing.NEVER_FILLED),
)

V1 = FeatureSet(
    "v1",
    "First set: everything follows from counters, totals and who posted.",
    _GROWTH + _ENGAGEMENT + _CREATORS + _LATER,
)
