"""Keeps one odd item from stopping its neighbours: what a reader can't handle becomes a reason."""

from collections.abc import Callable, Iterable, MutableMapping
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

ODD = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError)
"""What reading a value of an unexpected type or size raises. Errors of stores, files and the network are none of it."""


def read_each(
    items: Iterable[Item], read: Callable[[Item], Result], what: str, reasons: MutableMapping[str, int]
) -> list[Result]:
    """Return what `read` makes of every item; items on which it fails are counted in `reasons`, as `what` and why."""
    results = []
    for item in items:
        try:
            results.append(read(item))
        except ODD as error:
            reason = f"{what} that can't be read ({type(error).__name__})"
            reasons[reason] = reasons.get(reason, 0) + 1
    return results
