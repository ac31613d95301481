"""How much Python one move of the learning-rate slider costs the server of the playground."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.classroom import APP, BARE, LABEL
from benchmarks.measuring import Row, at_most, judged
from tests.browser import served
from tests.students import Student

LINK = {"optimizers": "GradientDescent,Momentum,RMSProp,Adam", "updates": "200", "learning_rate": "0.001"}
# The surface that the app opens with, and one with the finest mesh.
PICTURED = ("himmelblau", "rastrigin")
LOWEST, HIGHEST = 1e-4, 1e-2
WARMING = 10


def slider_change() -> Iterator[Row]:
    """One move of the slider, four optimizers and 200 updates, less a move on a bare page; on Linux."""
    bare = asyncio.run(_on_bare_page())
    for surface in PICTURED:
        page = asyncio.run(_on_playground(surface))
        details = (
            f"The server's processor time for a move {page:.1f} ms, on a bare page with a slider {bare:.1f} ms. Every "
            "move is to a place where nobody has been; meshes and compiled formulas are warm."
        )
        yield judged(f"slider change on {surface}", page - bare, at_most(20, " ms"), details, " ms")


async def _on_playground(surface: str) -> float:
    with served(APP) as (address, process):
        student = Student(address, LABEL, urlencode({"surface": surface, **LINK}))
        await student.open()
        warming = [rate for rate in student.options if float(rate) < LOWEST][:WARMING]
        places = [rate for rate in student.options if LOWEST <= float(rate) <= HIGHEST and float(rate) != 1e-3]
        return await _milliseconds_of_a_move(student, process, warming, places)


async def _on_bare_page() -> float:
    with served(BARE) as (address, process):
        student = Student(address, LABEL)
        await student.open()
        return await _milliseconds_of_a_move(student, process, range(WARMING), range(100, 140))


async def _milliseconds_of_a_move(student: Student, process: int, warming, places) -> float:
    for place in warming:
        await student.move(place)
    before = processor_seconds(process)
    for place in places:
        await student.move(place)
    spent = processor_seconds(process) - before
    await student.close()
    if student.errors:
        raise RuntimeError(student.errors[0])
    return spent / len(places) * 1e3


def processor_seconds(process: int) -> float:
    """The processor time that a process has used, on Linux."""
    counts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(counts[11]) + int(counts[12])) / os.sysconf("SC_CLK_TCK")
