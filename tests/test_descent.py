"""The playground as a student uses it: every surface, rule, schedule and preset, good links and bad ones."""

import re
from dataclasses import replace

import numpy as np
import pytest

from figures import DARK, LIGHT
from lessons.experiment import experiment
from lessons.moments import END
from lessons.presets import PRESETS, presets_for
from lessons.settings import MOST_UPDATES, Settings, decoded, encoded, takes_schedule
from optimizers import OPTIMIZERS, SCHEDULES, title_of
from optimizers.hyperparameters import defaults, hyperparameters, is_whole
from optimizers.worked import worked_update
from surfaces import SURFACES
from tests.playground import (
    PICTURES,
    answered,
    assert_harmless,
    charts,
    field,
    live_slider,
    live_sliders,
    names,
    numbers,
    on_page,
    opened,
    settings_of,
    table,
    trace,
    warnings,
)

pytestmark = pytest.mark.slow

ONE_BACK, ONE_ON = "update one update back", "update one update on"
RULES = list(OPTIMIZERS)
SIXES = [RULES[place : place + 6] for place in range(0, len(RULES), 6)]
SCHEDULED = [name for name in RULES if takes_schedule(OPTIMIZERS[name])]


def assert_same_in_32_bits(shown: np.ndarray, expected: np.ndarray) -> None:
    """Equal, or equal after the rounding with which pictures travel to the browser."""
    np.testing.assert_allclose(shown, expected, rtol=2.0**-23, atol=0)


def assert_shows(app, settings: Settings) -> None:
    """The page shows the runs of these settings: a path in each picture and a row in the table for every rule."""
    done = experiment(settings)
    shown = charts(app)
    assert tuple(shown) == PICTURES
    assert [row[0].split(" ", 1)[1] for row in table(app)] == [title_of(name) for name in settings.optimizers]
    assert [row[1] for row in table(app)] == [result.verdict for result in done.outcomes.values()]
    for name, path in done.trajectories.items():
        curve = trace(shown["loss"], title_of(name))
        hover = numbers(curve["customdata"])
        np.testing.assert_array_equal(hover[:, 0], np.arange(settings.updates + 1))
        assert_same_in_32_bits(hover[:, 1:3], path.theta)
        assert_same_in_32_bits(hover[:, 3], path.loss)
        for picture in ("surface", "contour"):
            dots = numbers(trace(shown[picture], title_of(name))["customdata"])
            if len(dots):
                assert_same_in_32_bits(dots[:, 1:3], path.theta[dots[:, 0].astype(int)])


def start_of(surface: str) -> tuple[float, float]:
    return tuple(map(float, SURFACES[surface].start))


def button(app, label: str):
    """The button with this label."""
    (found,) = [element for element in app.button if element.label == label]
    return found


# Everything in the catalogues


def test_a_student_who_only_opens_the_page_sees_three_paths_and_no_complaint():
    app = opened()
    assert warnings(app) == []
    assert app.query_params == {}
    assert_shows(app, Settings())


@pytest.mark.slow
@pytest.mark.parametrize("surface", SURFACES)
def test_every_optimizer_runs_on_every_surface(surface):
    app = opened({"surface": surface, "updates": "25"})
    settings = Settings(surface=surface, start=start_of(surface), updates=25)
    assert_shows(app, settings)
    for six in SIXES:
        app.multiselect(key="optimizers").set_value(six)
        assert_shows(answered(app), replace(settings, optimizers=tuple(six)))
    assert warnings(app) == []


@pytest.mark.slow
@pytest.mark.parametrize("surface", SURFACES)
def test_a_surface_is_a_choice_in_the_list_and_brings_its_start_formula_and_lesson(surface):
    app = opened({"surface": "saddle" if surface != "saddle" else "bowl", "updates": "25", "optimizers": "Adam"})
    app.selectbox(key="surface").set_value(surface)
    settings = settings_of(answered(app))
    assert settings.surface == surface
    assert settings.start == start_of(surface)
    assert settings.updates == 25
    assert settings.optimizers == ("Adam",)
    assert_shows(app, settings)
    assert SURFACES[surface].lesson in [caption.value for caption in app.caption]
    assert any(SURFACES[surface].latex in formula.value for formula in app.latex)
    assert app.selectbox(key="surface").options == [known.title for known in SURFACES.values()]
    labels = [element.label for element in app.button]
    assert labels == [*(preset.title for preset in presets_for(surface)), "Reset", "−", "+"]


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
def test_every_rule_alone_is_drawn_tabulated_and_worked_out(name):
    link = {"optimizers": name, "surface": "rosenbrock", "learning_rate": "0.0005"}
    app = opened({**link, "updates": "12", "update": "5", "arrows": "yes"})
    settings = settings_of(app)
    assert settings.optimizers == (name,)
    assert_shows(app, settings)
    done = experiment(settings)
    path = done.trajectories[name]
    shown = [formula.value for formula in app.latex]
    for line in worked_update(done.optimizers[name], done.loss, path, 4):
        assert any(line.symbols in text for text in shown)
        assert any(all(number in text for number in line.numbers) for text in shown)
    said = " ".join(element.value for element in app.markdown)
    assert f"**{title_of(name)}**, update 5." in said
    losses = re.search(r"from L = (\S+) to L = (\S+)\.(?: |$)", said).groups()
    expected = [f"{loss:.6g}".replace("-", "−") for loss in path.loss[4:6]]
    assert list(losses) == expected
    assert f"{name} chosen update" in names(charts(app)["contour"])
    tails = {(arrow["ax"], arrow["ay"]) for arrow in charts(app)["contour"]["layout"]["annotations"]}
    assert tails == {tuple(path.theta[4])}


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_a_widget_for_each_hyperparameter(name):
    app = opened({"optimizers": name, "updates": "5", "same_rate": "no"})
    keys = live_sliders(app).keys()
    for known in hyperparameters(OPTIMIZERS[name]):
        assert f"{name}.{known}" in keys


@pytest.mark.slow
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_can_be_chosen_and_changes_what_it_says(schedule):
    app = opened({"surface": "booth", "updates": "30", "optimizers": "GradientDescent,Adam,Newton"})
    app.selectbox(key="schedule").set_value(schedule)
    settings = settings_of(answered(app))
    assert settings.schedule == schedule
    assert_shows(app, settings)
    for name, known in hyperparameters(SCHEDULES[schedule]).items():
        value = known.high if not is_whole(SCHEDULES[schedule], name) else int(known.high)
        live_slider(app, f"{schedule}.{name}").set_value(value)
        assert settings_of(answered(app)).value(schedule, name) == value
        assert_shows(app, settings_of(app))


@pytest.mark.slow
@pytest.mark.parametrize("surface", SURFACES)
def test_every_preset_is_one_click_that_says_what_to_look_at_and_reset_undoes_it(surface):
    app = opened({"surface": surface, "optimizers": "Lion", "noise": "0.5", "updates": "3", "schedule": "Step"})
    for preset in presets_for(surface):
        button(app, preset.title).click()
        answered(app)
        assert settings_of(app) == preset.applied()
        assert_shows(app, preset.applied())
        assert preset.look_at in [caption.value for caption in app.caption]
    button(app, "Reset").click()
    settings = settings_of(answered(app))
    assert settings == Settings(surface=surface, start=start_of(surface), learning_rate=settings.learning_rate)
    assert_shows(app, settings)
    assert SURFACES[surface].lesson in [caption.value for caption in app.caption]


def test_reset_brings_back_what_the_page_opens_with():
    app = opened()
    before = settings_of(app)
    live_slider(app, "learning_rate").set_value(0.02)
    answered(app)
    button(app, "Reset").click()
    assert settings_of(answered(app)) == before


def captions(app) -> list[str]:
    return [caption.value for caption in app.caption]


def test_a_sentence_about_a_preset_is_there_only_while_its_runs_are():
    preset = next(known for known in presets_for("booth") if not known.good)
    app = opened({"surface": "booth"})
    button(app, preset.title).click()
    assert preset.look_at in captions(answered(app))
    app.toggle(key="arrows").set_value(True)
    assert preset.look_at in captions(answered(app))
    for move in (
        lambda: live_slider(app, "learning_rate").set_value(0.05),
        lambda: field(app, "start1").set_value("3"),
        lambda: app.slider(key="updates").set_value(12),
        lambda: app.multiselect(key="optimizers").set_value(["Adam"]),
        lambda: field(app, "noise").set_value("0.5"),
    ):
        button(app, preset.title).click()
        assert preset.look_at in captions(answered(app))
        move()
        assert preset.look_at not in captions(answered(app))
        assert SURFACES["booth"].lesson in captions(app)


def test_a_link_with_the_runs_of_a_preset_shows_its_sentence():
    preset = presets_for("booth")[0]
    assert preset.look_at in captions(opened(encoded(preset.applied())))


def test_reset_also_undoes_the_hyperparameters_of_rules_and_schedules_that_are_not_on_the_page():
    link = {"optimizers": "Nesterov", "Nesterov.momentum": "0.5", "schedule": "Step", "Step.period": "7"}
    app = opened(link)
    button(app, "Reset").click()
    answered(app)
    app.multiselect(key="optimizers").set_value(["Nesterov"])
    app.selectbox(key="schedule").set_value("Step")
    settings = settings_of(answered(app))
    assert settings.value("Nesterov", "momentum") == defaults(OPTIMIZERS["Nesterov"])["momentum"]
    assert settings.value("Step", "period") == defaults(SCHEDULES["Step"])["period"]


# The choices of a student


def test_one_slider_moves_every_rate_or_every_rule_has_its_own():
    app = opened({"surface": "booth", "optimizers": "GradientDescent,Adam,Newton", "learning_rate": "0.05"})
    rates = [key for key in live_sliders(app) if key.endswith("learning_rate")]
    assert rates == ["learning_rate", "Newton.learning_rate"]
    app.toggle(key="same_rate").set_value(False)
    answered(app)
    rates = [key for key in live_sliders(app) if key.endswith("learning_rate")]
    assert sorted(rates) == sorted(["GradientDescent.learning_rate", "Adam.learning_rate", "Newton.learning_rate"])
    before = charts(app)
    live_slider(app, "Adam.learning_rate").set_value(0.2)
    settings = settings_of(answered(app))
    assert not settings.same_rate
    assert settings.value("Adam", "learning_rate") == 0.2
    assert_shows(app, settings)
    unmoved, moved = (trace(before["loss"], name) for name in ("Gradient descent", "Adam"))
    assert trace(charts(app)["loss"], "Gradient descent") == unmoved
    assert trace(charts(app)["loss"], "Adam") != moved
    app.toggle(key="same_rate").set_value(True)
    assert settings_of(answered(app)).learning_rate == 0.05
    assert_shows(app, settings_of(app))


def test_the_shared_slider_moves_every_path():
    app = opened({"surface": "booth"})
    live_slider(app, "learning_rate").set_value(0.02)
    assert app.query_params == {"surface": "booth"}
    before = charts(app)
    settings = settings_of(answered(app))
    assert settings == Settings(surface="booth", start=start_of("booth"), learning_rate=0.02)
    assert_shows(app, settings)
    for name in settings.optimizers:
        assert trace(charts(app)["loss"], title_of(name)) != trace(before["loss"], title_of(name))


def test_without_an_optimizer_the_page_shows_the_surface_and_says_what_to_do():
    app = opened({"surface": "booth"})
    app.multiselect(key="optimizers").set_value([])
    answered(app)
    assert [info.value for info in app.info] == ["Choose at least one optimizer to see a path."]
    assert table(app) == []
    assert names(charts(app)["contour"]) == ["surface", "global minimum"]
    link = dict(app.query_params)
    again = opened(link)
    assert charts(again) == charts(app)
    assert warnings(again) == []
    app.multiselect(key="optimizers").set_value(["Newton"])
    assert_shows(answered(app), settings_of(app))


@pytest.mark.slow
@pytest.mark.parametrize("start", [(50.0, -70.0), (1e6, 1e6), (1e308, -1e308), (-1e308, 1e308), (5e-324, -5e-324)])
@pytest.mark.parametrize("surface", ["himmelblau", "ackley", "saddle"])
def test_a_start_far_outside_is_data(surface, start):
    for six in SIXES:
        link = {"surface": surface, "start": f"{start[0]!r},{start[1]!r}", "optimizers": ",".join(six), "updates": "15"}
        app = opened({**link, "arrows": "yes", "update": "2"})
        assert warnings(app) == []
        assert settings_of(app).start == start
        assert_shows(app, settings_of(app))
        for row in table(app):
            assert row[1].endswith(".")


def test_a_start_can_be_typed():
    app = opened({"surface": "booth", "optimizers": "GradientDescent"})
    field(app, "start1").set_value("2.5")
    answered(app)
    field(app, "start2").set_value("-1e308")
    settings = settings_of(answered(app))
    assert settings.start == (2.5, -1e308)
    assert_shows(app, settings)


@pytest.mark.parametrize("start", ["nan,1", "1,inf", "-inf,nan", "1e999,0"])
def test_a_start_that_is_no_point_is_named_and_the_start_of_the_surface_is_taken(start):
    app = opened({"surface": "booth", "start": start, "updates": "40"})
    (said,) = warnings(app)
    assert "`start`" in said
    assert f"`{start}`" in said
    assert settings_of(app) == Settings(surface="booth", start=start_of("booth"), updates=40)
    assert_shows(app, settings_of(app))


@pytest.mark.slow
@pytest.mark.parametrize("updates", [1, 2, MOST_UPDATES])
def test_any_number_of_updates(updates):
    app = opened({"surface": "rosenbrock", "learning_rate": "0.001", "optimizers": "GradientDescent,BFGS"})
    app.slider(key="updates").set_value(updates)
    settings = settings_of(answered(app))
    assert settings.updates == updates
    assert_shows(app, settings)
    assert [app.button(key=key).disabled for key in (ONE_BACK, ONE_ON)] == [updates == 1, True]


@pytest.mark.slow
def test_six_searching_rules_with_the_most_updates():
    app = opened({"surface": "bowl", "optimizers": ",".join(RULES[-6:]), "updates": str(MOST_UPDATES)})
    for rule, row in zip(RULES[-6:], table(app), strict=True):
        assert row[0].endswith(title_of(rule))
        assert row[1].startswith("Converged to the global minimum")


@pytest.mark.parametrize("link", [{"update": "40"}, {"update": "50"}, {}])
def test_a_clock_at_the_end_or_beyond_goes_with_the_end(link):
    app = opened({"updates": "50", "optimizers": "Adam", **link})
    for updates in (10, 60):
        app.slider(key="updates").set_value(updates)
        answered(app)
        assert settings_of(app).update == END
        assert "update" not in app.query_params
        assert any(f"**Adam**, update {updates}." in element.value for element in app.markdown)


def test_the_buttons_of_the_worked_update_move_the_clock():
    app = opened({"updates": "50", "optimizers": "Adam"})
    app.button(key=ONE_BACK).click()
    assert settings_of(answered(app)).update == 49
    assert any("**Adam**, update 49." in element.value for element in app.markdown)
    app.button(key=ONE_ON).click()
    assert settings_of(answered(app)).update == END


def test_before_the_first_update_the_first_one_is_worked_out():
    app = opened({"updates": "50", "optimizers": "Adam", "update": "0"})
    assert settings_of(app).update == 0
    assert any("**Adam**, update 1." in element.value for element in app.markdown)
    assert app.button(key=ONE_BACK).disabled


def test_what_is_drawn_of_an_update_is_that_of_the_first_one_where_the_end_is_shown():
    app = opened({"updates": "50", "optimizers": "Adam"})
    app.toggle(key="arrows").set_value(True)
    assert settings_of(answered(app)).update == 1
    app = opened({"updates": "50", "optimizers": "Adam", "update": "7"})
    app.toggle(key="circle").set_value(True)
    assert settings_of(answered(app)).update == 7


def test_another_surface_and_a_preset_show_the_end():
    app = opened({"updates": "50", "optimizers": "Adam", "update": "7"})
    app.selectbox(key="surface").set_value("booth")
    assert settings_of(answered(app)).update == END
    app.session_state["update"] = 7
    answered(app)
    app.button(key=next(button.key for button in app.button if button.label == "Reset")).click()
    assert settings_of(answered(app)).update == END


def test_a_folded_update_is_not_worked_out_and_keeps_what_was_chosen():
    app = opened({"updates": "50", "optimizers": "Adam,Momentum"})
    app.selectbox(key="rule").set_value("Momentum")
    app.session_state["update"] = 40
    app.toggle(key="arrows").set_value(True)
    answered(app)
    app.session_state["worked_out"] = False
    answered(app)
    live_slider(app, "learning_rate").set_value(0.001)
    answered(app)
    assert not any("**Momentum**, update" in element.value for element in app.markdown)
    assert ONE_BACK not in [widget.key for widget in app.button]
    settings = settings_of(app)
    assert (settings.rule, settings.update, settings.arrows) == ("Momentum", 40, True)
    assert charts(app)["contour"]["layout"]["annotations"]
    app.slider(key="updates").set_value(30)
    answered(app)
    app.session_state["worked_out"] = True
    answered(app)
    assert any("**Momentum**, update 30." in element.value for element in app.markdown)
    assert app.selectbox(key="rule").value == "Momentum"
    assert app.toggle(key="arrows").value


def test_after_a_divergence_there_is_nothing_to_work_out_and_the_page_says_so():
    app = opened({"surface": "monkey_saddle", "optimizers": "GradientDescent", "learning_rate": "1", "update": "40"})
    assert experiment(settings_of(app)).trajectories["GradientDescent"].diverged_at < 40
    assert any("There is nothing to work out: after update" in element.value for element in app.info)
    assert not any(r"\text{nan}" in element.value for element in app.latex)


def test_the_worked_rule_and_update_can_be_chosen_and_marked():
    app = opened({"surface": "booth", "optimizers": "GradientDescent,Momentum,Newton", "updates": "20"})
    assert charts(app)["contour"]["layout"].get("annotations", []) == []
    app.selectbox(key="rule").set_value("Momentum")
    answered(app)
    app.session_state["update"] = 9
    answered(app)
    app.toggle(key="arrows").set_value(True)
    answered(app)
    settings = settings_of(app)
    assert (settings.rule, settings.update, settings.arrows) == ("Momentum", 9, True)
    assert any("**Momentum**, update 9." in element.value for element in app.markdown)
    tail = experiment(settings).trajectories["Momentum"].theta[8]
    arrows = charts(app)["contour"]["layout"]["annotations"]
    assert len(arrows) >= 2
    assert {(arrow["ax"], arrow["ay"]) for arrow in arrows} == {tuple(tail)}
    app.multiselect(key="optimizers").set_value(["GradientDescent", "Newton"])
    answered(app)
    assert any("**Gradient descent**, update 9." in element.value for element in app.markdown)


def test_noise_is_the_same_for_the_same_seed_only():
    link = {"surface": "booth", "optimizers": "GradientDescent,Adam", "updates": "30"}
    app = opened(link)
    calm = charts(app)["loss"]
    field(app, "noise").set_value("0.5")
    answered(app)
    assert settings_of(app).noise == 0.5
    assert_shows(app, settings_of(app))
    noisy = charts(app)["loss"]
    assert noisy != calm
    field(app, "seed").set_value("1")
    assert charts(answered(app))["loss"] != noisy
    field(app, "seed").set_value("0")
    assert charts(answered(app))["loss"] == noisy
    assert charts(opened({**link, "noise": "0.5"}))["loss"] == noisy


@pytest.mark.slow
@pytest.mark.parametrize("noise", ["1e308", "5e-324", "0"])
def test_any_noise(noise):
    app = opened({"optimizers": ",".join(RULES[-6:]), "noise": noise, "updates": "10"})
    assert warnings(app) == []
    assert_shows(app, settings_of(app))


def test_heights_are_spaced_or_true():
    app = opened({"surface": "rosenbrock"})
    spaced = numbers(trace(charts(app)["contour"], "surface")["z"])
    app.radio(key="heights").set_value("true")
    answered(app)
    shown = trace(charts(app)["contour"], "surface")
    assert settings_of(app).heights == "true"
    assert not np.array_equal(numbers(shown["z"]), spaced)
    np.testing.assert_array_equal(numbers(shown["z"]), numbers(shown["customdata"]))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_pictures_follow_the_theme_of_the_browser(theme):
    app = opened({"surface": "booth"}, theme=theme.name)
    assert {chart["layout"]["font"]["color"] for chart in charts(app).values()} == {theme.ink}
    assert_shows(app, settings_of(app))


EXTREMES = {"lowest": lambda known: known.low, "highest": lambda known: known.high}
EXTREMES |= {"tiny": lambda known: 5e-324, "huge": lambda known: 1e308}


@pytest.mark.slow
@pytest.mark.parametrize("extreme", EXTREMES)
@pytest.mark.parametrize("six", SIXES, ids=lambda six: six[0])
def test_no_hyperparameter_that_a_rule_accepts_breaks_the_page(six, extreme):
    expected = {}
    for name in six:
        for key, known in hyperparameters(OPTIMIZERS[name]).items():
            value = EXTREMES[extreme](known)
            if known.complaint(key, value) is None:
                expected[f"{name}.{key}"] = value
    assert expected
    link = {"optimizers": ",".join(six), "updates": "15", "same_rate": "no", "arrows": "yes"}
    app = opened({**link, **{key: repr(value) for key, value in expected.items()}})
    assert warnings(app) == []
    for key, value in expected.items():
        assert settings_of(app).value(*key.split(".")) == value
    assert_shows(app, settings_of(app))


@pytest.mark.slow
@pytest.mark.parametrize("extreme", ["1", "5e-324", "1e15", "1e16", "1e17", "1e308"])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_no_hyperparameter_that_a_schedule_accepts_breaks_the_page(schedule, extreme):
    app = opened(
        {"schedule": schedule, **{f"{schedule}.{name}": extreme for name in hyperparameters(SCHEDULES[schedule])}}
    )
    assert_shows(app, settings_of(app))
    assert len(warnings(app)) <= 1
    answered(app)


@pytest.mark.parametrize("rate", ["5e-324", "1e-300", "0.0123", "3.3", "1e5", "1e308"])
def test_any_learning_rate_of_a_link_has_its_place_on_the_slider(rate):
    app = opened({"learning_rate": rate, "updates": "10"})
    assert live_slider(app, "learning_rate").value == float(rate)
    assert settings_of(app).learning_rate == float(rate)
    assert_shows(app, settings_of(app))
    live_slider(app, "learning_rate").set_value(0.1)
    assert settings_of(answered(app)).learning_rate == 0.1
    assert_shows(app, settings_of(app))


def test_a_download_does_not_disturb_the_page():
    app = opened({"surface": "booth"})
    buttons = {button.label: button.proto for button in app.get("download_button")}
    assert list(buttons) == ["Take it home (HTML)", "Trajectories (CSV)", "Script (Python)"]
    # A rerun would replace the file while the browser is asking for it, and the button would wait for ever.
    assert [button.ignore_rerun for button in buttons.values()] == [True] * 3


# Links

LINKS = {
    "a preset": encoded(PRESETS[0].applied()),
    "many rules": {"surface": "beale", "optimizers": ",".join(SIXES[1]), "updates": "30"},
    "own rates": {"surface": "booth", "same_rate": "no", "Adam.learning_rate": "0.123", "Momentum.momentum": "0.5"},
    "a schedule": {"surface": "booth", "schedule": "Step", "Step.period": "7", "Step.decay": "0.3"},
    "noise": {"surface": "saddle", "noise": "0.25", "seed": "17", "optimizers": "GradientDescent,Newton"},
    "everything": {
        "surface": "rosenbrock",
        "start": "-1.25,0.333333333333333",
        "optimizers": "Adam,Newton,Momentum",
        "learning_rate": "0.0017",
        "updates": "77",
        "schedule": "WarmupCosine",
        "noise": "0.01",
        "seed": "5",
        "heights": "true",
        "rule": "Newton",
        "update": "33",
        "same_rate": "no",
        "arrows": "yes",
        "Adam.beta1": "0.55",
        "Adam.epsilon": "0.0001",
        "Newton.learning_rate": "0.5",
        "WarmupCosine.warmup": "11",
    },
}
every_link = pytest.mark.parametrize("link", LINKS.values(), ids=list(LINKS))


@pytest.mark.slow
@every_link
def test_a_link_reproduces_the_page_in_a_fresh_session(link):
    app = opened(link)
    assert warnings(app) == []
    assert settings_of(app) == decoded(link)[0]
    assert_shows(app, settings_of(app))
    app.slider(key="updates").set_value(23)
    answered(app)
    again = opened(dict(app.query_params))
    assert charts(again) == charts(app)
    assert table(again) == table(app)
    assert again.query_params == app.query_params
    assert settings_of(again).updates == 23


@pytest.mark.slow
@pytest.mark.parametrize("preset", [preset for preset in PRESETS if preset.surface in ("easom", "plateau", "saddle")])
def test_the_link_after_a_preset_reproduces_the_page(preset):
    app = opened({"surface": preset.surface})
    button(app, preset.title).click()
    answered(app)
    again = opened(dict(app.query_params))
    assert charts(again) == charts(app)


BROKEN_LINKS = {
    "a surface that is not there": {"surface": "everest"},
    "no surface": {"surface": ""},
    "words for numbers": {"learning_rate": "fast", "updates": "many", "noise": "some"},
    "not finite": {"learning_rate": "nan", "noise": "inf", "start": "nan,nan"},
    "a number of four hundred digits": {"learning_rate": str(10**400), "updates": str(10**400)},
    "ten thousand characters": {"surface": "x" * 10_000},
    "markup": {"surface": "<script>alert(1)</script>", "schedule": "<img src=x onerror=alert(1)>"},
    "markdown": {"heights": "`x` **b** [l](http://x) $y$", "rule": "![i](x)"},
    "out of range": {"updates": "0", "seed": "-1", "Adam.beta1": "1", "Step.period": "0.5"},
    "keys that are not settings": {"utm_source": "mail", "Adam.nope": "1", "<b>": "2"},
    "unknown rules": {"optimizers": "Sgd,Adamm"},
    "too many rules": {"optimizers": ",".join(RULES)},
}


@pytest.mark.parametrize("link", BROKEN_LINKS.values(), ids=list(BROKEN_LINKS))
def test_a_broken_link_shows_the_defaults_and_one_line_on_what_was_ignored(link):
    app = opened(link)
    (said,) = warnings(app)
    for key in link:
        assert f"`{key}`" in said
    assert_harmless(said)
    expected = Settings()
    if link.get("optimizers", "").startswith(RULES[0]):
        expected = replace(expected, optimizers=tuple(RULES[:6]))
    assert settings_of(app) == expected
    assert_shows(app, expected)


def test_the_good_parts_of_a_broken_link_are_used():
    good = {"surface": "booth", "start": "3,4", "updates": "30", "schedule": "Step", "Step.period": "5"}
    app = opened({**good, "learning_rate": "nan", "nope": "1"})
    (said,) = warnings(app)
    assert "`learning_rate`" in said
    assert "`nope`" in said
    assert settings_of(app) == decoded(good)[0]
    assert app.query_params == encoded(decoded(good)[0])
    assert warnings(opened(dict(app.query_params))) == []


def test_of_a_value_that_a_link_repeats_the_last_one_counts():
    app = opened({"surface": ["booth", "beale"], "updates": ["10", "20"]})
    assert_shows(app, Settings(surface="beale", start=start_of("beale"), updates=20))


def test_a_link_that_changes_while_the_page_is_open_is_followed():
    app = opened({"surface": "booth"})
    app.query_params = {"surface": "beale", "updates": "12"}
    answered(app)
    assert settings_of(app) == Settings(surface="beale", start=start_of("beale"), updates=12)
    assert_shows(app, settings_of(app))


def test_the_back_button_of_the_browser_brings_back_the_settings_before(monkeypatch):
    monkeypatch.setattr("ui.controls.LATE_SECONDS", 0.0)
    app = opened({"surface": "booth", "optimizers": "Adam"})
    before, pictures = dict(app.query_params), charts(app)
    app.slider(key="updates").set_value(12)
    answered(app)
    app.query_params = before
    answered(app)
    assert app.query_params == before
    assert charts(app) == pictures


def test_a_widget_that_is_moved_before_the_browser_knows_the_new_link_keeps_its_value():
    app = opened({"surface": "booth", "optimizers": "Adam"})
    old = dict(app.query_params)
    live_slider(app, "learning_rate").set_value(0.02)
    answered(app)
    live_slider(app, "learning_rate").set_value(0.0225)
    app.query_params = old
    answered(app)
    assert live_slider(app, "learning_rate").value == 0.0225
    assert settings_of(app).learning_rate == 0.0225
    assert_shows(app, settings_of(app))


def test_a_preset_that_is_clicked_before_the_browser_knows_the_new_link_is_applied():
    app = opened({"surface": "booth", "optimizers": "Adam"})
    old = dict(app.query_params)
    live_slider(app, "learning_rate").set_value(0.02)
    answered(app)
    preset = presets_for("booth")[0]
    button(app, preset.title).click()
    app.query_params = old
    answered(app)
    assert settings_of(app) == preset.applied()


# Nothing else moves

BUSY = decoded(LINKS["everything"])[0]
CHANGES = {
    "learning rate": ("live", "Adam.learning_rate", 0.02, {}),
    "optimizers": ("multiselect", "optimizers", ["Newton", "Adam"], {"optimizers": ("Newton", "Adam"), "rule": ""}),
    "start": ("text_input", "start1 typed", "0.5", {"start": (0.5, BUSY.start[1])}),
    "updates": ("slider", "updates", 90, {"updates": 90}),
    "schedule": ("selectbox", "schedule", "Cosine", {"schedule": "Cosine"}),
    "noise": ("text_input", "noise typed", "0.02", {"noise": 0.02}),
    "seed": ("text_input", "seed typed", "6", {"seed": 6}),
    "heights": ("radio", "heights", "spaced", {"heights": "spaced"}),
    "arrows": ("toggle", "arrows", False, {"arrows": False}),
    "same rate": ("toggle", "same_rate", True, {"same_rate": True}),
    "rule": ("selectbox", "rule", "Momentum", {"rule": "Momentum"}),
    "hyperparameter": ("live", "Adam.beta1", 0.6, {}),
    "schedule's hyperparameter": ("live", "WarmupCosine.warmup", 12, {}),
}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "key", "value", "changes"), CHANGES.values(), ids=list(CHANGES))
def test_one_widget_changes_one_thing(kind, key, value, changes):
    app = opened(LINKS["everything"])
    (live_slider(app, key) if kind == "live" else getattr(app, kind)(key=key)).set_value(value)
    settings = settings_of(answered(app))
    values = dict(BUSY.values)
    if "." in key:
        values[key] = value
    values = {
        name: number for name, number in values.items() if name.split(".")[0] != "WarmupCosine" or key != "schedule"
    }
    assert settings == replace(BUSY, values=values, **changes)
    assert_shows(app, settings)


def test_a_new_surface_brings_its_start_and_rate_and_keeps_everything_else():
    app = opened(LINKS["everything"])
    app.selectbox(key="surface").set_value("booth")
    settings = settings_of(answered(app))
    fresh = {"start": start_of("booth"), "learning_rate": settings.learning_rate, "update": END}
    assert settings == replace(BUSY, surface="booth", **fresh)
    assert_shows(app, settings)


def test_bad_input_leaves_the_other_widgets_alone():
    app = opened(LINKS["everything"])
    before = {key: value for key, value in app.session_state.items() if not key.startswith(("_", "start"))}
    field(app, "start1").set_value("1e308")
    answered(app)
    field(app, "start2").set_value("-1e308")
    answered(app)
    after = {key: value for key, value in app.session_state.items() if not key.startswith(("_", "start"))}
    assert after == before
    assert settings_of(app) == replace(BUSY, start=(1e308, -1e308))
    assert_shows(app, settings_of(app))


def test_the_hyperparameters_of_a_rule_survive_while_it_is_away():
    app = opened({"surface": "booth", "optimizers": "Adam,Momentum", "updates": "20"})
    live_slider(app, "Adam.beta1").set_value(0.55)
    answered(app)
    live_slider(app, "Adam.epsilon").set_value(0.01)
    before = charts(answered(app))
    app.multiselect(key="optimizers").set_value(["Momentum"])
    answered(app)
    assert not any(key.startswith("Adam") for key in app.query_params)
    answered(app)
    app.multiselect(key="optimizers").set_value(["Adam", "Momentum"])
    answered(app)
    assert live_slider(app, "Adam.beta1").value == 0.55
    assert live_slider(app, "Adam.epsilon").value == 0.01
    assert charts(app) == before


def test_the_hyperparameters_of_a_schedule_survive_while_another_one_is_chosen():
    app = opened({"schedule": "Step", "Step.period": "9"})
    app.selectbox(key="schedule").set_value("Cosine")
    answered(app)
    app.selectbox(key="schedule").set_value("Step")
    answered(app)
    assert live_slider(app, "Step.period").value == 9
    assert settings_of(app).value("Step", "period") == 9


@pytest.mark.slow
@every_link
def test_a_visit_to_the_catalogue_changes_nothing(link):
    app = opened(link)
    app.slider(key="updates").set_value(24)
    before = charts(answered(app))
    address = dict(app.query_params)
    state = {key: value for key, value in app.session_state.items() if "." in key}
    on_page(app, "catalogue")
    assert charts(app) == {}
    on_page(app, "descent")
    assert charts(app) == before
    assert app.query_params == address
    assert {key: value for key, value in app.session_state.items() if "." in key} == state
    assert warnings(app) == []


@pytest.mark.slow
def test_a_long_session_never_shows_an_error():
    app = opened()
    generator = np.random.default_rng(3)
    for _ in range(25):
        app.selectbox(key="surface").set_value(generator.choice(list(SURFACES)))
        answered(app)
        app.multiselect(key="optimizers").set_value(list(generator.permutation(RULES)[: generator.integers(0, 7)]))
        answered(app)
        app.slider(key="updates").set_value(int(generator.integers(1, 40)))
        app.selectbox(key="schedule").set_value(generator.choice(list(SCHEDULES)))
        for toggle in app.toggle:
            toggle.set_value(bool(generator.integers(2)))
        answered(app)
        sliders = [*live_sliders(app).values()]
        if sliders:
            slider = sliders[generator.integers(len(sliders))]
            slider.set_value(float(generator.choice(slider.options)))
        settings = settings_of(answered(app))
        if settings.optimizers:
            assert_shows(app, settings)
