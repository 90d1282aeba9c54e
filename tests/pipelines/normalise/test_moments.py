from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.normalise.context import NOWHERE
from pipelines.normalise.moments import microseconds
from pipelines.normalise.walk import open_answer
from tests.support.awemes import aweme

MOMENT = datetime(2025, 10, 20, 6, 3, 48, tzinfo=UTC)
SECONDS = 1_760_940_228
MINUTE = MOMENT.replace(second=0)
DAY = datetime(2025, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        *((value, MOMENT) for value in (SECONDS, SECONDS * 10**3, SECONDS * 10**6, SECONDS * 10**9)),
        *((str(value), MOMENT) for value in (SECONDS, f" {SECONDS} ", SECONDS * 10**3, SECONDS * 10**6)),
        *(
            (f"2025-10-20{middle}06:03:48{zone}", MOMENT)
            for middle in " T"
            for zone in ("", "Z", " UTC", "+00:00", " GMT")
        ),
        ("2025-10-20T08:03:48+02:00", MOMENT),
        ("2025-10-20 08:03:48 +0200", MOMENT),
        ("2025/10/20 06:03:48", MOMENT),
        ("20251020060348", MOMENT),
        ("20251020", DAY),
        ("2025-10-20", DAY),
        ("20/10/2025", DAY),
        ("10/20/2025", DAY),
        ("20.10.2025 06:03", MINUTE),
        ("20/10/2025 06:03", MINUTE),
        ("10/20/2025 6:03 AM", MINUTE),
        ("Oct 20, 2025, 6:03 AM", MINUTE),
        ("Mon Oct 20 06:03:48 +0000 2025", MOMENT),
        ("Mon, 20 Oct 2025 06:03:48 GMT", MOMENT),
        ("2025-10-20T06:03:48.123456789Z", MOMENT.replace(microsecond=123_456)),
        ("2025-10-20T06:03:48,5Z", MOMENT.replace(microsecond=500_000)),
        ({"$date": "2025-10-20T06:03:48Z"}, MOMENT),
        *((value, None) for value in (None, "", "soon", True, -5, 0, 10**30, float("nan"), [], {}, "9" * 400)),
        *((value, None) for value in ("05/06/2025", "31/31/2025", "0001-01-01T00:00:00+14:00", "2025-13-01", "06:03")),
    ],
)
def test_times_are_read_as_people_write_them(written: Any, moment: datetime | None) -> None:
    since = microseconds(written)
    assert since == (None if moment is None else round(moment.timestamp() * 1_000_000))


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.datetimes().map(str)))
def test_any_value_is_a_time_of_our_days_or_none(value: object) -> None:
    since = microseconds(value)
    assert since is None or 0 < since < 4_102_444_800_000_000


POST = aweme(1, ["a"])


@pytest.mark.parametrize(
    ("document", "origin"),
    [
        ({**POST, "collected_at": SECONDS}, "row"),
        ({"fetched_at": SECONDS, "aweme": POST}, "row"),
        ({"fetched_at": 1, "rows": [{"scraped_at": SECONDS, "data": POST}]}, "row"),
        ({"__import_meta": {"timestamp_collected": SECONDS * 1000}, **POST}, "row"),
        ({"fetched_at": SECONDS, "data": [POST]}, "wrapper"),
        ({"fetched_at": SECONDS, "headers": {"date": "Mon, 20 Oct 2025 06:03:49 GMT"}, "data": [POST]}, "wrapper"),
        ({"headers": {"date": "Mon, 20 Oct 2025 06:03:48 GMT"}, "data": [POST]}, "request"),
        ({"extra": {"now": SECONDS * 1000}, "itemList": [POST]}, "request"),
        ({"startedDateTime": "2025-10-20T06:03:48Z", "response": {"content": {"list": [POST]}}}, "request"),
        ({"fetched_at": "", "data": [POST]}, ""),
        ({"created_at": SECONDS, "data": [POST]}, ""),
    ],
)
def test_a_time_comes_from_the_row_its_wrapper_or_the_request(document: Any, origin: str) -> None:
    ((_, around),) = open_answer(document).posts
    assert around.origin == origin
    assert around.moment == (SECONDS * 1_000_000 if origin else None)


def test_a_requested_hashtag_is_known_from_parameters_and_addresses() -> None:
    assert NOWHERE.inside({"params": {"name": "a"}}, 0).name == "a"
    assert NOWHERE.inside({"params": '{"hashtag": "b"}'}, 0).name == "b"
    assert NOWHERE.inside({"url": "https://x/apis/tt/hashtag/posts?name=c&cursor=0"}, 0).name == "c"
    assert NOWHERE.inside({"url": "https://x/apis/tt/keyword/search?name=c"}, 0).name == ""
