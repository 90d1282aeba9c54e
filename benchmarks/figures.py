"""What benchmarks write into `docs/measurements/`: a picture as SVG, and a section of a page, replaced on each run."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

MEASUREMENTS = Path(__file__).resolve().parents[1] / "docs" / "measurements"
_ROW, _LEFT, _WIDTH = 26, 190, 720


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its length, and whether it is ours."""

    label: str
    value: float
    ours: bool


def bars(path: Path, title: str, rows: Sequence[Bar]) -> None:
    """Draw horizontal bars, shortest meaning best, into an SVG file that suits light and dark pages."""
    longest = max(row.value for row in rows)
    height = 44 + _ROW * len(rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" font-family="sans-serif" '
        f'font-size="13" fill="#808890"><text x="8" y="22" font-size="15">{escape(title)}</text>'
    ]
    for place, row in enumerate(rows):
        top, length = 36 + _ROW * place, max(2.0, (_WIDTH - _LEFT - 80) * row.value / longest)
        colour = "#1f9d7a" if row.ours else "#8fa3b8"
        parts.append(
            f'<text x="{_LEFT - 10}" y="{top + 15}" text-anchor="end">{escape(row.label)}</text>'
            f'<rect x="{_LEFT}" y="{top + 3}" width="{length:.1f}" height="16" rx="2" fill="{colour}"/>'
            f'<text x="{_LEFT + length + 6:.1f}" y="{top + 15}">{row.value:.2f}</text>'
        )
    path.write_text("\n".join([*parts, "</svg>"]) + "\n")


def replace_section(page: Path, name: str, text: str) -> None:
    """Put `text` and today's date between the marks `<!-- name -->` and `<!-- /name -->` of a page.

    A page without the marks gets them at its end.
    """
    old = page.read_text() if page.exists() else "# Measurements\n"
    block = f"<!-- {name} -->\nMeasured on {datetime.now(UTC):%Y-%m-%d}.\n\n{text}\n<!-- /{name} -->"
    pattern = re.compile(rf"<!-- {re.escape(name)} -->.*?<!-- /{re.escape(name)} -->", re.DOTALL)
    page.write_text(pattern.sub(lambda _: block, old) if pattern.search(old) else f"{old.rstrip()}\n\n{block}\n")
