"""Runs the measures and prints what they found: `python -m benchmarks [--list] [NAME ...]`."""

import argparse
import os
import platform
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterator

from benchmarks import classroom, descents, engine, examples, hand, maps, redraw, slider
from benchmarks.measuring import Row
from benchmarks.rivals import versions

MEASURES: dict[str, Callable[[], Iterator[Row]]] = {
    measure.__name__: measure
    for measure in (
        descents.one_trajectory,
        descents.many_recorded,
        descents.many_end_points,
        descents.first_use,
        descents.new_surface,
        descents.linear_in_updates,
        descents.linear_in_starts,
        slider.slider_change,
        hand.programs,
        hand.drags,
        redraw.redraw,
        redraw.scrubbing,
        redraw.many_changes,
        descents.map_memory,
        maps.basin_maps,
        maps.basin_map_memory,
        maps.rate_sweep,
        examples.many_examples,
        examples.lecture_run,
        engine.engine,
        classroom.class_of_100,
        classroom.sessions_in_memory,
    )
}
WIDTH = 118


def main() -> None:
    """Prints the chosen measures, or their names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed as ratios within one run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure; everything if none is given")
    parser.add_argument("--list", action="store_true", help="print the names and what they measure")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.names if name not in MEASURES]
    if unknown:
        parser.error(f"no measure is called {', '.join(unknown)}; --list shows the names")
    if chosen.list:
        for name, measure in MEASURES.items():
            print(f"{name:20}{measure.__doc__}")
        return
    measure_all(chosen.names or list(MEASURES))


def measure_all(names: list[str]) -> None:
    """Runs these measures one after another and prints every row as soon as it is known."""
    begin = time.perf_counter()
    print(f"Python {platform.python_version()}, {versions('numpy', 'sympy', 'plotly', 'streamlit', 'torch', 'jax')}")
    print(f"{versions('optax')}, {machine()}. Times are the best of interleaved repetitions.\n")
    print(line("", "measured", "target", ""))
    verdicts: Counter[str] = Counter()
    for name in names:
        print(f"\n{name}: {MEASURES[name].__doc__}", flush=True)
        for row in rows_of(name):
            verdicts[row.verdict] += 1
            print(shown(row), flush=True)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
    print(f"\n{counts}; {time.perf_counter() - begin:.0f} s.")


def machine() -> str:
    """How many cores there are, and how many programs wanted one of them in the minute before the start."""
    load = f", load {os.getloadavg()[0]:.1f} before the start" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores{load}"


def rows_of(name: str) -> Iterator[Row]:
    """The rows of a measure; one that fails says so in a row of its own and leaves the others alone."""
    try:
        yield from MEASURES[name]()
    except Exception as error:
        yield Row(name, "–", "", "not measured", f"It failed: {type(error).__name__}: {error}")


def line(name: str, measured: str, target: str, verdict: str) -> str:
    """One line of the table, its columns aligned."""
    return f"  {name:60}{measured:>14}   {target:22} {verdict}".rstrip()


def shown(row: Row) -> str:
    """A row and below it its details."""
    details = textwrap.fill(row.details, WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    return line(row.name, row.measured, row.target, row.verdict) + ("\n" + details if details else "")


if __name__ == "__main__":
    main()
