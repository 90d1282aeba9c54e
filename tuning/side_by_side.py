"""Independent fits side by side, each on one thread."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(work: Callable[[Item], Result], items: Iterable[Item], threads: int) -> Iterator[Result]:
    """Yield `work(item)` in the order of the items, for as many items at one time as there are threads.

    Meanwhile BLAS and OpenMP use one thread for each item. Threads that share one fit wait for each other in a loop
    that takes processor time, most of all while other programs use the cores. The rounding of sums would also depend on
    their number, and so on the machine.

    Parameters
    ----------
    work: leaves the items as they are; the first exception that it raises is raised here
    items: the items
    threads: number of items at one time
    """
    with (
        threadpool_limits(1),  # BLAS, for the whole process
        ThreadPoolExecutor(threads, initializer=threadpool_limits, initargs=(1,)) as pool,  # OpenMP, for each thread
    ):
        yield from pool.map(work, items)
