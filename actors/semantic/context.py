"""What every job of the Semantic agent works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actors.governance import GateProxy
from actors.runtime.agent import JobCall, JobReport
from actors.runtime.installation import Installation
from prompts.llm.interface import LanguageModel
from storage.lake.interface import Lake
from storage.records.interface import Records

MODEL_STATE = "language_model"
NO_MODEL = "no language model is set up"
PLAYED = "the first days are played without the language model"


@dataclass(frozen=True)
class SemanticContext:
    """The stores, the gate and the language model.

    Parameters
    ----------
    installation: the values the agent runs on
    lake, records: the two stores
    gate: what every text passes
    model: None where no language model is set up
    kept: what a job reads once and needs again
    """

    installation: Installation
    lake: Lake
    records: Records
    gate: GateProxy
    model: LanguageModel | None = None
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def model_name(self) -> str | None:
        """Name of the language model."""
        return self.model.name if self.model else None

    def note_model(self, problem: str, now: datetime) -> None:
        """Note for the page which language model writes, and why it does not where it fails."""
        name = self.model_name
        self.records.put_value(MODEL_STATE, {"model": name, "problem": problem, "at": now.isoformat()}, now)


SemanticJob = Callable[[JobCall, SemanticContext], JobReport]
"""One job: does what its slot asks for and says what came of it."""
