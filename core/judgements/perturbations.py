"""Perturbations: which figures of a hashtag may be changed, and which features follow from each.

A perturbation multiplies one metric by a factor *throughout*, in all the windows that features look back on. Then every
feature that follows from the metric is known exactly. Levels move by the factor; features that compare a metric with
its own past (engagement_change, half_life_h, velocities of it) do not move, since the factor cancels;
momentum moves by its weight times the new place of the metric among the window's hashtags. Growth has no
perturbation: dozens of features follow from the whole path of a total, and no factor on one of them leaves the others
possible.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.evaluation.intervals import Floats

TIED_DECIMALS = 12
ROUNDING = 1e-9


@dataclass(frozen=True)
class Perturbation:
    """A metric that can be changed.

    Parameters
    ----------
    feature: the feature that is changed, within its range among the window's hashtags
    words: name of the feature in a sentence
    with_it: features that are multiplied by the same factor
    against: features that are divided by the same factor
    most: upper bound of all features that are multiplied
    whole: whether the features are counts, rounded to whole numbers of at least 1
    within: pairs (feature, bound): the feature never passes that other feature
    in_momentum: whether momentum depends on the feature's rank among the window's hashtags
    """

    feature: str
    words: str
    with_it: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    most: float = float("inf")
    whole: bool = False
    within: tuple[tuple[str, str], ...] = ()
    in_momentum: bool = False

    @property
    def features(self) -> tuple[str, ...]:
        """All features that are multiplied, the stated one first."""
        return (self.feature, *self.with_it)


PERTURBATIONS = (
    Perturbation("creator_dispersion", "its creator dispersion", most=1.0, in_momentum=True),
    Perturbation(
        "unique_creators",
        "the number of its creators in an hour",
        ("creators_24h",),
        against=("top_creator_share_24h",),
        whole=True,
        within=(("unique_creators", "volume"), ("creators_24h", "videos_24h")),
    ),
    Perturbation(
        "volume",
        "the number of its posts seen in an hour",
        ("videos_24h", "unique_creators", "creators_24h", "unique_sounds"),
        whole=True,
    ),
    Perturbation(
        "unique_sounds", "the number of its sounds in an hour", whole=True, within=(("unique_sounds", "volume"),)
    ),
    Perturbation("new_video_share", "the share of new posts", most=1.0),
    Perturbation(
        "engagement_efficiency",
        "its engagement",
        ("likes_rate", "comments_rate", "shares_rate", "saves_rate"),
        most=1.0,
        in_momentum=True,
    ),
    Perturbation("novelty", "its novelty", ("novelty_mean_12",), most=1.0),
)
FACTORS = (0.5, 2.0)
LEAST_CHANGE = 0.1


def perturbed(
    perturbation: Perturbation, row: Mapping[str, float | None], factor: float, low: float, high: float
) -> dict[str, float]:
    """Return the features that a perturbation changes, with their new values; empty when the change is not possible.

    The factor is reduced where it would take the stated feature out of [low, high] or any feature past its bound; the
    reduced factor must still change the stated feature by a tenth.

    Parameters
    ----------
    perturbation: which metric is changed
    row: the hashtag's features; an unknown (null) feature stays unknown
    factor: factor that the metric is multiplied by
    low, high: range of the stated feature among the window's hashtags

    Examples
    --------
    >>> row = {"creator_dispersion": 0.4}
    >>> perturbed(PERTURBATIONS[0], row, 2.0, 0.1, 0.9), perturbed(PERTURBATIONS[0], row, 2.0, 0.1, 0.6)
    ({'creator_dispersion': 0.8}, {'creator_dispersion': 0.6})
    """
    values = {name: float(value) for name in perturbation.features if (value := row.get(name)) is not None}
    start = values.get(perturbation.feature)
    if start is None or start <= 0:
        return {}
    target = min(max(start * factor, low), high)
    for name, value in values.items():
        bound = min([perturbation.most, *(_known(row, limit) for part, limit in perturbation.within if part == name)])
        if value > 0:
            target = min(target, start * bound / value)
    if perturbation.whole:
        target = max(1.0, float(np.floor(target) if factor > 1 else np.ceil(target)))
    if (target - start) * (factor - 1) <= 0 or abs(target / start - 1) < LEAST_CHANGE:
        return {}
    moved = {name: value * (target / start) for name, value in values.items()}
    if perturbation.whole:
        moved = {name: max(1.0, float(np.round(value))) for name, value in moved.items()}
    divided = {
        name: float(value) / (target / start) for name in perturbation.against if (value := row.get(name)) is not None
    }
    changed = {**moved, **divided, perturbation.feature: target}
    return changed if _possible({**row, **changed}) else {}


def place(others: Floats, value: float) -> float:
    """Return (average rank - 0.5) / n of a value among itself and the known `others`, as `relative_rank` does.

    Examples
    --------
    >>> place(np.array([1.0, 2.0, np.nan]), 3.0)
    0.8333333333333334
    """
    among = np.round(others[~np.isnan(others)], TIED_DECIMALS)
    rounded = round(value, TIED_DECIMALS)
    below, tied = int((among < rounded).sum()), int((among == rounded).sum())
    return (below + tied / 2 + 0.5) / (len(among) + 1)


def value_range(values: Sequence[float | None]) -> tuple[float, float] | None:
    """Return the 5 % and 95 % quantiles of the known values, None without any."""
    finite = np.array([value for value in values if value is not None], float)
    if not len(finite):
        return None
    low, high = np.quantile(finite, [0.05, 0.95])
    return float(low), float(high)


def _possible(row: Mapping[str, float | None]) -> bool:
    """Return whether the day's posts fit its creators: the leading one has its share, each other at least one post."""
    posts, creators, first = (row.get(name) for name in ("videos_24h", "creators_24h", "top_creator_share_24h"))
    if posts is None or creators is None or first is None:
        return True
    return 1 / creators <= first + ROUNDING and first <= 1 - (creators - 1) / posts + ROUNDING


def _known(row: Mapping[str, float | None], name: str) -> float:
    value = row.get(name)
    return float("inf") if value is None else float(value)
