"""Two weeks of made-up hashtags, written through the real interfaces, for tests of the pages and their answers."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from core.events import Event, EventKind
from core.tables import HASHTAG_METRICS, OUTCOMES, PREDICTIONS, QUALITY, THEMES, Table
from storage.lake.interface import Lake
from storage.records.interface import Records
from storage.records.rows import AlertRow, BacklogRow, ChangeRow, KpiRow, ModelRow, NarrativeRow, NarrativeStatus
from storage.records.rows_prompts import PromptRow, PromptUseRow
from tests.serve.small_judgements import put_judgements
from tuning.promotion import PROMOTION, takeover

START = datetime(2025, 5, 1, tzinfo=UTC)
DAYS = 14
NOW = START + timedelta(days=DAYS, minutes=20)
TRAINED = START + timedelta(days=4)
BASELINE, BOOSTED = "growth-0000", "xgboost-5f21c9"
TABLES = {table.name: table for table in (HASHTAG_METRICS, PREDICTIONS, OUTCOMES, QUALITY, THEMES)}
TAGS = (
    "moonlitbakes", "sevenminutesculpt", "تحدي_الطبخ", "ănvặtsàigòn", "paperplanechallenge", "slowcitywalks",
    "gymfromhome", "lofidesksetup", "ricecookerhacks", "thegreatsockswap", "fermentfriday", "backyardastronomy",
    "thrifttwins", "tinyfarmdiary", "sundayreset", "chessclubtok", "readwithme",
    "averyveryverylonghashtagthatnobodywouldeverreallytypebutsomeonedoes", "plantrescue", "bikecommute",
    "nightmarketfinds", "knitalong", "soupseason", "streetpianos", "wildswimming", "miniaturerooms", "vintageradio",
    "saladjars", "rooftopgarden", "clayandglaze", "dawnpatrol", "tramspotting", "pickleball", "cloudatlas",
    "puppetshow", "marbleruns",
)  # fmt: skip
_JOBS = {
    "ingest": "ingestion",
    "measure": "metric",
    "predict": "prediction",
    "narrate": "semantic",
    "alert": "notification",
    "evaluate": "evaluation",
    "improve": "improvement",
    "care": "governance",
}


@dataclass(frozen=True)
class SmallWorld:
    """What was written: the agents' jobs, and the tag that leads now."""

    job_agents: dict[str, str]
    leader: str


def fill(lake: Lake, records: Records, *, tags: int = 48, seed: int = 3, until: datetime = NOW) -> SmallWorld:
    """Write the world as it stood at `until`."""
    hours = int((until - START) / timedelta(hours=1))
    gained, surges = _views(tags, hours, seed)
    total = 20_000 + gained.cumsum(axis=1)
    names = [TAGS[i] if i < len(TAGS) else f"ordinary{i:02d}" for i in range(tags)]
    times = [START + timedelta(hours=hour + 1) for hour in range(hours)]
    _put(lake, "hashtag_metrics", _metrics(names, times, gained, total, seed))
    chances = _chances(surges, hours, seed)
    said = _predictions(names, times, chances)
    outcomes = _outcomes(names, times, total, until) if hours > 26 else None
    _put(lake, "predictions", said)
    _put(lake, "quality", _quality(until))
    _put(lake, "themes", _themes(names, times[-26:]))
    if outcomes is not None:
        _put(lake, "outcomes", outcomes)
    newest = said.filter(pl.col("at") == times[-1], pl.col("rank").is_not_null()).sort("rank")
    _records(records, newest, until)
    if newest.height >= 4:
        put_judgements(records, newest["hashtag"].to_list(), times[-1])
    return SmallWorld(_JOBS, newest["hashtag"][0] if newest.height else "")


def _quality(until: datetime) -> pl.DataFrame:
    """Two quarters of an hour: a fine one, and one that was held back."""
    late, early = until.replace(minute=15), until.replace(minute=0)
    rows = [
        (early, "falls", "plays", 0.0, 40, 0.1, "ok"),
        (early, "quarantined", "not a video card", 3.0, 3, None, "ok"),
        (late, "missing", "plays", 0.95, 40, 0.9, "critical"),
        (late, "clock_skew", "", 0.02, 40, 0.01, "warning"),
        (late, "quarantined", "not a video card", 2.0, 2, None, "ok"),
    ]
    names = ("window", "check", "entity", "value", "items", "threshold", "level")
    return pl.DataFrame(rows, schema=names, orient="row")


def _themes(names: list[str], times: list[datetime]) -> pl.DataFrame:
    """Seven themes of three or four hashtags, one of them gone before the last hour, one born in it."""
    labels = ("Home Baking", "Gym Workouts", "Street Food", "Book Club", "City Life", "Pam Yêu Ơi", "Farm And Garden")
    rows = [
        {
            "cluster_id": f"c{number}", "at": at, "theme_label": label, "centroid": [1.0, 0.0], "size": len(members),
            "label_source": "members" if label.startswith("Pam") else "vocabulary", "members": members,
            "keywords": ["gia đình", "kitchen"][: number % 3], "born_at": times[-1] if number == 6 else times[0],
        }
        for number, label in enumerate(labels)
        for hour, at in enumerate(times)
        for members in [names[number * 5 : number * 5 + 3 + hour // 13]]
        if not (number == 4 and at == times[-1]) and not (number == 6 and at != times[-1])
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"centroid": pl.List(pl.Float32)}).with_columns(window=pl.col("at"))


def _put(lake: Lake, name: str, frame: pl.DataFrame) -> None:
    table: Table = TABLES[name]
    columns = [frame[c].cast(t) if c in frame.columns else pl.lit(None, t).alias(c) for c, t in table.schema.items()]
    lake.replace(name, frame.select(columns), START, START + timedelta(days=400))


def _views(tags: int, hours: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Views gained per hour (tags, hours), and the hours at which each tag surges (nan where it never does)."""
    rng = np.random.default_rng(seed)
    clock = np.arange(hours)
    daily = 1 + 0.35 * np.sin(2 * np.pi * (clock - 8) / 24)
    base = 10 ** rng.uniform(1.6, 3.6, (tags, 1))
    surges = rng.uniform(24, hours + 30, (tags, 3))
    gained = base * daily * rng.lognormal(0, 0.18, (tags, hours))
    for column in range(surges.shape[1]):
        since = clock - surges[:, column : column + 1]
        gained += (
            base * 60 * np.where(since > 0, since / 9 * np.exp(1 - since / 9), 0) * rng.lognormal(0, 0.1, (tags, hours))
        )
    return gained.round(), surges


def _chances(surges: np.ndarray, hours: int, seed: int) -> np.ndarray:
    """Chances that see a surge coming, through noise: (tags, hours)."""
    rng = np.random.default_rng(seed + 1)
    ahead = surges[:, None, :] - np.arange(hours)[None, :, None]
    signal = np.where((ahead > -4) & (ahead < 16), 1.0, 0.0).max(axis=2)
    steady = rng.normal(0, 0.7, (len(surges), 1))
    logit = -3.4 + 3.6 * signal + steady + rng.normal(0, 0.6, (len(surges), hours))
    return 1 / (1 + np.exp(-logit))


def _long(names: list[str], times: list[datetime], **columns: np.ndarray) -> pl.DataFrame:
    """One row per tag and time, from arrays (tags, hours)."""
    frame = pl.DataFrame({"hashtag": np.repeat(names, len(times)), "at": times * len(names)})
    return frame.with_columns([pl.Series(name, values.ravel()) for name, values in columns.items()])


def _metrics(names: list[str], times: list[datetime], gained: np.ndarray, total: np.ndarray, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed + 2)
    shape = gained.shape
    before = np.concatenate([np.full((shape[0], 1), np.nan), gained[:, :-1]], axis=1)
    day_before = np.concatenate([np.full((shape[0], 24), np.nan), total[:, :-24]], axis=1)[:, : shape[1]]
    creators = rng.poisson(6, shape)
    momentum = rng.uniform(0, 1, shape)
    novelty = rng.uniform(0, 1, shape)
    frame = _long(
        names, times, views_gained=gained, views_total=total, velocity=np.clip((gained - before) / before, -1, 10),
        delta_24h=total - day_before, volume=creators + 2, new_videos=rng.poisson(2, shape), unique_creators=creators,
        momentum=momentum, novelty=novelty, acceleration=rng.normal(0, 1, shape),
        emerging=(momentum > 0.95) & (novelty > 0.6), engagement_efficiency=rng.uniform(0.02, 0.12, shape),
    )  # fmt: skip
    first = pl.Series("first_detected_at", [START + timedelta(hours=1 + 40 * (i % 9)) for i in range(len(names))])
    firsts = pl.DataFrame({"hashtag": names, "first_detected_at": first})
    return (
        frame.join(firsts, on="hashtag")
        .filter(pl.col("at") >= pl.col("first_detected_at"))
        .with_columns(window_end=pl.col("at"), window=pl.col("at"), window_length=pl.lit(60), v_source=pl.lit("totals"))
        .with_columns(pl.col("velocity", "delta_24h").fill_nan(None))
    )


def _predictions(names: list[str], times: list[datetime], chance: np.ndarray) -> pl.DataFrame:
    frame = _long(names, times, probability=chance).with_columns(window=pl.col("at"))
    moved = [
        {"feature": "gained_6h_log", "value": 3.2, "contribution": 0.9},
        {"feature": "unique_creators", "value": 7, "contribution": 0.4},
        {"feature": "half_life_h", "value": 30, "contribution": -0.2},
    ]
    members = [
        {"model": "xgboost", "share": 0.6, "probability": 0.4, "explained": True},
        {"model": "logistic", "share": 0.4, "probability": 0.2, "explained": False},
    ]
    trained = pl.col("at") > TRAINED
    spread = 0.35 * pl.col("probability") * (1 - pl.col("probability"))
    frame = frame.with_columns(
        model_id=pl.when(trained).then(pl.lit(BOOSTED)).otherwise(pl.lit(BASELINE)),
        lower=pl.when(trained).then(pl.col("probability") - spread),
        upper=pl.when(trained).then(pl.col("probability") + spread),
        growth_p10=pl.lit(0.01),
        growth_p50=pl.col("probability") * 0.6,
        growth_p90=pl.col("probability") * 2.1,
        contributions=pl.lit(json.dumps(moved)),
        members=pl.when(pl.col("hashtag").str.ends_with("3")).then(pl.lit(json.dumps(members))),
        feature_set=pl.lit("v1"),
        rank_score=pl.col("probability"),
        rank=pl.col("probability").rank("ordinal", descending=True).over("at").cast(pl.Int64),
    )
    thin = pl.col("hashtag").str.ends_with("7")
    frame = frame.with_columns(rank=pl.when(~thin).then("rank"), rank_score=pl.when(~thin).then("rank_score"))
    certain = (pl.col("probability") >= 0.6) & (pl.col("rank") <= 10).fill_null(False)
    return frame.sort("hashtag", "at").with_columns(
        alerted=certain & ~certain.shift(1).over("hashtag").fill_null(False) & (pl.col("at").dt.hour() % 3 == 0)
    )


def _outcomes(names: list[str], times: list[datetime], total: np.ndarray, until: datetime) -> pl.DataFrame:
    later = total[:, 24:]
    known = later.shape[1]
    growth = (later - total[:, :known]) / np.maximum(total[:, :known], 10_000)
    threshold = np.sort(growth, axis=0)[-max(1, int(len(names) * 0.15))]
    viral = (growth >= threshold) & (growth > 0)
    ahead = np.stack(
        [
            (total[:, hour : hour + known] - total[:, :known]) / np.maximum(total[:, :known], 10_000)
            for hour in range(1, 25)
        ]
    )
    reached = 1 + np.argmax(ahead >= threshold, axis=0)
    frame = _long(names, times[:known], growth_24h=growth, viral=viral, hours=reached)
    surged = pl.when("viral").then(pl.col("at") + pl.duration(hours=pl.col("hours")))
    checked = pl.col("at") + pl.duration(hours=26)
    return frame.with_columns(
        surged_at=surged, v_source=pl.lit("totals"), surged_totals_at=None, resolved_at=checked, window=pl.col("at")
    ).filter(pl.col("resolved_at") <= until)


def _records(records: Records, newest: pl.DataFrame, until: datetime) -> None:
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


def _agents(records: Records, until: datetime) -> None:
    names = [*_JOBS.values(), "scheduler"]
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
    for job in _JOBS:
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
    for place, said in enumerate(newest.head(10).iter_rows(named=True)):
        tag = f"#{said['hashtag']}"
        facts = [
            (
                "m1",
                "probability",
                said["probability"],
                "ratio",
                f"{tag} has a {said['probability']:.0%} chance to surge.",
            ),
            ("m2", "views_gained", 1e3 * (12 - place), "count", f"It gained {12 - place}k views in the last hour."),
            ("m3", "unique_creators", place + 5, "count", f"Posts of {place + 5} creators were seen in the last hour."),
        ]
        metrics = [
            {"id": name, "hashtag": said["hashtag"], "metric": metric, "value": value, "unit": unit,
             "window_end": said["at"].isoformat(), "window_h": 1.0}
            for name, metric, value, unit, _ in facts
        ]  # fmt: skip
        bullets = [{"text": told, "cites": [name]} for name, _, _, _, told in facts]
        status: NarrativeStatus = "accepted" if place == 1 else "template"
        rows.append(
            NarrativeRow(
                narrative_id=f"{said['hashtag']}@n{place}", at=said["at"], hashtag=said["hashtag"],
                text="\n".join(bullet["text"] for bullet in bullets), cites=["m1", "m2", "m3"], status=status,
                prompt_version="narrative@1:aaaa" if place == 1 else "narrative_template@1:bbbb",
                evidence={"metrics": metrics}, bullets=bullets, model="SmolLM2" if place == 1 else "",
            )
        )  # fmt: skip
        if place < 3:
            title = f"{tag} may surge within 24 hours"
            body = f"Chance {said['probability']:.0%}. Hashtags with <b>markup</b> & signs are shown as they are."
            key, at = f"a{place}", said["at"] - timedelta(hours=3 * place)
            records.raise_alert(
                AlertRow(key=key, kind="emerging_trend", raised_at=at, title=title, body=body, hashtag=said["hashtag"])
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
                    told = value * factor * rng.uniform(0.9, 1.1)
                    rows.append(
                        KpiRow(
                            computed_at=day,
                            period_start=START,
                            period_end=day - timedelta(days=1),
                            model=model,
                            scope=scope,
                            name=name,
                            value=told,
                            lower=told * 0.8,
                            upper=told * 1.2,
                            n=2_400,
                        )
                    )
        records.put_kpis(day, rows)
        day += timedelta(days=1)
