"""Lists as CSV (RFC 4180): one column a field, nested values as JSON, nothing a spreadsheet would run."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA_STARTS) else text


def csv_text(kind: type[BaseModel], items: Sequence[BaseModel]) -> str:
    """Return the items as CSV with a header line, which an empty list has too."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(kind.model_fields)
    for item in items:
        fields = item.model_dump(mode="json", include=set(kind.model_fields))
        writer.writerow(map(_cell, fields.values()))
    return out.getvalue()
