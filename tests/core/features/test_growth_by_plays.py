"""Growth that is measured by plays alone is unknown to models that learn from totals."""

import polars as pl

from core.features.growth_by_plays import GROWTH, without_plays


def test_growth_by_plays_is_unknown_and_all_else_stays() -> None:
    frame = pl.DataFrame(
        {"gained_24h": [0.1, 0.2, 0.3], "velocity": [1.0, None, 2.0], "shares_rate": [0.1, 0.2, 0.3],
         "from_totals": [1.0, 0.0, None]}
    )  # fmt: skip
    masked = without_plays(frame)
    assert masked["gained_24h"].to_list() == [0.1, None, None]
    assert masked["velocity"].to_list() == [1.0, None, None]
    assert masked.select("shares_rate", "from_totals").equals(frame.select("shares_rate", "from_totals"))
    assert without_plays(frame.drop("from_totals")).equals(frame.drop("from_totals"))
    assert "from_totals" not in GROWTH
    assert "pace_4_rises" not in GROWTH
