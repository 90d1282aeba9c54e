"""Writes the results of a replay: three tables, the KPIs, the events and a report."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import orjson
import polars as pl

from storage.lake.interface import Lake
from storage.records.interface import Records
from storage.records.rows import KpiRow

TABLES = ("hashtag_metrics", "predictions", "outcomes")
PAGE = 10_000


def write_outputs(
    lake: Lake, records: Records, out: Path, start: datetime, end: datetime, title: str
) -> dict[str, int]:
    """Write the results of the windows in (start, end] into the folder `out`; return the rows by table."""
    out.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    frames: dict[str, pl.DataFrame] = {}
    for name in TABLES:
        frame = lake.read(name, start=start, end=end).drop("window")
        frame.write_parquet(out / f"{name}.parquet")
        frames[name], rows[name] = frame, frame.height
    kpis = records.kpis()
    (out / "kpis.json").write_bytes(orjson.dumps([_figure(row) for row in kpis], option=orjson.OPT_INDENT_2))
    rows["events"] = _write_events(records, out / "events.jsonl")
    champion = records.alias("champion") or "none"
    (out / "report.md").write_text(report(title, start, end, champion, frames, kpis), encoding="utf-8")
    return rows


def _figure(row: KpiRow) -> dict[str, object]:
    return {
        "model": row.model,
        "scope": row.scope,
        "name": row.name,
        "value": row.value,
        "lower": row.lower,
        "upper": row.upper,
        "n": row.n,
        "period_start": row.period_start,
        "period_end": row.period_end,
    }


def _write_events(records: Records, path: Path) -> int:
    count, after = 0, 0
    with path.open("wb") as file:
        while page := records.events(after=after, limit=PAGE):
            for event in page:
                file.write(
                    orjson.dumps({name: getattr(event, name) for name in ("at", "kind", "agent", "subject", "detail")})
                )
                file.write(b"\n")
            count, after = count + len(page), page[-1].seq
    return count


def report(
    title: str,
    start: datetime,
    end: datetime,
    champion: str,
    frames: dict[str, pl.DataFrame],
    kpis: Sequence[KpiRow],
) -> str:
    """Return the report as Markdown: the input, the KPIs beside the baselines', the last predictions."""
    metrics, predictions, outcomes = (frames[name] for name in TABLES)
    lines = [
        f"# Replay of {title}",
        "",
        f"From {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC: {metrics['hashtag'].n_unique():,} hashtags in "
        f"{metrics.height:,} metric rows, {predictions.height:,} predictions, {outcomes.height:,} outcomes "
        f"({_share(outcomes)} viral). Champion at the end: `{champion}`.",
        "",
        "## Figures",
        "",
        *_figures(kpis),
        "",
        "## The last ten",
        "",
        *_last_ten(predictions),
    ]
    return "\n".join(lines) + "\n"


def _share(outcomes: pl.DataFrame) -> str:
    return f"{int(outcomes['viral'].sum()) / outcomes.height:.1%}" if outcomes.height else "none"


def _figures(kpis: Sequence[KpiRow]) -> list[str]:
    if not kpis:
        return ["None yet: no prediction has an outcome."]
    models = list(dict.fromkeys(row.model for row in kpis))
    cells = {(row.scope, row.name, row.model): row for row in kpis}
    lines = [f"| figure | scope | {' | '.join(models)} |", f"|---|---|{'---|' * len(models)}"]
    for scope, name in dict.fromkeys((row.scope, row.name) for row in kpis):
        shown = [_cell(cells.get((scope, name, model))) for model in models]
        lines.append(f"| {name} | {scope} | {' | '.join(shown)} |")
    return lines


def _cell(row: KpiRow | None) -> str:
    if row is None or row.value is None:
        return "–"
    if row.lower is None or row.upper is None:
        return f"{row.value:.3f}"
    return f"{row.value:.3f} ({row.lower:.3f} to {row.upper:.3f})"


def _last_ten(predictions: pl.DataFrame) -> list[str]:
    ranked = predictions.filter(pl.col("rank").is_not_null())
    if not ranked.height:
        return ["No ranked prediction."]
    last = ranked.filter(pl.col("at") == pl.col("at").max()).sort("rank").head(10)
    rows = [f"| {row['rank']} | #{row['hashtag']} | {row['probability']:.1%} |" for row in last.iter_rows(named=True)]
    return [f"At {last['at'][0]:%Y-%m-%d %H:%M} UTC.", "", "| rank | hashtag | probability |", "|---|---|---|", *rows]
