import gzip
import json
from typing import Any

import orjson
import pytest

from pipelines.normalise.privacy import licensed_title, pseudonym
from pipelines.normalise.raw import keep, pack, unpack
from tests.support.awemes import aweme
from tests.support.paths import PAYLOADS, SHARED_DATA
from tests.support.raw_pages import KEY

SOUNDS = SHARED_DATA / "field" / "c20_sounds_named_after_people.jsonl"
TITLES_KEPT = 68  # of 70 sounds of labels; the title of two holds their artist's name


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


LICENSED = {"title": "Song", "author": "A Band", "is_pgc": True}


@pytest.mark.parametrize(
    ("music", "title"),
    [
        (LICENSED, "Song"),
        ({"title": "Song", "is_copyrighted": True}, "Song"),
        ({"title": "Song", "tt_to_dsp_song_infos": [{"song_id": "1"}]}, "Song"),
        (LICENSED | {"author": "V"}, "Song"),
        ({"title": "Song"}, None),
        ({"title": "Song", "is_pgc": 1}, None),
        ({"title": "Song", "is_original_sound": False, "is_commerce_music": True}, None),
        ({"title": "Song", "external_song_info": []}, None),
        (LICENSED | {"owner_id": "3"}, None),
        (LICENSED | {"is_original_sound": True}, None),
        (LICENSED | {"title": "nhạc nền - somebody"}, None),
        (LICENSED | {"title": "ORIGINAL SOUND - x"}, None),
        (LICENSED | {"title": "mix by demo.user"}, None),
        (LICENSED | {"title": "sunet original - Jane Roe"}, None),
        (LICENSED | {"title": "Song (JANE  ROE remix)"}, None),
        (LICENSED | {"title": "Ｓｏｎｇ － Ａ Ｂａｎｄ"}, None),
        (LICENSED | {"title": "Slow V", "author": "V"}, None),
        (LICENSED | {"title": "为你 王芳", "author": "王芳"}, None),
        (LICENSED | {"title": "song @someone"}, None),
        (LICENSED | {"title": None}, None),
        (LICENSED | {"title": ["Song"]}, None),
        ({}, None),
    ],
)
def test_only_licensed_titles_without_a_name_are_kept(music: dict[str, Any], title: str | None) -> None:
    assert licensed_title(music, ("demo.user", "Jane Roe", None)) == title


@pytest.mark.skipif(not SOUNDS.exists(), reason=f"{SOUNDS} is not there")
def test_no_sound_of_the_field_named_after_a_person_is_kept() -> None:
    posts = [json.loads(line)["post"] for line in SOUNDS.read_text(encoding="utf-8").splitlines()]
    stored = pack(keep({"data": posts}, KEY).body)
    assert len(unpack(stored)["posts"]) == len(posts) == 16
    assert "jane" not in json.dumps(unpack(stored), ensure_ascii=False).casefold()


@pytest.mark.skipif(not PAYLOADS.exists(), reason=f"{PAYLOADS} is not there")
def test_of_real_posts_only_titles_of_labels_are_kept() -> None:
    with gzip.open(PAYLOADS) as lines:
        sounds = [json.loads(line)["aweme"] for line in lines]
    kept = [(post["music"], licensed_title(post["music"], (post["author"].get("unique_id"),))) for post in sounds]
    titles = [title for _, title in kept if title]
    assert len(titles) == TITLES_KEPT
    assert all(music["is_pgc"] and not music.get("owner_id") for music, title in kept if title)
    assert "my eyes" not in titles
