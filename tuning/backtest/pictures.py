"""The pictures of a backtest's page, as SVG: every mark has its value in a title."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import polars as pl
from markupsafe import Markup, escape
from sklearn.metrics import precision_recall_curve

WIDTH, HEIGHT = 440, 300
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 12, 38
COLOURS = ("#0b6e4f", "#c45b12", "#6a4c93", "#777777")
SHOWN_FEATURES = 15
POINTS = 200


def precision_recall(rows: pl.DataFrame, rankings: Mapping[str, str]) -> Markup:
    """Return the curve of precision over recall of each ranking.

    Parameters
    ----------
    rows: predictions with `viral`
    rankings: name of a ranking -> column of `rows` to rank by
    """
    marks = [*_axes("recall", "precision")]
    viral = rows["viral"].to_numpy()
    if not viral.any():
        return _empty("nothing surged")
    for column, colour in zip(rankings.values(), COLOURS, strict=False):
        score = rows[column].cast(pl.Float64).fill_nan(None).fill_null(-1e300).to_numpy()
        precision, recall, _ = precision_recall_curve(viral, score)
        kept = np.unique(np.linspace(0, len(recall) - 1, POINTS).astype(int))
        points = " ".join(f"{_x(recall[i]):.1f},{_y(precision[i]):.1f}" for i in kept)
        marks.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>')
    marks += _legend(rankings, COLOURS)
    return _svg(marks, "Precision over recall")


def calibration(rows: pl.DataFrame, bins: int = 10) -> Markup:
    """Return the mean stated probability against the observed share, in bins of equal count, on square-root scales."""
    if rows.is_empty():
        return _empty("no outcomes yet")
    ordered = rows.sort("probability", maintain_order=True)
    marks = [
        *_axes("stated", "observed", ticks=_SQUARES),
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#bbb"/>',
    ]
    for part in np.array_split(np.arange(ordered.height), bins):
        stated, seen = (float(ordered[name].gather(part).cast(pl.Float64).mean()) for name in ("probability", "viral"))  # type: ignore[arg-type]
        marks.append(
            f'<circle cx="{_x(stated**0.5):.1f}" cy="{_y(seen**0.5):.1f}" r="4" fill="{COLOURS[0]}">'
            f"<title>stated {stated:.4f}, observed {seen:.4f}, {len(part)} rows</title></circle>"
        )
    return _svg(marks, "Calibration")


def importance(weights: Mapping[str, float]) -> Markup:
    """Return bars of the features that moved the champion's last model most, from feature -> contribution."""
    shown = list(weights.items())[:SHOWN_FEATURES]
    if not shown:
        return _empty("no feature moved anything")
    step, top = (HEIGHT - 20) / len(shown), max(value for _, value in shown)
    marks = []
    for place, (name, value) in enumerate(shown):
        y = 10 + place * step
        marks.append(f'<text x="176" y="{y + step * 0.72:.1f}" text-anchor="end">{escape(name)}</text>')
        marks.append(
            f'<rect x="182" y="{y + 2:.1f}" width="{value / top * (WIDTH - 194):.1f}" height="{step - 4:.1f}" '
            f'fill="{COLOURS[0]}"><title>{value:.4f}</title></rect>'
        )
    return _svg(marks, "Importance of features")


def lead_times(rows: pl.DataFrame) -> Markup:
    """Return a histogram of the hours between alerts that came true and their surges."""
    won = rows.filter(pl.col("alerted") & pl.col("viral") & pl.col("surged_at").is_not_null())
    hours = won.select((pl.col("surged_at") - pl.col("at")).dt.total_seconds() / 3600).to_series().to_numpy()
    if not len(hours):
        return _empty("no alert came true")
    counts, edges = np.histogram(hours, bins=np.arange(0, 25, 2))
    top = max(1, int(counts.max()))
    marks = [*_axes("hours", "alerts", ticks=[(i / 4, f"{6 * i}") for i in range(5)], up=[(1.0, str(top))])]
    for count, edge in zip(counts, edges, strict=False):
        height = _y(0) - _y(count / top)
        marks.append(
            f'<rect x="{_x(edge / 24) + 1:.1f}" y="{_y(count / top):.1f}" width="{_x(2 / 24) - _x(0) - 2:.1f}" '
            f'height="{height:.1f}" fill="{COLOURS[0]}"><title>{edge:.0f} to {edge + 2:.0f} h: {count}</title></rect>'
        )
    return _svg(marks, "Lead time of alerts that came true")


_TENTHS = [(i / 5, f"{i / 5:.1f}") for i in range(6)]
_SQUARES = [(share**0.5, f"{share:g}") for share in (0, 0.05, 0.2, 0.5, 1)]
Ticks = Sequence[tuple[float, str]]


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _axes(across: str, upwards: str, ticks: Ticks = _TENTHS, up: Ticks | None = None) -> Iterable[str]:
    yield f'<path d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}" fill="none" stroke="#888"/>'
    for place, label in ticks:
        yield f'<text x="{_x(place):.1f}" y="{_y(0) + 15}" text-anchor="middle">{label}</text>'
    for place, label in ticks if up is None else up:
        yield f'<text x="{LEFT - 6}" y="{_y(place) + 4:.1f}" text-anchor="end">{label}</text>'
    yield f'<text x="{_x(0.5)}" y="{HEIGHT - 6}" text-anchor="middle">{across}</text>'
    yield f'<text transform="translate(12 {_y(0.5):.0f}) rotate(-90)" text-anchor="middle">{upwards}</text>'


def _legend(names: Iterable[str], colours: Sequence[str]) -> Iterable[str]:
    for place, (name, colour) in enumerate(zip(names, colours, strict=False)):
        y = TOP + 14 + 15 * place
        yield f'<text x="{_x(1) - 4}" y="{y}" text-anchor="end" fill="{colour}">{escape(name)}</text>'


def _empty(why: str) -> Markup:
    return _svg([f'<text x="{WIDTH / 2}" y="{HEIGHT / 2}" text-anchor="middle">{escape(why)}</text>'], why)


def _svg(marks: Iterable[str], label: str) -> Markup:
    return Markup(f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">{"".join(marks)}</svg>')
