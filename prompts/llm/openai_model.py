"""A language model behind any server of OpenAI's HTTP interface."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, ValidationError

from prompts.llm.interface import Answer, Question

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class OpenAIModel:
    """See `LanguageModel`. It holds plain values and no connection, so it can be passed to agents as it is.

    Parameters
    ----------
    address: of the server, ending in /v1
    name: of the model, as the server knows it
    key: API key; servers of one's own need none
    timeout_s: after so many seconds from the start of a batch, what is not answered has an error
    in_flight: requests under way at one time
    """

    address: str
    name: str
    key: str = field(default="", repr=False)
    timeout_s: float = 60.0
    in_flight: int = 16

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """See `LanguageModel.answer`; must not be called within a running event loop."""
        return asyncio.run(self._batch(questions)) if questions else []

    def problem(self, timeout_s: float = 5.0) -> str:
        """Why the server can't serve this model, in one line; empty if it lists the model."""
        from openai import OpenAI, OpenAIError

        try:
            with OpenAI(base_url=self.address, api_key=self.key or "none", max_retries=0, timeout=timeout_s) as client:
                names = [model.id for model in client.models.list()]
        except OpenAIError as error:
            return f"{self.address} can't be reached: {error}"
        return "" if self.name in names else f"{self.address} knows no model {self.name}, but {', '.join(names)}"

    async def _batch(self, questions: Sequence[Question]) -> list[Answer]:
        from openai import AsyncOpenAI

        deadline = asyncio.get_running_loop().time() + self.timeout_s
        slots = asyncio.Semaphore(self.in_flight)
        # The deadline is the batch's own: a retry would only run into it again.
        async with AsyncOpenAI(
            base_url=self.address, api_key=self.key or "none", max_retries=0, timeout=None
        ) as client:
            return list(await asyncio.gather(*(self._one(client, slots, deadline, question) for question in questions)))

    async def _one(
        self, client: "AsyncOpenAI", slots: asyncio.Semaphore, deadline: float, question: Question
    ) -> Answer:
        from openai import APIConnectionError, APIStatusError, OpenAIError

        begun = time.perf_counter()
        try:
            async with asyncio.timeout_at(deadline), slots:
                begun = time.perf_counter()
                response = await client.chat.completions.with_raw_response.create(**self._request(question))
                return _read(response.content, question, time.perf_counter() - begun)
        except TimeoutError:
            problem = f"no answer from {self.address} within {self.timeout_s:g} s"
        except APIStatusError as error:
            problem = f"{self.address} answered {error.status_code}: {error.message}"
        except APIConnectionError as error:
            problem = f"{self.address} can't be reached: {error.__cause__ or error}"
        except ValidationError as error:
            first = error.errors()[0]
            problem = f"{self.address} gave no chat completion: {'.'.join(map(str, first['loc']))} {first['msg']}"
        except OpenAIError as error:
            problem = f"{self.address} can't be asked: {error}"
        return Answer(None, " ".join(_COLOUR.sub("", problem).split())[:300], seconds=time.perf_counter() - begun)

    def _request(self, question: Question) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.content} for message in question.messages],
            "max_tokens": question.max_tokens,
            "temperature": question.temperature,
            "seed": question.seed,
        }
        if question.schema is not None:
            shape = {"name": "answer", "schema": dict(question.schema), "strict": True}
            request["response_format"] = {"type": "json_schema", "json_schema": shape}
        return request


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Cached(BaseModel):
    cached_tokens: int | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: _Cached | None = None


class _Completion(BaseModel):
    """The fields read from a chat completion; the client itself accepts any JSON as one."""

    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


def _read(body: bytes, question: Question, seconds: float) -> Answer:
    """Read a server's answer; ValidationError if it is no chat completion."""
    completion = _Completion.model_validate_json(body)
    usage, choice = completion.usage or _Usage(), completion.choices[0]
    text, error = choice.message.content or None, ""
    if text is None:
        error = choice.message.refusal or "the model said nothing"
    elif choice.finish_reason == "length" and question.schema is not None:
        text, error = None, f"the answer was cut at {question.max_tokens} tokens, so that it fits no schema"
    details = usage.prompt_tokens_details or _Cached()
    return Answer(
        text, error, usage.prompt_tokens, details.cached_tokens or 0, usage.completion_tokens, round(seconds, 3)
    )
