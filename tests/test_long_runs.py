"""Long runs: the same numbers as without a progress bar, computed once."""

import numpy as np
from streamlit.testing.v1 import AppTest


def page() -> None:
    import numpy as np
    import streamlit as st

    from optimizers import OPTIMIZERS, run
    from surfaces import SURFACES
    from ui.long_runs import kept_run

    risk = SURFACES["line_fit"]
    rule = OPTIMIZERS["Adagrad"](learning_rate=1.0)
    steps = st.session_state.get("steps", 6000)
    first = kept_run(("test", 1.0), rule, risk, risk.start, steps)
    st.session_state["again"] = kept_run(("test", 1.0), rule, risk, risk.start, steps) is first
    st.session_state["other"] = kept_run(("test", 1.0), rule, risk, risk.start, steps + 1) is first
    st.session_state["same"] = bool(np.array_equal(first.theta, run(rule, risk, risk.start, steps).theta))
    sampled = kept_run(("sampled", 1.0), rule, risk.sampled(2), risk.start, steps)
    st.session_state["sampled"] = bool((sampled.seen_gradient != sampled.gradient).any())
    st.write("below")


def test_a_run_with_a_bar_is_the_run_itself_and_is_kept():
    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    found = [app.session_state[name] for name in ("again", "other", "same", "sampled")]
    assert found == [True, False, True, True]
    assert np.array_equal([element.value for element in app.markdown], ["below"])


def test_nothing_moves_when_a_long_run_follows_a_short_one():
    """The pictures below would be made anew."""
    app = AppTest.from_function(page, default_timeout=60)
    places = []
    for steps in (10, 6000, 10):
        app.session_state["steps"] = steps
        app.run()
        (place,) = [place for place, element in app.main.children.items() if element.type == "markdown"]
        places.append(place)
    assert len(set(places)) == 1
