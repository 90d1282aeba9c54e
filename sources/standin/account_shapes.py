"""The shapes in which the endpoints write accounts."""

from typing import Any

from sources.standin.aweme import image
from sources.standin.post import Poster
from sources.standin.society import Profile

OTHERS_OF_A_MATCH = ("items", "musics", "challenges", "effects", "mix_list", "position", "uniqid_position")


def web_profile(profile: Profile) -> dict[str, Any]:
    """As `user/info` writes it: camel case, figures beside."""
    poster = profile.poster
    link = f"https://cdn.example/avatar-{poster.uid}.jpeg?x-expires=0"
    user = {
        "id": poster.uid,
        "uniqueId": poster.handle,
        "nickname": poster.nickname,
        "secUid": poster.sec_uid,
        "signature": poster.signature,
        "verified": False,
        "region": poster.region,
        "language": poster.language,
        "privateAccount": False,
        "secret": False,
        **dict.fromkeys(("ins_id", "twitter_id", "youtube_channel_id", "youtube_channel_title", "custom_verify"), ""),
        "verification_type": 0,
        "create_time": 0,
        **dict.fromkeys(("avatarThumb", "avatarMedium", "avatarLarger"), link),
        "avatar_thumb": image(f"avatar-{poster.uid}"),
    }
    stats = {
        "followingCount": profile.following,
        "followerCount": poster.followers or 0,
        "heartCount": profile.likes,
        "heart": profile.likes,
        "videoCount": profile.posts,
        "diggCount": 0,
    }
    return {"user": user, "stats": stats}


def mobile_profile(profile: Profile) -> dict[str, Any]:
    """As `user/info-from-secuid` writes it: snake case, figures among the rest."""
    return {
        **_person(profile.poster),
        "signature": profile.poster.signature,
        "follower_count": profile.poster.followers or 0,
        "following_count": profile.following,
        "aweme_count": profile.posts,
        "total_favorited": profile.likes,
        "favoriting_count": 0,
        "verification_type": 0,
        "custom_verify": "",
        "secret": 0,
        "ins_id": "",
        "birthday": "1900-01-01",
    }


def match(profile: Profile) -> dict[str, Any]:
    """As `user/search` writes it."""
    user = {
        **_person(profile.poster),
        "follower_count": profile.poster.followers or 0,
        "aweme_count": profile.posts,
        "total_favorited": profile.likes,
        "is_private_account": 0,
    }
    return {"user_info": user, **dict.fromkeys(OTHERS_OF_A_MATCH)}


def listed(poster: Poster) -> dict[str, Any]:
    """As lists of followers and comments write it."""
    return {**_person(poster), "avatar_thumb": image(f"avatar-{poster.uid}")}


def _person(poster: Poster) -> dict[str, Any]:
    return {
        "uid": poster.uid,
        "unique_id": poster.handle,
        "sec_uid": poster.sec_uid,
        "nickname": poster.nickname,
        "region": poster.region,
        "language": poster.language,
    }
