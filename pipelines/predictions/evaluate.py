"""What predictions were worth: realised outcomes joined with what was predicted, as figures with intervals."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from core.evaluation.champions import ChampionPeriod, by_champion
from core.evaluation.intervals import Estimate
from core.evaluation.kpis import at_detection, data_latency, early, figures, score_figures, unseen
from core.evaluation.model_ids import CHAMPION, kind_of, trained_at
from core.labels.label_scale import SCALE, judged
from storage.lake.interface import Lake
from storage.records.rows import KpiRow

PERIOD_DAYS = 14
LAST_GROWTH = "growth_24h_past"
BASELINES = {"last-24h-growth": LAST_GROWTH, "velocity": "velocity"}
SCOPES: Mapping[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "all": lambda rows: rows,
    "early": early,
    "detection": at_detection,
    "unseen": unseen,
}
KEY = ["hashtag", "at"]
_AGE = "hours_since_detected"
_STATED = ["probability", "lower", "upper", "growth_p10", "growth_p50", "growth_p90"]
_PREDICTED = [*KEY, "model_id", *_STATED, "rank", "alerted", "feature_set"]
_OUTCOME = [*KEY, "growth_24h", "viral", "surged_at"]


@dataclass(frozen=True)
class Evaluation:
    """Figures of a period, and the rows they are computed from.

    Parameters
    ----------
    kpis: one row for each model, scope and figure
    champion: what the champion of each time predicted, with outcomes and the baselines' scores; sorted by (at, hashtag)
    """

    kpis: list[KpiRow]
    champion: pl.DataFrame


def evaluate(
    lake: Lake,
    now: datetime,
    periods: Sequence[ChampionPeriod],
    *,
    period_days: int = PERIOD_DAYS,
    resamples: int = 200,
) -> Evaluation:
    """Score the champion, every other model and the baselines on the same rows, by outcomes as `judged`.

    The rows are those that the champion of their time predicted in the last `period_days` and whose outcome is
    established. The champion has every figure; so has each kind, on those of its rows that it predicted too (its `n`
    says how many). Baselines, being mere rankings, have AUC, PR-AUC and precision and recall at k. Every figure is
    given for all rows, for surges at least 6 h ahead (`early`), for the moment 6 h after a hashtag was detected
    (`detection`) and for hashtags that the champion had never seen when it was trained (`unseen`).

    Parameters
    ----------
    now: nothing later than this is read
    periods: when which model became champion
    period_days: days before `now` that are scored
    resamples: bootstrap resamples by day, for the 95 % intervals
    """
    start = now - timedelta(days=period_days)
    predicted = lake.read("predictions", start=start, end=now, columns=_PREDICTED)
    champion = _resolved(lake, by_champion(predicted, periods), start, now)
    kinds = dict(_by_kind(predicted))
    rows: list[KpiRow] = []
    for scope, chosen in SCOPES.items():
        for model, estimates in _scored(chosen(champion), kinds, resamples).items():
            rows += _kpi_rows(estimates, model, scope, now, start)
    latency = _latency(lake, predicted, start, now, resamples)
    rows += _kpi_rows({"data_latency_min": latency}, CHAMPION, "all", now, start)
    return Evaluation(rows, champion)


def champion_rows(
    lake: Lake, now: datetime, periods: Sequence[ChampionPeriod], period_days: int = PERIOD_DAYS
) -> pl.DataFrame:
    """Return the rows of `Evaluation.champion` without scoring them."""
    start = now - timedelta(days=period_days)
    predicted = lake.read("predictions", start=start, end=now, columns=_PREDICTED)
    return _resolved(lake, by_champion(predicted, periods), start, now)


def _resolved(lake: Lake, champion: pl.DataFrame, start: datetime, now: datetime) -> pl.DataFrame:
    outcomes = judged(lake.read("outcomes", start=start, end=now, columns=[*_OUTCOME, *SCALE]))
    resolved = champion.join(outcomes.drop(SCALE), on=KEY, how="inner")
    return _with_baselines(lake, start, now, resolved).sort("at", "hashtag")


def _with_baselines(lake: Lake, start: datetime, now: datetime, rows: pl.DataFrame) -> pl.DataFrame:
    wanted = list(dict.fromkeys([*KEY, "feature_set", _AGE, *BASELINES.values()]))
    scores = lake.read("features", start=start, end=now, columns=wanted)
    times = {model_id: trained_at(model_id) for model_id in rows["model_id"].unique()}
    trained = pl.col("model_id").replace_strict(times, default=None, return_dtype=rows.schema["at"])
    return rows.join(scores, on=[*KEY, "feature_set"], how="left").with_columns(trained_at=trained)


def _scored(
    champion: pl.DataFrame, kinds: Mapping[str, pl.DataFrame], resamples: int
) -> dict[str, dict[str, Estimate]]:
    scored = {CHAMPION: figures(champion, baseline=LAST_GROWTH, resamples=resamples)}
    resolved = champion.select(*_OUTCOME, *BASELINES.values())
    for kind, rows in kinds.items():
        own = resolved.join(rows, on=KEY, how="inner")
        if own.height:
            scored[kind] = figures(own, baseline=LAST_GROWTH, resamples=resamples)
    for name, score in BASELINES.items():
        stated = {figure: e for figure, e in scored.get(name, {}).items() if figure != "lift"}
        scored[name] = stated | score_figures(champion, score, resamples=resamples)
    return scored


def _by_kind(predicted: pl.DataFrame) -> Iterable[tuple[str, pl.DataFrame]]:
    """The predictions of each kind of model; where two models of a kind overlap, those of the later trained one."""
    kinds = {model_id: kind_of(model_id) for model_id in predicted["model_id"].unique().sort()}
    for kind in sorted(set(kinds.values())):
        ids = [model_id for model_id, of in kinds.items() if of == kind]
        mine = predicted.filter(pl.col("model_id").is_in(ids)).sort("model_id")
        rows = mine.unique(KEY, keep="last", maintain_order=True)
        yield kind, rows.select(*KEY, *_STATED)


def _latency(lake: Lake, predicted: pl.DataFrame, start: datetime, now: datetime, resamples: int) -> Estimate:
    first = predicted["at"].min()
    read = [
        lake.read(table, start=start, end=now, columns=["hashtag", "fetched_at"])
        for table in ("video_snapshots", "hashtag_snapshots")
    ]
    readings = pl.concat(read)
    used = readings.clear() if first is None else readings.filter(pl.col("fetched_at") > first)
    return data_latency(used, predicted, resamples=resamples)


def _kpi_rows(estimates: dict[str, Estimate], model: str, scope: str, now: datetime, start: datetime) -> list[KpiRow]:
    return [
        KpiRow(
            computed_at=now,
            period_start=start,
            period_end=now,
            model=model,
            scope=scope,
            name=name,
            value=figure.value,
            lower=figure.lower,
            upper=figure.upper,
            n=figure.n,
        )
        for name, figure in estimates.items()
    ]
