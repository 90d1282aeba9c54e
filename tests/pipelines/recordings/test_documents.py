import json
from collections.abc import Iterator
from typing import Any

import pytest

from core.json_elements import UNREADABLE
from pipelines.recordings.decoding import decoded
from pipelines.recordings.documents import Documents

ROWS = [{"id": n, "s": {"p": n}, "t": [{"q": "a}{\u2028\u0085"}, {"q": 2}]} for n in range(5)]
LINES = [json.dumps(row) for row in ROWS]


def flat(value: Any) -> list[Any]:
    return [row for inner in value for row in flat(inner)] if isinstance(value, list) else [value]


def read(content: bytes, size: int = 1 << 20) -> list[Any]:
    chunks = (content[at : at + size] for at in range(0, len(content), size))
    return [row for document in Documents(decoded(chunks)) for row in flat(document.value)]


ARRANGEMENTS = {
    "one a line": "\n".join(LINES),
    "with blank lines": "\n\n\n".join(LINES) + "\n\n",
    "carriage returns and line feeds": "\r\n".join(LINES),
    "carriage returns": "\r".join(LINES),
    "one behind the other": "".join(LINES),
    "with blanks between": "  ".join(LINES),
    "record separators": "".join(f"\x1e{line}\n" for line in LINES),
    "an array": json.dumps(ROWS),
    "arrays of arrays": json.dumps([ROWS[:2], ROWS[2:]]),
    "an array with a row and comma a line": "[\n" + ",\n".join(LINES) + "\n]\n",
    "an array with the comma in front": "[\n" + "\n,".join(LINES) + "\n]",
    "an array that ends with a comma": "[\n" + ",\n".join(LINES) + ",\n]",
    "rows with commas and no brackets": ",\n".join(LINES) + ",\n",
    "indented documents": "\n".join(json.dumps(row, indent=4) for row in ROWS),
    "an indented array": json.dumps(ROWS, indent=2),
    "an array of lines without indentation": json.dumps(ROWS, indent=0),
    "not escaped": "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS),
    "a mix": f"{LINES[0]}\n{json.dumps(ROWS[1], indent=1)}\n{json.dumps(ROWS[2:4])}\n[\n{LINES[4]}\n]",
    "tabs": "\t\n\t".join(LINES),
}


@pytest.mark.parametrize("size", [7, 1 << 20])
@pytest.mark.parametrize("text", ARRANGEMENTS.values(), ids=ARRANGEMENTS.keys())
def test_documents_are_read_in_every_arrangement(text: str, size: int) -> None:
    assert read(text.encode(), size) == ROWS


@pytest.mark.parametrize("text", ARRANGEMENTS.values(), ids=ARRANGEMENTS.keys())
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_documents_are_read_in_every_encoding(text: str, encoding: str) -> None:
    assert read(text.encode(encoding), 1001) == ROWS


BROKEN = {
    "a cut line": "\n".join([LINES[0], LINES[1][:20], *LINES[2:]]),
    "a cut last line": "\n".join([LINES[0], *LINES[2:], LINES[1][:20]]),
    "an open quote": "\n".join([LINES[0], '{"id": 9, "s": "he "said" x"}', *LINES[2:]]),
    "an open bracket": "\n".join([LINES[0], '{"data": [', *LINES[2:]]),
    "a line of words": "\n".join([LINES[0], "hello", *LINES[2:]]),
    "a cut row of an array": "[\n" + ",\n".join([LINES[0], LINES[1][:-7], *LINES[2:]]) + "\n]\n",
    "a cut row of a one-line array": "[" + ",".join([LINES[0], LINES[1][:-7], *LINES[2:]]) + "]",
    "an open quote in an array": "[" + ",".join([LINES[0], '{"id": 9, "s": "he "said" {x"}', *LINES[2:]]) + "]",
    "a cut indented document": "\n".join(json.dumps(row, indent=2)[: 15 if row["id"] == 1 else None] for row in ROWS),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("size", [7, 1 << 20])
def test_a_broken_document_costs_itself_alone(text: str, size: int) -> None:
    values = read(text.encode(), size)
    assert [row for row in values if row in ROWS] == [ROWS[0], *ROWS[2:]]
    assert 1 <= sum(value is UNREADABLE for value in values) <= 2


@pytest.mark.parametrize("size", [7, 1 << 20])
@pytest.mark.parametrize("nuls", [1, 4, 5000])
def test_nul_bytes_between_and_within_rows_are_dropped(nuls: int, size: int) -> None:
    hole = b"\x00" * nuls
    assert read(hole + b"\n".join(hole + line.encode() for line in LINES) + hole, size) == ROWS
    assert read(b'{"a": "b' + b"\x00" * 3 + b'c"}', size) == [{"a": "bc"}]


def test_a_hole_that_swallowed_the_end_of_a_row_leaves_the_next() -> None:
    values = read(LINES[0][:20].encode() + b"\x00" * 64 + LINES[1].encode() + b"\n" + LINES[2].encode())
    assert [row for row in values if row in ROWS] == ROWS[1:3]


def test_documents_tell_on_which_line_they_begin() -> None:
    text = f"{LINES[0]}\n\n{json.dumps(ROWS[1], indent=1)}\nx\n{LINES[2]}"
    lines = [document.line for document in Documents(iter([text.encode()]))]
    indented = len(json.dumps(ROWS[1], indent=1).splitlines())
    assert lines == [1, 3, 3 + indented, 4 + indented]


def test_a_wrapper_stays_around_the_rows_of_a_list_larger_than_memory_may_grow() -> None:
    row = json.dumps({"id": "x", "filler": "y" * 5000}).encode()

    def chunks() -> Iterator[bytes]:
        yield b'{"fetched_at": 5, "data": ['
        for n in range(5000):
            yield (b"," if n else b"") + row
        yield b"]}\n" + LINES[0].encode()

    values = [document.value for document in Documents(chunks())]
    assert values[-1] == ROWS[0]
    assert {value["fetched_at"] for value in values[:-1]} == {5}
    assert sum(len(value["data"]) for value in values[:-1]) == 5000
