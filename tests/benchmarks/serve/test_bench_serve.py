"""The benchmark of pages and lists, at a size that takes seconds."""

import json
from pathlib import Path

from benchmarks.serve import measure as benchmark
from benchmarks.serve.installation import made_installation


def test_a_small_installation_is_made_once_and_measured(tmp_path: Path) -> None:
    lines: list[str] = []
    made = made_installation(tmp_path, 40, 3, lines.append)
    assert lines[0].startswith("makes 40 hashtags over 3 days")
    assert len(made.leaders(10)) == 10
    assert made_installation(tmp_path, 40, 3, lambda line: lines.append("again")) == made
    assert "again" not in lines
    figures = benchmark.measure(made, benchmark.ServePlan(clients=4, seconds=1.0, tags=2), lines.append)
    assert [row.path for row in figures] == ["/", "/v1/predictions", "/v1/hashtags/{tag}", "/hashtags/{tag}"]
    assert all(row.errors == 0 and row.share > 0 and row.p50_ms > 0 for row in figures)
    assert json.loads(json.dumps(benchmark.as_json(figures)))[0]["path"] == "/"
    assert benchmark.table(figures).count("\n") == 5
