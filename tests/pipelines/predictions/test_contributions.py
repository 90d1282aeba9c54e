import polars as pl
import pytest

from models.interface import Contribution
from pipelines.predictions.contributions import as_json, summed


def test_a_cycle_is_summed_over_what_is_told_of_its_predictions() -> None:
    told = [
        [Contribution("velocity", 1.5, 2.0), Contribution("novelty", None, -1.0)],
        [Contribution("velocity", 0.0, -1.0)],
        [],
    ]
    frame = pl.DataFrame({"contributions": [*(as_json(parts) for parts in told), None]})
    assert summed(frame).to_dicts() == [
        {"feature": "velocity", "predictions": 2, "mean_abs": pytest.approx(1.0), "mean": pytest.approx(1 / 3)},
        {"feature": "novelty", "predictions": 1, "mean_abs": pytest.approx(1 / 3), "mean": pytest.approx(-1 / 3)},
    ]
    assert summed(frame.clear()).is_empty()
