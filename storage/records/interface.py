"""The interface of the records database, which holds everything small that lives longer than a cycle."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from core.events import Event
from storage.records.rows import (
    AlertRow,
    AlertStatus,
    BacklogRow,
    BudgetRow,
    ChangeRow,
    EventRow,
    JobRow,
    KpiRow,
    ModelRow,
    NarrativeRow,
)
from storage.records.rows_judgements import CollisionRow, CounterfactualRow, RiskRow
from storage.records.rows_prompts import FeedbackRow, PromptAnswerRow, PromptRow, PromptUseRow

MANY = 500
"""How many judgements are returned unless a caller asks for another number."""


class JobRecords(Protocol):
    """One row for each job and slot: a slot is completed once."""

    def claim(self, job: str, slot: datetime, owner: str, alive: Callable[[str], bool], now: datetime) -> JobRow | None:
        """Take a slot, atomically across processes, and return its row.

        Returns None when the slot is completed or skipped, or runs under an owner that is `alive`. A failed slot, and a
        running slot of a dead owner, is taken again and counts one attempt more.
        """
        ...

    def complete(self, job: str, slot: datetime, result: Mapping[str, Any], now: datetime) -> None:
        """Mark a claimed slot completed."""
        ...

    def fail(self, job: str, slot: datetime, error: str, now: datetime, traceback: str | None = None) -> None:
        """Mark a claimed slot failed; it can be claimed again.

        Parameters
        ----------
        error: the reason in one line
        traceback: the whole traceback, for a failure that nobody expected
        """
        ...

    def skip(self, job: str, slot: datetime, reason: str, now: datetime) -> None:
        """Mark a slot skipped, claimed or not; a completed one stays completed."""
        ...

    def last_slot(self, job: str) -> datetime | None:
        """Return the newest completed or skipped slot of a job."""
        ...

    def jobs(self, *, job: str | None = None, limit: int = 50) -> list[JobRow]:
        """Return slots, newest slot first."""
        ...


class EventRecords(Protocol):
    """The log of events, each written once."""

    def put_events(self, events: Sequence[Event]) -> None:
        """Append events, except those whose id is stored already."""
        ...

    def events(
        self,
        *,
        since: datetime | None = None,
        kind: str | None = None,
        agent: str | None = None,
        limit: int = 200,
        after: int = 0,
    ) -> list[EventRow]:
        """Return the first `limit` events with seq > `after` and at >= `since`, in order of `seq`."""
        ...


class UnitRecords(Protocol):
    """The ledger of EnsembleData units: reserved before a call, settled after it."""

    def reserve(
        self,
        request_id: str,
        day: date,
        estimate: int,
        cap: int,
        purpose: str,
        agent: str,
        endpoint: str,
        now: datetime,
    ) -> bool:
        """Reserve `estimate` units of `day`, atomically across processes; False when that would pass `cap`.

        Returns True for a request that is reserved or settled already, and leaves its row as it is.
        """
        ...

    def settle(self, request_id: str, charged: int, now: datetime) -> None:
        """Enter what a reserved request cost; a request that was never reserved is a ValueError."""
        ...

    def reconcile(self, day: date, used: int, now: datetime) -> int:
        """Enter the units that the account was charged on `day` beyond the ledger's other rows, and return them.

        They stand as one row with purpose `ELSEWHERE`, which the next call replaces. The call is atomic with
        reservations; requests that are not settled yet make the result too small, never too large.
        """
        ...

    def used(self, day: date) -> int:
        """Return the units of a day: those charged, or reserved where the charge is not known yet."""
        ...

    def budget(self, day: date) -> list[BudgetRow]:
        """Return a day's units by purpose and endpoint, the most expensive first."""
        ...


class ModelRecords(Protocol):
    """Trained models and the names given to them."""

    def add_model(self, row: ModelRow) -> None:
        """Register a model; one whose id is stored already stays as it is."""
        ...

    def model(self, model_id: str) -> ModelRow | None:
        """Return a model by id."""
        ...

    def models(self, limit: int = 50) -> list[ModelRow]:
        """Return models, newest first."""
        ...

    def set_alias(self, name: str, model_id: str, now: datetime) -> None:
        """Point a name (champion, previous) at a model."""
        ...

    def alias(self, name: str) -> str | None:
        """Return the model id a name points at."""
        ...


class TextRecords(Protocol):
    """Narratives and alerts, the texts that people read."""

    def put_narratives(self, at: datetime, rows: Sequence[NarrativeRow]) -> None:
        """Make the narratives of `at` exactly `rows`."""
        ...

    def narratives(
        self, *, at: datetime | None = None, hashtag: str | None = None, limit: int = 50
    ) -> list[NarrativeRow]:
        """Return narratives, newest first, in the order written within one time."""
        ...

    def narrative(self, narrative_id: str) -> NarrativeRow | None:
        """Return a narrative by id."""
        ...

    def raise_alert(self, row: AlertRow) -> bool:
        """Add an alert; False when its key exists."""
        ...

    def pending_alerts(self) -> list[AlertRow]:
        """Return alerts with status pending, oldest first."""
        ...

    def mark_alert(self, key: str, status: AlertStatus, attempts: int, receipt: str | None, now: datetime) -> None:
        """Record what became of an alert; `sent_at` becomes `now` when it was sent. An unknown key is a ValueError."""
        ...

    def alerts(self, *, limit: int = 50, offset: int = 0) -> list[AlertRow]:
        """Return alerts, newest first."""
        ...


class JudgementRecords(Protocol):
    """Risks, counterfactuals and collisions, kept as sets by the time they are of."""

    def put_risks(self, at: datetime, rows: Sequence[RiskRow]) -> None:
        """Make the risks of `at` exactly `rows`."""
        ...

    def risks(
        self,
        *,
        at: datetime | None = None,
        hashtag: str | None = None,
        flagged: bool | None = None,
        limit: int = MANY,
    ) -> list[RiskRow]:
        """Return risks, newest first, in the order written within one time."""
        ...

    def put_counterfactuals(self, at: datetime, rows: Sequence[CounterfactualRow]) -> None:
        """Make the counterfactuals of `at` exactly `rows`."""
        ...

    def counterfactuals(
        self, *, at: datetime | None = None, hashtag: str | None = None, limit: int = MANY
    ) -> list[CounterfactualRow]:
        """Return counterfactuals, newest first, in the order written within one time."""
        ...

    def put_collisions(self, at: datetime, rows: Sequence[CollisionRow]) -> None:
        """Make the collisions of `at` exactly `rows`."""
        ...

    def collisions(self, *, at: datetime | None = None, limit: int = MANY) -> list[CollisionRow]:
        """Return collisions, newest first, in the order written within one time."""
        ...

    def drop_judgements(self, before: datetime) -> None:
        """Delete all three of times earlier than `before`."""
        ...


class PromptRecords(Protocol):
    """Versions of prompts, the results of each, and what people decided about the texts."""

    def add_prompt(self, row: PromptRow) -> bool:
        """Add a version; False when its id exists."""
        ...

    def prompts(self, name: str | None = None) -> list[PromptRow]:
        """Return versions, newest first."""
        ...

    def put_prompt_use(self, row: PromptUseRow) -> None:
        """Make the results of a prompt at a time with a model exactly `row`."""
        ...

    def prompt_uses(self, *, since: datetime | None = None) -> list[PromptUseRow]:
        """Return the results of prompts at or after `since`, oldest first."""
        ...

    def put_prompt_answers(self, rows: Sequence[PromptAnswerRow], keep: datetime) -> None:
        """Add answers, replace those with the same ids, and delete all answers from before `keep`."""
        ...

    def prompt_answers(self, name: str, *, accepted: bool | None = None, limit: int = 50) -> list[PromptAnswerRow]:
        """Return answers to the prompts of a name, newest first."""
        ...

    def add_feedback(self, row: FeedbackRow) -> None:
        """Add a decision; it is on disk when this returns."""
        ...

    def feedback(self, narrative_ids: Sequence[str] | None = None, limit: int = 10_000) -> list[FeedbackRow]:
        """Return decisions about some narratives, or about all, the last one first."""
        ...


class KpiRecords(Protocol):
    """KPIs, stored as one set for each time they were computed."""

    def put_kpis(self, computed_at: datetime, rows: Sequence[KpiRow]) -> None:
        """Make the set of `computed_at` exactly `rows`."""
        ...

    def kpis(self, computed_at: datetime | None = None) -> list[KpiRow]:
        """Return the set of a time, or the latest set, in the order written."""
        ...

    def kpi_history(self, name: str, scope: str, model: str) -> list[KpiRow]:
        """Return the values of one KPI over time, oldest first."""
        ...


class ImprovementRecords(Protocol):
    """The backlog, the change log, and small values by key."""

    def add_backlog(self, row: BacklogRow) -> bool:
        """Add an item; False when its title exists."""
        ...

    def backlog(self) -> list[BacklogRow]:
        """Return the backlog, in the order it was written."""
        ...

    def add_change(self, row: ChangeRow) -> bool:
        """Add an entry of the change log; False when its id exists."""
        ...

    def changes(self, limit: int = 50) -> list[ChangeRow]:
        """Return the change log, newest first."""
        ...

    def put_value(self, key: str, value: Any, now: datetime) -> None:
        """Store a JSON-able value under a key, in place of the one before."""
        ...

    def value(self, key: str) -> Any | None:
        """Return the value stored under a key, None when there is none."""
        ...


class Records(
    JobRecords,
    EventRecords,
    UnitRecords,
    ModelRecords,
    TextRecords,
    JudgementRecords,
    PromptRecords,
    KpiRecords,
    ImprovementRecords,
    Protocol,
):
    """The records database. Every method raises `core.errors.StorageError` when the database can't be used."""

    def close(self) -> None:
        """Close every connection."""
        ...

    def check(self) -> str:
        """Query the database and return one line that says what it is."""
        ...
