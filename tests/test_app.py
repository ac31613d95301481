"""The server with a small class on it: real websockets, every answer right, no error, settings that suit a class."""

import asyncio
import random
import tomllib

import pytest

from benchmarks.classroom import answers, bare_move, memory_after, playground_move
from tests.browser import ROOT, serve, served
from tests.students import opened

pytestmark = pytest.mark.slow

STUDENTS, EVERY, SECONDS = 6, 1.0, 4.0


@pytest.fixture(scope="module")
def address():
    with serve() as address:
        yield address


def test_a_small_class_gets_every_answer(address):
    seen = asyncio.run(answers(address, playground_move, STUDENTS, EVERY, SECONDS))
    assert len(seen.seconds) == STUDENTS * SECONDS / EVERY
    assert seen.errors == []
    assert seen.lost == 0


def test_the_answers_of_a_bare_page_are_told_apart_too():
    with serve(ROOT / "benchmarks" / "bare_page.py") as bare:
        seen = asyncio.run(answers(bare, bare_move, 2, 0.5, 1.0))
    assert (seen.lost, seen.errors) == (0, [])
    assert len(seen.seconds) == 4


def test_students_who_come_at_once_do_not_disturb_one_another(address):
    async def visit() -> list[tuple[str, str]]:
        students = await opened(address, "Learning rate", STUDENTS)
        chosen = [student.options[40 + 3 * place] for place, student in enumerate(students)]
        await asyncio.gather(*(student.move(rate) for student, rate in zip(students, chosen, strict=True)))
        links = [(rate, student.link) for student, rate in zip(students, chosen, strict=True)]
        assert [student.errors for student in students] == [[]] * STUDENTS
        assert all(student.fragment for student in students)  # a move leaves the settings below alone
        await asyncio.gather(*(student.close() for student in students))
        return links

    for rate, link in asyncio.run(visit()):
        assert f"learning_rate={rate}" in link.split("&")


def test_closed_sessions_leave_no_memory_behind():
    with served(ROOT / "app.py", "--server.disconnectedSessionTTL=1") as (address, process):
        first = asyncio.run(memory_after(address, process, 5, 3.0))
        last = asyncio.run(memory_after(address, process, 20, 3.0))
    assert last <= 1.2 * first


def test_a_typed_formula_comes_by_the_link_of_a_real_session(address):
    async def visit(query: str) -> str:
        (student,) = await opened(address, "Learning rate", 1, query)
        taken, right = await playground_move(student, random.Random(1))
        assert taken > 0
        assert right
        assert student.errors == []
        await student.close()
        return student.link

    assert "surface=%3D+x%5E2" in asyncio.run(visit("surface=%3D%20x%5E2%20%2B%20y%5E2"))
    assert "surface=" not in asyncio.run(visit("surface=%3D%20__import__%28%27os%27%29"))


def test_the_settings_suit_a_class_and_each_has_its_reason():
    text = (ROOT / ".streamlit" / "config.toml").read_text()
    settings = tomllib.loads(text)
    assert settings["runner"]["postScriptGC"] is False
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["server"]["fileWatcherType"] == "none"
    assert settings["server"]["maxUploadSize"] <= 1
    assert settings["server"]["maxMessageSize"] <= 10
    assert settings["server"]["disconnectedSessionTTL"] <= 60
    lines = text.split("\n")
    named = ("postScriptGC", "showErrorDetails", "fileWatcherType", "maxUploadSize", "maxMessageSize")
    for name in (*named, "disconnectedSessionTTL"):
        (place,) = [place for place, line in enumerate(lines) if line.startswith(name)]
        assert lines[place - 1].startswith("# "), name
