"""Generates pages of the documentation from declarations in the code: `make docs`."""

from pathlib import Path

from core.data_dictionary import render
from core.features import FEATURE_SET, FEATURE_SETS
from core.features.sets import describe, features_table
from core.tables import tables
from pipelines.normalise.kinds import shapes_table

DOCS = Path("docs")
SHAPES, END = "<!-- shapes, by make docs -->", "<!-- end of shapes -->"


def main() -> None:
    """Write the data dictionary, the page of features and the table of shapes."""
    (DOCS / "features.md").write_text(describe(FEATURE_SET, FEATURE_SETS), encoding="utf-8")
    dictionary = render(tables(features_table(FEATURE_SET)).values())
    (DOCS / "data-dictionary.md").write_text(dictionary, encoding="utf-8")
    before, _, rest = (DOCS / "recordings.md").read_text(encoding="utf-8").partition(SHAPES)
    after = rest.partition(END)[2]
    (DOCS / "recordings.md").write_text(f"{before}{SHAPES}\n\n{shapes_table()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
