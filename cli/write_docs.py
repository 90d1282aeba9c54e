"""Generates pages of the documentation from declarations in the code: `make docs`."""

from pathlib import Path

from core.data_dictionary import render
from core.features import FEATURE_SET, FEATURE_SETS
from core.features.sets import describe, features_table
from core.tables import tables

DOCS = Path("docs")


def main() -> None:
    """Write the data dictionary and the page of features."""
    (DOCS / "features.md").write_text(describe(FEATURE_SET, FEATURE_SETS), encoding="utf-8")
    dictionary = render(tables(features_table(FEATURE_SET)).values())
    (DOCS / "data-dictionary.md").write_text(dictionary, encoding="utf-8")


if __name__ == "__main__":
    main()
