from datetime import UTC, datetime, timedelta

import pytest

from pipelines.improvement.backlog import found_tasks, seed_backlog
from pipelines.improvement.improve import (
    DayFacts,
    last_retrained,
    mark_retrained,
    note_missed,
    noted_missed,
    retrain_request,
    status_lines,
    update_backlog,
)
from pipelines.improvement.misses import Miss, MissCategory
from storage.memory.records import MemoryRecords
from storage.records.rows import KpiRow

NOW = datetime(2025, 6, 1, tzinfo=UTC)
CATEGORIES = {"feature", "model", "prompt", "infra", "data quality"}
TRIGGERS = {"drift", "miss analysis", "manual feedback", "LLM suggestion"}


def missed(category: MissCategory, count: int) -> list[Miss]:
    return [Miss(f"t{i}", NOW, 0.1, 0.5, 0.2, category) for i in range(count)]


def kpi(name: str, value: float | None, model: str = "champion") -> KpiRow:
    return KpiRow(
        computed_at=NOW,
        period_start=NOW - timedelta(days=14),
        period_end=NOW,
        model=model,
        scope="all",
        name=name,
        value=value,
    )


def test_the_backlog_starts_with_five_tasks_in_the_template() -> None:
    tasks = seed_backlog(NOW)
    assert len(tasks) >= 5
    assert len({task.title for task in tasks}) == len(tasks)
    for task in [*tasks, *found_tasks([m for c in MissCategory for m in missed(c, 3)], [], NOW)]:
        assert task.category in CATEGORIES
        assert task.trigger in TRIGGERS
        assert all((task.hypothesis, task.success_metric, task.target_delta, task.owner))
        assert task.review_date == (NOW + timedelta(days=14)).date()
        assert task.status == "open"


def test_repeated_misses_and_bad_figures_become_tasks_once() -> None:
    records = MemoryRecords()
    first = update_backlog(records, missed(MissCategory.LATE_DETECTION, 3), [kpi("calibration_error", 0.05)], NOW)
    assert len(first) == len(seed_backlog(NOW)) + 2
    assert {"Detect hashtags earlier", "Bring calibration back under 0.02"} <= {task.title for task in first}
    again = update_backlog(records, missed(MissCategory.LATE_DETECTION, 9), [kpi("calibration_error", 0.07)], NOW)
    assert again == []
    assert len(records.backlog()) == len(first)


@pytest.mark.parametrize(
    ("name", "value", "tasks"),
    [
        ("false_surge_rate", 0.6, 1),
        ("false_surge_rate", 0.4, 0),
        ("quantile_coverage", 0.6, 1),
        ("quantile_coverage", 0.8, 0),
        ("calibration_error", None, 0),
    ],
)
def test_only_figures_out_of_bounds_call_for_work(name: str, value: float | None, tasks: int) -> None:
    assert len(found_tasks(missed(MissCategory.MODEL_ERROR, 2), [kpi(name, value)], NOW)) == tasks
    assert found_tasks([], [kpi(name, value, "velocity")], NOW) == []


def test_retraining_is_asked_for_first_then_by_cadence_or_drift() -> None:
    every = timedelta(days=3)
    first = retrain_request(NOW, None, every)
    assert first is not None
    assert first.trigger == "first"
    assert retrain_request(NOW, NOW - timedelta(days=2), every) is None
    due = retrain_request(NOW, NOW - every, every)
    assert due is not None
    assert due.trigger == "cadence"
    drift = retrain_request(NOW, NOW - timedelta(days=1), every, "critical")
    assert drift is not None
    assert drift.trigger == "drift"
    assert retrain_request(NOW, NOW - timedelta(hours=5), every, "critical") is None
    assert retrain_request(NOW, NOW - timedelta(days=1), every, "warning") is None


def test_when_it_was_retrained_is_remembered() -> None:
    records = MemoryRecords()
    assert last_retrained(records) is None
    mark_retrained(records, NOW)
    assert last_retrained(records) == NOW


def test_the_summary_is_a_line_a_fact_without_unknown_figures() -> None:
    facts = DayFacts(
        NOW, "logistic-1", 300, 4, 280, 300, ["predict", "predict"],
        [kpi("precision_at_10", 0.4), kpi("lift", 0.1234), kpi("false_surge_rate", None), kpi("lift", 9.0, "velocity")],
        {"feature gap": 2},
    )  # fmt: skip
    assert status_lines(facts) == [
        "2025-06-01: 300 hashtags scored by logistic-1",
        "4 alerts raised in 24 h",
        "280 of 300 units used today",
        "40% of the ten most probable surged",
        "PR-AUC is +0.123 against ranking by the last 24 hours' growth",
        "2 surges missed: 2 by feature gap",
        "failed jobs: predict",
    ]


def test_the_summary_takes_the_misses_that_the_look_back_of_its_day_counted() -> None:
    records = MemoryRecords()
    assert noted_missed(records, NOW) is None
    note_missed(records, missed(MissCategory.FEATURE_GAP, 2), NOW)
    assert noted_missed(records, NOW) == {"feature gap": 2}
    assert noted_missed(records, NOW + timedelta(days=1)) is None
