"""Jobs that trail: each lane runs its jobs in order in a thread of its own, at most one moment behind the others."""

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

from core.events import Event

Ended = Future[Event | None]


@dataclass(frozen=True)
class _Slot:
    lane: str
    job: str
    slot: datetime
    ended: Ended


class TrailingJobs:
    """One thread for each lane; each slot ends with an event, or with None when it had nothing to do."""

    def __init__(self) -> None:
        self._threads: dict[str, ThreadPoolExecutor] = {}
        self._slots: list[_Slot] = []

    def submit(
        self,
        lane: str,
        job: str,
        slot: datetime,
        work: Callable[[], Event | None],
        after: str | None,
        awaits: Collection[str] | None,
    ) -> None:
        """Queue a slot of a job, once all earlier slots of its lane have ended.

        Parameters
        ----------
        after: job whose same slot must have ended before `work` is called
        awaits: jobs of other lanes whose earlier slots must have ended before; None means all
        """
        self._join(queued.ended for queued in self._slots if queued.lane == lane and queued.slot < slot)
        needed = [
            queued.ended
            for queued in self._slots
            if (queued.job == after and queued.slot == slot)
            or (queued.lane != lane and queued.slot < slot and (awaits is None or queued.job in awaits))
        ]
        if lane not in self._threads:
            self._threads[lane] = ThreadPoolExecutor(1, f"trailing-{lane}")
        ended = self._threads[lane].submit(self._when_ready, needed, work)
        self._slots.append(_Slot(lane, job, slot, ended))

    def waiter(self, job: str | None, slot: datetime) -> Callable[[], None]:
        """Return a function that waits until this slot of a job has ended; any thread may call it."""
        needed = [queued.ended for queued in self._slots if (queued.job, queued.slot) == (job, slot)]
        return lambda: self._join(needed)

    def wait(self, jobs: Collection[str] | None = None) -> None:
        """Wait until every queued slot of `jobs` has ended; None means of all jobs."""
        self._join(queued.ended for queued in self._slots if jobs is None or queued.job in jobs)

    def ended(self) -> list[Event]:
        """Return the events of the slots that ended since the last call; raises what a slot raised."""
        done = [queued for queued in self._slots if queued.ended.done()]
        self._slots = [queued for queued in self._slots if queued not in done]
        events = [queued.ended.result() for queued in done]
        return [event for event in events if event is not None]

    def _when_ready(self, needed: Collection[Ended], work: Callable[[], Event | None]) -> Event | None:
        self._join(needed)
        return work()

    @staticmethod
    def _join(futures: Iterable[Ended]) -> None:
        wait(list(futures))
