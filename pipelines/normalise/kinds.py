"""The shapes by which posts, totals of hashtags, people, sounds and other things are told apart, declared once.

No key decides alone: a shape wants one key of each of its groups, some of its marks, and none of what speaks against
it. Of several shapes that fit the one with the most keys in common wins. `docs/recordings.md` shows the same table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Keys = tuple[str, ...]


class Becomes(StrEnum):
    """What becomes of an object of a shape."""

    POST = "a post"
    TOTALS = "totals of a hashtag"
    ASIDE = "set aside"


@dataclass(frozen=True)
class Kind:
    """A shape.

    Parameters
    ----------
    name: what it is; the reason under which an object is set aside
    becomes: what is made of it
    where: where it is met
    needs: groups of keys, of each of which one must be there; `stats.playCount` is a key inside of an object
    marks: keys that speak for it
    least: number of marks that must be there
    never: keys that speak against it
    ids: keys of a post's id; a post of this shape without any is set aside
    """

    name: str
    becomes: Becomes
    where: str
    needs: tuple[Keys, ...] = ()
    marks: Keys = ()
    least: int = 1
    never: Keys = ()
    ids: Keys = ()

    def score(self, keys: frozenset[str]) -> int:
        """Return how many keys speak for the shape; 0 if it doesn't fit."""
        if not keys.isdisjoint(self.never) or any(keys.isdisjoint(group) for group in self.needs):
            return 0
        marks = len(keys.intersection(self.marks))
        without_id = bool(self.ids) and keys.isdisjoint(self.ids)
        if marks < self.least + (WITHOUT_ID if without_id else 0):
            return 0
        return 1 + len(self.needs) + marks - without_id


WITHOUT_ID = 2
MOST_SHOWN = 6
PLAYS = ("plays", "play_count", "playCount", "view_count", "viewCount", "views", "video_views", "views_count")
LIKES = ("likes", "digg_count", "diggCount", "like_count", "likeCount", "likes_count", "heart_count")
COMMENTS = ("comments", "comment_count", "commentCount", "comments_count")
SHARES = ("shares", "share_count", "shareCount", "shares_count")
SAVES = ("saves", "collect_count", "collectCount", "favorites_count", "save_count", "bookmarks", "bookmark_count")
CREATED = ("created_at", "create_time", "createTime", "createTimeISO", "createdAt", "uploadedAt", "published_at")
CAPTION = ("caption", "desc", "text", "video_description", "description", "title")
HASHTAGS = ("hashtags", "hashtag_names", "hashtagNames", "challenges", "tags")
VIDEO_ID = ("video_id", "aweme_id", "videoId", "awemeId", "item_id", "itemId", "post_id", "postId", "id")
PERSON_COUNTS = (
    "follower_count",
    "followerCount",
    "followers",
    "fans",
    "following_count",
    "followingCount",
    "heartCount",
)
PERSON_IN_STATS = ("stats.followerCount", "statsV2.followerCount", "stats.heartCount", "stats.followingCount")
OF_A_COMMENT = ("cid", "comment_id", "commentId", "parent_comment_id", "reply_id", "reply_count", "replyCommentTotal")
STATS_OF_A_POST = tuple(
    f"{stats}.{count}Count" for stats in ("stats", "statsV2") for count in ("play", "digg", "comment", "share")
)
VIEWS_IN_STATS = ("stats.viewCount", "statsV2.viewCount", "stats.view_count")
OF_A_POST = (
    *CREATED,
    *LIKES,
    *COMMENTS,
    *SHARES,
    *PERSON_COUNTS,
    *("plays", "play_count", "playCount", "author", "authorMeta", "username", "uniqueId", "unique_id", "nickname"),
    *("video_description", "video_id", "videoId", "aweme_id", "caption", "text", "webVideoUrl", "video_url", "url"),
    *("subscribers", "subscriberCount", "subscriber_count", "duration"),
)

KINDS: tuple[Kind, ...] = (
    Kind(
        "mobile interface",
        Becomes.POST,
        "EnsembleData, the app",
        marks=(
            *("statistics", "desc", "create_time", "author", "author_user_id", "text_extra", "cha_list", "music"),
            *("video", "aweme_type", "desc_language", "image_post_info"),
        ),
        never=OF_A_COMMENT,
        ids=("aweme_id",),
    ),
    Kind(
        "older web interface",
        Becomes.POST,
        "EnsembleData, recent-posts",
        needs=(("itemInfos",),),
        marks=(
            *("itemInfos.text", "itemInfos.createTime", "itemInfos.playCount", "itemInfos.diggCount"),
            *("itemInfos.authorId", "authorInfos", "musicInfos", "challengeInfoList", "textExtra"),
        ),
        ids=("itemInfos.id",),
    ),
    Kind(
        "web interface",
        Becomes.POST,
        "pages and lists of tiktok.com, their state embedded in a page, Zeeschuimer, 4CAT",
        needs=((*STATS_OF_A_POST, "video.duration", "video.playAddr", "video.cover", "video.height", "imagePost"),),
        marks=(
            *("createTime", "desc", "contents", "author", "authorId", "video", "music", "challenges", "textExtra"),
            *("imagePost", "textLanguage", "authorStats", "locationCreated", "isAd", "stats", "statsV2"),
        ),
        least=2,
        never=(*PERSON_IN_STATS, *OF_A_COMMENT, "uniqueId", "unique_id", "itemInfos", "aweme_id"),
        ids=("id",),
    ),
    Kind(
        "row of a post",
        Becomes.POST,
        "rented actors, the Research API, tables",
        needs=(
            (*PLAYS, *LIKES),
            (*CREATED, *HASHTAGS, *COMMENTS, "caption", "desc", "text", "video_description", "description"),
        ),
        marks=(
            *(*CREATED, *CAPTION, *HASHTAGS, *COMMENTS, *SHARES, *SAVES, *PLAYS, *LIKES),
            *(
                "authorMeta",
                "author",
                "username",
                "creator_id",
                "creator_handle",
                "author_id",
                "channel",
                "region_code",
            ),
            *("musicMeta", "music_id", "sound_id", "webVideoUrl", "videoMeta", "video_duration", "duration_s"),
        ),
        least=3,
        never=(
            *PERSON_COUNTS,
            *OF_A_COMMENT,
            *("itemInfos", "uniqueId", "unique_id", "bio", "bio_description", "video_count", "videoCount", "hashtag"),
            *("subscriberCount", "subscriber_count"),
        ),
        ids=VIDEO_ID,
    ),
    Kind(
        "hashtag and its counts",
        Becomes.TOTALS,
        "tiktok.com (`challengeInfo`, search for hashtags)",
        needs=(("challenge.title", "challenge.cha_name", "challenge.id"), VIEWS_IN_STATS),
        least=0,
    ),
    Kind(
        "hashtag that holds its counts",
        Becomes.TOTALS,
        "tiktok.com, the app (`ch_info`)",
        needs=(
            ("id", "cid"),
            ("title", "cha_name"),
            (*VIEWS_IN_STATS, "view_count", "viewCount"),
            ("stats.videoCount", "statsV2.videoCount", "video_count", "videoCount", "user_count", "use_count"),
        ),
        least=0,
        never=(*OF_A_POST, *PERSON_IN_STATS, *STATS_OF_A_POST),
    ),
    Kind(
        "totals around the posts of a hashtag",
        Becomes.TOTALS,
        "EnsembleData, recent-posts; named by the request or by a post",
        needs=(("view_count", "viewCount"), ("video_count", "videoCount", "posts")),
        least=0,
        never=(*OF_A_POST, "name"),
    ),
    Kind(
        "row of a hashtag",
        Becomes.TOTALS,
        "tables",
        needs=(
            ("hashtag", "hashtag_name", "hashtagName", "cha_name", "challengeName"),
            ("views_total", "total_views", "views", "view_count", "viewCount"),
        ),
        least=0,
        never=OF_A_POST,
    ),
    Kind(
        "named row of a hashtag",
        Becomes.TOTALS,
        "tables, rented actors",
        needs=(
            ("name", "title"),
            ("views_total", "views", "view_count", "viewCount"),
            ("videos_total", "videos", "video_count", "videoCount"),
        ),
        least=0,
        never=OF_A_POST,
    ),
    Kind(
        "a comment",
        Becomes.ASIDE,
        "lists of comments",
        needs=(OF_A_COMMENT, ("text", "comment", "content")),
        least=0,
    ),
    Kind(
        "a user",
        Becomes.ASIDE,
        "search for users, author pages",
        needs=(
            ("id", "uid", "user_id", "userId", "sec_uid", "secUid"),
            ("unique_id", "uniqueId", "username", "nickname", "nickName", "display_name"),
        ),
        marks=(
            *("sec_uid", "secUid", "signature", "avatar_thumb", "avatarThumb", "avatarMedium", "verified", "bio"),
            *("privateAccount", "aweme_count", "total_favorited", "verification_type", "custom_verify", "ins_id"),
            *(*PERSON_COUNTS, *PERSON_IN_STATS),
        ),
        never=(*STATS_OF_A_POST[:1], "playCount", "play_count"),
    ),
    Kind(
        "a user",
        Becomes.ASIDE,
        "their counts alone",
        needs=(
            (
                "id",
                "uid",
                "user_id",
                "userId",
                "sec_uid",
                "secUid",
                "unique_id",
                "uniqueId",
                "username",
                "display_name",
            ),
            (*PERSON_COUNTS, *PERSON_IN_STATS),
        ),
        least=0,
        never=("playCount", "play_count", "plays"),
    ),
    Kind(
        "a sound",
        Becomes.ASIDE,
        "search for sounds, sound pages",
        needs=(("mid", "id", "id_str", "musicId", "music_id"), ("title", "musicName", "music_name")),
        marks=(
            *("author", "authorName", "album", "play_url", "playUrl", "owner_id", "owner_handle", "original"),
            *("is_original_sound", "is_original", "is_commerce_music", "matched_song", "coverLarge", "coverThumb"),
        ),
        never=("cha_name", "createTime", "create_time", *VIEWS_IN_STATS, "view_count", "viewCount", *LIKES),
    ),
    Kind(
        "a live room",
        Becomes.ASIDE,
        "lists of live rooms; posts that stand for one",
        needs=(
            ("id", "id_str", "room_id", "roomId", "roomID"),
            ("stream_url", "streamUrl", "liveRoomStats", "live_room_stats", "hls_pull_url"),
        ),
        least=0,
    ),
    Kind(
        "a hashtag without totals",
        Becomes.ASIDE,
        "lists of hashtags",
        needs=(("id", "cid", "challengeId"), ("title", "cha_name", "challengeName")),
        marks=("isCommerce", "is_commerce", "profileLarger", "profileThumb", "cha_attrs", "hashtag_profile"),
        never=(*OF_A_POST, *VIEWS_IN_STATS),
    ),
)


def keys_of(node: Mapping[str, Any]) -> frozenset[str]:
    """Return the keys of an object that have a value, and those inside of its objects as `outer.inner`."""
    keys = [name for name, value in node.items() if value is not None]
    for name, value in node.items():
        if isinstance(value, dict):
            keys += [f"{name}.{inner}" for inner, held in value.items() if held is not None]
    return frozenset(keys)


def _entries(kind: Kind) -> Iterator[str]:
    """Yield keys of which an object of the shape has one at least, those that stand in the object itself."""
    for key in (*kind.ids, *(kind.needs[0] if kind.needs else kind.marks)):
        yield key.partition(".")[0]


_ENTRIES = frozenset(key for kind in KINDS for key in _entries(kind))


def kind_of(node: Mapping[str, Any]) -> Kind | None:
    """Return the shape that fits an object best; the earlier one of two that fit alike."""
    if node.keys().isdisjoint(_ENTRIES):
        return None
    keys = keys_of(node)
    best, most = None, 0
    for kind in KINDS:
        score = kind.score(keys)
        if score > most:
            best, most = kind, score
    return best


def shapes_table() -> str:
    """Return the shapes as a Markdown table: `groundswell normalize --shapes` prints it, `make docs` writes it."""
    lines = ["| shape | met in | becomes | known by |", "|---|---|---|---|"]
    for kind in KINDS:
        parts = [_any(group) for group in ((kind.ids,) if kind.ids else ()) + kind.needs]
        if kind.least:
            parts.append(f"{kind.least} or more of {_listed(kind.marks)}")
        against = f"; never with {_listed(kind.never, MOST_SHOWN)}" if kind.never else ""
        lines.append(f"| {kind.name} | {kind.where} | {kind.becomes.value} | {'; '.join(parts)}{against} |")
    return "\n".join(lines)


def _any(keys: Keys) -> str:
    return f"`{keys[0]}`" if len(keys) == 1 else f"one of {_listed(keys)}"


def _listed(keys: Keys, most: int = 99) -> str:
    once = list(dict.fromkeys(keys))
    return ", ".join(f"`{key}`" for key in once[:most]) + (", ..." if len(once) > most else "")
