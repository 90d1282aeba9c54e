"""The agents that the Scheduler asks, by name."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ray


class AgentHandles(Mapping[str, Any]):
    """Handles of agents, as told; one that was not is looked up by name.

    Looking up imports all that the agent imports, so that it is left to a Scheduler that was restarted.

    Parameters
    ----------
    names: the agents there are
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._handles: dict[str, Any] = {}

    def meet(self, handles: Mapping[str, Any]) -> None:
        """Take in handles."""
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
