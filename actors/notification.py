"""The Notification agent: delivers alerts and the daily summary to people, each exactly once, with a receipt."""

from datetime import datetime

from actors.runtime.agent import BaseAgent, JobCall, JobReport
from actors.runtime.handoff import gather
from actors.runtime.installation import InstallationConfig
from core.tables import PREDICTIONS
from core.windows import HOUR
from pipelines.alerts.alerts import raise_failure, raise_summary, raise_trends
from pipelines.alerts.delivery import Courier
from pipelines.improvement.day_facts import day_facts
from pipelines.improvement.improve import noted_missed, status_lines


class NotificationAgent(BaseAgent):
    """Actor shell over `pipelines.alerts.alerts` and its delivery."""

    name = "notification"

    def __init__(self, installation: InstallationConfig) -> None:
        super().__init__(installation)
        self._courier = Courier(installation.alert_urls)

    def work(self, call: JobCall) -> JobReport:
        """Raise the slot's trend alerts, or the day's summary, and deliver what is pending."""
        if call.job == "summarise":
            missed = noted_missed(self.records, call.slot)
            facts = day_facts(self.lake, self.records, call.now, self.installation.units_per_day, missed)
            lines = status_lines(facts)
            raised = int(raise_summary(self.records, call.slot.date(), lines, call.now) is not None)
        else:
            predictions = gather(PREDICTIONS.name, call.slot - HOUR, call.slot, call.handoffs, self.lake)
            raised = len(raise_trends(self.records, predictions, self.records.narratives(at=call.slot), call.slot))
        return JobReport({"raised": raised, "told": self._deliver(call.now)})

    def failure(self, job: str, slot: datetime, problem: str, now: datetime) -> None:
        """Alert people that a job was given up for a slot."""
        raise_failure(self.records, job, slot, problem, now)
        self._deliver(now)

    def _deliver(self, now: datetime) -> int:
        events = self._courier.deliver(self.records, now)
        self.records.put_events(events)
        return len(events)
