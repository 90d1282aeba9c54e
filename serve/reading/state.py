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
    day_s: float | None = Field(None, description="seconds that a simulated day takes, null in the first hours")
    left_s: float | None = Field(None, description="seconds until the first days are played, null in the first hours")

    def seconds_until(self, day: float) -> float | None:
        """Seconds until the installation is so many days old; None when the pace is unknown or the day is past."""
        return None if self.day_s is None or day <= self.done_days else (day - self.done_days) * self.day_s
