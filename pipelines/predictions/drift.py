"""Whether what the champion sees still looks like what it learnt from: features and label prevalence.

Formulas: docs/formulas.md, section 5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from core.evaluation.drift import Bins, Divergence, DriftLevel, level
from core.windows import MICROSECOND
from storage.lake.interface import Lake
from storage.records.interface import Records
from storage.records.rows import ModelRow

CURRENT = timedelta(days=7)
ANCHORS = 56
LAST_DRIFT = "drift"
CLOCKS = frozenset({"hours_since_detected"})  # moves with the age of the installation, whatever the data do
_ORDER: tuple[DriftLevel, ...] = ("ok", "warning", "critical")


@dataclass(frozen=True)
class FeatureDrift:
    """How far one feature has drifted; `level` grades the larger of the two distances."""

    feature: str
    kl: float
    psi: float
    level: DriftLevel


@dataclass(frozen=True)
class DriftReport:
    """The champion's training period compared with the last week.

    Parameters
    ----------
    at: end of the week
    model_id: the champion
    reference, current: start, end and rows of both
    features: the champion's features, furthest moved first
    prevalence: share of virals in the reference and now, None where no outcome is known
    prevalence_shift: relative change of that share
    """

    at: datetime
    model_id: str
    reference: Mapping[str, Any]
    current: Mapping[str, Any]
    features: Sequence[FeatureDrift]
    prevalence: tuple[float | None, float | None]
    prevalence_shift: float | None

    @property
    def level(self) -> DriftLevel:
        """The worst level among the prevalence and all features, clocks excepted."""
        levels = [part.level for part in self.features if part.feature not in CLOCKS]
        levels += [] if self.prevalence_shift is None else [level(self.prevalence_shift)]
        return max(levels, key=_ORDER.index, default="ok")

    def beyond(self, least: DriftLevel) -> list[FeatureDrift]:
        """The features at or past a level, clocks excepted."""
        reached = _ORDER[_ORDER.index(least) :]
        return [part for part in self.features if part.level in reached and part.feature not in CLOCKS]

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form that the records store."""
        return asdict(self) | {"at": self.at.isoformat(), "level": self.level}


def measure(lake: Lake, champion: ModelRow, now: datetime) -> DriftReport | None:
    """Compare the features and outcomes of the last seven days with the champion's training period.

    Both sides are samples of whole anchors, evenly spread, at most 56 of them. None for a champion that learnt from no
    data, and where either side has no rows.
    """
    learnt = champion.training_set
    if not learnt.get("start"):
        return None
    start, end = (datetime.fromisoformat(str(learnt[name])) for name in ("start", "end"))
    names = list(champion.features)
    periods = (_before(start), end), (now - CURRENT, now)
    before, after = (_sample(lake, names, *period) for period in periods)
    if before.is_empty() or after.is_empty():
        return None
    moved = sorted((_feature(name, before, after) for name in names), key=lambda part: (-part.psi, part.feature))
    old, new = (_prevalence(lake, *period) for period in periods)
    shift = None if not old or new is None else new / old - 1
    return DriftReport(now, champion.model_id, _told(before), _told(after), moved, (old, new), shift)


def remember(records: Records, report: DriftReport) -> None:
    """Store a report as the latest."""
    records.put_value(LAST_DRIFT, report.as_json(), report.at)


def drift_level(records: Records, since: datetime | None) -> DriftLevel:
    """Level of the latest report; `ok` if none was made since `since`, the time of the last training."""
    report = records.value(LAST_DRIFT)
    if not isinstance(report, Mapping) or (since is not None and datetime.fromisoformat(report["at"]) < since):
        return "ok"
    latest: DriftLevel = report["level"]
    return latest


def _sample(lake: Lake, names: list[str], start: datetime, end: datetime) -> pl.DataFrame:
    """Rows of evenly spaced anchors in (start, end], read one day at a time."""
    anchors = lake.read("features", start=start, end=end, columns=["at"])["at"].unique().sort()
    chosen = anchors.gather_every(-(-len(anchors) // ANCHORS)) if len(anchors) else anchors
    days = pl.DataFrame({"at": chosen}).group_by(pl.col("at").dt.date().alias("day"), maintain_order=True).agg("at")
    parts = [
        lake.read("features", start=_before(at[0]), end=at[-1], columns=["at", *names]).filter(pl.col("at").is_in(at))
        for at in days["at"].to_list()
    ]
    return pl.concat(parts) if parts else pl.DataFrame()


def _before(moment: datetime) -> datetime:
    return moment - MICROSECOND


def _feature(name: str, before: pl.DataFrame, after: pl.DataFrame) -> FeatureDrift:
    old, new = (np.asarray(part[name].cast(pl.Float64).fill_null(np.nan).to_numpy()) for part in (before, after))
    bins = Bins.of(old)
    distance = Divergence.of(bins.counts(old), bins.counts(new))
    return FeatureDrift(name, distance.kl, distance.psi, level(max(distance.kl, distance.psi)))


def _prevalence(lake: Lake, start: datetime, end: datetime) -> float | None:
    share = lake.read("outcomes", start=start, end=end, columns=["viral"])["viral"].mean()
    return float(share) if isinstance(share, float) else None


def _told(rows: pl.DataFrame) -> dict[str, Any]:
    return {"start": str(rows["at"].min()), "end": str(rows["at"].max()), "rows": rows.height}
