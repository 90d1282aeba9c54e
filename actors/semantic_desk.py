"""What every job of the Semantic agent works with."""

from collections.abc import Callable
from dataclasses import dataclass

from actors.agent import JobCall, JobReport
from actors.governance import GateProxy
from actors.installation import Installation
from prompts.language_model import LanguageModel
from storage.lake import Lake
from storage.records.interface import Records


@dataclass(frozen=True)
class Desk:
    """The stores, the gate and the language model.

    Parameters
    ----------
    installation: the values the agent runs on
    lake, records: the two stores
    gate: what every text passes
    model: None where no language model is set up
    """

    installation: Installation
    lake: Lake
    records: Records
    gate: GateProxy
    model: LanguageModel | None = None


SemanticJob = Callable[[JobCall, Desk], JobReport]
"""One job: does what its slot asks for and says what came of it."""
