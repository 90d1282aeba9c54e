"""Narratives of a cycle in one batch against one after another, on the same model: `groundswell bench llm`."""

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import ray
from ray import serve

from actors.runtime.local_ray import RayPlan, local_ray
from benchmarks.figures import MEASUREMENTS, replace_section
from benchmarks.llm.cycles import made_up_cycle
from core.grounding.rules import grounded
from pipelines.narratives.ask import ask
from pipelines.narratives.evidence import Subject
from pipelines.narratives.model import cases
from prompts.llm.asking import question
from prompts.llm.interface import Answer, Question
from prompts.llm.openai_model import OpenAIModel
from prompts.registry import load_prompt
from serve.hosting.language_model import PREFIX, LanguageModelArgs
from serve.hosting.language_model_host import APPLICATION, NEEDED_CPUS, host

PAGE = MEASUREMENTS / "language-model.md"
TOP = 20


@dataclass(frozen=True)
class Pass:
    """The answers for all hashtags of a cycle, and the seconds they took."""

    seconds: float
    answers: Sequence[Answer]

    @property
    def tokens(self) -> int:
        """Tokens written."""
        return sum(answer.completion_tokens for answer in self.answers)


def measure_hosted(args: LanguageModelArgs, python: str, rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Host the model, measure its start-up, its memory and its speed, and stop it."""
    with local_ray(RayPlan(NEEDED_CPUS, object_store_mb=100, dashboard_port=None)):
        port = _free_port()
        serve.start(http_options={"host": "127.0.0.1", "port": port}, logging_config={"log_level": "ERROR"})
        begun = time.perf_counter()
        ray.get(host(args, python))
        started = time.perf_counter() - begun
        tell(f"{args.name} is up after {started:.0f} s")
        model = OpenAIModel(f"http://127.0.0.1:{port}{PREFIX}/v1", args.name, timeout_s=1800)
        measured = measure(replace(model, in_flight=args.sequences), rounds, tell)
        return {"start_s": started, **measured, **memory()}


def measure(model: OpenAIModel, rounds: int, tell: Callable[[str], None]) -> dict[str, Any]:
    """Measure both ways in turns, each time on another hour's figures, so that no whole prompt is cached."""
    prompt = load_prompt("narrative")
    one_by_one, batched = [], []
    model.answer(_questions(made_up_cycle(0, TOP))[:1])
    for number in range(rounds):
        one_by_one.append(_timed(model, _questions(made_up_cycle(2 * number + 1, TOP)), together=False))
        batched.append(_timed(model, _questions(made_up_cycle(2 * number + 2, TOP)), together=True))
        tell(f"round {number + 1}: {one_by_one[-1].seconds:.1f} s one by one, {batched[-1].seconds:.1f} s together")
    result = ask(model, prompt, cases(made_up_cycle(2 * rounds + 1, TOP), load_prompt("narrative_template")), grounded)
    answers = [answer for timing in batched for answer in timing.answers]
    problems = [answer.error for answer in answers if answer.text is None]
    prompt_tokens = sum(answer.prompt_tokens for answer in answers)
    single, batch = _rate(one_by_one), _rate(batched)
    return {
        "model": model.name,
        "narratives": TOP,
        "rounds": rounds,
        "one_by_one_s": sum(timing.seconds for timing in one_by_one) / rounds,
        "batch_s": sum(timing.seconds for timing in batched) / rounds,
        "one_by_one_tokens_s": single,
        "batch_tokens_s": batch,
        "times_faster": sum(timing.seconds for timing in one_by_one) / sum(timing.seconds for timing in batched),
        "times_tokens_s": batch / single,
        "prompt_tokens": prompt_tokens / len(answers),
        "completion_tokens": sum(answer.completion_tokens for answer in answers) / len(answers),
        "cached_share": sum(answer.cached_tokens for answer in answers) / max(1, prompt_tokens),
        "without_answer": len(problems),
        "narratives_accepted": len(result.accepted()),
        "narratives_asked": sum(attempt.number == 1 for attempt in result.attempts),
        "cycle_with_second_try_s": result.seconds,
        "cpus": psutil.cpu_count(),
        "load": psutil.getloadavg()[0],
    }


def memory() -> dict[str, float]:
    """Memory in MB, shared pages counted by their share (PSS): of the model's processes, and of all with Ray's."""
    everything = psutil.Process().children(recursive=True)
    heads = [process for process in everything if f"ServeReplica:{APPLICATION}" in " ".join(process.cmdline())]
    own = {process for head in heads for process in (head, *head.children(recursive=True))}
    return {"model_pss_mb": sum(map(_pss_mb, own)), "all_pss_mb": sum(map(_pss_mb, everything))}


def table(measured: dict[str, Any]) -> str:
    """The figures as a Markdown table."""
    lines = ["| | measured |", "|---|---:|"]
    for name, value in measured.items():
        lines.append(f"| {name} | {value:.4g} |" if isinstance(value, float) else f"| {name} | {value} |")
    return "\n".join(lines)


def write(measured: dict[str, Any], page: Path = PAGE) -> None:
    """Put the table into the page of measurements."""
    replace_section(page, "bench llm", table(measured))


def _questions(cycle: Sequence[Subject]) -> list[Question]:
    prompt, template = load_prompt("narrative"), load_prompt("narrative_template")
    return [question(prompt, case.inputs, case.choices) for case in cases(cycle, template)]


def _timed(model: OpenAIModel, questions: Sequence[Question], *, together: bool) -> Pass:
    batches = [questions] if together else [[alone] for alone in questions]
    begun = time.perf_counter()
    answers = [answer for batch in batches for answer in model.answer(batch)]
    return Pass(time.perf_counter() - begun, answers)


def _rate(passes: Sequence[Pass]) -> float:
    return sum(timing.tokens for timing in passes) / sum(timing.seconds for timing in passes)


def _pss_mb(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss) / 1e6
    except psutil.Error:
        return 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
