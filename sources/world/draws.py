"""Random draws without a generator: a number depends on the seed and its key alone, not on the order of the draws."""

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def mix(*parts: int) -> int:
    """Return 64 well-mixed bits that depend on every part (SplitMix64).

    Examples
    --------
    >>> mix(7, 1) == mix(7, 1), mix(7, 1) == mix(1, 7)
    (True, False)
    """
    state = 0
    for part in parts:
        state = (state + part + _STEP) & _MASK
        state = ((state ^ (state >> 30)) * _FIRST) & _MASK
        state = ((state ^ (state >> 27)) * _SECOND) & _MASK
        state ^= state >> 31
    return state


def uniform(*parts: Integers | int) -> Numbers:
    """Return numbers in [0, 1), one for each element of the (broadcast) parts; equal to `mix(*parts) / 2**64`."""
    state = np.zeros(1, np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            state = state + np.asarray(part, np.int64).astype(np.uint64) + np.uint64(_STEP)
            state = (state ^ (state >> np.uint64(30))) * np.uint64(_FIRST)
            state = (state ^ (state >> np.uint64(27))) * np.uint64(_SECOND)
            state = state ^ (state >> np.uint64(31))
    return (state >> np.uint64(11)).astype(np.float64) / float(1 << 53)
