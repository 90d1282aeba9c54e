"""Typed requests about accounts, sounds and live streams, with the units each may cost.

The prediction loop sends none of them: who follows whom and who likes what is personal data (see docs/governance.md).
"""

from sources.ensembledata.requests import Endpoint, Request, query


def user_posts(
    username: str,
    depth: int = 1,
    start_cursor: int = 0,
    oldest_createtime: int | None = None,
    new_version: bool = False,
    download_video: bool = False,
) -> Request:
    """An account's newest posts, ten for each step of `depth`; 1 unit and one for each ten fetched.

    Fetching stops after posts older than `oldest_createtime` (Unix seconds); some of them are in the answer.
    """
    paging = _posts_query(depth, start_cursor, oldest_createtime, new_version, download_video)
    return Request(Endpoint.USER_POSTS, query(username=username) | paging, 1 + depth)


def user_posts_from_secuid(
    sec_uid: str,
    depth: int = 1,
    start_cursor: int = 0,
    oldest_createtime: int | None = None,
    new_version: bool = False,
    download_video: bool = False,
) -> Request:
    """As `user_posts`, by the account's secUid."""
    paging = _posts_query(depth, start_cursor, oldest_createtime, new_version, download_video)
    return Request(Endpoint.USER_POSTS_FROM_SECUID, query(secUid=sec_uid) | paging, 1 + depth)


def user_info(username: str) -> Request:
    """An account's profile and figures; 1 unit."""
    return Request(Endpoint.USER_INFO, query(username=username), 1)


def user_info_from_secuid(sec_uid: str, alternative_method: bool = False) -> Request:
    """An account's profile by its secUid; 1 unit."""
    params = query(secUid=sec_uid, alternative_method=alternative_method or None)
    return Request(Endpoint.USER_INFO_FROM_SECUID, params, 1)


def user_search(keyword: str, cursor: int = 0) -> Request:
    """Ten accounts that match a keyword; 2 units."""
    return Request(Endpoint.USER_SEARCH, query(keyword=keyword, cursor=cursor), 2)


def user_followers(user_id: str, sec_uid: str, cursor: int = 0, page_token: str = "") -> Request:
    """A hundred followers of an account; 2 units."""
    return Request(Endpoint.USER_FOLLOWERS, _list_query(user_id, sec_uid, cursor, page_token), 2)


def user_followings(user_id: str, sec_uid: str, cursor: int = 0, page_token: str = "") -> Request:
    """A hundred accounts that an account follows; 2 units."""
    return Request(Endpoint.USER_FOLLOWINGS, _list_query(user_id, sec_uid, cursor, page_token), 2)


def user_liked_posts(sec_uid: str, cursor: int = 0) -> Request:
    """Posts that an account likes, where that is public; 1 unit."""
    return Request(Endpoint.USER_LIKED_POSTS, query(secUid=sec_uid, cursor=cursor), 1)


def music_search(name: str, cursor: int = 0, sorting: int = 0, filter_by: int = 0) -> Request:
    """Ten sounds that match a name; 2 units.

    Parameters
    ----------
    sorting: 0 relevance, 1 most used, 2 newest, 3 shortest, 4 longest
    filter_by: 0 all, 1 titles, 2 creators
    """
    return Request(Endpoint.MUSIC_SEARCH, query(name=name, cursor=cursor, sorting=sorting, filter_by=filter_by), 2)


def music_posts(music_id: str, cursor: int = 0) -> Request:
    """About 18 posts with a sound; 1 unit."""
    return Request(Endpoint.MUSIC_POSTS, query(music_id=music_id, cursor=cursor), 1)


def music_details(music_id: str) -> Request:
    """A sound and how many posts use it; 2 units."""
    return Request(Endpoint.MUSIC_DETAILS, query(id=music_id), 2)


def live_search(keyword: str, cursor: int = 0, country: str = "") -> Request:
    """Twenty live streams that match a keyword; 1 unit, 2 with a country."""
    params = query(keyword=keyword, cursor=cursor, country=country)
    return Request(Endpoint.LIVE_SEARCH, params, 2 if country else 1)


def _posts_query(
    depth: int, start_cursor: int, oldest_createtime: int | None, new_version: bool, download_video: bool
) -> dict[str, str]:
    if depth < 1:
        raise ValueError(f"depth must be at least 1, not {depth}")
    return query(
        depth=depth,
        start_cursor=start_cursor,
        oldest_createtime=oldest_createtime,
        new_version=new_version or None,
        download_video=download_video or None,
    )


def _list_query(user_id: str, sec_uid: str, cursor: int, page_token: str) -> dict[str, str]:
    return query(id=user_id, secUid=sec_uid, cursor=cursor, page_token=page_token)
