from core.data_dictionary import render
from core.features import FEATURE_SET
from core.features.sets import features_table
from core.tables import tables
from tests.support.paths import DOCS


def test_the_dictionary_says_what_is_declared() -> None:
    written = (DOCS / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == render(tables(features_table(FEATURE_SET)).values())
