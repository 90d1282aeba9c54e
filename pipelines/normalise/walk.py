"""Finds posts and totals of hashtags in any JSON value by what they are, and says what else is there.

Wrappers, maps, lists and JSON inside of texts are walked through; what is recognised is not looked into any further.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from core.json_elements import UNREADABLE, Unreadable, salvage
from core.lenient_json import parse
from pipelines.normalise.context import NOWHERE, Surroundings
from pipelines.normalise.isolation import ODD
from pipelines.normalise.kinds import KINDS, VIDEO_ID, Becomes, Kind, kind_of
from pipelines.normalise.rows import hashtag_totals, row_post
from pipelines.normalise.shapes import Shape, item_struct, mapping, web_post
from pipelines.normalise.unknown import describe, is_empty_page

BEGUN = frozenset(
    (
        *(
            "create_time",
            "createTime",
            "createTimeISO",
            "desc",
            "video_description",
            "author",
            "authorMeta",
            "authorId",
        ),
        *("statistics", "stats", "statsV2", "text_extra", "textExtra", "music", "musicMeta", "video", "aweme_type"),
    )
)
BEGUN_AT = 2
WALKED = (list, str, Unreadable)
DEEPEST = 100
TEXTS_DEEP = 4
VIDEO_CARD = 1
LIVE_TYPE = 101
NOT_JSON = "not JSON"
NO_ID = "no video id"
ROUNDED_ID = "a video id that was rounded"
LIVE, REMOVED, CARD, TOO_DEEP = "a live room", "a removed post", "not a video card", "nested too deeply"
EXACT_FLOAT = 2**53
LARGEST_ID = 10**20
OF_TOTALS = ("challenge", "stats", "statsV2")
LIVE_KEYS = frozenset(("liveRoomInfo", "LiveRoomInfo", "liveRoom", "live_room", "room"))
REMOVED_KEYS = frozenset(("takeDown", "take_down", "is_delete", "is_deleted", "isDeleted", "deleted"))
TRUE = (True, 1, "1", "true")
_JSON_TEXT = re.compile(r"\s*(?:\"\s*)?[\[{]\s*[\[{\"\\}\]]")
_ROUNDED = re.compile(r"\d{1,20}(?:[.,]\d{0,20}(?:[eE]\+?\d{1,3})?|[eE]\+?\d{1,3})")
_CONVERT = {"older web interface": web_post, "web interface": item_struct, "row of a post": row_post}


@dataclass(slots=True)
class Opened:
    """The content of a document.

    Parameters
    ----------
    posts: posts in the mobile shape, each with what stands around it
    totals: view_count and video_count of hashtags, with name or id where they are there, and what stands around
    set_aside: reason -> number of items that are no post, or can't be read
    """

    posts: list[tuple[Shape, Surroundings]] = field(default_factory=list)
    totals: list[tuple[dict[str, Any], Surroundings]] = field(default_factory=list)
    set_aside: dict[str, int] = field(default_factory=dict)


def open_answer(data: Any) -> Opened:
    """Return the posts and totals in a value, and what is set aside of it; null and empty lists hold nothing."""
    walk = _Walk()
    try:
        items = walk.node(data, NOWHERE, 0)
    except ODD as error:  # an item that no check foresaw
        items = 1
        walk.aside(f"a value that can't be read ({type(error).__name__})")
    if not items and not is_empty_page(data):
        walk.aside(describe(data))
    return walk.opened


def is_item(value: Any) -> bool:
    """Whether a value holds a post, or the beginning of one, in objects alone: what broke off may be its end."""
    if not isinstance(value, dict):
        return False
    begun = not value.keys().isdisjoint(VIDEO_ID) and len(value.keys() & BEGUN) >= BEGUN_AT
    return begun or any(is_item(inner) for inner in value.values() if isinstance(inner, dict))


class _Walk:
    def __init__(self) -> None:
        self.opened = Opened()
        self._texts = 0

    def node(self, value: Any, around: Surroundings, depth: int) -> int:
        """Take what is inside of a value; return how many items that were."""
        if isinstance(value, dict):
            return self._object(value, recognised(value), around, depth)
        if depth > DEEPEST:
            return self.aside(TOO_DEEP)
        if isinstance(value, list):
            return self._list(value, around, depth)
        if isinstance(value, str) and _JSON_TEXT.match(value):
            return self._text(value, around, depth)
        return self.aside(NOT_JSON) if value is UNREADABLE else 0

    def _object(self, node: Shape, kind: Kind | None, around: Surroundings, depth: int) -> int:
        if depth > DEEPEST:
            return self.aside(TOO_DEEP)
        around = around.inside(node, depth)
        if kind is None:
            return self._children(node, around, depth)
        if kind.becomes is Becomes.POST:
            return self._post(node, kind, around, depth)
        if kind.becomes is Becomes.ASIDE:
            return self.aside(kind.name)
        self.opened.totals.append((hashtag_totals(node), around))
        inner = {name: value for name, value in node.items() if name not in OF_TOTALS}
        return 1 + self._children(inner, around, depth)

    def _post(self, node: Shape, kind: Kind, around: Surroundings, depth: int) -> int:
        reason = _refusal(node)
        post = _CONVERT[kind.name](node) if kind.name in _CONVERT else node
        identity = post.get("aweme_id")
        video = _video_id(identity)
        if reason or video is None:
            return self.aside(reason or (ROUNDED_ID if _is_rounded(identity) else NO_ID))
        around = around.at(depth)
        if around.bad_key:
            return self.aside(f"{around.bad_key} is no time")
        self.opened.posts.append((post if video == identity else {**post, "aweme_id": video}, around))
        return 1

    def _children(self, node: Shape, around: Surroundings, depth: int) -> int:
        items = 0
        inner = []
        for value in node.values():
            if type(value) is dict:
                inner.append((value, recognised(value)))
            elif type(value) in WALKED:
                items += self.node(value, around, depth + 1)
        # Who posted and what sounds may stand beside a post: that belongs to it.
        has_post = len(inner) > 1 and any(kind is not None and kind.becomes is Becomes.POST for _, kind in inner)
        for value, kind in inner:
            if not has_post or kind is None or kind.becomes is not Becomes.ASIDE:
                items += self._object(value, kind, around, depth + 1)
        return items

    def _list(self, values: list[Any], around: Surroundings, depth: int) -> int:
        items, others = 0, []
        for value in values:
            inside = self._card(value, around, depth + 1) if _is_card(value) else self.node(value, around, depth + 1)
            items += inside
            if not inside:
                others.append(value)
        # Unknown objects beside items are lost items; a list of nothing but unknown ones may be anything.
        return items + (sum(self.aside(_other(value)) for value in others) if items else 0)

    def _card(self, card: Shape, around: Surroundings, depth: int) -> int:
        """Take the items of a search card that is not of a video; if it holds no posts or totals, it is set aside."""
        before, aside = (len(self.opened.posts), len(self.opened.totals)), self.opened.set_aside.copy()
        items = self.node(card, around, depth)
        if (len(self.opened.posts), len(self.opened.totals)) != before:
            return items
        self.opened.set_aside = aside
        return self.aside(CARD)

    def _text(self, text: str, around: Surroundings, depth: int) -> int:
        if self._texts >= TEXTS_DEEP:
            return self.aside(TOO_DEEP)
        data = text.encode(errors="surrogatepass")
        self._texts += 1
        try:
            values = [parse(data)]
        except ValueError:
            values = salvage(data, is_item)
        items = sum(self.node(value, around, depth + 1) for value in values)
        self._texts -= 1
        return items

    def aside(self, reason: str) -> int:
        """Count an item that is set aside; return that it is one."""
        self.opened.set_aside[reason] = self.opened.set_aside.get(reason, 0) + 1
        return 1


def recognised(node: Shape) -> Kind | None:
    """Return the shape of an object; posts of the mobile interface, which most are, take the short way."""
    if "aweme_id" in node and isinstance(node.get("statistics"), dict) and "cid" not in node:
        return KINDS[0]
    return kind_of(node)


def _is_card(value: Any) -> bool:
    """Whether a value is a search card around something else than a video."""
    return _is_other_type(value) and any(isinstance(held, dict | list) for held in value.values())


def _is_other_type(value: Any) -> bool:
    return isinstance(value, dict) and type(kind := value.get("type")) is int and kind != VIDEO_CARD


def _other(value: Any) -> str:
    return CARD if _is_other_type(value) else describe(value)


def _refusal(node: Shape) -> str:
    """Return why something that looks like a post is none; empty if it is one."""
    if node.get("aweme_type") == LIVE_TYPE:
        return LIVE
    if mapping(node, "status").get("is_delete") in TRUE:
        return REMOVED
    if not node.keys().isdisjoint(LIVE_KEYS) and any(mapping(node, name) for name in LIVE_KEYS):
        return LIVE
    gone = not node.keys().isdisjoint(REMOVED_KEYS) and any(node.get(name) in TRUE for name in REMOVED_KEYS)
    return REMOVED if gone else ""


def _video_id(identity: Any) -> str | None:
    """Return a video's id as a text; None where there is none, or a float has rounded it."""
    if isinstance(identity, str) and identity.isdigit():
        return identity
    if isinstance(identity, float) and identity.is_integer() and 0 < identity <= EXACT_FLOAT:
        identity = int(identity)
    if type(identity) is int:
        return str(identity) if 0 < identity < LARGEST_ID else None
    return identity if isinstance(identity, str) and identity and not _is_rounded(identity) else None


def _is_rounded(identity: Any) -> bool:
    return isinstance(identity, float) or (isinstance(identity, str) and bool(_ROUNDED.fullmatch(identity)))
