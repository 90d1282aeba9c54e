"""The Semantic agent: says in words why the leaders lead; no text is kept that the gate did not see."""

from datetime import timedelta

from actors.agent import Agent, JobCall, JobReport, Stopwatch
from actors.governance import GateProxy
from actors.handoff import gather
from actors.installation import Installation
from core.events import EventKind
from pipelines.narrate import narrate
from prompts.registry import load_prompt

HOUR = timedelta(hours=1)


class Semantic(Agent):
    """Actor shell over `pipelines.narrate`; while a language model writes, pings and other jobs are answered."""

    name = "semantic"
    concurrency = 3

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation)
        self._prompt = load_prompt("narrative")
        self._gate = GateProxy()

    def run(self, call: JobCall) -> JobReport:
        """Narrate the best-ranked predictions of the slot."""
        watch = Stopwatch()
        start, end = call.slot - HOUR, call.slot
        predictions, metrics = (
            gather(name, start, end, call.handoffs, self.lake) for name in ("predictions", "hashtag_metrics")
        )
        rows = narrate(end, predictions, metrics, self._prompt, check=self._gate.check_texts)
        self.records.put_narratives(end, rows)
        rejected = sum(row.status == "rejected" for row in rows)
        summary = {"narratives": len(rows), "rejected": rejected, "prompt": self._prompt.id, "seconds": watch.seconds}
        self.emit(EventKind.SEMANTIC_DONE, call.now, summary)
        return JobReport(summary)
