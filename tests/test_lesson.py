"""What a lesson asks to look at is on the screen as long as its settings are, on every lesson with such buttons."""

import pytest

from tests.lesson_pages import lesson, said
from tests.playground import answered

# For each lesson, settings that none of its tries has.
ELSEWHERE = {
    "update_rule": {"updates": 7},
    "red_circle": {"theta1": 0.123, "x0": 0.123, "radius": 0.123},
    "neuron_surface": {"rate": 0.00125},
    "sum_of_gradients": {"theta1": 0.123},
    "stochastic_descent": {"rate": 0.00125},
    "feature_scaling": {"steps": 300},
    "learning_rate": {"updates": 77},
    "adagrad": {"rate": 0.00125},
    "best_step": {"x0": 0.15, "first": 0.15, "theta1": 0.123},
    "stuck": {"rate": 0.00125, "map_rate": 0.00125},
    "own_surface": {"rate": 0.00125},
}


@pytest.mark.parametrize("url_path", ELSEWHERE)
def test_the_words_of_a_try_go_with_its_settings(url_path):
    app = lesson(url_path)
    (first, *_) = [button for button in app.button if button.key and ".try " in button.key]
    title, look_at = first.label, first.help
    first.click()
    answered(app)
    assert look_at in said(app)
    for name, value in ELSEWHERE[url_path].items():
        if f"{url_path}.{name}" in app.session_state:
            app.session_state[f"{url_path}.{name}"] = value
    answered(app)
    assert look_at not in said(app)
    assert f"The settings are no longer those of “{title}”." in said(app)
