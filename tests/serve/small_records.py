"""The records beside the made-up hashtags: agents, jobs, models, narratives, alerts, figures and judgements."""

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from core.events import Event, EventKind
from storage.records.interface import Records
from storage.records.rows import AlertRow, BacklogRow, ChangeRow, KpiRow, ModelRow, NarrativeRow, NarrativeStatus
from storage.records.rows_prompts import PromptRow, PromptUseRow
from tests.serve.small_judgements import put_judgements
from tests.serve.small_lake import BASELINE, BOOSTED, DAYS, START, TRAINED
from tuning.takeovers import PROMOTION, takeover

JOBS = {
    "ingest": "ingestion",
    "measure": "metric",
    "predict": "prediction",
    "narrate": "semantic",
    "alert": "notification",
    "evaluate": "evaluation",
    "improve": "improvement",
    "care": "governance",
}


def fill_records(records: Records, newest: pl.DataFrame, until: datetime) -> None:
    """Write the records as they stood at `until`, about the newest predictions."""
    records.put_value("clock", {"now": until.isoformat(), "virtual": True}, until)
    records.put_value("source", {"kind": "standin", "simulated": True}, until)
    done = min((until - START) / timedelta(days=1), float(DAYS))
    phase = "live" if done >= DAYS else "history"
    records.put_value("progress", {"phase": phase, "done_days": done, "total_days": float(DAYS)}, until)
    _agents(records, until)
    _models(records, until)
    _texts(records, newest, until)
    if until > TRAINED:
        _kpis(records, until)
    if newest.height >= 4:
        put_judgements(records, newest["hashtag"].to_list(), newest["at"][0])


def _agents(records: Records, until: datetime) -> None:
    names = [*JOBS.values(), "scheduler"]
    pulses = {
        name: {"pid": 4100 + i, "restarts": int(name == "semantic"), "state": "alive"} for i, name in enumerate(names)
    }
    records.put_value("agents", pulses, until)
    done = {
        "ingestion": "INGEST_DONE",
        "metric": "METRIC_DONE",
        "prediction": "PREDICTION_DONE",
        "semantic": "SEMANTIC_DONE",
    }
    slot = until.replace(minute=0)
    started = [Event(EventKind.AGENT_STARTED, name, START, "", {"pid": 4100 + i}) for i, name in enumerate(names)]
    changes = [
        Event(
            EventKind.CLUSTER_BORN, "semantic", slot - timedelta(hours=25), "c0", {"label": "Home Baking", "size": 3}
        ),
        Event(EventKind.CLUSTER_MERGED, "semantic", slot - timedelta(hours=4), "c9", {"into": "c0", "size": 4}),
        Event(EventKind.CLUSTER_SPLIT, "semantic", slot, "c6", {"parent": "c0", "size": 3}),
        Event(EventKind.CLUSTER_GONE, "semantic", slot, "c4", {"size": 5}),
    ]
    records.put_events([*started, *changes, *(Event(EventKind(kind), name, slot) for name, kind in done.items())])
    for job in JOBS:
        records.claim(job, slot, "4100:1", lambda owner: True, slot)
        if job == "care":
            records.fail(job, slot, "the disk is almost full: 120 MB left", slot + timedelta(minutes=1))
        else:
            records.complete(job, slot, {}, slot + timedelta(minutes=1))
    for number, (purpose, endpoint, units) in enumerate(
        [
            ("tracking", "/tt/post/multi-info", 96),
            ("discovery", "/tt/keyword/search", 60),
            ("sampling", "/tt/hashtag/posts", 56),
        ]
    ):
        records.reserve(f"r{number}", until.date(), units, 300, purpose, "ingestion", endpoint, until)
        records.settle(f"r{number}", units, until)


def _models(records: Records, until: datetime) -> None:
    records.add_model(ModelRow(model_id=BASELINE, kind="last-24h-growth", created_at=START))
    records.set_alias("champion", BASELINE, START)
    if until <= TRAINED:
        return
    training = {"name": "rolling", "rows": 4_608, "start": START.isoformat(), "end": TRAINED.isoformat()}
    records.add_model(
        ModelRow(
            model_id=BOOSTED,
            kind="xgboost",
            created_at=TRAINED,
            training_set=training,
            features=("velocity", "novelty"),
            metrics={"pr_auc": 0.51},
        )
    )
    records.set_alias("champion", BOOSTED, TRAINED)
    records.set_alias("previous", BASELINE, TRAINED)
    records.put_events([Event(EventKind.MODEL_PROMOTED, "improvement", TRAINED, BOOSTED, {"model_id": BOOSTED})])
    title = "xgboost took over from last-24h growth: PR-AUC 0.51 against 0.22 on the same two days"
    evidence = {"pr_auc": 0.51, **takeover(BOOSTED, BASELINE)}
    records.add_change(ChangeRow(change_id="c1", at=TRAINED, kind=PROMOTION, title=title, evidence=evidence))


def _texts(records: Records, newest: pl.DataFrame, until: datetime) -> None:
    rows = []
    for place, prediction in enumerate(newest.head(10).iter_rows(named=True)):
        tag = f"#{prediction['hashtag']}"
        facts = [
            (
                "m1",
                "probability",
                prediction["probability"],
                "ratio",
                f"{tag} has a {prediction['probability']:.0%} chance to surge.",
            ),
            ("m2", "views_gained", 1e3 * (12 - place), "count", f"It gained {12 - place}k views in the last hour."),
            ("m3", "unique_creators", place + 5, "count", f"Posts of {place + 5} creators were seen in the last hour."),
        ]
        metrics = [
            {"id": name, "hashtag": prediction["hashtag"], "metric": metric, "value": value, "unit": unit,
             "window_end": prediction["at"].isoformat(), "window_h": 1.0}
            for name, metric, value, unit, _ in facts
        ]  # fmt: skip
        bullets = [{"text": text, "cites": [name]} for name, _, _, _, text in facts]
        status: NarrativeStatus = "accepted" if place == 1 else "template"
        rows.append(
            NarrativeRow(
                narrative_id=f"{prediction['hashtag']}@n{place}", at=prediction["at"], hashtag=prediction["hashtag"],
                text="\n".join(bullet["text"] for bullet in bullets), cites=["m1", "m2", "m3"], status=status,
                prompt_version="narrative@1:aaaa" if place == 1 else "narrative_template@1:bbbb",
                evidence={"metrics": metrics}, bullets=bullets, model="SmolLM2" if place == 1 else "",
            )
        )  # fmt: skip
        if place < 3:
            title = f"{tag} may surge within 24 hours"
            body = f"Chance {prediction['probability']:.0%}. Hashtags with <b>markup</b> & signs are shown as they are."
            key, at = f"a{place}", prediction["at"] - timedelta(hours=3 * place)
            records.raise_alert(
                AlertRow(
                    key=key, kind="emerging_trend", raised_at=at, title=title, body=body, hashtag=prediction["hashtag"]
                )
            )
            records.mark_alert(key, "sent", 1, "200 OK", at)
    if rows:
        records.put_narratives(rows[0].at, rows)
        _prompts(records, rows[0].at)
    ideas = [
        ("Sounds as features", "feature"),
        ("Ask less of quiet tags", "infra"),
        ("Longer history for slow burns", "model"),
    ]
    for title, category in ideas:
        item = BacklogRow(
            title=title,
            category=category,
            trigger="miss analysis",
            hypothesis="it helps",
            success_metric="PR-AUC",
            target_delta="+0.02",
            owner="improvement",
            review_date=date(2025, 6, 1),
            status="open",
            created_at=START,
        )
        records.add_backlog(item)


def _prompts(records: Records, at: datetime) -> None:
    for name, prompt_id, model in (
        ("narrative_template", "narrative_template@1:bbbb", ""),
        ("narrative", "narrative@1:aaaa", "SmolLM2"),
    ):
        records.add_prompt(
            PromptRow(
                prompt_id=prompt_id,
                name=name,
                version=1,
                digest=prompt_id[-4:] * 4,
                source="shipped",
                content="---",
                added_at=START,
            )
        )
        records.put_value(f"prompt.in_use.{name}", prompt_id, START)
        wrong = {"number": 5, "form": 1} if model else {}
        records.put_prompt_use(
            PromptUseRow(
                prompt_id=prompt_id,
                at=at,
                model=model,
                asked=10,
                accepted=4 if model else 10,
                refused=6 if model else 0,
                unanswered=0,
                violations=wrong,
            )
        )
    records.put_value("language_model", {"model": "SmolLM2", "problem": "", "at": at.isoformat()}, at)


def _kpis(records: Records, until: datetime) -> None:
    figures = {
        "champion": {
            "precision_at_10": 0.47, "pr_auc": 0.52, "base_rate": 0.146, "lift": 0.28, "calibration_error": 0.031,
            "lead_time_median_h": 9.5, "false_surge_rate": 0.34,
        },
        "last-24h-growth": {"precision_at_10": 0.26, "pr_auc": 0.24, "base_rate": 0.146},
        "velocity": {"precision_at_10": 0.18, "pr_auc": 0.17},
    }  # fmt: skip
    rng = np.random.default_rng(5)
    day = TRAINED + timedelta(days=2)
    while day <= until:
        rows = []
        for model, values in figures.items():
            for scope, factor in (("all", 1.0), ("early", 0.86)):
                for name, value in values.items():
                    stated = value * factor * rng.uniform(0.9, 1.1)
                    rows.append(
                        KpiRow(
                            computed_at=day,
                            period_start=START,
                            period_end=day - timedelta(days=1),
                            model=model,
                            scope=scope,
                            name=name,
                            value=stated,
                            lower=stated * 0.8,
                            upper=stated * 1.2,
                            n=2_400,
                        )
                    )
        records.put_kpis(day, rows)
        day += timedelta(days=1)
