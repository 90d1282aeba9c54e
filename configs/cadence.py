"""The cadence table: which job runs when, after which, and what happens to slots that were missed."""

from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import UsageError
from core.schedule import Job


class _CadenceRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    agent: str
    every: timedelta
    offset: timedelta = timedelta(0)
    missed: Literal["catch_up", "skip"]
    attempts: int = 3
    after: str | None = None
    beside: bool = False
    trails: str = ""
    awaits: tuple[str, ...] | None = None
    played: timedelta | None = None


def load_cadence(
    path: Path | None = None,
    *,
    hourly: frozenset[str] = frozenset(),
    model: bool = True,
    played_until: datetime | None = None,
) -> tuple[Job, ...]:
    """Read the cadence file (default: the shipped one) in order of execution.

    Parameters
    ----------
    hourly: jobs that run on the hour instead of at their own times, as they do on a virtual clock
    model: whether a language model writes; without one the jobs beside the others, which all ask it, are left out
    played_until: end of the simulated days that are played without waiting, in which some jobs run less often
    """
    with resources.as_file(resources.files("configs") / "cadence.yaml") as shipped:
        chosen = path or shipped
        try:
            content = yaml.safe_load(chosen.read_text(encoding="utf-8"))
        except (OSError, yaml.YAMLError) as error:
            raise UsageError(f"cadence file {chosen}: {str(error).splitlines()[0]}") from None
    if not isinstance(content, dict):
        raise UsageError(f"cadence file {chosen.name} must hold one block for each job")
    try:
        rows = {name: _CadenceRow.model_validate(row) for name, row in content.items()}
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{chosen.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    return tuple(
        Job(
            name,
            row.agent,
            timedelta(hours=1) if name in hourly else row.every,
            timedelta(0) if name in hourly else row.offset,
            row.missed,
            row.attempts,
            row.after,
            beside=row.beside,
            trails=row.trails,
            awaits=row.awaits,
            sparse=row.played,
            sparse_until=played_until,
        )
        for name, row in rows.items()
        if model or not row.beside
    )
