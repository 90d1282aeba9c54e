"""Fits of a backtest beside each other: their order, their threads, and what fails."""

import threading

import pytest
from threadpoolctl import threadpool_info

import models.boosted  # noqa: F401  loads the libraries whose threads are counted
from tuning.side_by_side import side_by_side


def threads_of_libraries() -> list[int]:
    return sorted(library["num_threads"] for library in threadpool_info())


def test_results_come_in_the_order_of_the_items_although_they_run_at_one_time() -> None:
    both = threading.Barrier(2, timeout=20)

    def waited(item: int) -> int:
        both.wait()
        return 10 * item

    assert list(side_by_side(waited, range(4), 2)) == [0, 10, 20, 30]


def test_every_item_has_one_thread_of_each_library_and_afterwards_all_are_back() -> None:
    before = threads_of_libraries()
    inside = list(side_by_side(lambda _: threads_of_libraries(), range(4), 2))
    assert before
    assert inside == [[1] * len(before)] * 4
    assert threads_of_libraries() == before


def test_a_failure_is_raised_where_the_results_are_read() -> None:
    results = side_by_side(lambda item: 1 // item, [1, 0, 2], 1)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)
