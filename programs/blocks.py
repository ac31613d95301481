"""Rows worked on in blocks: such that fit the processor's cache, or, where there are many, one thread's share each."""

import itertools
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from threading import Event

import numpy as np

# Of so many rows a dozen arrays of pairs fit a cache of two megabytes.
MOST_ROWS = 10_000
# Of fewer rows numpy's work does not take longer than threads take to pass the interpreter from one to another.
LEAST_ROWS = 20_000
# Progress is told this often.
SECONDS = 0.05

# Hears the share of the work that is done, from 0 to 1, in the thread that asked for the work. Whatever it raises ends
# the work.
Progress = Callable[[float], None]


def blocks(count: int) -> list[slice]:
    """Slices that cover so many rows, as equal as they can be; one, which is empty, where there are none.

    Where each thread has LEAST_ROWS or more, there are as many as threads share evenly; else none is longer than
    MOST_ROWS.
    """
    threads = os.cpu_count() or 1
    is_shared = count >= threads * LEAST_ROWS
    pieces = count // (threads * LEAST_ROWS) * threads if is_shared else max(-(-count // MOST_ROWS), 1)
    ends = [count * piece // pieces for piece in range(pieces + 1)]
    return list(itertools.starmap(slice, itertools.pairwise(ends)))


def in_blocks(
    work: Callable[[slice], Iterator],
    count: int,
    rounds: int,
    progress: Progress | None = None,
    is_whole: bool = False,
) -> None:
    """Does this work for every block of `count` rows, many in threads, with numpy's warnings off.

    work: yields after each of so many rounds. It is ended there when progress, or the work on another block, has
    raised: that exception comes out of here, after every thread has ended. is_whole: whether all rows are one block.
    """
    parts, ended = [slice(0, count)] if is_whole else blocks(count), Event()
    done = [0] * len(parts)

    def work_on(place: int) -> Iterator[None]:
        size = parts[place].stop - parts[place].start
        for _ in work(parts[place]):
            done[place] += size
            if ended.is_set():
                break
            yield

    def told() -> None:
        if progress:
            progress(sum(done) / max(count * rounds, 1))

    works = [work_on(place) for place in range(len(parts))]
    if len(parts) == 1 or parts[0].stop < LEAST_ROWS:
        _here(itertools.chain(*works), told)
    else:
        _in_threads(works, told, ended)


def _here(work: Iterator[None], told: Callable[[], None]) -> None:
    due = time.monotonic() + SECONDS
    with np.errstate(all="ignore"):
        for _ in work:
            if time.monotonic() >= due:
                told()
                due = time.monotonic() + SECONDS
    told()


def _in_threads(works: list[Iterator[None]], told: Callable[[], None], ended: Event) -> None:
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        try:
            working = {threads.submit(_exhaust, work) for work in works}
            while working:
                finished, working = wait(working, SECONDS, FIRST_EXCEPTION)
                for part in finished:
                    part.result()
                told()
        finally:
            ended.set()


def _exhaust(work: Iterator[None]) -> None:
    with np.errstate(all="ignore"):  # which numpy keeps for each thread
        for _ in work:
            pass
