"""What the canvas sends: small messages, the surface once, texts that say what is shown. What it gets: the start."""

import json
import re
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from browser.pictures import _ground_message, mesh, pictures, split
from figures import DARK, LIGHT
from lessons import presets
from lessons.experiment import experiment
from lessons.presets import PRESETS, presets_for
from lessons.settings import Settings, decoded, encoded
from optimizers import title_of
from surfaces import SURFACES
from tests.playground import answered, charts, field, live_slider, names, opened, settings_of, trace, unpacked, warnings
from ui.report import descriptions, number

MOST_BYTES = 60_000
FOUR = {"optimizers": "GradientDescent,Momentum,RMSProp,Adam", "updates": "200"}
SMALL = {"surface": "booth", "optimizers": "GradientDescent,Adam", "learning_rate": "0.05", "updates": "30"}


def messages(app: AppTest) -> dict[str, bytes]:
    """The two messages of the canvas as they travel, by the names of the components."""
    return {part.proto.component_name: part.proto.SerializeToString() for part in app.get("bidi_component")}


def contents(app: AppTest) -> dict[str, dict]:
    """What the two messages say."""
    return {part.proto.component_name: json.loads(part.proto.json) for part in app.get("bidi_component")}


def preset_rate(surface: str) -> str:
    return repr(next(preset for preset in presets_for(surface) if preset.good).applied().learning_rate)


# Sizes


@pytest.mark.slow
@pytest.mark.parametrize("surface", SURFACES)
def test_a_slider_change_moves_at_most_60_kb(surface):
    app = opened({**FOUR, "surface": surface, "learning_rate": preset_rate(surface)})
    moved = messages(app)["canvas"]
    done = experiment(settings_of(app))
    assert len(done.trajectories) == 4
    assert all(path.steps == 200 for path in done.trajectories.values())
    assert 5_000 < len(moved) <= MOST_BYTES


def test_the_surface_is_not_in_the_message_that_moves():
    app = opened(SMALL)
    parts = contents(app)
    assert set(parts) == {"heading", "canvas", "canvas_ground"}
    moving, ground = (unpacked(parts[name]["content"]) for name in ("canvas", "canvas_ground"))
    assert [moving[name]["data"][0] for name in ("contour", "surface")] == [{"ground": 0}, {"ground": 1}]
    moved = [found for figure in moving.values() for found in figure["data"] if set(found) != {"ground"}]
    assert {found["type"] for found in moved} == {"scatter", "scatter3d"}
    assert [found["type"] for found in ground] == ["contour", "surface"]
    # The rest of the ground's message must not move either, or Streamlit's cache would not hold it back.
    assert set(parts["canvas_ground"]) == {"module", "id", "content"}
    assert parts["canvas"]["ground"] == parts["canvas_ground"]["id"]


# The ground


def ground_of(app: AppTest) -> dict:
    return contents(app)["canvas_ground"]


def test_the_ground_stays_while_only_the_paths_move():
    app = opened(SMALL)
    before = messages(app)["canvas_ground"]
    moved = messages(app)["canvas"]
    for key, value in (("learning_rate", 0.02), ("updates", 31), ("start1", 2.0)):
        if key == "start1":
            field(app, key).set_value(str(value)).run()
        else:
            (live_slider(app, key) if key == "learning_rate" else app.slider(key=key)).set_value(value)
            answered(app)
        assert messages(app)["canvas_ground"] == before
        assert messages(app)["canvas"] != moved
        moved = messages(app)["canvas"]
    app.multiselect(key="optimizers").set_value(["Newton"]).run()
    assert messages(app)["canvas_ground"] == before
    assert not app.exception


def test_the_ground_changes_with_the_surface_and_the_heights():
    app = opened(SMALL)
    seen = [ground_of(app)]
    app.radio(key="heights").set_value("true").run()
    seen.append(ground_of(app))
    app.selectbox(key="surface").set_value("himmelblau").run()
    seen.append(ground_of(app))
    app.radio(key="heights").set_value("spaced").run()
    seen.append(ground_of(app))
    assert len({ground["id"] for ground in seen}) == 4
    assert len({ground["content"] for ground in seen}) == 4
    app.selectbox(key="surface").set_value("booth").run()
    assert ground_of(app) == seen[0]


@pytest.mark.slow
@pytest.mark.parametrize("heights", ["spaced", "true"])
@pytest.mark.parametrize("surface", SURFACES)
def test_the_theme_changes_the_ground_only_where_its_traces_change(surface, heights):
    settings = Settings(surface=surface, heights=heights, start=tuple(map(float, SURFACES[surface].start)), updates=1)
    done = experiment(settings)
    grounds = [split(pictures(done, theme, 430))[0] for theme in (LIGHT, DARK)]
    same = go.Figure(grounds[0]).to_json() == go.Figure(grounds[1]).to_json()
    (light, light_text), (dark, dark_text) = (_ground_message(ground) for ground in grounds)
    assert (light == dark) == same
    assert (light_text is dark_text) == same


def test_an_unchanged_ground_is_packed_once():
    figure = go.Figure(go.Contour(z=np.arange(12.0).reshape(3, 4), name="packed once"))
    first, again = (_ground_message(split({"contour": go.Figure(figure)})[0]) for _ in range(2))
    assert first == again
    assert first[1] is again[1]


COLUMNS = np.zeros((3, 2))
DIFFERENT = {
    "a value": ([{"z": np.array([[1.0]])}], [{"z": np.array([[1.0 + 1e-6]])}]),
    "a name": ([{"name": "a", "z": COLUMNS}], [{"name": "b", "z": COLUMNS}]),
    "a shape": ([{"z": COLUMNS}], [{"z": COLUMNS.T}]),
    "a length": ([{"z": np.zeros(2)}], [{"z": np.zeros(4, np.float32)}]),
    "where a trace ends": ([{"x": COLUMNS, "y": COLUMNS}], [{"x": COLUMNS}, {"y": COLUMNS}]),
    "where a key ends": ([{"x": "y", "z": ""}], [{"x": "y'z'"}]),
    "a long array inside": ([{"line": {"color": np.zeros(3000)}}], [{"line": {"color": np.eye(1, 3000, 1500)[0]}}]),
    "a number inside": ([{"line": {"width": 0.5}}], [{"line": {"width": 0.6}}]),
}


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT)
def test_different_grounds_have_different_names(pair):
    """Two grounds under one name would show a wrong surface."""
    (first, first_text), (second, second_text) = map(_ground_message, pair)
    assert first != second
    assert first_text != second_text


# What moves


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_ground_and_moving_parts_give_the_figures_again(theme):
    app = opened(SMALL, theme.name)
    figures = pictures(experiment(settings_of(app)), theme, 430)
    shown = charts(app)
    assert list(shown) == list(figures)
    for name, figure in figures.items():
        assert names(shown[name]) == [found.name for found in figure.data]
        for found, expected in zip(shown[name]["data"], figure.data, strict=True):
            assert found["type"] == expected.type
            for axis in {"x", "y", "z"} & set(expected.to_plotly_json()):
                np.testing.assert_allclose(np.array(found[axis], float), expected[axis], rtol=1e-6)
        assert shown[name]["layout"]["font"]["color"] == theme.ink
        assert shown[name]["layout"]["height"] == 430


def test_every_run_can_be_found_in_every_picture():
    """The browser moves a cursor along the trace that says `cursor`, and hides all that say `run`."""
    app = opened(SMALL)
    for chart in charts(app).values():
        for rule in settings_of(app).optimizers:
            (cursor,) = [
                found
                for found in chart["data"]
                if (found.get("meta") or {}).get("run") == rule and found["meta"].get("cursor")
            ]
            assert cursor["name"] == title_of(rule)
            assert [row[0] for row in cursor["customdata"]] == list(range(31))
    (start,) = [found for found in charts(app)["contour"]["data"] if (found.get("meta") or {}).get("start")]
    assert [start["x"], start["y"]] == [[value] for value in SURFACES["booth"].start]


def test_the_canvas_is_told_how_long_the_runs_are_and_when_to_begin_anew():
    app = opened(SMALL)
    told = contents(app)["canvas"]
    assert (told["steps"], told["revision"], told["pick"]) == (30, "booth", ["contour"])
    app.slider(key="updates").set_value(7).run()
    assert contents(app)["canvas"]["steps"] == 7
    assert contents(app)["canvas"]["revision"] == "booth"
    app.selectbox(key="surface").set_value("himmelblau").run()
    assert contents(app)["canvas"]["revision"] == "himmelblau"


def test_a_hover_text_reads_true_values():
    """Hover templates take their numbers from customdata: update, theta, loss and gradient norm, not drawn heights."""
    app = opened(SMALL)
    path = experiment(settings_of(app)).trajectories["Adam"]
    slopes = np.hypot(path.gradient[:, 0], path.gradient[:, 1])
    rows = np.column_stack([np.arange(path.steps + 1), path.theta, path.loss, slopes])
    for chart in charts(app).values():
        found = trace(chart, "Adam")
        np.testing.assert_allclose(np.array(found["customdata"], float), rows, rtol=1e-6)
        shown = [f"%{{customdata[{column}]" in found["hovertemplate"] for column in range(5)]
        assert shown == [True] * 5
        assert not re.search(r"%\{[xyz]\b", found["hovertemplate"])


# Descriptions


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: f"{preset.surface}-{preset.title}")
def test_a_description_states_the_outcome_and_the_loss_of_every_optimizer(preset):
    done = experiment(preset.applied())
    texts = descriptions(done)
    assert list(texts) == ["contour", "surface", "loss"]
    for text in texts.values():
        assert SURFACES[preset.surface].title in text
        assert f"after {done.settings.updates} updates" in text
        for name, result in done.outcomes.items():
            assert f"{title_of(name)}: {result.verdict}" in text
            assert f"Loss {number(result.loss, 3)} after" in text.partition(f"{title_of(name)}: {result.verdict}")[2]
    for name in ("surface", "contour"):
        first, second = (number(coordinate, 4) for coordinate in done.settings.start)
        assert f"({first}, {second})" in texts[name]


def test_the_canvas_gets_the_descriptions_of_what_it_shows():
    app = opened(SMALL)
    assert contents(app)["canvas"]["descriptions"] == descriptions(experiment(settings_of(app)))
    live_slider(app, "learning_rate").set_value(1.0)
    answered(app)
    told = contents(app)["canvas"]["descriptions"]
    assert told == descriptions(experiment(settings_of(app)))
    assert "Diverged" in told["surface"] or "Left the frame" in told["surface"]


def test_the_caption_above_the_pictures_is_never_markup(monkeypatch):
    monkeypatch.setattr(presets, "look_at", lambda settings: "<img src=x onerror=alert(1)><script>alert(1)</script>")
    app = opened(SMALL)
    (caption,) = [element for element in app.caption if "onerror" in element.value]
    assert caption.proto.allow_html is False


# The picked start


def picked(app: AppTest, payload: object, event: str = "picked") -> AppTest:
    """Runs the app as if the browser had reported this point, or what a hand has moved."""
    (part,) = [part.proto for part in app.get("bidi_component") if part.proto.component_name == "canvas"]
    states = app._tree.get_widget_states()
    told = states.widgets.add()
    # Streamlit's name for whatever a component reports once.
    told.id = f"$$STREAMLIT_INTERNAL_KEY_{part.id}__events"
    told.json_trigger_value = json.dumps([{"event": event, "value": payload}])
    app._run(states)
    assert not app.exception
    return app


def test_a_picked_point_is_the_new_start_everywhere():
    app = picked(opened(SMALL), {"figure": "contour", "x": 1.25, "y": -1 / 3})
    assert settings_of(app) == replace(decoded(SMALL)[0], start=(1.25, -1 / 3))
    assert [field(app, key).value for key in ("start1", "start2")] == ["1.25", "-0.333333"]
    (start,) = [found for found in charts(app)["contour"]["data"] if (found.get("meta") or {}).get("start")]
    np.testing.assert_allclose([*start["x"], *start["y"]], [1.25, -1 / 3], rtol=1e-6)
    path = trace(charts(app)["contour"], "Adam")
    np.testing.assert_allclose(
        np.transpose([path["x"], path["y"]]),
        experiment(settings_of(app)).trajectories["Adam"].theta,
        rtol=1e-6,
    )
    assert contents(app)["canvas"]["descriptions"]["contour"].count("(1.25, −0.3333)") == 1
    # The next rerun is about something else and must not pick once more.
    field(app, "start1").set_value("3.0").run()
    assert settings_of(app).start == (3.0, -1 / 3)


def test_no_point_changes_nothing():
    app = picked(opened(SMALL), None)
    assert app.query_params == opened(SMALL).query_params
    assert warnings(app) == []


def test_a_typed_start_moves_the_marker_and_the_link():
    app = opened(SMALL)
    field(app, "start2").set_value("4.5").run()
    first = float(SURFACES["booth"].start[0])
    assert settings_of(app).start == (first, 4.5)
    assert app.query_params == encoded(settings_of(app))
    (start,) = [found for found in charts(app)["contour"]["data"] if (found.get("meta") or {}).get("start")]
    assert [*start["x"], *start["y"]] == [first, 4.5]


def test_the_mesh_of_the_ground_is_the_one_of_the_pictures():
    app = opened(SMALL)
    expected = mesh("booth", "spaced")
    shown = charts(app)
    for name in ("surface", "contour"):
        np.testing.assert_allclose(np.array(shown[name]["data"][0]["z"], float), expected.height, rtol=1e-6)
        np.testing.assert_allclose(np.array(shown[name]["data"][0]["customdata"], float), expected.loss, rtol=1e-6)


# What a hand has moved


def moved(app: AppTest, payload: object) -> AppTest:
    return picked(app, payload, "moved")


def test_what_a_hand_has_let_go_is_in_the_session_the_link_and_the_answer():
    app = moved(opened(SMALL), {"values": {"rate": 0.05, "Adam_beta1": 0.5}, "serial": 7})
    assert settings_of(app).learning_rate == 0.05
    assert settings_of(app).value("Adam", "beta1") == 0.5
    assert (live_slider(app, "learning_rate").value, live_slider(app, "Adam.beta1").value) == (0.05, 0.5)
    assert contents(app)["canvas"]["answered"] == 7
    field(app, "start1").set_value("3.0").run()
    assert contents(app)["canvas"]["answered"] == 7
    assert settings_of(app).learning_rate == 0.05


def test_an_answer_is_never_taken_back_by_a_message_with_a_smaller_number():
    app = moved(opened(SMALL), {"values": {"rate": 0.05}, "serial": 7})
    app = picked(app, {"figure": "contour", "x": 1.5, "y": -0.5, "serial": 0})
    assert settings_of(app).start == (1.5, -0.5)
    assert contents(app)["canvas"]["answered"] == 7


# The time that has come to rest


def rested(app: AppTest, payload: object) -> AppTest:
    return picked(app, payload, "rested")


def test_the_time_that_has_come_to_rest_is_in_the_link_and_the_answer():
    app = opened(SMALL)
    steps = contents(app)["canvas"]["steps"]
    assert (contents(app)["canvas"]["now"], contents(app)["canvas"]["told"]) == (steps, 0)
    app = rested(app, {"now": 3, "serial": 9})
    assert app.query_params["update"] == "3"
    assert (contents(app)["canvas"]["now"], contents(app)["canvas"]["told"]) == (3, 9)
    # The next rerun is about something else, and keeps the time.
    field(app, "start1").set_value("3.0").run()
    assert (contents(app)["canvas"]["now"], contents(app)["canvas"]["told"]) == (3, 9)
    app = rested(app, {"now": steps, "serial": 12})
    assert "update" not in app.query_params
    assert contents(app)["canvas"]["now"] == steps


def test_a_moment_that_is_looked_at_makes_no_new_pictures():
    app = opened(SMALL)
    before = contents(app)["canvas"]["content"]
    assert contents(rested(app, {"now": 3, "serial": 9}))["canvas"]["content"] == before


@pytest.mark.parametrize(
    "payload",
    [None, 3, [], {"now": 3}, {"now": "3", "serial": 9}, {"now": True, "serial": 9}, {"now": 0.5, "serial": 9}],
)
def test_a_time_that_is_none_changes_nothing(payload):
    app = rested(opened(SMALL), payload)
    assert contents(app)["canvas"] == contents(opened(SMALL))["canvas"]


@pytest.mark.parametrize(
    "payload",
    [None, 3, "x", [], {"serial": "7"}, {"serial": True}, {"values": {"rate": 0.0333, "surface": 3, "seed": 1}}],
)
def test_a_message_that_is_none_changes_nothing(payload):
    before = opened(SMALL)
    app = moved(opened(SMALL), payload)
    assert settings_of(app) == settings_of(before)
    assert contents(app)["canvas"] == contents(before)["canvas"]
    assert warnings(app) == []
