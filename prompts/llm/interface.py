"""The interface of a language model, whichever it is and wherever it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True)
class Message:
    """One turn of a conversation; examples are turns too."""

    role: Role
    content: str


@dataclass(frozen=True)
class Question:
    """One request to a model.

    Parameters
    ----------
    messages: the conversation so far, the shared beginning first, so that a prefix cache can hold it
    schema: JSON schema that the answer must fit; the model is constrained to it while it decodes
    max_tokens: most tokens of the answer
    temperature: 0 is greedy
    seed: of the sampling
    """

    messages: Sequence[Message]
    schema: Mapping[str, Any] | None = None
    max_tokens: int = 160
    temperature: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class Answer:
    """The answer to a question, or why there is none.

    Parameters
    ----------
    text: the answer; None when there is none
    error: why there is none, in one line
    prompt_tokens, cached_tokens, completion_tokens: as the server counts them; cached ones were not computed again
    seconds: from asking to the whole answer
    """

    text: str | None
    error: str = ""
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0


class LanguageModel(Protocol):
    """Answers questions in batches."""

    @property
    def name(self) -> str:
        """The model, as stored beside every text it wrote."""
        ...

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer all questions at once, in order, within the model's own deadline.

        What the model could not answer (dead, slow, refused) has an `error`: nothing is raised for it.
        """
        ...
