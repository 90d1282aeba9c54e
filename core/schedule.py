"""When jobs are due: the slots of a cadence, and which missed slots still run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.windows import EPOCH, require_utc


@dataclass(frozen=True)
class Job:
    """A row of the cadence table.

    Parameters
    ----------
    every, offset: slots are the moments EPOCH + offset + n x every
    missed: which missed slots still run: all of them (catch_up) or only the newest (skip)
    attempts: how many times a slot is tried before it counts as failed
    after: name of a job whose failure in the same slot skips this job
    begins: slots at or before this moment are never due; None sets no such limit
    beside: the job runs in the background; while one slot runs, the next slots are skipped
    trails: name of the lane in which the job trails: the jobs of a lane run in order, and jobs elsewhere start before
        they have ended, except those that await them; no slot is skipped. Empty for a job that does not trail
    awaits: names of the trailing jobs whose earlier slots must have ended before this job starts; None means all
    sparse, sparse_until: up to `sparse_until` only multiples of `sparse` plus `offset` are slots; None means all
    """

    name: str
    agent: str
    every: timedelta
    offset: timedelta = timedelta(0)
    missed: Literal["catch_up", "skip"] = "skip"
    attempts: int = 3
    after: str | None = None
    begins: datetime | None = None
    beside: bool = False
    trails: str = ""
    awaits: tuple[str, ...] | None = None
    sparse: timedelta | None = None
    sparse_until: datetime | None = None

    def __post_init__(self) -> None:
        if self.every <= timedelta(0):
            raise ValueError(f"{self.name}: every must be positive")

    def last_slot(self, now: datetime) -> datetime:
        """Return the newest slot at or before `now`.

        Examples
        --------
        >>> from datetime import UTC
        >>> job = Job("evaluate", "evaluation", timedelta(days=1), timedelta(hours=3))
        >>> job.last_slot(datetime(2025, 5, 14, 2, tzinfo=UTC)).isoformat()
        '2025-05-13T03:00:00+00:00'
        """
        return now - (require_utc(now) - EPOCH - self.offset) % self.every

    def next_slot(self, now: datetime) -> datetime:
        """Return the first slot after `now`."""
        return self.last_slot(now) + self.every

    def due(self, last_done: datetime, now: datetime) -> Iterator[tuple[datetime, bool]]:
        """Yield each slot after `last_done` up to `now`, oldest first, and whether to run it."""
        newest = self.last_slot(now)
        slot = self.next_slot(last_done)
        while slot <= newest:
            if not self._left_out(slot):
                yield slot, self.missed == "catch_up" or slot == newest
            slot += self.every

    def _left_out(self, slot: datetime) -> bool:
        if self.sparse is None or self.sparse_until is None or slot > self.sparse_until:
            return False
        return (slot - EPOCH - self.offset) % self.sparse != timedelta(0)


def next_moment(jobs: Sequence[Job], now: datetime) -> datetime:
    """The first moment after `now` at which any job has a slot."""
    return min(job.next_slot(now) for job in jobs)
