"""A line chart as SVG: a few lines with intervals over a logarithmic axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 110, 40, 48
STEPS = 5


@dataclass(frozen=True)
class ChartLine:
    """One line: (x, value, lower, upper) by x; an interval may be null."""

    name: str
    colour: str
    points: Sequence[tuple[float, float, float | None, float | None]]


@dataclass(frozen=True)
class _Axes:
    xs: Sequence[float]
    top: float

    def x(self, value: float) -> float:
        first, last = log(self.xs[0]), log(self.xs[-1])
        share = (log(value) - first) / (last - first) if last > first else 0.5
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM), 1)


def picture(lines: Sequence[ChartLine], title: str, x_title: str) -> str:
    """Return the chart; values are 0 or more."""
    highest = max(upper or value for line in lines for _, value, _, upper in line.points)
    axes = _Axes(sorted({x for line in lines for x, *_ in line.points}), _round_up(highest))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="13" role="img">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="22" font-weight="600">{title}</text>',
        *_grid(axes, x_title),
        *(part for line in lines for part in _line(axes, line)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _grid(axes: _Axes, x_title: str) -> list[str]:
    parts = []
    for step in range(STEPS + 1):
        value = axes.top * step / STEPS
        y = axes.y(value)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end" fill="#555">{value:.2g}</text>')
    parts += [
        f'<text x="{axes.x(x)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#555">{x:,}</text>'
        for x in axes.xs
    ]
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle" fill="#555">{x_title}</text>')
    return parts


def _line(axes: _Axes, line: ChartLine) -> list[str]:
    drawn = [(axes.x(x), axes.y(value)) for x, value, *_ in line.points]
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in drawn)
    parts = [f'<path d="{path}" fill="none" stroke="{line.colour}" stroke-width="2"/>']
    for (x, y), (_, _, lower, upper) in zip(drawn, line.points, strict=True):
        parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="3" fill="{line.colour}"/>')
        if lower is not None and upper is not None:
            ends = f'y1="{axes.y(max(0.0, lower))}" y2="{axes.y(upper)}"'
            parts.append(f'<line x1="{x:g}" x2="{x:g}" {ends} stroke="{line.colour}" stroke-opacity="0.6"/>')
    x, y = drawn[-1]
    parts.append(f'<text x="{x + 8:g}" y="{y + 4:g}" fill="{line.colour}">{line.name}</text>')
    return parts


def _round_up(value: float) -> float:
    """The next of 1, 1.5, 2, 2.5, 4, 5, 7.5 x a power of ten.

    Examples
    --------
    >>> round(_round_up(0.22), 6), round(_round_up(5.1), 6)
    (0.25, 7.5)
    """
    scale = 1e-6
    while True:
        for step in (1, 1.5, 2, 2.5, 4, 5, 7.5):
            if value <= step * scale:
                return step * scale
        scale *= 10
