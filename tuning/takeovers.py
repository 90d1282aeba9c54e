"""Takeovers in the change log: which model was champion at which time.

This module imports no model, so that agents and pages that only ask for the champion stay small.
"""

from datetime import datetime
from typing import Any

from core.evaluation.champions import ChampionPeriod
from core.evaluation.model_ids import CHAMPION, PREVIOUS
from core.windows import EPOCH
from storage.records.interface import Records
from storage.records.rows import ChangeRow

PROMOTION, ROLLBACK = "promotion", "rollback"
TAKES_OVER = "takes_over"
MANY = 1000


def takeover(successor: str, predecessor: str | None) -> dict[str, Any]:
    """Return the part of a change log entry that says which model replaces which."""
    return {TAKES_OVER: successor, "hands_over": predecessor}


def latest_takeover(records: Records) -> ChangeRow | None:
    """Return the entry of the change log that made the present champion; None without one."""
    return next((row for row in records.changes(MANY) if row.kind in (PROMOTION, ROLLBACK)), None)


def champion_periods(records: Records) -> tuple[ChampionPeriod, ...]:
    """Every takeover in the change log, oldest first; where it holds none, the present champion's, if there is one."""
    takeovers = [row for row in records.changes(MANY) if row.kind in (PROMOTION, ROLLBACK)]
    periods = [ChampionPeriod(row.at, row.evidence[TAKES_OVER]) for row in takeovers if TAKES_OVER in row.evidence]
    if periods:
        return tuple(reversed(periods))
    champion = records.alias(CHAMPION)
    return () if champion is None else (ChampionPeriod(EPOCH, champion),)


def settle(records: Records, now: datetime) -> None:
    """Set the aliases `previous` and `champion` as the change log says, which completes a half-written takeover."""
    last = latest_takeover(records)
    if last is None or TAKES_OVER not in last.evidence:
        return
    for name, key in ((PREVIOUS, "hands_over"), (CHAMPION, TAKES_OVER)):
        model_id = last.evidence[key]
        if model_id is not None and records.alias(name) != model_id:
            records.set_alias(name, model_id, now)
