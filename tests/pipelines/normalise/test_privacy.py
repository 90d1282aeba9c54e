from typing import Any

import orjson
import pytest

from pipelines.normalise.privacy import licensed_title, pseudonym, without_handles
from pipelines.normalise.raw import keep
from tests.support.awemes import aweme
from tests.support.raw_pages import KEY


def test_nothing_of_a_person_is_kept() -> None:
    post = aweme(
        1,
        ["a"],
        desc="with @Wendy Shay and mail me@home.example #a",
        original_client_text={"markup_text": "secret"},
        text_extra=[{"type": 0, "start": 5, "end": 16, "user_id": "77", "sec_uid": "MS4w"}],
        music={"mid": "3", "title": "original sound - demo.user", "owner_handle": "demo.user", "author": "Demo Person"},
    )
    stored = orjson.dumps(keep([post], KEY).body).decode()
    for secret in (
        "681",
        "demo.user",
        "Demo Person",
        "Wendy",
        "Shay",
        "home.example",
        "secret",
        "77",
        "MS4w",
        "share_url",
    ):
        assert f'"{secret}"' not in stored or secret == "share_url", secret
        assert secret not in stored.replace(pseudonym(KEY, "681"), ""), secret


def test_mentions_are_found_by_utf_16_offsets() -> None:
    caption = "🔥 with @Ann Lee 🔥 and @bob.1, cre:@cy"
    start = len(caption[: caption.index("@Ann")].encode("utf-16-le")) // 2
    assert without_handles(caption, [(start, start + 8)]) == "🔥 with 🔥 and , cre:"


@pytest.mark.parametrize(
    ("music", "title"),
    [
        ({"title": "Song"}, "Song"),
        ({"title": "Song", "owner_id": "3"}, None),
        ({"title": "Song", "is_original_sound": True}, None),
        ({"title": "nhạc nền - somebody"}, None),
        ({"title": "original sound - x"}, None),
        ({"title": "mix by demo.user"}, None),
        ({"title": None}, None),
        ({}, None),
    ],
)
def test_only_licensed_titles_are_kept(music: dict[str, Any], title: str | None) -> None:
    assert licensed_title(music, "demo.user") == title
