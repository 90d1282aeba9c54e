"""One slot of ingestion: plan the calls, send them, commit the raw pages, rebuild the tables from them."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import polars as pl

from core.errors import UnitsExhausted
from core.quality import Limits
from core.tables import HASHTAG_SNAPSHOTS, PREDICTIONS, QUALITY, RAW, VIDEOS
from core.windows import FETCH_WINDOW, window_end
from pipelines.ingestion.calls import AGENT, Caller, Calls, Client
from pipelines.ingestion.deletion_sync import due, erase_gone
from pipelines.ingestion.gate import Gate, Refusal
from pipelines.ingestion.result import IngestResult, whole_windows
from pipelines.ingestion.windows import Windows
from pipelines.normalise.quality import quality_counts
from pipelines.normalise.raw import keep, pack
from pipelines.normalise.tables import Normalised
from pipelines.operations.forget import Forgotten, forgotten
from pipelines.polling.learn import absorb
from pipelines.polling.plan import PlannedRequest, Planner
from pipelines.polling.state import PollState
from sources.ensembledata.client import Page
from storage.lake.interface import Lake
from storage.records.interface import Records

PLAN_KEY = "ingest.polls"
LOOKED_UP_KEY = "ingest.deletions_looked_up_on"
AT_A_TIME = 25
PREDICTIONS_COUNT_FOR = timedelta(hours=6)

log = logging.getLogger(__name__)


class Ingest:
    """Sends the planner's requests to EnsembleData and stores the answers.

    Running a slot again, after a crash or by hand, sends only the requests that have no answer yet and leaves the same
    tables. Raw pages that an earlier run committed without rebuilding the tables are turned into tables now. The ranges
    of windows of consecutive runs join without a gap.

    Parameters
    ----------
    client: sends requests
    lake, records: the stores
    gate: checks units and purposes
    planner: chooses the requests
    key: secret key of the hashes that stand for creators
    concurrency: largest number of calls in flight
    limits: quality that readings need to go further than the raw pages
    deletion_checks: number of posts looked up each day to find deleted ones
    behind: predictions of this time before a slot are left aside, because they may still be in the making
    """

    def __init__(
        self,
        client: Client,
        lake: Lake,
        records: Records,
        gate: Gate,
        planner: Planner,
        key: bytes,
        concurrency: int = 4,
        limits: Limits | None = None,
        deletion_checks: int = 0,
        behind: timedelta = timedelta(0),
    ) -> None:
        self._lake = lake
        self._records = records
        self._gate = gate
        self._planner = planner
        self._deletion_checks = deletion_checks
        self._behind = behind
        kept = partial(_kept, key=key, forgotten=forgotten(records, key))
        self._caller = Caller(client, gate, concurrency, kept)
        self._windows = Windows(lake, limits)
        self._unfinished = self._last_planned()
        self._reached: datetime | None = None

    def run(self, slot: datetime, now: datetime) -> IngestResult:
        """Run one slot.

        Raises
        ------
        SourceError: for a refused token or an unreachable server, after the answers that did arrive are stored
        """
        self._finish_earlier(slot)
        self._caller.reconcile(now)
        units = self._planner.allowance(now, self._gate.left(now))
        look_up = self._look_up(now, units)
        units -= sum(call.request.estimate for call in look_up)
        planned = {call.request.request_id(slot): call for call in [*look_up, *self._plan(slot, now, units)]}
        answered = self._answered(slot, now)
        calls = self._ask([request for request in planned.items() if request[0] not in answered], now)
        times = [now, *(page.fetched_at for _, _, page in calls.pages)]
        times += [at for request_id, at in answered.items() if request_id in planned]
        start, end = whole_windows(min(times), max(times))
        erased = erase_gone(self._lake, start, end) if look_up else 0
        result = self._rebuild(min(start, self._reached or start), end, calls, erased)
        if calls.stopped_by is not None and not isinstance(calls.stopped_by, UnitsExhausted):
            raise calls.stopped_by
        self._unfinished, self._reached = None, end
        if look_up:
            self._records.put_value(LOOKED_UP_KEY, now.date().isoformat(), now)
        return result

    def close(self) -> None:
        """Shut the threads down."""
        self._caller.close()

    def _ask(self, planned: Sequence[tuple[str, PlannedRequest]], now: datetime) -> Calls:
        """Send the calls and commit their pages in batches: a crash loses no more paid answers than one batch."""
        done = Calls()
        for first in range(0, len(planned), AT_A_TIME):
            calls = self._caller.run(planned[first : first + AT_A_TIME], now)
            self._records.put_events(calls.refusals)
            self._commit_raw(calls)
            done.pages += calls.pages
            done.refusals += calls.refusals
            done.stopped_by = calls.stopped_by
            if calls.stopped_by is not None:
                break
        if isinstance(done.stopped_by, UnitsExhausted):
            self._sleep(done.stopped_by, now)
        return done

    def _sleep(self, error: UnitsExhausted, now: datetime) -> None:
        """Close the day's budget until midnight UTC and record the event."""
        self._gate.close_day(now)
        self._records.put_events([self._gate.refused(Refusal("units", str(error)), AGENT, "until midnight UTC", now)])
        log.warning("%s", error)

    def _finish_earlier(self, slot: datetime) -> None:
        """Rebuild the windows of raw pages since an earlier slot that did not finish."""
        if self._unfinished is not None and self._unfinished < slot:
            start, end = whole_windows(self._unfinished, slot)
            times = self._lake.read(RAW.name, start=start, end=end, columns=["fetched_at"])["fetched_at"].to_list()
            if times:
                self._rebuild(*whole_windows(min(times), max(times)), Calls())
        self._unfinished = slot

    def _last_planned(self) -> datetime | None:
        saved = self._records.value(PLAN_KEY)
        return datetime.fromisoformat(saved["slot"]) if saved is not None else None

    def _look_up(self, now: datetime, units: int) -> list[PlannedRequest]:
        """Return the daily look-up of deleted posts, unless it ran today. No id is stored for it."""
        if self._records.value(LOOKED_UP_KEY) == now.date().isoformat():
            return []
        lookup = due(self._lake, now, self._deletion_checks, units)
        return [lookup] if lookup is not None else []

    def _plan(self, slot: datetime, now: datetime, units: int) -> list[PlannedRequest]:
        """Return the calls of the slot: the stored plan if there is one, else a new plan, which is stored first."""
        saved = self._records.value(PLAN_KEY)
        if saved is not None and saved["slot"] == slot.isoformat():
            return [PlannedRequest.from_json(request) for request in saved["requests"]]
        closed = window_end(slot) - FETCH_WINDOW
        state = PollState.from_json(saved["state"]) if saved is not None else PollState(closed - timedelta(days=2))
        requests, state = self._planner.plan(
            self._absorbed(state, closed), units, slot, latest_probabilities(self._lake, now - self._behind)
        )
        plan = {
            "slot": slot.isoformat(),
            "requests": [request.to_json() for request in requests],
            "state": state.to_json(),
        }
        self._records.put_value(PLAN_KEY, plan, now)
        return requests

    def _absorbed(self, state: PollState, until: datetime) -> PollState:
        if until <= state.until:
            return state
        totals, videos = (
            self._lake.read(table.name, start=state.until, end=until) for table in (HASHTAG_SNAPSHOTS, VIDEOS)
        )
        return absorb(state, until, totals, videos, self._windows.sightings(state.until, until))

    def _answered(self, slot: datetime, now: datetime) -> dict[str, datetime]:
        """Return request id -> time of every answer since the slot."""
        start, end = whole_windows(min(slot, now), now)
        rows = self._lake.read(RAW.name, start=start, end=end, columns=["request_id", "fetched_at"])
        return dict(rows.iter_rows())

    def _commit_raw(self, calls: Calls) -> None:
        if not calls.pages:
            return
        rows = [self._raw_row(*entry) for entry in calls.pages]
        frame = pl.DataFrame(rows, schema=RAW.schema).sort("request_id")
        times = frame["fetched_at"].to_list()
        self._windows.append(frame, *whole_windows(min(times), max(times)))

    def _raw_row(self, request_id: str, planned: PlannedRequest, page: Page) -> dict[str, Any]:
        return {
            "request_id": request_id,
            "endpoint": planned.request.endpoint.value,
            "params": planned.request.canonical,
            "purpose": planned.purpose,
            "status": page.status,
            "body": page.data,
            "error": page.error,
            "units_charged": page.units_charged or 0,
            "fetched_at": page.fetched_at,
            "window": window_end(page.fetched_at),
        }

    def _rebuild(self, start: datetime, end: datetime, calls: Calls, erased: int = 0) -> IngestResult:
        normalised, addresses, fresh = self._windows.make(start, end)
        units = sum(page.units_charged or 0 for _, _, page in calls.pages)
        return IngestResult(normalised.frames, addresses, _counts(calls, normalised, fresh) | {"erased": erased}, units)


def latest_probabilities(lake: Lake, now: datetime) -> dict[str, float]:
    """Return the latest predicted probability of each hashtag, the highest if several models score it."""
    rows = lake.read(
        PREDICTIONS.name, start=now - PREDICTIONS_COUNT_FOR, end=now, columns=["hashtag", "at", "probability"]
    )
    newest = rows.filter(pl.col("at") == pl.col("at").max().over("hashtag"))
    return dict(newest.group_by("hashtag").agg(pl.col("probability").max()).iter_rows())


def _kept(page: Page, key: bytes, forgotten: Forgotten) -> Page:
    """Return a page with only what may be kept of its answer, packed as table `raw` holds it."""
    if page.error is not None and page.data is None:
        return page
    body = forgotten.without(keep(page.data, key).body)
    return replace(page, data=pack(body))


def _counts(calls: Calls, normalised: Normalised, fresh: int) -> dict[str, int]:
    return {
        "requests": len(calls.pages),
        "failed": sum(1 for _, _, page in calls.pages if page.error is not None),
        "refused": len(calls.refusals),
        "units_exhausted": int(isinstance(calls.stopped_by, UnitsExhausted)),
        "videos_read": normalised.frames["video_snapshots"]["video_id"].n_unique(),
        "hashtags_read": normalised.frames["hashtag_snapshots"].height,
        "new_videos": fresh,
        "set_aside": sum(normalised.set_aside.values()),
        **quality_counts(normalised.frames[QUALITY.name]),
        **{f"set_aside: {reason}": count for reason, count in sorted(normalised.set_aside.items())},
    }
