"""Files of the field through `normalize`: what looks the same is one hashtag, and nobody's name is kept."""

from pathlib import Path

import polars as pl

from pipelines.recordings.normalisation import normalise_file
from tests.support.paths import SHARED_DATA
from tests.support.requirements import require_data

FIELD = SHARED_DATA / "field"
KEY, FETCHED_US = b"test key", 1_760_940_228_000_000


def test_hashtags_that_look_the_same_are_one(tmp_path: Path) -> None:
    require_data(FIELD)
    result = normalise_file(FIELD / "c15_same_to_the_eye.jsonl", tmp_path, KEY, FETCHED_US)
    assert (result.accepted, result.quarantined.total()) == (16, 0)
    hashtags = pl.read_parquet(tmp_path / "videos.parquet")["hashtags"].explode()
    counts = dict(hashtags.value_counts().iter_rows())
    assert counts == {"fyp": 7, "علی": 1, "علي": 1, "على": 1, "istanbul": 2, "strasse": 2, "❤": 2}


def test_no_sound_named_after_a_person_leaves_its_name(tmp_path: Path) -> None:
    require_data(FIELD)
    result = normalise_file(FIELD / "c20_sounds_named_after_people.jsonl", tmp_path, KEY, FETCHED_US)
    assert (result.accepted, result.quarantined.total()) == (16, 0)
    videos = pl.read_parquet(tmp_path / "videos.parquet")
    assert videos["sound_id"].n_unique() == 16
    assert videos["sound_title"].null_count() == 16
    for path in tmp_path.glob("*.parquet"):
        stored = repr(pl.read_parquet(path).to_dicts()).casefold()
        assert not any(name in stored for name in ("jane", "roe", "demo"))
