"""Small facts about an installation that the reader knows and the HTTP interface answers with as they are."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Level = Literal["ok", "warning", "critical", "unknown"]
AgentState = Literal["alive", "silent", "restarting", "dead", "unknown"]
ClockMode = Literal["virtual", "real"]


class InstallationFact(BaseModel):
    """Base of these facts: frozen, and built only from the fields it names."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Freshness(InstallationFact):
    """How old the newest measurement is, on the installation's clock."""

    age_s: float | None = Field(description="seconds since the end of the newest measured window, null before it")
    level: Level


class SourceState(InstallationFact):
    """Where posts come from."""

    kind: str
    simulated: bool


class StartProgress(InstallationFact):
    """Where the first simulated days stand."""

    phase: Literal["history", "live"]
    done_days: float
    total_days: float
    now: datetime | None = None
    speed: float | None = Field(None, description="simulated seconds a second, when known")
