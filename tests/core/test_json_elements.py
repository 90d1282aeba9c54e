import json
from collections.abc import Iterator
from typing import Any

import pytest

from core.json_elements import UNREADABLE, Source, elements, salvage


def readable(parts: list[Any]) -> list[Any]:
    """The elements in parts that wrap them as `{"t": 5, "data": [...]}` or as a list."""
    lists = [part["data"] if isinstance(part, dict) else part for part in parts if part is not UNREADABLE]
    return [element for inner in lists for element in inner]


def lost(parts: list[Any]) -> int:
    return sum(part is UNREADABLE for part in parts)


ROWS = [{"id": n, "text": 'a}{[]\\"', "inner": [{"id": 1}, {"id": 2}]} for n in range(6)]
TEXTS = [json.dumps(row) for row in ROWS]


@pytest.mark.parametrize("head", ["[", '{"t": 5, "data": [', '{"t": {"a": [1]}, "body": {"x": "[{", "data": ['])
def test_a_list_that_is_cut_off_keeps_its_whole_elements(head: str) -> None:
    text = head + ", ".join(TEXTS)
    parts = salvage(text[:-20].encode())
    wanted = ROWS[:5]
    if "body" in head:
        assert [part["body"]["data"] for part in parts if part is not UNREADABLE and part["body"]["data"][0] in wanted]
    else:
        assert [row for row in readable(parts) if row in wanted] == wanted
    assert lost(parts) >= 1


@pytest.mark.parametrize(
    "broken", ['{"id": 1, "text": x}', '{"id": 1, "text": "an "open" quote{"}', '{"id": 1', '{"id": 1}}', '{"id": 1, }']
)
def test_a_broken_element_costs_itself_alone(broken: str) -> None:
    text = '{"t": 5, "data": [' + ",".join([*TEXTS[:2], broken, *TEXTS[3:]]) + '], "more": true}'
    parts = salvage(text.encode())
    assert [row for row in readable(parts) if row in ROWS] == [*ROWS[:2], *ROWS[3:]]
    assert lost(parts) == 1
    assert all(part["t"] == 5 for part in parts if part is not UNREADABLE)


def test_what_follows_the_list_is_read_as_well() -> None:
    parts = salvage(b'{"data": [{"a": 1}, {"a": x}], "posts": [{"b": 1}], "z": 2}')
    assert parts[-1] == {"data": [], "posts": [{"b": 1}], "z": 2}


def test_an_item_is_not_taken_apart() -> None:
    assert salvage(b'{"id": 1, "tags": [{"a": 1}, {"a": 2}], "x', lambda value: "id" in value) == [UNREADABLE]


def test_a_map_of_items_loses_the_broken_one_alone() -> None:
    members = {str(n): {"id": str(n), "tags": [{"a": 1}, {"a": 2}], "text": "x"} for n in range(6)}
    text = json.dumps({"t": 5, "module": members, "z": 1}).replace('"id": "3"', '"id": "3')
    parts = salvage(text.encode(), lambda value: "tags" in str(value))
    whole = [name for part in parts if part is not UNREADABLE for name in part["module"]]
    assert whole == ["0", "1", "2", "4", "5"]
    assert lost(parts) == 1
    assert all(part["t"] == 5 for part in parts if part is not UNREADABLE)


def test_a_long_list_is_split_within_little_memory() -> None:
    row = json.dumps({"id": "x", "inner": [{"a": 1, "b": "[{"}] * 20, "text": "y" * 3000}).encode()
    held = 0

    def chunks() -> Iterator[bytes]:
        yield b'{"t": 3, "data": ['
        for n in range(8000):
            yield (b", " if n else b"") + row
        yield b'], "after": [{"q": 1}]}\n{"next": 1}'

    source = Source(chunks())
    count = 0
    for part in elements(source):
        held = max(held, len(source.data))
        count += len(part["data"])
        assert part["t"] == 3
    assert count == 8000
    assert held < 4 << 20
    assert source.data.strip() == b'{"next": 1}'
