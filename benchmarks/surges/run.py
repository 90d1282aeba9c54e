"""Measures how well true surges are predicted in simulated worlds: `groundswell bench surges`.

The agents themselves play each world for fourteen days. Its figures are kept in one file per world, so that a stopped
run resumes where it was.
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from actors.runtime.installation import InstallationConfig
from benchmarks.polling.compare import Mean, mean
from benchmarks.surges.play import play
from benchmarks.surges.score import Figures, scored, scored_predictions
from core.evaluation.model_ids import CHAMPION
from sources.world.parameters import WorldParameters
from sources.world.world import World
from storage.lake.delta import DeltaLake

ROWS: Sequence[tuple[str, str]] = (
    ("precision_at_10", "precision@10"),
    ("recall_at_10", "recall@10 of all true surges (at most 0.10)"),
    ("precision_at_5pct", "precision@5 %"),
    ("pr_auc", "PR-AUC"),
    ("precision_at_10_early", "precision@10 of surges 6 h and more ahead"),
    ("pr_auc_early", "PR-AUC of surges 6 h and more ahead"),
    ("false_surge_rate", "false surge rate"),
    ("lead_time_mean_h", "lead time gain, mean, h"),
    ("lead_time_median_h", "lead time gain, median, h"),
    ("lead_time_share_6h", "share of lead times of 6 h and more"),
    ("alerts_a_day", "alerts a day"),
    ("true_alerts_a_day", "alerts a day that came true"),
    ("early_alerts_a_day", "alerts a day that came true 6 h and more ahead"),
)
Measured = Mapping[str, Any]
PLAYED = "played-to-the-end"


def measure(installation: InstallationConfig, world: World) -> dict[str, Any]:
    """Return the figures of an installation that was played to its end in a world."""
    lake = DeltaLake(installation.lake_root, installation.tables, buckets=installation.buckets, durable=False)
    spoken = scored_predictions(lake, world)
    kinds = spoken.rows["model_id"].unique().sort().to_list()
    return {
        "seed": world.parameters.seed,
        "units_per_day": installation.units_per_day,
        "alert_threshold": installation.alert_threshold,
        "champions": kinds,
        "anchors": spoken.rows["at"].n_unique(),
        "rows": spoken.rows.height,
        "virals": sum(spoken.virals.values()),
        "virals_watched": int(spoken.rows["viral"].sum()),
        "figures": scored(spoken),
    }


def run(
    seeds: Sequence[int],
    folder: Path,
    installation_in: Callable[[Path, WorldParameters], InstallationConfig],
    on_progress: Callable[[int, datetime], None],
    keep: bool = False,
) -> list[Measured]:
    """Measure the worlds that have no file in `folder` yet; return the figures of all.

    Parameters
    ----------
    installation_in: makes the installation for a world in a folder
    on_progress: called with the seed and the time reached
    keep: leave the installations there; without its file a world of which one is left is scored anew, not played
    """
    done = []
    for seed in seeds:
        file, home = folder / f"surges-{seed}.json", folder / f"surges-{seed}"
        if not file.exists():
            world = World(WorldParameters(seed=seed))
            if not (home / PLAYED).exists():
                shutil.rmtree(home, ignore_errors=True)
                installation = installation_in(home, world.parameters)
                play(installation, world, installation.history_ends, partial(on_progress, seed))
                (home / PLAYED).touch()
            measured = measure(installation_in(home, world.parameters), world)
            file.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
            if not keep:
                shutil.rmtree(home)
        done.append(json.loads(file.read_text(encoding="utf-8")))
    return done


def means(worlds: Sequence[Measured]) -> dict[str, dict[str, Mean | None]]:
    """Scorer -> figure -> mean over worlds."""
    of = [world["figures"] for world in worlds]
    return {scorer: {name: _mean([figures[scorer][name] for figures in of]) for name, _ in ROWS} for scorer in of[0]}


def gaps(worlds: Sequence[Measured]) -> dict[str, dict[str, Mean | None]]:
    """Baseline -> figure -> mean over worlds of the champion's figure less the baseline's."""
    of = [world["figures"] for world in worlds]
    others = [scorer for scorer in of[0] if scorer != CHAMPION]
    return {
        other: {name: _mean([_gap(figures, other, name) for figures in of]) for name, _ in ROWS} for other in others
    }


def _gap(figures: Mapping[str, Figures], scorer: str, name: str) -> float | None:
    own, other = figures[CHAMPION][name], figures[scorer][name]
    return None if own is None or other is None else own - other


def _mean(values: Sequence[float | None]) -> Mean | None:
    present = [value for value in values if value is not None]
    return mean(present) if present else None


def table(worlds: Sequence[Measured]) -> str:
    """The figures as Markdown: a column a scorer, then the champion's less each baseline's, then what they rest on."""
    own = _columns("mean over worlds [95 %]", means(worlds))
    return "\n\n".join([own, _columns("champion less baseline", gaps(worlds)), _rests_on(worlds)])


def _columns(title: str, of: Mapping[str, Mapping[str, Mean | None]]) -> str:
    lines = [f"| {title} | " + " | ".join(of) + " |", "|---|" + "---:|" * len(of)]
    for name, words in ROWS:
        cells = ["-" if figures[name] is None else str(figures[name]) for figures in of.values()]
        lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _rests_on(worlds: Sequence[Measured]) -> str:
    seeds = ", ".join(str(world["seed"]) for world in worlds)
    anchors = sum(world["anchors"] for world in worlds)
    hashtags = sum(world["rows"] for world in worlds) / anchors
    rate = mean([world["virals_watched"] / world["rows"] for world in worlds])
    watched = mean([world["virals_watched"] / world["virals"] for world in worlds])
    return (
        f"Worlds {seeds}; {worlds[0]['units_per_day']:,} units a day; alerts from a probability of "
        f"{worlds[0]['alert_threshold']:g}. Hourly anchors with trained models: {anchors:,} in all, "
        f"{hashtags:,.0f} hashtags each. Base rate {rate}; of all true surges {watched} were among those hashtags."
    )
