"""Blocks of rows cover all of them once, and whoever asked for the work hears of its progress or its end."""

import threading

import numpy as np
import pytest

from programs import blocks as module
from programs.blocks import LEAST_ROWS, MOST_ROWS, blocks, in_blocks


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 5_000, 8_000, 8_001, 12_001, 40_000, 90_000])
def test_blocks_cover_all_rows_evenly(count, threads, monkeypatch):
    monkeypatch.setattr(module.os, "cpu_count", lambda: threads)
    parts = blocks(count)
    assert [row for part in parts for row in range(part.start, part.stop)] == list(range(count))
    sizes = [part.stop - part.start for part in parts]
    assert max(sizes) - min(sizes) <= 1
    if count >= threads * LEAST_ROWS:
        assert len(parts) % threads == 0
        assert LEAST_ROWS <= min(sizes) <= max(sizes) < 2 * LEAST_ROWS
    else:
        assert max(sizes) <= MOST_ROWS
        assert len(parts) == max(1, -(-count // MOST_ROWS))


@pytest.mark.parametrize("count", [0, 3, 50_000])
def test_all_rounds_of_all_rows_are_done_and_told(count):
    rows, told = np.zeros(count, dtype=int), []

    def work(block):
        for _ in range(4):
            rows[block] += 1
            np.log(np.zeros(1))  # no warning comes out
            yield

    in_blocks(work, count, 4)
    in_blocks(work, count, 4, told.append)
    assert (rows == 8).all()
    assert told == sorted(told)
    assert told[-1] == (1.0 if count else 0.0)


@pytest.mark.parametrize("count", [3, 50_000])
def test_progress_is_told_in_the_thread_that_asked_and_may_end_the_work(count):
    rounds, threads = [], threading.active_count()

    def progress(share):
        assert threading.current_thread() is threading.main_thread()
        raise InterruptedError(share)

    def work(block):
        while True:
            rounds.append(block)
            yield

    with pytest.raises(InterruptedError):
        in_blocks(work, count, 10**9, progress)
    assert threading.active_count() == threads
    assert rounds


def test_what_the_work_raises_comes_out():
    def work(block):
        yield
        if block.start:
            raise KeyError(block.start)
        while True:
            yield

    with pytest.raises(KeyError):
        in_blocks(work, 50_000, 10**9)
