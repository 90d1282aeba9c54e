"""Answers, posts and files at random: every post that is there is accepted, repeats one, or is set aside with a reason.

GROUNDSWELL_FUZZ_SECONDS (default 5) says for how long, GROUNDSWELL_FUZZ_SEED names the cases: the same seed tries the
same ones in the same order.
"""

import gzip
import json
import os
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

from pipelines.ingestion.deletion_sync import gone
from pipelines.normalise.raw import COMPRESSION, keep, pack
from pipelines.normalise.tables import normalise
from pipelines.operations.forget import _body_without
from pipelines.polling.sightings import raw_sightings
from pipelines.recordings.normalisation import normalise_file
from sources.ensembledata.page import parse_body
from tests.support.awemes import aweme
from tests.support.raw_pages import frame, raw

SECONDS = float(os.environ.get("GROUNDSWELL_FUZZ_SECONDS", "5"))
SEED = int(os.environ.get("GROUNDSWELL_FUZZ_SEED", "14"))
FETCHED_US = 1_747_217_220_000_000
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**63, -(2**70), 10**30, 1.5, -0.0, 1e308, float("nan"), float("inf"), "", " ", "0",
    "12", "1.2M", "1,203", "many", "9" * 5000, "\x00", "\ud800", "a\ud83d", "\u2028", "@x", "x" * 3000, "\u202e", "[",
    "{", '{"a":', '{"aweme_id": "1"}', "[1, 2]", "null", [], {}, [[]], [{}], [None], {"a": {}}, [1, "a", None],
    {"": ""}, {"uid": [[]]}, "2025-10-20", "0001-01-01T00:00:00+14:00", "7.1E+18", 7.1e18,
)  # fmt: skip
KEYS = (
    "aweme_id", "id", "desc", "statistics", "play_count", "stats", "author", "uid", "type", "data", "aweme_type",
    "room", "fetched_at", "params", "name", "text_extra", "cha_list", "music", "title", "video", "view_count",
    "video_count",
    "body", "challenge", "user", "cid", "create_time", "duration", "image_post_info", "set_aside", "totals", "posts",
    "status", "",
)  # fmt: skip


def web(video: int) -> dict[str, Any]:
    return {
        "id": str(video),
        "desc": "look #a",
        "createTime": 1_747_210_000,
        "author": {"id": f"68{video}", "uniqueId": "demo.user"},
        "stats": {"playCount": 5, "diggCount": 1, "commentCount": 0, "shareCount": 0},
        "textExtra": [{"type": 1, "start": 5, "end": 7, "hashtagName": "a"}],
    }


def row(video: int) -> dict[str, Any]:
    return {"id": video, "video_description": "look #a", "create_time": 1_747_210_000, "view_count": 7, "like_count": 2}


SHAPES = (lambda video: aweme(video, ["a", "b"]), web, row)


def wrapped(random: Random, posts: list[dict[str, Any]]) -> Any:
    """Posts as some answer or file holds them."""
    return random.choice((
        lambda: {"data": posts},
        lambda: {"data": {"data": posts, "nextCursor": 20}},
        lambda: {"fetched_at": 1_747_217_220, "params": {"name": "a"}, "body": {"data": posts}},
        lambda: posts,
        lambda: {"data": [{"type": 1, "aweme_info": post} for post in posts]},
        lambda: {"data": {"id": "1", "view_count": 9, "video_count": 2, "posts": posts}},
        lambda: {"body": json.dumps({"data": posts})},
        lambda: {"ItemModule": {str(n): post for n, post in enumerate(posts)}},
    ))()  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a value with each of its keys or indices."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in list(inner):
        yield value, key
        yield from places(held)


def mutate(random: Random, value: Any) -> None:
    """Change one place of a value: another value, another key, one less, or one more."""
    spots = list(places(value))
    if not spots:
        return
    container, key = random.choice(spots)
    action = random.randrange(5)
    if action == 0:
        del container[key]
    elif action == 1 and isinstance(container, dict):
        container[random.choice(KEYS)] = container.pop(key)
    elif action == 2:
        other, place = random.choice(spots)
        container[key] = json.loads(json.dumps(other[place]))
    elif action == 3 and isinstance(container, dict):
        container[random.choice(KEYS)] = random.choice(ODD)
    else:
        container[key] = random.choice(ODD)


def as_text(random: Random, documents: list[Any]) -> bytes:
    """Documents in one of the arrangements of a file."""
    dumps = [json.dumps(document, ensure_ascii=random.random() < 0.5) for document in documents]
    return random.choice((
        lambda: "\n".join(dumps),
        lambda: "\r\n".join(dumps),
        lambda: "\r".join(dumps),
        lambda: "".join(dumps),
        lambda: "[" + ",".join(dumps) + "]",
        lambda: "[\n" + ",\n".join(dumps) + "\n]",
        lambda: "\n".join(json.dumps(document, indent=2) for document in documents),
        lambda: json.dumps(documents, indent=1),
    ))().encode(errors="surrogatepass")  # fmt: skip


def damage(random: Random, text: bytes) -> bytes:
    """Cut a text off, tear a piece out of it, turn some of its bytes, or leave it."""
    at, length = random.randrange(len(text) + 1), random.randrange(200)
    return random.choice((
        lambda: text,
        lambda: text,
        lambda: text[:at],
        lambda: text[:at] + text[at + length :],
        lambda: text[:at] + random.randbytes(length % 8) + text[at:],
        lambda: text[:at] + random.choice((b'"', b"{", b"}", b"[", b"]", b",", b"\n", b"\x00", b"\\")) + text[at:],
    ))()  # fmt: skip


def packed(random: Random, text: bytes) -> bytes:
    encoded = random.choice((text, text, text, b"\xef\xbb\xbf" + text, text.decode(errors="replace").encode("utf-16")))
    if random.random() < 0.2:
        whole = gzip.compress(encoded)
        return whole if random.random() < 0.5 else whole[: random.randrange(len(whole) + 1)]
    return encoded


def cases(salt: str) -> Iterator[Random]:
    """One generator a case until the time is over; at least 100 cases."""
    until = time.monotonic() + SECONDS / 2
    number = 0
    while number < 100 or time.monotonic() < until:
        yield Random(f"{salt} {SEED} {number}")
        number += 1


def test_every_post_of_a_file_is_accepted_repeated_or_set_aside(tmp_path: Path) -> None:
    for random in cases("files"):
        ids = [random.randrange(1, 10**19) for _ in range(random.randrange(1, 8))]
        posts = [random.choice(SHAPES)(video) for video in ids]
        documents = [wrapped(random, posts[:2]), *posts[2:]]
        mutated = random.random() < 0.7
        for _ in range(random.randrange(1, 4) if mutated else 0):
            mutate(random, documents)
            if not documents:
                documents = [{}]
        text = as_text(random, documents)
        content = packed(random, damage(random, text) if mutated else text)
        (tmp_path / "file").write_bytes(content)
        result = normalise_file(tmp_path / "file", tmp_path / "out", b"k", FETCHED_US)
        aside = result.quarantined.total()
        assert result.accepted + result.duplicates + aside == result.items
        listed = [json.loads(line) for line in (tmp_path / "out" / "quarantine.jsonl").read_text().splitlines()]
        assert sum(entry["items"] for entry in listed) == aside
        assert all(entry["reason"] for entry in listed)
        if not mutated and content == text:
            assert result.accepted == len(set(ids))


def test_every_post_of_an_answer_is_stored_or_counted_and_never_stops_what_reads_it_again() -> None:
    for random in cases("answers"):
        ids = [random.randrange(1, 10**19) for _ in range(random.randrange(1, 8))]
        whole = aweme(random.randrange(1, 10**19), ["whole"])
        document = wrapped(random, [random.choice(SHAPES)(video) for video in ids])
        for _ in range(random.randrange(4)):
            mutate(random, holder := [document])
            document = holder[0] if holder else None
        body, problem = parse_body(damage(random, json.dumps({"data": [document]}).encode()))
        stored = [
            {**raw(None, "odd"), "body": pack(keep(body.get("data"), b"k").body), "error": problem},
            raw([whole], "whole"),
        ]
        if random.random() < 0.5:  # as an older version may have stored it, or a disk
            kept = keep(document, b"k").body
            for _ in range(random.randrange(1, 4)):
                mutate(random, kept)
            older = zlib.compress(json.dumps(kept).encode(), COMPRESSION)
            stored.append(
                {**raw(None, "older"), "body": damage(random, older), "params": random.choice(("", "[", "{}"))}
            )
        rows = frame(*stored)
        made = normalise(rows)
        assert whole["aweme_id"] in set(made.frames["videos"]["video_id"])
        pages = made.readings.pages
        items = pages["posts"].sum() + sum(made.readings.left_out.filter(pl.col("kind") == "shape")["items"])
        assert items == pages["items"].sum()
        raw_sightings(rows)
        gone(rows.with_columns(endpoint=pl.lit("/tt/post/multi-info"), params=pl.lit('{"ids": "1;2;3"}')))
        assert all(_body_without(content, {whole["aweme_id"]}, set()) for content in rows["body"])


def test_the_cases_are_as_different_as_they_should_be() -> None:
    reasons: Counter[str] = Counter()
    for number in range(300):
        random = Random(f"variety {number}")
        document = wrapped(random, [random.choice(SHAPES)(video) for video in range(1, 4)])
        mutate(random, document)
        reasons.update(keep(document, b"k").set_aside)
    assert len(reasons) > 5
