"""The playground: choose a surface and some rules, move the learning rate, and see what each does."""

import streamlit as st

from browser.pictures import pictures
from browser.playground import beyond_sliders, live, with_runs
from lessons.experiment import Experiment, experiment
from lessons.presets import look_at, presets_for
from surfaces.names import surface_of
from ui import controls, downloads, report
from ui.canvas import answers, canvas, moments
from ui.heading import heading
from ui.navigation import page_of
from ui.plus_signs import ask_about_plus, note_link
from ui.take_home import take_home_button
from ui.theme import page_theme
from ui.verdicts import verdicts_of

HEIGHT = 430

heading(
    page_of(""),
    "A rule walks downhill on a loss. Move its learning rate and watch.",
    {"Begin with lesson 1": page_of("update_rule")},
)
note_link("surface")
controls.restore()
# Always there: what stands below a sentence would be made anew when the sentence comes and goes.
about_link = st.container()
if controls.ignored_parts():
    about_link.warning("The link could not be used as a whole. Ignored: " + "; ".join(controls.ignored_parts()) + ".")
ask_about_plus(about_link, "surface", controls.choose_surface)

place, rules = st.columns([2, 3], vertical_alignment="bottom")
with place:
    controls.surface_picker()
with rules:
    controls.optimizer_picker()
name = st.session_state["surface"]
surface = surface_of(name)

with st.container(horizontal=True, key="playground_tries"):
    for preset in presets_for(name):
        st.button(
            preset.title,
            icon=":material/thumb_up:" if preset.good else ":material/warning:",
            help=preset.look_at,
            on_click=controls.apply_preset,
            args=(preset,),
        )
    st.button("Reset", icon=":material/restart_alt:", on_click=controls.reset)


@st.fragment
def descent() -> None:
    """The pictures and all that moves them, and what became of every rule.

    What has another height after a change stands at the end, so that it moves nothing.
    """
    settings, complaints = controls.current()
    with answers("look_at"):
        st.caption(look_at(settings) or surface.lesson)
    theme, done = page_theme(), experiment(settings)
    figures = pictures(done, theme, HEIGHT)
    canvas(
        figures,
        report.descriptions(done),
        key="canvas",
        steps=settings.updates,
        clock=controls.CLOCK,
        revision=settings.surface,
        on_pick={"contour": controls.set_start},
        live=with_runs(live(settings), done),
        verdicts=verdicts_of(done.outcomes, theme),
    )
    about_settings = st.container()
    for complaint in complaints:
        about_settings.warning(complaint)
    with st.expander("Settings: start, updates, schedule and noise"):
        run_column, rate_column = st.columns(2, gap="large")
        with run_column:
            controls.start_and_updates(about_settings)
        with rate_column:
            controls.schedule_and_noise(about_settings)
    with st.expander("The formula and its source"):
        st.latex(rf"L(\theta_1, \theta_2) = {surface.latex}")
        st.markdown(f"{surface.lesson}  \nSource: {surface.source}.")
    take_home(done)
    # Most never open it, and what it holds would be half of all that every move of the slider sends.
    worked_out = st.expander("One update, worked out", key="worked_out", on_change="rerun")
    controls.keep_update(settings)
    if worked_out.open and settings.optimizers:
        with worked_out:
            controls.update_picker(settings)
        with worked_out, moments("worked"):
            report.worked(done, settings.chosen_rule(), settings.chosen_update())
    with answers("outcome"):
        report.report(done, theme, beyond_sliders(settings))
    controls.remember(settings)


def take_home(done: Experiment) -> None:
    """What can be kept of the present runs, made when it is asked for."""
    with st.container(horizontal=True, key="take_home"):
        take_home_button(done.settings, st.context.url or "")
        for label, content, file, kind in (
            ("Trajectories (CSV)", lambda: downloads.trajectories_csv(done), "trajectories.csv", "text/csv"),
            ("Script (Python)", lambda: downloads.script(done.settings), "descent.py", "text/x-python"),
        ):
            # A rerun would replace the file while the browser is asking for it.
            st.download_button(label, content, file, kind, on_click="ignore")


descent()
