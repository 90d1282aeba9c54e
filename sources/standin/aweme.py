"""A post as the mobile interface gives it: `AWEME`, with offsets in UTF-16 code units."""

from typing import Any

from sources.standin.post import Post, Poster, Sound

CDN = "https://cdn.example/"
PHOTO, VIDEO = 150, 0
TAG, MENTION = 1, 0


def aweme(post: Post) -> dict[str, Any]:
    """Return the post as a JSON-able object; unknown followings and sound uses are 0, as feeds have them."""
    text, extra = written(post)
    account = post.account
    duration_ms = round(post.duration_s * 1000)
    return {
        "aweme_id": post.post_id,
        "group_id": post.post_id,
        "aweme_type": PHOTO if post.photo else VIDEO,
        "create_time": post.created_s,
        "desc": text,
        "desc_language": post.language,
        "region": post.region,
        "duration": duration_ms,
        "is_top": int(post.pinned),
        "is_ads": post.ad,
        "rate": 12,
        "author_user_id": _number(account.uid),
        "author": _author(account),
        "statistics": _statistics(post),
        "text_extra": extra,
        "cha_list": [_challenge(name, tag_id) for name, tag_id in post.tags] or None,
        "music": music(post.sound) if post.sound else None,
        "video": _video(post, duration_ms),
        "status": _status(post),
        "commerce_info": {"adv_promotable": post.ad, "branded_content_type": int(post.ad)},
        "risk_infos": {"warn": False, "type": 0},
        "aigc_info": {"created_by_ai": False, "aigc_label_type": 0},
        "share_url": f"https://www.tiktok.com/@{account.handle}/video/{post.post_id}?_r=1",
        "content_type": "multi_photo" if post.photo else "video",
        "image_post_info": {"images": [{"display_image": image(f"photo-{post.post_id}")}]}
        if _whole_photo(post)
        else None,
    }


def written(post: Post) -> tuple[str, list[dict[str, Any]]]:
    """Return the whole caption, hashtags and mention included, and where each stands in it."""
    parts, extra = [post.text] if post.text else [], []
    position = utf16(post.text) + 1 if post.text else 0
    words = [(f"#{name}", (name, tag_id)) for name, tag_id in post.tags]
    for word, (name, tag_id) in words:
        end = position + utf16(word)
        extra.append(
            {"type": TAG, "hashtag_name": name, "hashtag_id": tag_id, "start": position, "end": end}
            | {"user_id": "", "sec_uid": "", "is_commerce": False}
        )
        parts.append(word)
        position = end + 1
    if post.mention:
        word = f"@{post.mention.handle}"
        who = {"user_id": post.mention.uid, "sec_uid": post.mention.sec_uid}
        extra.append({"type": MENTION, **who, "start": position, "end": position + utf16(word)})
        parts.append(word)
    return " ".join(parts), extra


def utf16(text: str) -> int:
    """Return the length in UTF-16 code units.

    Examples
    --------
    >>> utf16("é🔥")
    3
    """
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _number(uid: str) -> int:
    return int(uid) if uid.isdigit() else 0


def image(name: str) -> dict[str, Any]:
    """A picture or file on the platform's servers, whose links expire."""
    return {"uri": name, "url_list": [f"{CDN}{name}.jpeg?x-expires=0"], "width": 720, "height": 720}


def _author(account: Poster) -> dict[str, Any]:
    return {
        "uid": account.uid,
        "unique_id": account.handle,
        "sec_uid": account.sec_uid,
        "nickname": account.nickname,
        "signature": account.signature,
        "region": account.region,
        "language": account.language,
        "follower_count": account.followers or 0,
        "following_count": 0,
        "aweme_count": 0,
        "total_favorited": 0,
        "favoriting_count": 0,
        "verification_type": 0,
        "custom_verify": "",
        "secret": 0,
        "birthday": "1900-01-01",
        "ins_id": account.handle if account.uid.endswith("7") else "",
        "avatar_thumb": image(f"avatar-{account.uid}"),
    }


def _whole_photo(post: Post) -> bool:
    """Whether this is a photo post as answers by id have it; feeds leave out pictures and plays."""
    return post.photo and post.counters.plays is not None


def _statistics(post: Post) -> dict[str, Any]:
    """Unknown counters are absent, but the plays of a photo post are 0 in feeds."""
    counters, shares = post.counters, post.counters.shares or 0
    counts = {
        "play_count": 0 if counters.plays is None and post.photo else counters.plays,
        "digg_count": counters.likes,
        "comment_count": counters.comments,
        "share_count": counters.shares,
        "collect_count": counters.saves,
    }
    return {
        "aweme_id": post.post_id,
        **{name: count for name, count in counts.items() if count is not None},
        "download_count": shares // 3,
        "forward_count": 0,
        "whatsapp_share_count": shares // 20,
        "lose_count": 0,
        "lose_comment_count": 0,
        "repost_count": 0,
    }


def _challenge(name: str, tag_id: str) -> dict[str, Any]:
    return {
        "cid": tag_id,
        "cha_name": name,
        "desc": "",
        "type": 1,
        "sub_type": 0,
        "user_count": 0,
        "view_count": 0,
        "is_commerce": False,
        "share_info": {"share_url": f"https://www.tiktok.com/tag/{name}?_r=1"},
    }


def music(sound: Sound) -> dict[str, Any]:
    """Return a sound as a JSON-able object."""
    number, owner = _number(sound.sound_id), sound.owner
    return {
        "id": number,
        "id_str": sound.sound_id,
        "mid": sound.sound_id,
        "title": sound.title,
        "author": sound.author,
        "album": "",
        "duration": sound.duration_s,
        "is_original": False,
        "is_original_sound": owner is not None,
        "is_commerce_music": owner is None,
        "is_pgc": sound.licensed,
        "owner_id": owner.uid if owner else "",
        "owner_handle": owner.handle if owner else "",
        "owner_nickname": owner.nickname if owner else "",
        "user_count": sound.uses or 0,
        "status": 1,
        "play_url": image(f"sound-{sound.sound_id}"),
    }


def _video(post: Post, duration_ms: int) -> dict[str, Any]:
    cover = image(f"cover-{post.post_id}")
    return {
        "duration": duration_ms,
        "height": 1024,
        "width": 576,
        "ratio": "540p",
        "has_watermark": True,
        "cover": cover,
        "origin_cover": cover,
        "play_addr": {"uri": f"v09{post.post_id}", "url_list": [f"{CDN}{post.post_id}.mp4?x-expires=0"]},
        "download_addr": {"url_list": [f"{CDN}{post.post_id}-mark.mp4?x-expires=0"]},
        "bit_rate": [],
    }


def _status(post: Post) -> dict[str, Any]:
    return {
        "aweme_id": post.post_id,
        "is_delete": False,
        "is_prohibited": False,
        "in_reviewing": False,
        "private_status": 0,
        "allow_comment": True,
        "allow_share": True,
        "reviewed": 1,
        "self_see": False,
    }
