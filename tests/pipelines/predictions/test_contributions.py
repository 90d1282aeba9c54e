import json
import math

import pytest

from models.interface import Contribution
from pipelines.predictions.contributions import from_json, rounded, summed, to_json


def test_a_cycle_is_summed_over_the_predictions_that_were_explained() -> None:
    explained = [
        [Contribution("velocity", 1.5, 2.0), Contribution("novelty", None, -1.0)],
        [Contribution("velocity", 0.0, -1.0)],
        [],
    ]
    assert summed(explained).to_dicts() == [
        {"feature": "velocity", "predictions": 2, "mean_abs": pytest.approx(1.0), "mean": pytest.approx(1 / 3)},
        {"feature": "novelty", "predictions": 1, "mean_abs": pytest.approx(1 / 3), "mean": pytest.approx(-1 / 3)},
    ]
    assert summed([]).is_empty()


def test_the_stored_form_holds_nine_decimals_and_reads_back() -> None:
    parts = rounded(
        [Contribution("a", 1 / 3, 0.1234567894), Contribution("b", math.nan, -1e-12), Contribution("c", 1.0, math.inf)]
    )
    text = to_json(parts)
    assert json.loads(text) == [
        {"feature": "a", "value": 1 / 3, "contribution": 0.123456789},
        {"feature": "b", "value": None, "contribution": 0.0},
    ]
    assert from_json(text) == parts
    assert from_json(None) == from_json("[]") == ()
