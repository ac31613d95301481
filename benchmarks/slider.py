"""How much Python one move of the learning-rate slider costs on the playground."""

import itertools
import logging
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from unittest.mock import patch

from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest

from benchmarks.measuring import Row, at_most, duration, interleaved, judged
from ui.experiment import experiment, pictures

APP = Path(__file__).parent.parent / "app.py"
TIMEOUT = 60
LINK = {"optimizers": "GradientDescent,Momentum,RMSProp,Adam", "updates": "200", "learning_rate": "0.001"}
# The surface that the app opens with, and one with the finest mesh.
PICTURED = ("himmelblau", "rastrigin")
EMPTY = "import streamlit as st\nst.slider('x', 0, 1000, key='x')"


def slider_change() -> Iterator[Row]:
    """A rerun of the page after a slider move, four optimizers and 200 updates, less a rerun of an empty app."""
    logging.disable(logging.WARNING)  # Streamlit warns that there is no browser. There should be none.
    try:
        with patch.object(ScriptCache, "get_bytecode", _compiled_once()):
            for surface in PICTURED:
                yield _moved(surface)
    finally:
        logging.disable(logging.NOTSET)


def _moved(surface: str) -> Row:
    contenders = {"page": moved_page(surface), "empty": moved_empty_app()}
    times = interleaved(contenders, rounds=20, clock=time.process_time)
    page, empty = times["page"], times["empty"]
    details = (
        f"Processor time of a rerun {duration(page.best)} (median {duration(page.median)}), of an empty app "
        f"{duration(empty.best)}: {page.best / empty.best:.1f} times as much. Nothing of a move is remembered; "
        "meshes and compiled formulas are warm. It includes AppTest's reading of the page's elements."
    )
    value = (page.best - empty.best) * 1e3
    return judged(f"slider change on {surface}", value, at_most(40, " ms"), details, " ms")


def moved_page(surface: str) -> Callable[[], None]:
    """The playground in a session of its own; each call moves the learning rate to its next value and reruns."""
    page = AppTest.from_file(str(APP), default_timeout=TIMEOUT)
    for key, value in {"surface": surface, **LINK}.items():
        page.query_params[key] = value
    _checked(page.run())
    rates = itertools.cycle(
        rate for rate in map(float, page.select_slider(key="learning_rate").options) if 1e-4 <= rate <= 1e-2
    )

    def move() -> None:
        # Nobody has been at this place before.
        experiment.cache_clear()
        pictures.cache_clear()
        _checked(page.select_slider(key="learning_rate").set_value(next(rates)).run())

    return move


def moved_empty_app() -> Callable[[], None]:
    """An app with one slider and nothing else; each call moves it and reruns."""
    app = AppTest.from_string(EMPTY, default_timeout=TIMEOUT)
    app.run()
    values = itertools.cycle(range(1, 1000))
    return lambda: app.slider(key="x").set_value(next(values)).run()


def _checked(page: AppTest) -> None:
    if page.exception:
        raise RuntimeError(f"The page failed: {page.exception[0].message}")


def _compiled_once() -> Callable:
    """A server compiles a page's file once and keeps the code. AppTest would compile it again at every rerun."""
    compiled = cache(ScriptCache().get_bytecode)
    return lambda _, path: compiled(path)
