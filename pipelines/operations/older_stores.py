"""Brings what older versions of the software stored to the rules of today: hashtags' keys, and nobody's data."""

from collections.abc import Collection
from datetime import datetime

from core.tables import Table
from pipelines.operations.hashtag_keys import merge_remembered, merge_spellings
from pipelines.operations.sweep import sweep
from storage.lake.interface import Lake
from storage.records.interface import Records

RULES = 1
"""Number of the rules; it rises with every change of them that has to go over what is stored."""
APPLIED = "stored_by_rules"


def bring_up_to_date(
    lake: Lake, records: Records, tables: Collection[Table], poll_key: str, now: datetime
) -> dict[str, int]:
    """Merge spellings of hashtags and erase personal data; return what was changed, by what it was.

    The records remember that it was done only once all of it is. It may run again at any time and then finds nothing.
    """
    merged = merge_spellings(lake, tables)
    remembered = merge_remembered(records, poll_key, now)
    changed = {f"hashtags in {name}": count for name, count in (merged | remembered).items()} | sweep(lake)
    records.put_value(APPLIED, RULES, now)
    return changed


def is_up_to_date(records: Records) -> bool:
    """Return whether the rules of today have gone over everything that is stored."""
    return records.value(APPLIED) == RULES
