from math import inf, isnan

import pytest

from core.lenient_json import parse


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"\xef\xbb\xbf[1]", [1]),
        (b"[Infinity, -Infinity]", [inf, -inf]),
        (b'["\\ud83d x"]', ["\ud83d x"]),
        (b'["a\x00b\x01\n"]', ["a\x00b\x01\n"]),
        (b'["M\xe9i"]', ["Méi"]),
        ('["ж'.encode() + b'\xff"]', ["ж\ufffd"]),
        (b"[Infinity, " + b"9" * 41 + b"]", [inf, "9" * 41]),
        (b"[Infinity, " + b"9" * 40 + b"]", [inf, int("9" * 40)]),
    ],
)
def test_what_is_almost_json_is_read(data: bytes, value: object) -> None:
    assert parse(data) == value


def test_nan_is_a_number_that_is_none() -> None:
    assert isnan(parse(b'{"a": NaN}')["a"])


@pytest.mark.parametrize("data", [b"", b"{", b'{"a": }', b"x", b"[" * 100_000, b'["' + b"a" * 10])
def test_what_is_no_json_is_one_kind_of_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse(data)
