"""What to improve next: the tasks of a new installation, and those that its errors call for."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from pipelines.improvement.misses import Miss, MissCategory
from storage.records.rows import BacklogRow, KpiRow

REVIEW = timedelta(days=14)
REPEATED = 3
WORST_CALIBRATION = 0.02
FALSE_SURGES = 0.5
COVERAGE = (0.75, 0.85)

_SEEDS = (
    (
        "Feed each hashtag's past prediction errors back as features",
        "feature",
        "A hashtag whose surges were overestimated before is overestimated again; group F tells the model so.",
        "PR-AUC on held-out rows",
        "+0.01 with calibration error unchanged",
        "metric",
    ),
    (
        "Sample creators of emerging hashtags a second time within 6 hours",
        "data quality",
        "Novelty and creator dispersion of young hashtags rest on one page of posts; a second page halves their noise.",
        "share of emerging hashtags with 10 observed videos or more",
        "+20 percentage points at the same daily units",
        "ingestion",
    ),
    (
        "Choose the alert threshold from the last 14 days' false surge rate",
        "model",
        "A fixed threshold means something else for each champion; one set from outcomes keeps false alerts level.",
        "false surge rate of alerts",
        "under 0.40 with no fewer true alerts a day",
        "improvement",
    ),
    (
        "Train on surges that leave 6 hours of warning",
        "model",
        "Most virals surge within hours of their anchor; weighing early ones more moves alerts ahead of the surge.",
        "share of true alerts with a lead of 6 h or more",
        "+10 percentage points",
        "improvement",
    ),
    (
        "Name the reason of a prediction by what changed since yesterday",
        "prompt",
        "Readers trust a reason that says what is new; standing features such as size explain rank, not surge.",
        "share of narratives accepted without edit",
        "+5 percentage points",
        "semantic",
    ),
    (
        "Poll hashtags as often as their probability is uncertain",
        "infra",
        "Units spent on hashtags near the threshold change more alerts than those spent on settled ones.",
        "recall at 10 for the same daily units",
        "+0.03",
        "ingestion",
    ),
)


def seed_backlog(now: datetime) -> list[BacklogRow]:
    """The tasks a new installation starts with."""
    return [
        backlog_row(now, title, category, "manual feedback", hypothesis, metric, delta, owner)
        for title, category, hypothesis, metric, delta, owner in _SEEDS
    ]


def found_tasks(misses: Sequence[Miss], kpis: Sequence[KpiRow], now: datetime) -> list[BacklogRow]:
    """Tasks that the misses and the champion's figures call for; a title says the same thing once and for all."""
    counts = Counter(miss.category for miss in misses)
    tasks = [_miss_task(category, count, now) for category, count in sorted(counts.items()) if count >= REPEATED]
    own = {kpi.name: kpi for kpi in kpis if kpi.model == "champion" and kpi.scope == "all"}
    return tasks + [task for task in (_calibration(own, now), _false_surges(own, now), _coverage(own, now)) if task]


def _miss_task(category: MissCategory, count: int, now: datetime) -> BacklogRow:
    kind, title, hypothesis, owner = {
        MissCategory.LATE_DETECTION: (
            "data quality", "Detect hashtags earlier", "they were polled only once they were surging", "ingestion"),
        MissCategory.FEATURE_GAP: (
            "feature", "Close feature gaps of surging hashtags", "half of what the model needs was unknown", "metric"),
        MissCategory.MODEL_DRIFT: (
            "model", "Retrain on the drifted features", "the features moved away from those learnt on", "improvement"),
        MissCategory.MISLABELLED_CLUSTER: (
            "feature", "Review the clusters of missed surges", "they were filed under the wrong theme", "semantic"),
        MissCategory.MODEL_ERROR: (
            "model", "Study surges the model ranked low", "the features tell too little of their kind", "improvement"),
    }[category]  # fmt: skip
    story = f"{count} surges were missed by {category.value} in the period: {hypothesis}."
    return backlog_row(
        now, title, kind, "miss analysis", story, f"misses by {category.value} in 14 days", f"half of {count}", owner
    )


def _calibration(own: dict[str, KpiRow], now: datetime) -> BacklogRow | None:
    error = _value(own, "calibration_error")
    if error is None or error <= WORST_CALIBRATION:
        return None
    story = f"Probabilities are off by {error:.3f} on average; the calibration slice may be too old or too small."
    return backlog_row(
        now,
        "Bring calibration back under 0.02",
        "model",
        "drift",
        story,
        "calibration error",
        "under 0.02",
        "improvement",
    )


def _false_surges(own: dict[str, KpiRow], now: datetime) -> BacklogRow | None:
    rate = _value(own, "false_surge_rate")
    if rate is None or rate <= FALSE_SURGES:
        return None
    story = f"{rate:.0%} of alerts did not come true; the threshold is too low for this champion."
    return backlog_row(
        now, "Raise fewer false alerts", "model", "miss analysis", story, "false surge rate", "under 0.5", "improvement"
    )


def _coverage(own: dict[str, KpiRow], now: datetime) -> BacklogRow | None:
    covered = _value(own, "quantile_coverage")
    if covered is None or COVERAGE[0] <= covered <= COVERAGE[1]:
        return None
    story = f"The growth interval holds {covered:.0%} of growing hashtags instead of 80 %."
    return backlog_row(
        now,
        "Set the growth interval right",
        "model",
        "drift",
        story,
        "quantile coverage",
        "0.75 to 0.85",
        "improvement",
    )


def _value(own: dict[str, KpiRow], name: str) -> float | None:
    return own[name].value if name in own else None


def backlog_row(
    now: datetime, title: str, category: str, trigger: str, hypothesis: str, metric: str, delta: str, owner: str
) -> BacklogRow:
    """An open item, due for review in two weeks."""
    review: date = (now + REVIEW).date()
    return BacklogRow(
        title=title,
        category=category,
        trigger=trigger,
        hypothesis=hypothesis,
        success_metric=metric,
        target_delta=delta,
        owner=owner,
        review_date=review,
        status="open",
        created_at=now,
    )
