"""HTTP answers about hashtags and themes as they were measured."""

from datetime import datetime

from pydantic import Field

from serve.api.schemas import ApiAnswer


class TrendAnswer(ApiAnswer):
    """A hashtag as measured in the newest window."""

    hashtag: str
    window_end: datetime
    emerging: bool
    momentum: float | None
    novelty: float | None
    velocity: float | None
    acceleration: float | None
    volume: int | None
    new_videos: int | None
    unique_creators: int | None
    views_total: float | None
    views_gained: float | None
    delta_24h: float | None
    engagement_efficiency: float | None
    first_detected_at: datetime | None


class ThemeAnswer(ApiAnswer):
    """A cluster of hashtags that are used together, with the views it gains now."""

    cluster_id: str = Field(description="the same as long as the cluster lives")
    at: datetime = Field(description="time of the clustering")
    theme_label: str
    label_source: str = Field(description="vocabulary, model, or members: named after its hashtags")
    size: int = Field(description="number of its hashtags")
    size_24h_ago: int | None = Field(description="null when it was not there")
    born_at: datetime
    views_gained: float | None = Field(description="of its hashtags in the newest window")
    growth_24h: float | None = Field(description="of the views of its hashtags whose totals are known, ratio")
    best_rank: int | None = Field(description="place of its best-ranked hashtag")
    best_hashtag: str | None
    members: list[str] = Field(description="nearest to the middle first")
    keywords: list[str] = Field(description="words of captions in the same cluster")


class MeasurementAnswer(ApiAnswer):
    """One window of a hashtag's history."""

    window_end: datetime
    views_total: float | None
    views_gained: float | None
    volume: int | None
    unique_creators: int | None
    momentum: float | None
    novelty: float | None
    engagement_efficiency: float | None
    emerging: bool
