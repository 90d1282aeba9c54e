from datetime import datetime

import pytest

from storage.lake.address import Address
from tests.support.lake_rows import START, hour


def test_an_address_is_read_at_a_glance() -> None:
    assert str(Address("raw", 3, START, hour(1))) == "raw@3 (2025-05-14T00:00:00+00:00, 2025-05-14T01:00:00+00:00]"


def test_an_address_holds_a_range_in_utc() -> None:
    assert Address("raw", -1, START, START).version == -1
    with pytest.raises(ValueError, match="ends at"):
        Address("raw", 1, hour(1), START)
    with pytest.raises(ValueError, match="not an aware UTC time"):
        Address("raw", 1, datetime(2025, 5, 14), hour(1))
