"""Posts in the shape of the mobile interface, for tests."""

from collections.abc import Sequence
from typing import Any


def aweme(video: int | str, tags: Sequence[str], plays: int | None = 100, **changes: Any) -> dict[str, Any]:
    """One post; `changes` replace top-level fields."""
    caption = "look " + " ".join(f"#{tag}" for tag in tags)
    post: dict[str, Any] = {
        "aweme_id": str(video),
        "aweme_type": 0,
        "create_time": 1_747_210_000,
        "desc": caption,
        "desc_language": "en",
        "region": "GB",
        "duration": 39_727,
        "is_ads": False,
        "author": {"uid": f"68{video}", "unique_id": "demo.user", "nickname": "Demo Person", "follower_count": 0},
        "statistics": {"play_count": plays, "digg_count": 10, "comment_count": 2, "share_count": 1, "collect_count": 0},
        "text_extra": [{"type": 1, "hashtag_name": tag, "user_id": "", "sec_uid": ""} for tag in tags],
        "cha_list": [{"cha_name": tag, "view_count": 0} for tag in tags],
        "music": {
            "id": 7,
            "id_str": "7100000000000000002",
            "mid": "7100000000000000002",
            "title": "Song of May",
            "author": "A Band",
            "is_original_sound": False,
            "is_pgc": True,
            "user_count": 0,
        },
        "share_url": "https://www.tiktok.com/@demo.user/video/1",
    }
    return post | changes
