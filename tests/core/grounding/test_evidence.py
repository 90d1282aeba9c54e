import pytest

from core.grounding.evidence import Evidence
from tests.core.grounding.sentences import metric


def test_evidence_is_read_from_json() -> None:
    evidence = Evidence([metric("volume", 7)], sounds=["Song"], drivers=["m1"])
    assert Evidence.from_json(evidence.to_json()).to_json() == evidence.to_json()
    seven = metric("volume", 7).to_json()
    for wrong, message in (
        ({"metrics": [seven, seven]}, "metric id m1 is there twice"),
        ({"metrics": [seven | {"value": None}]}, "metric m1: value must be a number"),
        ({"metrics": [seven | {"hashtag": 7}]}, "metric m1: hashtag must be text"),
        ({"metrics": [7]}, "metric 1 is no object"),
        ({}, "evidence is"),
        ({"metrics": [], "entities": {"sounds": "Song"}}, "sounds must be a list of texts"),
    ):
        with pytest.raises(ValueError, match=message):
            Evidence.from_json(wrong)
    with pytest.raises(ValueError, match="unit 'apples' is none of"):
        Evidence.from_json({"metrics": [metric("volume", 7).to_json() | {"unit": "apples"}]})
