"""Ids of models (kind, time of training, hash of their contents), and the aliases of the models in use."""

from datetime import UTC, datetime

CHAMPION, CHALLENGER, PREVIOUS = "champion", "challenger", "previous"
_MINUTE = "%Y%m%dT%H%M"
_UNTRAINED = "untrained"


def model_id_of(kind: str, trained: datetime | None, digest: str) -> str:
    """Return the id of a model.

    Parameters
    ----------
    kind: kind of model
    trained: time of training; None for an untrained model
    digest: hash of the model's contents

    Examples
    --------
    >>> model_id_of("xgboost", datetime(2025, 6, 29, tzinfo=UTC), "e7a97f21")
    'xgboost-20250629T0000-e7a97f21'
    """
    return f"{kind}-{_UNTRAINED if trained is None else trained.strftime(_MINUTE)}-{digest}"


def kind_of(model_id: str) -> str:
    """Return the kind of a model from its id.

    Examples
    --------
    >>> kind_of("last-24h-growth-untrained-1a2b3c4d")
    'last-24h-growth'
    """
    return model_id.rsplit("-", 2)[0]


def trained_at(model_id: str) -> datetime | None:
    """Return when a model was trained, to the minute, from its id; None for an untrained model.

    Examples
    --------
    >>> trained_at("xgboost-20250629T0000-e7a97f21").isoformat(), trained_at("last-24h-growth-untrained-1a2b3c4d")
    ('2025-06-29T00:00:00+00:00', None)
    """
    stamp = model_id.rsplit("-", 2)[1]
    return None if stamp == _UNTRAINED else datetime.strptime(stamp, _MINUTE).replace(tzinfo=UTC)
