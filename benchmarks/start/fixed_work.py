"""A fixed piece of work, timed beside other figures so that those of different moments can be compared."""

import time

import numpy as np

STEPS, SORTED, SORTS = 18_000_000, 2_000_000, 24


def fixed_work_s() -> float:
    """Do the work once, in one thread, half in Python and half in NumPy; return its processor time in seconds."""
    began = time.process_time()
    number = 1
    for _ in range(STEPS):
        number = (number * 1_103_515_245 + 12_345) & 0x7FFFFFFF
    values = np.random.default_rng(number).random(SORTED)
    for _ in range(SORTS):
        values = np.sort(values[::-1] * 1.000_1 % 1.0)
    return time.process_time() - began
