from datetime import date

import pytest

from sources.ensembledata import accounts
from sources.ensembledata import requests as ask
from sources.ensembledata.requests import Request


@pytest.fixture
def every_request() -> dict[str, Request]:
    """One request for every endpoint, by path; all of their parameters are given."""
    requests = [
        ask.hashtag_posts("dance", 20),
        ask.hashtag_recent_posts("dance", 30, 4_000),
        ask.keyword_search("dance", 7, 1, 20, "GB", True, True),
        ask.keyword_full_search("dance", 7, 1, "GB", True, 100),
        ask.post_info("https://www.tiktok.com/@demo.user/video/71", True, True),
        ask.multi_info(["71", "72"], True, True),
        ask.comments("71", 30),
        ask.comment_replies("71", "9", 30),
        ask.used_units(date(2025, 5, 14)),
        ask.history(7),
        accounts.user_posts("demo", 2, 5, 6, True, True),
        accounts.user_posts_from_secuid("MS4", 2, 5, 6, True, True),
        accounts.user_info("demo"),
        accounts.user_info_from_secuid("MS4", True),
        accounts.user_search("demo", 10),
        accounts.user_followers("68", "MS4", 7, "next"),
        accounts.user_followings("68", "MS4", 7, "next"),
        accounts.user_liked_posts("MS4", 7),
        accounts.music_search("song", 10, 1, 2),
        accounts.music_posts("31", 18),
        accounts.music_details("31"),
        accounts.live_search("dance", 20, "GB"),
    ]
    return {request.endpoint.value: request for request in requests}
