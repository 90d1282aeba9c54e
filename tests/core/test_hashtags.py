import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hashtags import clean_hashtag
from tests.support.paths import SHARED_DATA

SAME = SHARED_DATA / "field" / "c15_same_to_the_eye.jsonl"
NEVER = ("Cc", "Zs", "Zl", "Zp", "Cs")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        *[
            (f"fy{mark}p", "fyp")
            for mark in "\ufe0f\u200e\u200f\u2060\u00ad\ufeff\u200b\u200c\u200d\u061c\u034f\u180e\u2066"
        ],
        ("\u202bFYP\u202c", "fyp"),
        ("ＦＹＰ", "fyp"),
        ("𝓯𝔂𝓹", "fyp"),
        ("#Dance", "dance"),
        ("＃dance", "dance"),
        ("İSTANBUL", "istanbul"),
        ("i\u0307\u0307stanbul", "istanbul"),
        ("ısparta", "ısparta"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ΜΑΓΕΊΑΣ", clean_hashtag("μαγείας")),
        ("cafe\u0301", "café"),
        ("❤️", "❤"),
        ("علی", "علی"),
        ("علي", "علي"),
        ("على", "على"),
        ("می‌خواهم", "میخواهم"),
        ("fypシ゜", "fypシ\u309a"),
        ("100%", "100%"),
        ("..", ".."),
        ("c++", "c++"),
        ("what?", "what?"),
        (" dance\n", "dance"),
    ],
)
def test_what_looks_the_same_has_one_key(written: str, key: str) -> None:
    assert clean_hashtag(written) == key


@pytest.mark.parametrize(
    "text",
    ["", "#", " ", "\u200b", "a b", "a\u00a0b", "a\u2028b", "a\tb", "a\x00b", "a/b", "a／b", "a℀b", "<b>",
     "＜b", "a&b", "a＆b", "a\x7fb", "a\x85b", "half\ud83d"],
)  # fmt: skip
def test_what_is_no_hashtag_has_no_key(text: str) -> None:
    assert clean_hashtag(text) == ""


@given(st.text(max_size=12))
def test_a_key_is_its_own_key_and_fit_for_stores_and_addresses(text: str) -> None:
    key = clean_hashtag(text)
    assert clean_hashtag(key) == key
    assert not any(unicodedata.category(character) in NEVER or character in "/<&#" for character in key)


@pytest.mark.parametrize(
    "code", [0x131, 0x130, 0x1E9E, 0x345, 0x3F4, 0x1D159, 0x1F88, 0xFB03, 0x2126, 0x149, 0x390, 0x10FFFF]
)
def test_characters_that_fold_to_several_are_folded_whole(code: int) -> None:
    key = clean_hashtag(f"a{chr(code)}i")
    assert clean_hashtag(key) == key == unicodedata.normalize("NFKC", key)


@pytest.mark.skipif(not SAME.exists(), reason=f"{SAME} is not there")
def test_field_hashtags_that_look_the_same_are_one() -> None:
    posts = [json.loads(line)["aweme"] for line in SAME.read_text(encoding="utf-8").splitlines()]
    keys = [clean_hashtag(post["text_extra"][0]["hashtag_name"]) for post in posts]
    assert keys == ["fyp"] * 7 + ["علی", "علي", "على"] + ["istanbul"] * 2 + ["strasse"] * 2 + ["❤"] * 2
