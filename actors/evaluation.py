"""The Evaluation agent: what became of the predictions of a day ago, and what they were worth."""

from datetime import timedelta

from actors.agent import Agent, JobCall, JobReport, Stopwatch
from core.events import EventKind
from core.windows import window_ends
from pipelines.evaluate import evaluate
from pipelines.outcomes import resolve

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class Evaluation(Agent):
    """Actor shell over `pipelines.outcomes` and `pipelines.evaluate`."""

    name = "evaluation"

    def run(self, call: JobCall) -> JobReport:
        """Resolve the anchors of the day before yesterday's slot and score the last two weeks."""
        watch = Stopwatch()
        start, end = call.slot - 2 * DAY, call.slot - DAY
        outcomes = resolve(self.lake, list(window_ends(start, end, HOUR)), call.now)
        described = self.lake.read("features", start=start, end=end, columns=["hashtag", "at"])
        outcomes = outcomes.join(described, on=["hashtag", "at"], how="semi")
        address = self.lake.replace("outcomes", outcomes, start, end)
        scored = evaluate(self.lake, call.slot)
        self.records.put_kpis(call.slot, scored.kpis)
        summary = {
            "outcomes": outcomes.height,
            "viral": int(outcomes["viral"].sum()),
            "version": address.version,
            "scored": scored.champion.height,
            "seconds": watch.seconds,
        }
        self.emit(EventKind.EVALUATION_DONE, call.now, summary)
        return JobReport(summary)
