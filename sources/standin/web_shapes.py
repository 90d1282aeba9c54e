"""A post in TikTok's two web shapes: the older one that recent-posts gives by default, and `itemStruct`."""

from typing import Any

from sources.standin.aweme import CDN, TAG, written
from sources.standin.post import Post


def web_post(post: Post) -> dict[str, Any]:
    """Return a post in the older web shape, as a JSON-able object.

    It has fewer counters, no region and no language; `createTime` is a string, the duration is in seconds.
    """
    text, extra = written(post)
    account, sound = post.account, post.sound
    return {
        "itemInfos": _item(post, text),
        "authorInfos": {
            "secUid": account.sec_uid,
            "userId": account.uid,
            "uniqueId": account.handle,
            "nickName": account.nickname,
            "signature": account.signature,
            "verified": False,
            "covers": [f"{CDN}avatar-{account.uid}.jpeg?x-expires=0"],
            "secret": False,
            "isSecret": False,
            "relation": -1,
            "roomId": "",
        },
        "musicInfos": {
            "musicId": sound.sound_id if sound else "",
            "musicName": sound.title if sound else "",
            "authorName": sound.author if sound else "",
            "original": bool(sound and sound.owner),
            "playUrl": [f"{CDN}sound-{sound.sound_id}.mp3?x-expires=0"] if sound else [],
            "covers": [],
        },
        "challengeInfoList": [
            {"challengeId": tag_id, "challengeName": name, "isCommerce": False, "text": ""}
            for name, tag_id in post.tags
        ],
        "textExtra": [_span(span) for span in extra],
        "authorStats": {"followingCount": 0, "followerCount": 0, "heartCount": 0, "videoCount": 0, "diggCount": 0},
        "duetInfo": "0",
        "stickerTextList": [],
    }


def item_struct(post: Post, download_video: bool = False) -> dict[str, Any]:
    """Return a post in the newer web shape (`itemStruct`) that `new_version=true` gives, as a JSON-able object.

    Times and the counters of `statsV2` are text, the duration is in seconds.
    """
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
            "isCopyrighted": sound.licensed,
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


def _item(post: Post, text: str) -> dict[str, Any]:
    """The post itself, its counters and pictures."""
    cover = [f"{CDN}cover-{post.post_id}.jpeg?x-expires=0"]
    sound, counters = post.sound, post.counters
    return {
        "id": post.post_id,
        "text": text,
        "createTime": str(post.created_s),
        "authorId": post.account.uid,
        "musicId": sound.sound_id if sound else "",
        "diggCount": counters.likes or 0,
        "shareCount": counters.shares or 0,
        "playCount": counters.plays or 0,
        "commentCount": counters.comments or 0,
        "isOriginal": False,
        "isAd": post.ad,
        "covers": cover,
        "coversOrigin": cover,
        "coversDynamic": cover,
        "shareCover": ["", *cover],
        "video": {
            "urls": [f"{CDN}{post.post_id}.mp4?x-expires=0"],
            "videoMeta": {"height": 1024, "width": 576, "ratio": "540p", "duration": round(post.duration_s)},
        },
        "shareEnabled": True,
        "stitchEnabled": False,
        "commentStatus": 0,
        "secret": False,
        "itemMute": False,
        "warnInfo": [],
    }


def _span(span: dict[str, Any]) -> dict[str, Any]:
    """Return the span of a hashtag or a mention; the web shape leaves out the hashtag's name."""
    return {
        "Start": span["start"],
        "End": span["end"],
        "HashtagName": "",
        "HashtagId": "",
        "Type": span["type"],
        "UserId": "" if span["type"] == TAG else span["user_id"],
        "SecUid": "" if span["type"] == TAG else span["sec_uid"],
        "AwemeId": "",
        "IsCommerce": False,
    }
