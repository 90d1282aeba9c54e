import json
from pathlib import Path

from benchmarks.ingest.slots import SLOT_PAGES, run_slots
from core.tables import FETCHED
from storage.lake.delta import DeltaLake
from tests.support.awemes import aweme


def test_every_page_of_a_file_reaches_the_tables(tmp_path: Path) -> None:
    pages = [[aweme(10 * page + n, ["a", f"t{n}"]) for n in range(2)] for page in range(SLOT_PAGES + 5)]
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps({"data": page}) + "\n" for page in pages))
    run_slots(path, tmp_path / "lake")
    lake = DeltaLake(str(tmp_path / "lake"), {table.name: table for table in FETCHED}, buckets=2)
    assert set(lake.read("videos")["video_id"]) == {post["aweme_id"] for page in pages for post in page}
    assert lake.read("video_snapshots").height == 4 * len(pages)
    assert set(lake.read("quality")["level"]) <= {"ok", "warning"}
