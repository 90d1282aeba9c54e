"""Ids of models (kind, time of training, and a hash of what is in them) and the names that they are given."""

from datetime import UTC, datetime

CHAMPION, CHALLENGER, PREVIOUS = "champion", "challenger", "previous"
_MINUTE = "%Y%m%dT%H%M"
_UNTRAINED = "untrained"


def model_id_of(kind: str, trained: datetime | None, digest: str) -> str:
    """The id of a model; `trained` is None for one that was not.

    Examples
    --------
    >>> model_id_of("xgboost", datetime(2025, 6, 29, tzinfo=UTC), "e7a97f21")
    'xgboost-20250629T0000-e7a97f21'
    """
    return f"{kind}-{_UNTRAINED if trained is None else trained.strftime(_MINUTE)}-{digest}"


def kind_of(model_id: str) -> str:
    """Kind of a model by its id alone.

    Examples
    --------
    >>> kind_of("last-24h-growth-untrained-1a2b3c4d")
    'last-24h-growth'
    """
    return model_id.rsplit("-", 2)[0]


def trained_at(model_id: str) -> datetime | None:
    """When a model was trained, by its id alone, to the minute; None for one that was not.

    Examples
    --------
    >>> trained_at("xgboost-20250629T0000-e7a97f21").isoformat(), trained_at("last-24h-growth-untrained-1a2b3c4d")
    ('2025-06-29T00:00:00+00:00', None)
    """
    stamp = model_id.rsplit("-", 2)[1]
    return None if stamp == _UNTRAINED else datetime.strptime(stamp, _MINUTE).replace(tzinfo=UTC)
