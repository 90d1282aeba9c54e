"""A post as a backend returns it, before it takes the shape of an answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Poster:
    """The account of a post; `followers` is None where a feed leaves it out."""

    uid: str
    handle: str
    sec_uid: str
    nickname: str
    signature: str
    region: str
    language: str
    followers: int | None


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound, of an account or without owner; `uses` is None where a feed leaves it out.

    `licensed`: the platform says that a label provided it.
    """

    sound_id: str
    title: str
    author: str
    owner: Poster | None
    duration_s: int
    uses: int | None
    licensed: bool = False


@dataclass(frozen=True, slots=True)
class Counters:
    """The counters of a post; None is unknown."""

    plays: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    saves: int | None


@dataclass(frozen=True, slots=True)
class Post:
    """One post at one time.

    Parameters
    ----------
    post_id: 19 digits
    created_s: Unix seconds
    text: caption without the hashtags below
    tags: (name, id) of the hashtags, in order; written behind the text
    mention: account named at the end of the caption
    language, region: as the platform guesses them, may be empty
    duration_s: length; 0 when unknown
    photo: a photo post, whose plays feeds leave out
    pinned: shown first among its account's posts
    """

    post_id: str
    created_s: int
    text: str
    tags: tuple[tuple[str, str], ...]
    mention: Poster | None
    language: str
    region: str
    duration_s: float
    photo: bool
    ad: bool
    account: Poster
    sound: Sound | None
    counters: Counters
    pinned: bool = False


@dataclass(frozen=True)
class PostPage:
    """Some posts and where the next ones begin; `next_cursor` is None on the last page."""

    posts: tuple[Post, ...]
    next_cursor: int | None
