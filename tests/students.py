"""Students without a browser: real websockets that open a page and move its slider, as Streamlit's own client does."""

import asyncio
import json
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.playground import unpacked

SECONDS = 60
# With the id of a component after it, and its events behind that: where Streamlit keeps what a component triggers.
_TRIGGERS = "$$STREAMLIT_INTERNAL_KEY"
LARGEST_MESSAGE = 50_000_000


@dataclass
class Student:
    """One open page.

    address: of the server. query: the link behind it. label: how the label of the slider begins. errors: what the page
    has shown instead of an answer. seen: all texts of the last run. link: the page's link, as far as it has set one.
    slider, options, fragment: the slider's widget, its places, and the part of the page that follows it, if not all.
    canvas, numbers: the canvas that has the slider, if one has, and its places as numbers.
    """

    address: str
    label: str
    query: str = ""
    errors: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    link: str = ""
    slider: str = ""
    fragment: str = ""
    canvas: str = ""
    numbers: list[float] = field(default_factory=list)
    moves: int = 0
    options: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    socket: ClientConnection | None = None

    async def open(self) -> float:
        """Connects and runs the page for the first time; returns the seconds until it is complete."""
        begin = time.perf_counter()
        stream = self.address.replace("http://", "ws://") + "/_stcore/stream"
        self.socket = await connect(stream, subprotocols=["streamlit"], max_size=LARGEST_MESSAGE)
        await self._run(BackMsg())
        return time.perf_counter() - begin

    async def move(self, value: float | str) -> float:
        """Moves the slider to a value or to one of its options; returns the seconds until the page is complete."""
        begin = time.perf_counter()
        message = BackMsg()
        message.rerun_script.fragment_id = self.fragment
        states = message.rerun_script.widget_states.widgets
        if self.canvas:
            self.moves += 1
            told = {"values": {self.slider: self.numbers[self.options.index(value)]}, "serial": self.moves}
            states.add(id=self.canvas, json_value="{}")
            states.add(
                id=f"{_TRIGGERS}_{self.canvas}__events",
                json_trigger_value=json.dumps([{"event": "moved", "value": told}]),
            )
        else:
            states.add(id=self.slider).double_array_value.data.append(value)
        await self._run(message)
        return time.perf_counter() - begin

    async def close(self) -> None:
        """Closes the page."""
        await self.socket.close()

    async def _run(self, message: BackMsg) -> None:
        message.rerun_script.query_string = self.query
        message.rerun_script.cached_message_hashes.extend(self.known)
        self.seen = []
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(SECONDS):
            while not self._finished(await self.socket.recv()):
                pass

    def _finished(self, raw: bytes) -> bool:
        """Reads one message of the server; True where it says that the run is over."""
        message = ForwardMsg.FromString(raw)
        if message.metadata.cacheable and message.hash:
            self.known.add(message.hash)
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._read(message.delta.new_element, message.delta.fragment_id)
        elif kind == "page_info_changed":
            self.link = message.page_info_changed.query_string
        elif kind == "session_event" and message.session_event.WhichOneof("type") == "script_compilation_exception":
            self.errors.append(message.session_event.script_compilation_exception.message)
        # A rerun that came in time to replace this one ends it early; its own end follows.
        return kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def _read(self, element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "slider" and element.slider.label.startswith(self.label):
            self.slider, self.fragment = element.slider.id, fragment
        elif kind == "bidi_component" and element.bidi_component.component_name == "canvas":
            self._read_sliders(element.bidi_component, fragment)
        elif kind == "markdown":
            self.seen.append(element.markdown.body)

    def _read_sliders(self, canvas, fragment: str) -> None:
        live = json.loads(canvas.json)["live"]
        for spec in unpacked(live)["sliders"] if live else []:
            if spec["label"].startswith(self.label):
                self.slider, self.numbers, self.fragment = spec["name"], spec["numbers"], fragment
                self.options = [f"{number:.6g}" for number in self.numbers]
                self.canvas = canvas.id


async def opened(address: str, label: str, count: int, query: str = "") -> list[Student]:
    """So many students on a page, who come a few at a time."""
    students = [Student(address, label, query) for _ in range(count)]
    door = asyncio.Semaphore(4)

    async def enter(student: Student) -> None:
        async with door:
            await student.open()

    await asyncio.gather(*map(enter, students))
    return students
