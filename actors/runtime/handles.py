"""Handles of the agents by name."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ray


class AgentHandles(Mapping[str, Any]):
    """Actor handles by agent name; a handle that was not registered is looked up in Ray.

    A lookup imports every module that the agent imports, so only a restarted Scheduler relies on it.

    Parameters
    ----------
    names: names of the agents that can be looked up
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._handles: dict[str, Any] = {}

    def register(self, handles: Mapping[str, Any]) -> None:
        """Add handles by name."""
        self._handles.update(handles)

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._handles:
            self._handles[name] = ray.get_actor(name)
        return self._handles[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
