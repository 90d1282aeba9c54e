"""`groundswell llm` as a person starts it: in a process of its own, on a port of its own, ended with Ctrl-C."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil

from cli.shared.installation import some_port
from prompts.llm.openai_model import OpenAIModel
from tests.support.paths import ROOT

NAME = "SmolLM2-135M-Instruct"


class HostedModel:
    """The command while it runs; made once the model answers."""

    def __init__(self, log: Path) -> None:
        self.port = some_port()
        self.address = f"http://127.0.0.1:{self.port}/llm/v1"
        self.model = OpenAIModel(self.address, NAME, timeout_s=120)
        command = [sys.executable, "-m", "cli.app", "llm", "--port", str(self.port)]
        with log.open("w") as errors:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert self.process.stdout is not None
        self.lines: list[str] = []
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if self.address in line:
                return
        raise AssertionError(f"{self.lines} {log.read_text()[-500:]}")

    def engine(self) -> psutil.Process:
        """The process that holds vLLM's engine."""
        return next(process for process in self.family() if "VLLM::EngineCore" in " ".join(process.cmdline()))

    def family(self) -> list[psutil.Process]:
        """The command and all that it started."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def stop(self) -> list[psutil.Process]:
        """Ctrl-C; returns what is left a while after it has ended."""
        before = self.family()
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(120) == 0
        _, left = psutil.wait_procs(before, timeout=60)
        return left
