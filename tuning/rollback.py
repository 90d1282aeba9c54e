"""Rollback of a promotion: the previous champion returns when live figures show that it would have done better."""

from dataclasses import asdict
from datetime import datetime, timedelta

import polars as pl
import xxhash

from core.evaluation.intervals import Estimate
from core.evaluation.kpis import score_figures
from core.evaluation.model_ids import CHAMPION, PREVIOUS
from core.labels.label_scale import by_totals
from storage.lake.interface import Lake
from storage.records.interface import Records
from storage.records.rows import ChangeRow
from tuning.takeovers import ROLLBACK, latest_takeover, settle, takeover

CYCLES = 24
LEAST_SHARE = 0.8
LOOK_BACK = timedelta(days=14)
_KEY = ["hashtag", "at"]


def roll_back(lake: Lake, records: Records, now: datetime, cycles: int = CYCLES) -> ChangeRow | None:
    """Make the previous champion champion again if the rule says so, and return the entry of the change log.

    The rule (docs/formulas.md, section 5): over the last `cycles` resolved cycles since its promotion, the champion's
    precision@10 is more than 20 % under that of the previous champion, which kept scoring in the shadow, on the same
    rows. These are the rows whose growth totals measure, where there are enough of them (`core.labels.label_scale`). A
    second call at the same `now`, also after a crash halfway, returns the same entry. None: the rule does not apply.

    Parameters
    ----------
    lake, records: stores of the installation
    now: the present, on the installation's clock
    cycles: number of resolved cycles to compare on
    """
    settle(records, now)
    last = latest_takeover(records)
    if last is not None and last.kind == ROLLBACK and last.at == now:
        return last
    champion, previous = records.alias(CHAMPION), records.alias(PREVIOUS)
    if last is None or champion is None or previous is None or champion == previous:
        return None
    rows = compared(lake, champion, previous, max(last.at, now - LOOK_BACK), now, cycles)
    if rows["at"].n_unique() < cycles:
        return None
    own, other = (score_figures(rows, name)["precision_at_10"] for name in ("champion", "previous"))
    if not far_under(own.value, other.value):
        return None
    records.add_change(_entry(champion, previous, own, other, rows, now))
    settle(records, now)
    return latest_takeover(records)


def far_under(champion: float | None, previous: float | None) -> bool:
    """Return whether a champion's precision is more than 20 % under the other's; False when either is unknown.

    Examples
    --------
    >>> far_under(0.39, 0.5), far_under(0.4, 0.5), far_under(0.0, 0.0)
    (True, False, False)
    """
    return champion is not None and previous is not None and champion < LEAST_SHARE * previous - 1e-12


def compared(
    lake: Lake, champion: str, previous: str, since: datetime, now: datetime, cycles: int = CYCLES
) -> pl.DataFrame:
    """Return the predictions of two models on the same hashtags at the last `cycles` resolved moments after `since`.

    The columns are hashtag, at, viral, growth_24h, surged_at, and the two probabilities as `champion` and `previous`.
    """
    predictions = lake.read("predictions", start=since, end=now, columns=[*_KEY, "model_id", "probability"])
    columns = [*_KEY, "viral", "growth_24h", "surged_at", "v_source"]
    outcomes = lake.read("outcomes", start=since, end=now, columns=columns).filter(pl.col("at") > since)
    by_total = by_totals(outcomes)
    rows = (outcomes if by_total is None else by_total).drop("v_source")
    for name, model_id in (("champion", champion), ("previous", previous)):
        own = predictions.filter(pl.col("model_id") == model_id).select(*_KEY, pl.col("probability").alias(name))
        rows = rows.join(own, on=_KEY, how="inner")
    newest = rows["at"].unique().sort(descending=True).head(cycles)
    return rows.filter(pl.col("at").is_in(newest.implode())).sort("at", "hashtag")


def _entry(
    champion: str, previous: str, own: Estimate, other: Estimate, rows: pl.DataFrame, now: datetime
) -> ChangeRow:
    cycles = rows["at"].n_unique()
    title = (
        f"{previous} returns in place of {champion}: precision@10 {own.value:.3f} against {other.value:.3f} "
        f"over {cycles} resolved cycles"
    )
    evidence = {
        "rule": f"precision@10 more than {1 - LEAST_SHARE:.0%} under the previous champion's over {CYCLES} cycles",
        "champion": {"precision_at_10": asdict(own)},
        "previous": {"precision_at_10": asdict(other)},
        "period": {"start": str(rows["at"].min()), "end": str(rows["at"].max()), "cycles": cycles, "rows": rows.height},
    }
    change_id = xxhash.xxh64_hexdigest(f"{ROLLBACK}|{previous}|{champion}|{now.isoformat()}")
    return ChangeRow(
        change_id=change_id, at=now, kind=ROLLBACK, title=title, evidence=evidence | takeover(previous, champion)
    )
