"""The lessons on practice without a browser: every experiment on many surfaces, links with nonsense, their words."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from optimizers import OPTIMIZERS
from surfaces import SURFACES
from tests.browser import ROOT
from tests.playground import answered, field, numbers, table, trace, unpacked, verdict_line
from ui.practice import critical_points_of, nearest_minimum, swept

pytestmark = pytest.mark.slow

VIEWS = {
    "learning_rate": ("One rate", "All rates at once", "Change it on the way", "Let it decay", "Compare fairly"),
    "adagrad": ("Inside Adagrad", "How surprising is it?", "RMSProp and Adam"),
    "best_step": ("One parameter", "Two parameters", "A cheap estimate", "Two rules that use it"),
    "stuck": ("Three traps", "Critical points", "Basin maps"),
}
EXPERIMENTS = [(page, view) for page, views in VIEWS.items() for view in views]
EVERYWHERE = {"Critical points", "Basin maps"}
# Without a minimum, without a slope, very steep, with a kink, with many minima, and made of data.
AWKWARD = ("saddle", "monkey_saddle", "easom", "goldstein_price", "ackley", "griewank", "line_fit")
ALL_RATES = "All rates at once"
WITHOUT_SURFACE = {"How surprising is it?", "One parameter", "Two parameters", "Three traps"}


def lesson(page: str, **state) -> AppTest:
    """A fresh session on a lesson, opened by a link that holds this state."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params = {f"{page}.{name}": str(value) for name, value in state.items()}
    app.switch_page(f"pages/practice/{page}.py")
    return answered(app)


def words(app: AppTest) -> str:
    """All that the page says in words."""
    return "\n".join(
        [verdict_line(app), *(part.value for part in (*app.markdown, *app.caption, *app.info, *app.warning))]
    )


def figures(app: AppTest) -> dict[str, dict]:
    """The Figures of the page's canvas by name."""
    parts = {part.proto.component_name: json.loads(part.proto.json) for part in app.get("bidi_component")}
    moving, ground = unpacked(parts["canvas"]["content"]), unpacked(parts["canvas_ground"]["content"])
    return {
        name: {**figure, "data": [ground[trace["ground"]] if "ground" in trace else trace for trace in figure["data"]]}
        for name, figure in moving.items()
    }


def put(app: AppTest, page: str, **state) -> AppTest:
    """The same session after its state has changed as by a click on "try this"."""
    for name, value in state.items():
        app.session_state[f"{page}.{name}"] = value
    return answered(app)


@pytest.mark.parametrize(("page", "view"), EXPERIMENTS)
def test_every_experiment_works_on_every_surface(page, view):
    app = lesson(page, view=view)
    assert figures(app)
    if view in WITHOUT_SURFACE:
        return
    if view == "Basin maps":
        put(app, page, resolution=60, updates=10, rules=["Momentum"])
    for name in SURFACES if view in EVERYWHERE else AWKWARD:
        surface = SURFACES[name]
        put(app, page, surface=name, theta1=float(surface.start[0]), theta2=float(surface.start[1]))
        assert figures(app), name
        assert "nan" not in words(app)


@pytest.mark.parametrize(("page", "view"), EXPERIMENTS)
@pytest.mark.parametrize("point", [(1e308, -1e308), (1e160, 0.0)])
def test_any_point_is_answered_with_words(page, view, point):
    if view in WITHOUT_SURFACE or view in ("Critical points", "A cheap estimate"):
        pytest.skip("There is no point to choose.")
    app = lesson(page, view=view, **({"resolution": 60} if view == "Basin maps" else {}))
    put(app, page, theta1=point[0], theta2=point[1])
    assert len(words(app)) > 100


@pytest.mark.parametrize("page", VIEWS)
@pytest.mark.parametrize("value", ["nan", "-1", "1e999", "<b>"])
def test_a_link_of_nonsense_opens_the_lesson(page, value):
    names = (
        "view",
        "surface",
        "theta1",
        "rate",
        "updates",
        "rules",
        "noise",
        "trap",
        "x0",
        "g00",
        "t",
        "fair",
    )
    app = lesson(page, **dict.fromkeys(names, value))
    assert figures(app)


@pytest.mark.parametrize("page", VIEWS)
def test_every_try_does_what_it_says(page):
    """Every button can be pressed, sets what its widgets can show, and says what to look at."""
    app = lesson(page)
    tries = [button for button in app.button if button.key and ".try " in button.key]
    assert 2 <= len(tries) <= 4
    for key in [button.key for button in tries]:
        app.button(key=key).click()
        answered(app)
        assert any(part.value.startswith(":material/visibility:") for part in app.markdown)
        assert figures(app)


def test_a_rate_of_a_try_is_on_the_slider():
    app = lesson("learning_rate")
    app.button(key="learning_rate.try Just above the limit").click()
    answered(app)
    assert app.session_state["learning_rate.rate"] == 0.045
    assert "Left the frame" in words(app)
    app.button(key="learning_rate.try Momentum bears more").click()
    answered(app)
    assert "Converged to the global minimum" in words(app)


def test_the_limit_of_theory_is_named():
    app = lesson("learning_rate", view=ALL_RATES)
    assert "λₘₐₓ = 50" in words(app)
    assert "Dotted lines" in words(app)
    assert "**0.04**" in words(app)
    lines = [shape["x0"] for shape in figures(app)["last"]["layout"]["shapes"]]
    assert lines == pytest.approx([0.04, 0.076])


def test_where_theory_names_no_limit_no_line_is_spoken_of():
    app = put(lesson("learning_rate", view=ALL_RATES), "learning_rate", rules=["Adam"])
    assert not figures(app)["last"]["layout"].get("shapes")
    assert "Dotted lines" not in words(app)


def test_the_chosen_rate_moves_the_path_alone():
    app = lesson("learning_rate")
    before = figures(app)
    after = figures(put(app, "learning_rate", rate=0.01))
    old, new = (trace(known["contour"], "Gradient descent") for known in (before, after))
    assert numbers(old["x"]).tolist() != numbers(new["x"]).tolist()
    assert before["contour"]["data"][0] == after["contour"]["data"][0]


def test_a_change_after_the_end_is_no_change():
    app = lesson("learning_rate", view="Change it on the way")
    put(app, "learning_rate", **{"from": 500})
    assert "both paths are the same" in words(app)
    paths = figures(app)["loss"]["data"]
    assert paths[0]["y"] == paths[1]["y"]


def test_evaluations_are_the_same_for_all():
    app = lesson("learning_rate", view="Compare fairly")
    put(app, "learning_rate", fair="the same number of gradient evaluations", rules=["GradientDescent", "Newton"])
    assert [(row[0], int(row[2]), int(row[3])) for row in table(app)] == [
        ("Gradient descent", 200, 200),
        ("Newton", 66, 198),
    ]


def test_the_two_forms_agree_on_the_page():
    text = words(lesson("adagrad"))
    (difference,) = [line.split("**")[1] for line in text.splitlines() if line.startswith("The two forms")]
    assert float(difference.replace("−", "-")) < 1e-12


def test_the_contrast_and_an_edited_contrast():
    app = lesson("adagrad", view="How surprising is it?")
    put(app, "adagrad", rate=1.0)
    assert "**0.9993**" in words(app)
    assert "**0.002422**" in words(app)
    assert "**412.6 times**" in words(app)
    field(app, "adagrad.g10").set_value("0")
    answered(app)
    assert "**412.6 times**" not in words(app)
    put(app, "adagrad", **{f"g1{place}": 0.0 for place in range(5)})
    assert "infinitely many times" in words(app)


def test_the_correction_of_adam_can_be_switched():
    app = lesson("adagrad", view="RMSProp and Adam")
    assert "first step is 0.4 in θ₁ and 0.4 in θ₂" in words(app)
    put(app, "adagrad", corrected=False)
    assert "first step is 1.265 in θ₁ and 1.265 in θ₂" in words(app)


def test_the_best_step_reaches_the_minimum():
    app = lesson("best_step")
    put(app, "best_step", x0=3.0, a=0.25, b=1.0)
    assert "first derivative 2.5 / second derivative 0.5 = 5." in words(app)
    assert "−b/2a = −2" in words(app)


def test_a_larger_derivative_may_be_nearer():
    app = lesson("best_step", view="Two parameters")
    assert "θ₂ has the larger first derivative, but θ₁ is farther" in words(app)
    put(app, "best_step", second=4.0)
    assert "The larger first derivative is also farther away" in words(app)


def test_each_trap_holds_gradient_descent():
    app = lesson("stuck")
    for trap, verdict in (
        ("very slow on a plateau", "Stuck on a plateau"),
        ("stuck at a saddle", "Stuck at a saddle"),
        ("stuck in a local minimum", "Converged to a local minimum"),
    ):
        app.segmented_control(key="stuck.trap").set_value(trap)
        answered(app)
        assert f"Gradient descent {verdict}" in words(app)
        assert table(app)[0][:2] == ["Gradient descent", "0 of 20"]


def test_the_points_of_himmelblau_are_listed():
    app = lesson("stuck", view="Critical points")
    assert "4 minima, 4 saddles and 1 maximum" in words(app)
    assert len(app.dataframe[0].value) == 9
    assert list(app.dataframe[0].value["L"][:4]) == [0, 0, 0, 0]


def test_a_map_shows_the_path_from_the_chosen_start():
    app = lesson("stuck", view="Basin maps")
    put(app, "stuck", resolution=60, rules=["GradientDescent", "Momentum"], theta1=2.0, theta2=-3.0)
    pictures = figures(app)
    assert list(pictures) == ["map GradientDescent", "map Momentum"]
    for picture in pictures.values():
        start = trace(picture, "start")
        assert (numbers(start["x"])[0], numbers(start["y"])[0]) == (2.0, -3.0)
        assert np.shape(picture["data"][0]["z"]) == (60, 60)
    put(app, "stuck", rules=[])
    assert "Choose at least one optimizer" in words(app)


def test_a_known_map_leaves_its_pictures_where_they_were():
    """A canvas that moves among the elements of its page is made anew: its zoom and its update are lost."""

    def places(app) -> dict[int, str]:
        return {place: element.type for place, element in app.main.children.items()}

    app = lesson("stuck", view="Basin maps", resolution=60, updates=20, map_rate=0.02)
    made = places(app)
    assert places(answered(app)) == made


@pytest.mark.parametrize(
    ("page", "link", "state"),
    [
        (
            "learning_rate",
            {"surface": "Bowl", "rate": "1e-05", "rules": "Newton", "updates": "10"},
            {"surface": "bowl", "rate": 1e-5, "rules": ["Newton"], "updates": 10},
        ),
        ("learning_rate", {"view": "Change it on the way", "from": "0", "later": "1e-05"}, {"from": 0, "later": 1e-5}),
        ("learning_rate", {"view": "Let it decay", "schedules": "Cosine"}, {"schedules": ["Cosine"]}),
        (
            "adagrad",
            {"view": "RMSProp and Adam", "corrected": "false", "updates": "5"},
            {"corrected": False, "updates": 5},
        ),
        ("adagrad", {"view": "How surprising is it?", "g00": "-1000000.0"}, {"g00": -1e6}),
        ("best_step", {"x0": "-4.0", "a": "0.1", "b": "-3.0"}, {"x0": -4.0, "a": 0.1, "b": -3.0}),
        (
            "stuck",
            {"view": "Basin maps", "rules": "Momentum", "resolution": "60", "updates": "10"},
            {"rules": ["Momentum"], "resolution": 60, "updates": 10},
        ),
    ],
)
def test_a_link_carries_every_setting(page, link, state):
    app = lesson(page, **link)
    assert {name: app.session_state[f"{page}.{name}"] for name in state} == state


@pytest.mark.parametrize(("page", "view"), EXPERIMENTS)
def test_what_a_link_leaves_out_is_what_the_page_begins_with(page, view):
    """A widget's own default is left out of links, so it has to be the page's default too."""
    app = lesson(page, view=view)
    assert set(app.query_params) <= {f"{page}.view"}
    for widget in app.toggle:
        assert widget.proto.default == pytest.approx(widget.value), widget.key
    for widget in app.slider:
        assert list(widget.proto.default) == [widget.value], widget.key
    for widget in app.select_slider:
        assert list(widget.proto.default) == [widget.options.index(f"{widget.value:.6g}")], widget.key
    for widget in (*app.selectbox, *app.radio):
        assert widget.proto.default == widget.index, widget.key
    for widget in app.multiselect:
        assert list(widget.proto.default) == widget.indices, widget.key


# What the lessons share


def test_sweeps_and_points_are_made_once():
    assert swept("Adam", "bowl", 1.0, 2.0, 20) is swept("Adam", "bowl", 1.0, 2.0, 20)
    assert critical_points_of("bowl") is critical_points_of("bowl")


def test_the_nearest_minimum():
    np.testing.assert_allclose(nearest_minimum("himmelblau", np.array([3.2, 1.0])).theta, (3, 2), atol=1e-9)
    assert nearest_minimum("saddle", np.zeros(2)) is None


def test_every_rule_can_be_swept_and_mapped():
    app = lesson("stuck", view="Basin maps")
    for place in range(0, len(OPTIMIZERS), 3):
        put(app, "stuck", resolution=60, updates=10, rules=list(OPTIMIZERS)[place : place + 3])


@pytest.mark.parametrize(("page", "state"), [("learning_rate", {}), ("stuck", {"view": "Basin maps"})])
def test_lists_of_rules_know_other_names_and_take_links_that_do_not(page, state):
    (rules,) = [known for known in lesson(page, **state).multiselect if known.key == f"{page}.rules"]
    assert {"Gradient descent (SGD)", "Nesterov (NAG)", "Adam"} <= {*rules.options}
    for words in ("Gradient descent (SGD)", "Gradient descent"):
        app = lesson(page, **state, rules=words)
        assert app.session_state[f"{page}.rules"] == ["GradientDescent"]
        assert [warning.value for warning in app.warning] == []
