"""Jobs that trail: they run in their order in a thread of their own, at most one moment behind the others."""

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime

from core.events import Event


class TrailingJobs:
    """One thread that does one job after another; each ends with an event, or with None when it had nothing to do."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "trailing")
        self._pending: dict[tuple[str, datetime], Future[Event | None]] = {}

    def submit(self, job: str, slot: datetime, work: Callable[[], Event | None]) -> None:
        """Queue a slot of a job, once all earlier slots of trailing jobs have ended."""
        self._join(future for (_, other), future in self._pending.items() if other < slot)
        self._pending[job, slot] = self._thread.submit(work)

    def waiter(self, job: str | None, slot: datetime) -> Callable[[], None]:
        """Return a function that waits until this slot of a job has ended; any thread may call it."""
        futures = [future for key, future in self._pending.items() if key == (job, slot)]
        return lambda: self._join(futures)

    def wait(self, jobs: Collection[str] | None = None) -> None:
        """Wait until every queued slot of `jobs` has ended; None means of all jobs."""
        self._join(future for (job, _), future in self._pending.items() if jobs is None or job in jobs)

    def ended(self) -> list[Event]:
        """Return the events of the slots that ended since the last call; raises what a slot raised."""
        done = [key for key, future in self._pending.items() if future.done()]
        events = [self._pending.pop(key).result() for key in done]
        return [event for event in events if event is not None]

    @staticmethod
    def _join(futures: Iterable[Future[Event | None]]) -> None:
        wait(list(futures))
