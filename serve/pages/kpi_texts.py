"""The figures of quality in words: what each is called, what it means, how its value is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from serve.pages.words import DASH, figure, hours, percent
from serve.reading.snapshot import BASELINE
from storage.records.rows import KpiRow


@dataclass(frozen=True)
class KpiText:
    """How the page presents one figure.

    Parameters
    ----------
    name: as in the records
    label, meaning: for people
    write: value -> text
    """

    name: str
    label: str
    meaning: str
    write: Callable[[float | None], str]


def _points(value: float | None) -> str:
    return DASH if value is None else f"{figure(value * 100, 1)} pts"


TEXTS = (
    KpiText(
        "precision_at_10",
        "Right in the top ten",
        "Of the ten hashtags ranked highest each hour, the share that surged (precision@10).",
        percent,
    ),
    KpiText(
        "pr_auc",
        "Ranking quality",
        "How well all hashtags are ordered, from the base rate (chance) to 1 (perfect): PR-AUC.",
        figure,
    ),
    KpiText(
        "lift",
        "Gain over yesterday's growth",
        "PR-AUC less that of simply sorting by growth over the last 24 hours; above 0 is better.",
        lambda value: DASH if value is None else ("+" if value > 0 else "") + figure(value),
    ),
    KpiText(
        "calibration_error",
        "Off by, on average",
        "How far stated chances lie from what then happened, in percentage points (calibration error).",
        _points,
    ),
    KpiText(
        "lead_time_median_h",
        "Head start",
        "Median time from an alert to the surge it announced (lead time gain).",
        hours,
    ),
    KpiText(
        "false_surge_rate",
        "False alarms",
        "Share of alerts that were not followed by a surge within 24 hours (false surge rate).",
        percent,
    ),
)


@dataclass(frozen=True)
class Tile:
    """One figure as the page shows it; texts are ready to print."""

    name: str
    label: str
    meaning: str
    value: str
    interval: str | None
    baseline: str | None
    early: str | None
    n: int


def tiles(rows: Sequence[KpiRow]) -> list[Tile]:
    """The six figures of the champion, each with its interval, the baseline and the value for early surges only."""
    by_key = {(row.model, row.scope, row.name): row for row in rows}
    return [_tile(text, by_key) for text in TEXTS]


def _tile(text: KpiText, rows: dict[tuple[str, str, str], KpiRow]) -> Tile:
    mine = rows.get(("champion", "all", text.name))
    baseline = rows.get((BASELINE, "all", text.name))
    early = rows.get(("champion", "early", text.name))
    has_interval = mine is not None and mine.lower is not None and mine.upper is not None
    return Tile(
        name=text.name,
        label=text.label,
        meaning=text.meaning,
        value=text.write(mine.value if mine else None),
        interval=f"{text.write(mine.lower)} to {text.write(mine.upper)}" if mine and has_interval else None,
        baseline=text.write(baseline.value) if baseline and baseline.value is not None else None,
        early=text.write(early.value) if early and early.value is not None else None,
        n=mine.n if mine else 0,
    )
