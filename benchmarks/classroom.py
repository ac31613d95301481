"""A class on one server: how long an answer takes, whether one is lost, and what is left in memory afterwards.

Real websockets on loopback, opened and moved as Streamlit's own client does. The students run in this process, on the
core that the server leaves.
"""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.measuring import Row, at_most, duration, judged
from tests.browser import served
from tests.students import Student, opened

APP = Path(__file__).parent.parent / "app.py"
BARE = Path(__file__).parent / "bare_page.py"
LABEL = "Learning rate"
STUDENTS, EVERY, SECONDS = 100, 5.0, 60.0
FIRST_SESSIONS, ALL_SESSIONS, AT_ONCE = 30, 300, 5
# How long the server may keep a session whose page was closed, and a little more.
FORGOTTEN_AFTER = 45.0
MEGABYTE = 1024.0


@dataclass(frozen=True)
class Answers:
    """What a class has seen: seconds of every answer, answers that do not belong to the move, and errors."""

    seconds: list[float]
    lost: int
    errors: list[str]

    @property
    def p95(self) -> float:
        """The time within which 95 of 100 answers came."""
        return float(np.percentile(self.seconds, 95))

    def __str__(self) -> str:
        half, most = float(np.median(self.seconds)), max(self.seconds)
        return f"{len(self.seconds)} answers, half within {duration(half)}, all within {duration(most)}"


def class_of_100() -> Iterator[Row]:
    """100 students on one server, each moving the learning rate every five seconds for a minute."""
    with served(BARE) as (address, _):
        bare = asyncio.run(answers(address, bare_move, STUDENTS, EVERY, SECONDS))
    with served(APP) as (address, _):
        app = asyncio.run(answers(address, playground_move, STUDENTS, EVERY, SECONDS))
    yield judged("95 of 100 answers of the playground", app.p95 * 1e3, at_most(500, " ms"), f"{app}.", " ms")
    details = f"A bare page with a slider, before in the same run: {bare}, 95 of 100 within {duration(bare.p95)}."
    yield judged("p95 of the playground / of a bare page", app.p95 / bare.p95, at_most(2), details)
    yield judged("lost updates", float(app.lost + bare.lost), at_most(0))
    yield judged("errors", float(len(app.errors) + len(bare.errors)), at_most(0), " ".join(app.errors[:1]))


async def answers(address: str, move, count: int, every: float, seconds: float) -> Answers:
    """What a class sees whose students move in turn, each once in `every` seconds.

    move: makes one move of a student with a random generator; returns its seconds and whether the answer is right.
    """
    students = await opened(address, LABEL, count)
    for student in students:  # every page's first move is slower, as everywhere
        await move(student, random.Random(0))
    end = asyncio.get_running_loop().time() + seconds
    outcomes = await asyncio.gather(
        *(_busy(student, move, place * every / count, every, end, place) for place, student in enumerate(students))
    )
    for student in students:
        await student.close()
    made = [outcome for every_outcome in outcomes for outcome in every_outcome]
    errors = [error for student in students for error in student.errors]
    return Answers([taken for taken, _ in made], sum(not right for _, right in made), errors)


async def _busy(student: Student, move, delay: float, every: float, end: float, seed: int) -> list[tuple[float, bool]]:
    chance, outcomes = random.Random(seed), []
    clock = asyncio.get_running_loop()
    due = clock.time() + delay
    while due < end:
        await asyncio.sleep(max(0.0, due - clock.time() + chance.uniform(-0.2, 0.2)))
        outcomes.append(await move(student, chance))
        due += every
    return outcomes


async def playground_move(student: Student, chance: random.Random) -> tuple[float, bool]:
    """Another learning rate between 0.0001 and 0.1; the answer is right when the page's link holds it."""
    rates = [rate for rate in student.options if 1e-4 <= float(rate) <= 0.1 and float(rate) != 0.01]
    rate = chance.choice(rates)
    taken = await student.move(rate)
    return taken, f"learning_rate={rate}" in student.link.split("&")


async def bare_move(student: Student, chance: random.Random) -> tuple[float, bool]:
    """Another value; the answer is right when the page shows it."""
    value = chance.randrange(1000)
    taken = await student.move(value)
    return taken, student.seen == [f"rate {value}"]


def sessions_in_memory() -> Iterator[Row]:
    """The server's memory after 300 sessions that were opened, moved and closed, against that after 30."""
    with served(APP) as (address, process):
        first = asyncio.run(memory_after(address, process, FIRST_SESSIONS, FORGOTTEN_AFTER))
        last = asyncio.run(memory_after(address, process, ALL_SESSIONS - FIRST_SESSIONS, FORGOTTEN_AFTER))
    details = f"{first:.0f} MB after {FIRST_SESSIONS} sessions, {last:.0f} MB after {ALL_SESSIONS}, all of them closed."
    yield judged("memory after 300 sessions / after 30", last / first, at_most(1.2), details)


async def memory_after(address: str, process: int, count: int, seconds: float) -> float:
    """The megabytes that the server holds so many seconds after so many more sessions have been closed."""
    door = asyncio.Semaphore(AT_ONCE)

    async def visit(seed: int) -> None:
        async with door:
            student = Student(address, LABEL)
            await student.open()
            for _ in range(3):
                await playground_move(student, random.Random(seed))
            await student.close()

    await asyncio.gather(*map(visit, range(count)))
    await asyncio.sleep(seconds)
    return resident(process)


def resident(process: int) -> float:
    """The memory of a process in megabytes, on Linux."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / MEGABYTE
