"""What the records are: everything small that has a life of its own, behind one interface."""

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
        """Take a slot; atomic across processes.

        None when it is completed or skipped, or runs under an owner that is `alive`. A failed slot, and a running one
        of a dead owner, is taken again with one attempt more.
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
        """Append events; one whose id is known already is left out."""
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
        """Reserve `estimate` units of `day`; False when that would pass `cap`. Atomic across processes.

        A request already reserved or settled keeps its one row: True.
        """
        ...

    def settle(self, request_id: str, charged: int, now: datetime) -> None:
        """Set what a reserved request really cost."""
        ...

    def reconcile(self, day: date, used: int, now: datetime) -> int:
        """Enter what the account was charged on `day` beyond the ledger's other rows; return those units.

        It stands as one row with purpose `ELSEWHERE` and is replaced when asked again. Atomic with reservations, and
        calls on their way make it smaller, never larger, than it is.
        """
        ...

    def used(self, day: date) -> int:
        """Return the units of a day: what was charged, else what is reserved."""
        ...

    def budget(self, day: date) -> list[BudgetRow]:
        """Return a day's units by purpose and endpoint, dearest first."""
        ...


class ModelRecords(Protocol):
    """Trained models and the names given to them."""

    def add_model(self, row: ModelRow) -> None:
        """Register a model; a known id is left as it is."""
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
    """Narratives and alerts: what people read."""

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
        """Record what became of an alert; `sent_at` becomes `now` when it was sent."""
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
    """Versions of prompts, what came of each, and what people decided about the texts."""

    def add_prompt(self, row: PromptRow) -> bool:
        """Add a version; False when its id exists."""
        ...

    def prompts(self, name: str | None = None) -> list[PromptRow]:
        """Return versions, newest first."""
        ...

    def put_prompt_use(self, row: PromptUseRow) -> None:
        """Make what came of a prompt at a time with a model exactly `row`."""
        ...

    def prompt_uses(self, *, since: datetime | None = None) -> list[PromptUseRow]:
        """Return what came of prompts at or after `since`, oldest first."""
        ...

    def put_prompt_answers(self, rows: Sequence[PromptAnswerRow], keep: datetime) -> None:
        """Add answers, those of known ids in place of the ones before, and forget all from before `keep`."""
        ...

    def prompt_answers(self, name: str, *, accepted: bool | None = None, limit: int = 50) -> list[PromptAnswerRow]:
        """Return answers to the prompts of a name, newest first."""
        ...

    def add_feedback(self, row: FeedbackRow) -> None:
        """Add a decision; it is on disk when this returns."""
        ...

    def feedback(self, narrative_ids: Sequence[str] | None = None, limit: int = 10_000) -> list[FeedbackRow]:
        """Return decisions, the last one first, of some narratives or of all."""
        ...


class KpiRecords(Protocol):
    """Figures of quality, kept as sets by the time they were computed."""

    def put_kpis(self, computed_at: datetime, rows: Sequence[KpiRow]) -> None:
        """Make the set of `computed_at` exactly `rows`."""
        ...

    def kpis(self, computed_at: datetime | None = None) -> list[KpiRow]:
        """Return one set, the latest when none is named, in the order written."""
        ...

    def kpi_history(self, name: str, scope: str, model: str) -> list[KpiRow]:
        """Return one figure over time, oldest first."""
        ...


class ImprovementRecords(Protocol):
    """The backlog, the change log, and small state."""

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
        """Remember a JSON-able value under a key."""
        ...

    def value(self, key: str) -> Any | None:
        """Return the value remembered under a key."""
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
    """The records database. A database that can't be used is a `core.errors.StorageError`."""

    def close(self) -> None:
        """Let go of every connection."""
        ...

    def check(self) -> str:
        """Return one line that says what database this is and that it answers."""
        ...
