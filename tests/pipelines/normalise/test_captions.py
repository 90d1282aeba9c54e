import time

import pytest

from pipelines.normalise.captions import without_personal_data
from tests.pipelines.normalise.caption_corpus import LANGUAGES, Caption, corpus

SEEDS = (14, 15, 16)
CORPUS = [caption for seed in SEEDS for caption in corpus(seed)]
NAME = "jane_roe"


def is_left(caption: Caption) -> bool:
    """Return whether the planted piece, or more than three digits of it, is still there."""
    left = without_personal_data(caption.text)
    digits = sum(sign.isdecimal() for sign in left) - sum(sign.isdecimal() for sign in caption.kept)
    return caption.secret in left or (caption.kind == "phone" and digits > 3)


def is_harmed(caption: Caption) -> bool:
    """Return whether a word is gone that was not planted."""
    left = without_personal_data(caption.text)
    return left != caption.text if caption.kind == "clean" else not set(caption.kept.split()) <= set(left.split())


def test_the_corpus_is_what_it_says() -> None:
    first = corpus(SEEDS[0])
    assert (len(first), {caption.language for caption in first}) == (500, set(LANGUAGES))
    assert sum(caption.kind == "clean" for caption in first) == 200
    assert first == corpus(SEEDS[0])
    assert all(caption.secret in caption.text for caption in first)


def test_nothing_that_was_planted_is_left() -> None:
    assert [caption for caption in CORPUS if caption.secret and is_left(caption)] == []


def test_prices_dates_years_counts_and_scores_stay_whole() -> None:
    assert [caption for caption in CORPUS if is_harmed(caption)] == []


def test_mentions_are_found_by_utf_16_offsets() -> None:
    caption = "🔥 with @Ann Lee 🔥 and @bob.1, cre:@cy"
    start = len(caption[: caption.index("@Ann")].encode("utf-16-le")) // 2
    assert without_personal_data(caption, [(start, start + 8)]) == "🔥 with 🔥 and , cre:"


def test_half_a_character_is_no_error() -> None:
    assert without_personal_data("cut \ud83d off @jane_roe") == "cut off"
    assert without_personal_data("cut \ud83d off") == "cut \ud83d off"


@pytest.mark.parametrize(
    "text",
    [
        "my snap is {}", "insta 📸 {}", "Instagram 👉 {}", "add me on sc {}", "cr: {}", "credit {}",
        "cashapp: ${}", "follow {}",
        "telegram👉@{}", "加微信 {}", "加V：{}", "微信号：{}", "LINE：{}", "카톡 {}", "인스타: {}",
        "ไอดีไลน์: {}", "انستا: {}", "इंस्टा: {}",
        "＠{}", "@@{}", "@ {}", "tiktok.com/@{}", "vk.com/{}", "m.me/{}", "www . {} . com", "{} dot com",
        "{} [at] gmail [dot] com",
        "{} -at- mail -dot- com", "{} AT web DOT de", "{} at gmail", "{}%40gmail.com", "{}(a)web.de",
        "<{}@x.de>", "{} @gmail.com",
        "mailto:{}@x.de", "{} собака почта точка ру", "{}@例子.公司", "https://x.example/{}?a=1",
        "HTTP://X.EXAMPLE/{}", "wa.me/{}",
        "邮箱{}@mail.com请联系", "@{}さんと", "discord {}#4821",
    ],
)  # fmt: skip
def test_names_are_gone_in_every_form(text: str) -> None:
    assert NAME not in without_personal_data(text.format(NAME))


@pytest.mark.parametrize(
    "text",
    [
        "party @ 9pm", "see you @ the beach", "Time: 10:30", "ratio 16:9", "#fyp2025 #2025", "and/or",
        "finished.it was good",
        "e.g. this", "U.S.A", "Dr.Martin", "a.m./p.m.", "Follow me. Thanks", "add 2.5 dl", "line: 5",
        "part 1: intro", "v1.2.3",
        "via Rome", "contact us", "1. one 2. two", "50/50", "24/7", "watch at home (at night)", "look at this",
        "snap chat later",
    ],
)  # fmt: skip
def test_ordinary_words_stay(text: str) -> None:
    assert without_personal_data(text) == text


@pytest.mark.parametrize(
    "unit",
    ["a", "@", "a@", "1", "1 ", "1-", "a.", "a_", "(at)", "insta ", "line:", " at ", "dot ", "a.b.", "/", "a@b.",
    "+1", "0 ", "1.",
     "qq ", "aa.bb/ ", "１", "name at mail ", "a at a dot ", "a#1234 discord ", "@ ", "ig: ", "www.", "https://",
     "-@-", "%40",
     "\u200b", "0\ufe0f\u20e3", "٠", "a. ", "a .", ". me/", "_ ", "😀@"],
)  # fmt: skip
def test_time_grows_with_the_length_alone(unit: str) -> None:
    """A hundred thousand characters of anything take no more than a few seconds, however busy the machine is."""
    text = (unit * 100_000)[:100_000]
    begin = time.process_time()
    without_personal_data(text)
    assert time.process_time() - begin < 5
