"""Merges what older stores hold under several spellings of one hashtag, as `core.hashtags` writes keys today.

Each day of a table is one commit, and what has its key already is left alone: after a stop in the middle the next run
goes on, and a second run changes nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from core.hashtags import clean_hashtag
from core.tables import HASHTAG_SNAPSHOTS, THEMES, VIDEO_SNAPSHOTS, VIDEOS, Table
from pipelines.operations.days import days_in
from pipelines.polling.state import Arm, PanelMember, Poll, PollKind, PollState, Posting
from storage.lake.interface import Lake
from storage.records.interface import Records

LISTS = ((VIDEOS.name, "hashtags"), (THEMES.name, "members"))
EVERY = 10_000_000
# Of rows that fall together the first in this order stays: (column, descending); then the one that had the key, then by
# the old spelling. Totals are running maxima, so the larger one stays; what is computed can be computed again.
PREFERENCES: Mapping[str, tuple[tuple[str, bool], ...]] = {
    VIDEO_SNAPSHOTS.name: (("fetched_at", True), ("plays", True)),
    HASHTAG_SNAPSHOTS.name: (("views_total", True), ("fetched_at", True)),
}


def merge_spellings(lake: Lake, tables: Collection[Table]) -> dict[str, int]:
    """Give every hashtag of the lake its key; return the rows renamed, merged or dropped by table.

    Rows of what is no hashtag any more, such as names with a control character, are dropped.
    """
    changed = {table.name: _merge_rows(lake, table) for table in tables if "hashtag" in table.fields}
    names = {table.name for table in tables}
    return changed | {name: _rewrite_lists(lake, name, column) for name, column in LISTS if name in names}


def merge_remembered(records: Records, poll_key: str, now: datetime) -> dict[str, int]:
    """Give every hashtag of the records its key; return the rows changed by kind.

    Parameters
    ----------
    poll_key: name of the value that holds the plan of the polls
    """
    return {
        "narratives": _rename(records.narratives(limit=EVERY), records.put_narratives),
        "risks": _rename(records.risks(limit=EVERY), records.put_risks),
        "counterfactuals": _rename(records.counterfactuals(limit=EVERY), records.put_counterfactuals),
        "collisions": _rename(records.collisions(limit=EVERY), records.put_collisions, ("rising_tag", "falling_tag")),
        "polled hashtags": _rename_polls(records, poll_key, now),
    }


def _merge_rows(lake: Lake, table: Table) -> int:
    changed = 0
    for start, end in days_in(lake, table.name):
        keys = _new_keys(lake.read(table.name, start=start, end=end, columns=["hashtag"], ordered=False)["hashtag"])
        if keys:
            rows = lake.read(table.name, start=start, end=end)
            merged = _merged(table, rows, keys)
            lake.replace(table.name, merged, start, end)
            changed += int(rows["hashtag"].is_in(list(keys)).sum())
    return changed


def _merged(table: Table, rows: pl.DataFrame, keys: Mapping[str, str]) -> pl.DataFrame:
    """Return rows under their keys, one for each key of the table."""
    order = PREFERENCES.get(table.name, ())
    renamed = rows.with_columns(spelling=pl.col("hashtag"), hashtag=pl.col("hashtag").replace(keys))
    renamed = renamed.filter(pl.col("hashtag") != "").with_columns(other=pl.col("spelling") != pl.col("hashtag"))
    best = renamed.sort(
        *(column for column, _ in order),
        "other",
        "spelling",
        descending=[*(falling for _, falling in order), False, False],
        nulls_last=True,
    )
    once = best.unique(list(table.key), keep="first", maintain_order=True)
    return once.select(list(table.schema)).sort(*dict.fromkeys((*table.key, "window")))


def _rewrite_lists(lake: Lake, table: str, column: str) -> int:
    changed = 0
    for start, end in days_in(lake, table):
        rows = lake.read(table, start=start, end=end)
        keys = _new_keys(rows[column].explode().drop_nulls())
        if not keys:
            continue
        lists = [_distinct(tags, keys) for tags in rows[column].to_list()]
        after = rows.with_columns(pl.Series(column, lists, dtype=pl.List(pl.String())))
        if "size" in rows.columns:
            after = after.with_columns(size=pl.col(column).list.len().cast(pl.Int64))
        changed += int((after[column] != rows[column]).sum())
        lake.replace(table, after, start, end)
    return changed


def _new_keys(hashtags: pl.Series) -> dict[str, str]:
    """Return old spelling -> key of the hashtags that are written in another way; what is none has an empty key."""
    keys = {tag: clean_hashtag(tag) for tag in hashtags.unique()}
    return {tag: key for tag, key in keys.items() if tag != key}


def _distinct(tags: list[str], keys: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(key for tag in tags if (key := keys.get(tag, tag))))


def _rename(
    stored: Sequence[Any], put: Callable[[datetime, list[Any]], None], columns: Collection[str] = ("hashtag",)
) -> int:
    """Write the sets again in which a hashtag has another key; a set is what was stored for one time, in its order."""
    sets: dict[datetime, list[Any]] = {}
    for row in stored:
        sets.setdefault(row.at, []).append(row)
    changed = 0
    for at, rows in sets.items():
        keys = [{name: clean_hashtag(tag) or tag for name in columns if (tag := getattr(row, name))} for row in rows]
        odd = sum(
            any(getattr(row, name) != key for name, key in of.items()) for row, of in zip(rows, keys, strict=True)
        )
        if odd:
            put(at, [row.changed(**of) for row, of in zip(rows, keys, strict=True)])
            changed += odd
    return changed


def _rename_polls(records: Records, poll_key: str, now: datetime) -> int:
    saved = records.value(poll_key)
    if saved is None:
        return 0
    state = PollState.from_json(saved["state"])
    merged = _merged_state(state)
    odd = sum(clean_hashtag(tag) != tag for tag in {*state.postings, *state.panel})
    if odd:
        records.put_value(poll_key, saved | {"state": merged.to_json()}, now)
    return odd


def _merged_state(state: PollState) -> PollState:
    """Return the planner's state under keys: counts and worths add up, of panel members the first to join stays."""
    postings: dict[str, Posting] = {}
    for tag, posting in state.postings.items():
        if key := clean_hashtag(tag):
            before = postings.get(key, Posting())
            postings[key] = Posting(before.fresh + posting.fresh, before.day + posting.day)
    panel: dict[str, PanelMember] = {}
    for tag, member in sorted(state.panel.items(), key=lambda item: (item[1].joined_at, item[0])):
        if key := clean_hashtag(tag):
            panel.setdefault(key, member)
    arms: dict[Poll, Arm] = {}
    for (kind, name, page), arm in state.arms.items():
        key = clean_hashtag(name) if kind is PollKind.FEED else name
        if key:
            other = arms.get((kind, key, page), Arm(0.0, 0.0, arm.asked_at))
            newest = max(other.asked_at, arm.asked_at)
            arms[kind, key, page] = Arm(other.worth + arm.worth, other.promised + arm.promised, newest)
    return replace(state, postings=postings, panel=panel, arms=arms)
