"""Describes a value that is of no known shape by its keys, without repeating what may name a person."""

import re
from collections.abc import Mapping
from typing import Any

LISTS = frozenset(
    (
        *("data", "posts", "aweme_list", "liked_posts", "itemList", "item_list", "items", "videos", "results"),
        *("challenge_list", "challenges"),
    )
)
AROUND = ("data", "body", "response", "answer", "result", "results", "items", "content", "payload", "post", "aweme")
ERRORS = ("detail", "error", "errors", "error_code", "errorMessage")
STATUSES = ("statusCode", "status_code")
FINE = (0, "0", 200, None)
UNKNOWN = "unknown shape"
MOST_KEYS = 6
DEEP_ENOUGH = 12
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z_]{0,30}")


def is_empty_page(data: Any, depth: int = 0) -> bool:
    """Whether a value without items is an answer that holds none: null, or an empty list where posts would stand."""
    if data is None or data == []:
        return True
    if not isinstance(data, dict) or _is_error(data) or depth > DEEP_ENOUGH:
        return False
    lists = [value for name, value in data.items() if name in LISTS]
    inner = [data[name] for name in AROUND if isinstance(data.get(name), dict)]
    if inner and all(is_empty_page(value, depth + 1) for value in inner):
        return True
    return bool(lists) and all(value is None or value == [] for value in lists)


def describe(value: Any) -> str:
    """Return why a value is set aside that holds no item: an error answer, no object, or unknown, with its top keys."""
    for _ in range(DEEP_ENOUGH):
        if isinstance(value, list) and value:
            value = value[0]
            continue
        if not isinstance(value, dict):
            break
        if _is_error(value):
            return "an error answer"
        inner = next((value[name] for name in AROUND if isinstance(value.get(name), dict | list) and value[name]), None)
        if inner is None:
            break
        value = inner
    if not isinstance(value, dict):
        return "not an object"
    return f"{UNKNOWN}: {_keys(value)}"


def _is_error(answer: Mapping[str, Any]) -> bool:
    if any(answer.get(name) not in (*FINE, "", [], {}) for name in ERRORS if not isinstance(answer.get(name), dict)):
        return True
    return any(answer.get(name) not in FINE for name in STATUSES)


def _keys(node: Mapping[str, Any]) -> str:
    """Return the first keys of an object. Those of a map are data, and may be names of people: they are left out."""
    inner = [value for value in node.values() if isinstance(value, dict)]
    if len(inner) > 1 and len(inner) == len(node):
        return f"a map of {len(node)} objects ({_keys(inner[0])})"
    plain = sorted(name for name in node if _PLAIN_KEY.fullmatch(name))
    hidden = len(node) - len(plain)
    shown = plain[:MOST_KEYS] + (["..."] if hidden or len(plain) > MOST_KEYS else [])
    return ", ".join(shown) if shown else "an empty object"
