"""Every page under random hands: whatever is chosen, moved, typed or pressed, and in whatever order, nothing breaks."""

import pytest
from hypothesis import HealthCheck, Phase, settings, stateful
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from lessons.settings import HEIGHTS
from tests.browser import ROOT
from tests.formulas import GOOD, HOSTILE
from tests.playground import answered, live_sliders
from ui.fields import typed_key
from ui.navigation import PAGES

pytestmark = pytest.mark.slow

HANDS, STEPS = 5, 60
NUMBERS = st.sampled_from(
    ["0", "1", "−1", "0,5", "3", "1e-300", "1e6", "-1e6", "1e308", "-1e308", "1e400", "nan", "inf", "", "abc", "½"]
)
TEXTS = st.sampled_from([*GOOD, *(text for text in HOSTILE if len(text) < 300)])


class Hands(stateful.RuleBasedStateMachine):
    """One session that goes from page to page and uses what it finds there."""

    def __init__(self):
        super().__init__()
        self.app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        self.app.context = {"theme": "light"}
        answered(self.app)

    def one_of(self, data: st.DataObject, widgets) -> object:
        """A widget that can be used now, or nothing where there is none."""
        usable = [widget for widget in widgets if not getattr(getattr(widget, "proto", None), "disabled", False)]
        return usable[data.draw(st.integers(0, len(usable) - 1), label="which")] if usable else None

    @stateful.rule(page=st.sampled_from(PAGES))
    def go(self, page) -> None:
        """To another page, or to the same one again."""
        self.app.switch_page(page.file)
        answered(self.app)

    @stateful.rule(data=st.data(), share=st.floats(0, 1))
    def slide(self, data: st.DataObject, share: float) -> None:
        """A slider to any place."""
        widget = self.one_of(data, self.app.slider)
        if widget is not None:
            value = widget.min + share * (widget.max - widget.min)
            whole = isinstance(widget.min, int)
            widget.set_value(round(value) if whole else value)
            answered(self.app)

    @stateful.rule(data=st.data(), share=st.floats(0, 1))
    def slide_over_options(self, data: st.DataObject, share: float) -> None:
        """A slider with options to any of them."""
        widget = self.one_of(data, self.app.select_slider)
        if widget is not None:
            # Every such slider of ours is one of numbers, and shows them as texts.
            widget.set_value(float(widget.options[int(share * (len(widget.options) - 1))]))
            answered(self.app)

    @stateful.rule(data=st.data(), share=st.floats(0, 1))
    def slide_live(self, data: st.DataObject, share: float) -> None:
        """A slider of the canvas to any of its positions."""
        slider = self.one_of(data, [*live_sliders(self.app).values()])
        if slider is not None:
            slider.set_value(slider.options[int(share * (len(slider.options) - 1))])
            answered(self.app)

    @stateful.rule(data=st.data(), share=st.floats(0, 1))
    def choose(self, data: st.DataObject, share: float) -> None:
        """Another entry of a list."""
        widget = self.one_of(data, self.app.selectbox)
        if widget is not None and widget.options:
            widget.select_index(int(share * (len(widget.options) - 1)))
            answered(self.app)

    @stateful.rule(heights=st.sampled_from(HEIGHTS))
    def stretch(self, heights: str) -> None:
        """The playground's row of buttons."""
        for radio in self.app.radio:
            radio.set_value(heights)
            answered(self.app)

    @stateful.rule(data=st.data())
    def choose_several(self, data: st.DataObject) -> None:
        """Some entries of a list, or none."""
        widget = self.one_of(data, self.app.multiselect)
        if widget is not None:
            most = widget.proto.max_selections or len(widget.options)
            widget.set_value(data.draw(st.lists(st.sampled_from(widget.options), max_size=most, unique=True)))
            answered(self.app)

    @stateful.rule(data=st.data(), number=NUMBERS)
    def enter(self, data: st.DataObject, number: str) -> None:
        """A number, as large or as empty as it can be typed, or none."""
        widget = self.one_of(
            data, [text for text in self.app.text_input if text.key == typed_key(text.key.rpartition(" ")[0])]
        )
        if widget is not None:
            widget.set_value(number)
            answered(self.app)

    @stateful.rule(data=st.data())
    def switch(self, data: st.DataObject) -> None:
        """A switch or a box, to the other side."""
        widget = self.one_of(data, [*self.app.toggle, *self.app.checkbox])
        if widget is not None:
            widget.set_value(not widget.value)
            answered(self.app)

    @stateful.rule(data=st.data())
    def press(self, data: st.DataObject) -> None:
        """A button."""
        widget = self.one_of(data, self.app.button)
        if widget is not None:
            widget.click()
            answered(self.app)

    @stateful.rule(data=st.data(), text=TEXTS)
    def type(self, data: st.DataObject, text: str) -> None:
        """A formula or nonsense."""
        widget = self.one_of(data, [*self.app.text_input, *self.app.text_area])
        if widget is not None:
            widget.set_value(text)
            answered(self.app)


TestHands = Hands.TestCase
# A failing sequence is long, and shrinking it would take many minutes: its steps are printed as they were.
TestHands.settings = settings(
    max_examples=HANDS,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
