from pathlib import Path

from core.data_dictionary import render
from core.feature_set_in_use import FEATURE_SET
from core.feature_sets import features_table
from core.tables import tables

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_dictionary_says_what_is_declared() -> None:
    written = (DOCS / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == render(tables(features_table(FEATURE_SET)).values())
