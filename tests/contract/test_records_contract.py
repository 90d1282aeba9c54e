"""Models, figures, narratives, alerts and improvement: one suite over every records database."""

import math
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from core.windows import HOUR
from storage.records.interface import Records
from storage.records.rows import AlertRow, BacklogRow, ChangeRow, KpiRow, ModelRow, NarrativeRow
from tests.support.threads import at_once

NOW = datetime(2025, 5, 14, 10, 15, 0, 123456, tzinfo=UTC)
DAY = date(2025, 5, 14)


def model(name: str, number: int) -> ModelRow:
    return ModelRow(
        model_id=name,
        kind="logistic",
        created_at=NOW + number * HOUR,
        training_set={"name": "v1", "versions": {"features": 3}, "rows": np.int64(10), "start": NOW},
        features=["velocity", "novelty"],
        metrics={"pr_auc": np.float64(0.5), "missing": float("nan")},
        importance={"velocity": 1.0},
        environment={"sklearn": "1.7"},
        data_hash="abc",
    )


def test_models_are_registered_once_and_come_newest_first(records: Records) -> None:
    records.add_model(model("m1", 1))
    records.add_model(model("m2", 2))
    records.add_model(model("m1", 3).changed(kind="other"))
    assert [row.model_id for row in records.models()] == ["m2", "m1"]
    assert [row.model_id for row in records.models(limit=1)] == ["m2"]
    stored = records.model("m1")
    assert stored is not None
    assert (stored.kind, stored.created_at, stored.features) == ("logistic", NOW + HOUR, ["velocity", "novelty"])
    assert stored.metrics == {"pr_auc": 0.5, "missing": None}
    assert stored.training_set == {"name": "v1", "versions": {"features": 3}, "rows": 10, "start": NOW.isoformat()}
    assert records.model("m9") is None


def test_an_alias_points_at_the_model_last_set(records: Records) -> None:
    assert records.alias("champion") is None
    for name in ("m1", "m2"):
        records.set_alias("champion", name, NOW)
    records.set_alias("previous", "m1", NOW)
    assert (records.alias("champion"), records.alias("previous")) == ("m2", "m1")


def story(name: str, at: datetime = NOW, hashtag: str = "football") -> NarrativeRow:
    violations = [{"rule": "number", "span": [1, 2]}]
    return NarrativeRow(
        narrative_id=name,
        at=at,
        hashtag=hashtag,
        text="it grew",
        cites=["m1"],
        status="template",
        prompt_version="t1",
        violations=violations,
        evidence={"metrics": []},
        bullets=[],
    )


def test_narratives_of_a_time_are_replaced_as_a_whole(records: Records) -> None:
    records.put_narratives(NOW, [story("n2"), story("n1")])
    records.put_narratives(NOW + HOUR, [story("n3", NOW + HOUR, "cats")])
    assert records.narratives() == [story("n3", NOW + HOUR, "cats"), story("n2"), story("n1")]
    assert records.narratives(at=NOW, limit=1) == [story("n2")]
    assert records.narratives(hashtag="cats") == [story("n3", NOW + HOUR, "cats")]
    records.put_narratives(NOW, [story("n4")])
    assert records.narratives(at=NOW) == [story("n4")]
    records.put_narratives(NOW, [])
    assert records.narratives(at=NOW) == []
    with pytest.raises(ValueError, match="n9"):
        records.put_narratives(NOW, [story("n9", NOW + HOUR)])
    with pytest.raises(ValueError, match="same id"):
        records.put_narratives(NOW, [story("n9"), story("n9")])


def test_a_narrative_written_at_another_time_moves_there(records: Records) -> None:
    records.put_narratives(NOW, [story("n1")])
    records.put_narratives(NOW + HOUR, [story("n1", NOW + HOUR)])
    assert records.narratives() == [story("n1", NOW + HOUR)]


def figure(name: str, value: float | None, computed_at: datetime = NOW, model: str = "champion") -> KpiRow:
    return KpiRow(
        computed_at=computed_at,
        period_start=NOW - 24 * HOUR,
        period_end=NOW,
        model=model,
        scope="all",
        name=name,
        value=value,
        lower=None,
        upper=0.75,
        n=10,
    )


def test_figures_are_kept_in_sets(records: Records) -> None:
    assert records.kpis() == []
    records.put_kpis(NOW, [figure("b", 0.5), figure("a", math.nan)])
    records.put_kpis(NOW, [figure("b", 0.25), figure("a", math.nan)])
    assert records.kpis() == [figure("b", 0.25), figure("a", None)]
    later = [figure("b", 0.1, NOW + HOUR), figure("b", 0.2, NOW + HOUR, "velocity")]
    records.put_kpis(NOW + HOUR, later)
    assert records.kpis() == later
    assert records.kpis(NOW) == [figure("b", 0.25), figure("a", None)]
    assert records.kpis(NOW + 2 * HOUR) == []
    assert records.kpi_history("b", "all", "champion") == [figure("b", 0.25), later[0]]
    assert records.kpi_history("b", "early", "champion") == []
    with pytest.raises(ValueError, match="not in the set"):
        records.put_kpis(NOW, later)


def alert(key: str, number: int = 0) -> AlertRow:
    return AlertRow(
        key=key,
        kind="emerging_trend",
        raised_at=NOW + number * HOUR,
        title="title",
        body="body",
        hashtag="cats",
        detail={"rank": 1},
    )


def test_an_alert_is_raised_once_and_marked(records: Records) -> None:
    assert records.raise_alert(alert("k1"))
    assert not records.raise_alert(alert("k1"))
    assert records.raise_alert(alert("k2", 2).changed(hashtag=None))
    assert records.raise_alert(alert("k3", 1))
    assert [row.key for row in records.pending_alerts()] == ["k1", "k3", "k2"]
    records.mark_alert("k1", "sent", 2, "ok", NOW + HOUR)
    records.mark_alert("k3", "failed", 3, None, NOW + HOUR)
    assert [row.key for row in records.pending_alerts()] == ["k2"]
    assert [row.key for row in records.alerts()] == ["k2", "k3", "k1"]
    assert [row.key for row in records.alerts(limit=1, offset=1)] == ["k3"]
    assert records.alerts()[2] == alert("k1").changed(status="sent", attempts=2, receipt="ok", sent_at=NOW + HOUR)
    assert records.alerts()[1].sent_at is None
    with pytest.raises(ValueError, match="no alert k9"):
        records.mark_alert("k9", "sent", 1, None, NOW)


def test_of_eight_threads_one_raises_an_alert(records: Records) -> None:
    assert sum(at_once(lambda thread: records.raise_alert(alert("k1")))) == 1


def test_the_backlog_and_the_change_log_hold_each_entry_once(records: Records) -> None:
    items = [
        BacklogRow(
            title=title,
            category="feature",
            trigger="drift",
            hypothesis="it helps",
            success_metric="pr_auc",
            target_delta="+5 %",
            owner="improvement",
            review_date=DAY,
            status="open",
            created_at=NOW,
        )
        for title in ("b", "a")
    ]
    assert [records.add_backlog(row) for row in [*items, items[0]]] == [True, True, False]
    assert records.backlog() == items
    entries = [
        ChangeRow(change_id=f"c{number}", at=NOW + number * HOUR, kind="promotion", title="new", evidence={"old": "m1"})
        for number in range(3)
    ]
    assert [records.add_change(row) for row in [*entries, entries[0]]] == [True, True, True, False]
    assert records.changes() == entries[::-1]
    assert records.changes(limit=1) == entries[2:]


@pytest.mark.parametrize("value", [None, 1, 0.5, "text é", [1, [2]], {"a": {"b": None}}, True])
def test_a_value_comes_back_as_it_was_put(records: Records, value: Any) -> None:
    assert records.value("key") is None
    records.put_value("key", "before", NOW)
    records.put_value("key", value, NOW)
    assert records.value("key") == value
    assert records.value("other") is None


def test_check_is_one_line(records: Records) -> None:
    assert records.check()
    assert "\n" not in records.check()
