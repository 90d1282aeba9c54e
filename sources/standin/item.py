"""A post in the newer web shape (`itemStruct`) that `new_version=true` gives."""

from typing import Any

from sources.standin.aweme import CDN, TAG, written
from sources.standin.post import Post


def item_struct(post: Post, download_video: bool = False) -> dict[str, Any]:
    """Return the post as a JSON-able object: times are text, the counters of `statsV2` too, the duration in seconds."""
    text, extra = written(post)
    account, sound = post.account, post.sound
    counters = {
        "playCount": post.counters.plays,
        "diggCount": post.counters.likes,
        "commentCount": post.counters.comments,
        "shareCount": post.counters.shares,
        "collectCount": post.counters.saves,
    }
    counts = {name: count for name, count in counters.items() if count is not None}
    video = {
        "duration": round(post.duration_s),
        "cover": f"{CDN}cover-{post.post_id}.jpeg?x-expires=0",
        "playAddr": f"{CDN}{post.post_id}.mp4?x-expires=0",
    }
    if download_video:
        video["cookie_download"] = "tt_chain_token=demo"
    item = {
        "id": post.post_id,
        "desc": text,
        "createTime": str(post.created_s),
        "textLanguage": post.language,
        "isAd": post.ad,
        "author": {
            "id": account.uid,
            "uniqueId": account.handle,
            "secUid": account.sec_uid,
            "nickname": account.nickname,
            "signature": account.signature,
        },
        "authorStats": {"followerCount": account.followers or 0},
        "stats": counts,
        "statsV2": {name: str(count) for name, count in counts.items()},
        "music": {
            "id": sound.sound_id,
            "title": sound.title,
            "authorName": sound.author,
            "duration": sound.duration_s,
            "original": sound.owner is not None,
        }
        if sound
        else {},
        "challenges": [{"id": tag_id, "title": name} for name, tag_id in post.tags],
        "textExtra": [
            {
                "hashtagName": span["hashtag_name"] if span["type"] == TAG else "",
                "type": span["type"],
                "start": span["start"],
                "end": span["end"],
            }
            for span in extra
        ],
        "video": video,
    }
    return item | ({"imagePost": {"images": []}} if post.photo else {})
