"""The widgets of the playground, made from registry fields, and their state in the session and in the link."""

import math
import time
from functools import lru_cache

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lessons.defaults import defaults_for
from lessons.moments import END, within
from lessons.preset import Preset
from lessons.settings import (
    HEIGHT_WORDS,
    HEIGHTS,
    LARGEST_SEED,
    MOST_OPTIMIZERS,
    MOST_UPDATES,
    OWNERS,
    Settings,
    decoded,
    encoded,
)
from optimizers import OPTIMIZERS, SCHEDULES, full_title_of, title_of
from optimizers.hyperparameters import hyperparameters
from surfaces.names import surface_of, title_of_surface
from ui.choices import offer, surface_names
from ui.clock import set_clock, stepper, to_end
from ui.fields import number_field, put_value, went_back
from ui.navigation import PAGES

_SIMPLE = (
    "surface",
    "learning_rate",
    "same_rate",
    "updates",
    "schedule",
    "noise",
    "seed",
    "heights",
    "arrows",
    "circle",
    "update",
)
# The key of the state of the clock: how many updates are done at the moment that is shown.
CLOCK = "update"
_LINK, _REPLACED, _IGNORED = "_link", "_replaced", "_ignored"
# How long a link may still arrive after it has been replaced: a busy machine is slow to hear of the new one.
LATE_SECONDS = 60.0
MOST_COMPLAINTS = 20
_CIRCLE_HELP = "The circle around the point before the update, as wide as the step was long. The lesson explains it."
_DRAWN_OF_UPDATE = (
    ("Show its arrows on the map", "arrows", None),
    ("Show its red circle", "circle", _CIRCLE_HELP),
)


def restore() -> None:
    """Fills the session from the link when the page is opened, when it is returned to, and when the link changes."""
    query, _ = _link()
    known = st.session_state.get(_LINK)
    moved = known is not None and (went_back() or (not _is_late(query) and encoded(current()[0]) == known))
    if known is None or ((query or went_back()) and query != known and moved):
        settings, ignored = decoded(query)
        put(settings)
        st.session_state[_IGNORED] = ignored
    elif "surface" not in st.session_state:
        put(decoded(known)[0])


def _link() -> tuple[dict[str, str], dict[str, str]]:
    """The link's part for this page, and the part for the lessons, whose keys are an address, a dot and a name."""
    query = st.query_params.to_dict()
    lessons = tuple(f"{page.url_path}." for page in PAGES if page.url_path)
    others = {key: value for key, value in query.items() if key.startswith(lessons)}
    return {key: value for key, value in query.items() if key not in others}, others


def _is_late(query: dict[str, str]) -> bool:
    """True for a link that was right a moment ago: the browser sent it before it knew the new one."""
    replaced = st.session_state.get(_REPLACED, {}).get(tuple(query.items()), -math.inf)
    return time.monotonic() - replaced < LATE_SECONDS


def put(settings: Settings) -> None:
    """Writes settings into the state of the widgets."""
    state = st.session_state
    offer(settings.surface)
    for name in _SIMPLE:
        put_value(name, getattr(settings, name))
    _put_start(*settings.start)
    state["optimizers"] = list(settings.optimizers)
    state["rule"] = settings.chosen_rule()
    # Streamlit goes through the whole state for every widget, so what is not chosen stays out: it has its default.
    for owner, kind in OWNERS.items():
        for name in hyperparameters(kind):
            key = f"{owner}.{name}"
            if owner in (*settings.optimizers, settings.schedule) or key in settings.values:
                state[key] = settings.value(owner, name)
            elif key in state:
                del state[key]
    state[_IGNORED] = []


def remember(settings: Settings) -> None:
    """Writes the settings into the link."""
    query, known = encoded(settings), st.session_state.get(_LINK)
    if known is not None and known != query:
        now = time.monotonic()
        replaced = st.session_state.get(_REPLACED, {}) | {tuple(known.items()): now}
        st.session_state[_REPLACED] = {link: at for link, at in replaced.items() if now - at < LATE_SECONDS}
    st.session_state[_LINK] = query
    own, others = _link()
    if own != query:
        st.query_params.from_dict({**others, **query})


def ignored_parts() -> list[str]:
    """What could not be used of the link with which the page was opened: the first parts, and how many more."""
    every = st.session_state.get(_IGNORED, [])
    more = len(every) - MOST_COMPLAINTS
    return [*every[:MOST_COMPLAINTS], f"and {more} more"] if more > 0 else every


def apply_preset(preset: Preset) -> None:
    """Sets everything to a preset; for a button's callback."""
    put(preset.applied())


def set_start(theta1: float, theta2: float) -> None:
    """Moves the start; for the canvas's callback."""
    _put_start(theta1, theta2)


def _put_start(theta1: float, theta2: float) -> None:
    put_value("start1", theta1)
    put_value("start2", theta2)


def reset() -> None:
    """Sets everything to the defaults of the chosen surface; for a button's callback."""
    put(defaults_for(st.session_state["surface"]))


def _surface_changed() -> None:
    """A new surface brings its own start and a learning rate that suits it, and its runs are shown to their end."""
    fresh = defaults_for(st.session_state["surface"])
    _put_start(*fresh.start)
    st.session_state["learning_rate"] = fresh.learning_rate
    to_end(CLOCK)


def choose_surface(name: str) -> None:
    """Changes to a typed formula; for a button's callback."""
    offer(name)
    st.session_state["surface"] = name
    st.session_state[_IGNORED] = []
    _surface_changed()


def surface_picker() -> None:
    """The surface."""
    st.selectbox(
        "Surface",
        surface_names(),
        key="surface",
        format_func=title_of_surface,
        on_change=_surface_changed,
        persist_state="session",
    )


def optimizer_picker() -> None:
    """One to six rules."""
    st.multiselect(
        f"Optimizers (up to {MOST_OPTIMIZERS})",
        list(OPTIMIZERS),
        key="optimizers",
        format_func=full_title_of,
        max_selections=MOST_OPTIMIZERS,
        # Else the Enter key, after a few letters, takes all that begin with them.
        select_all=False,
        placeholder="Choose at least one",
        persist_state="session",
    )


def start_and_updates(complaints: DeltaGenerator) -> None:
    """Where the paths begin and how long they are."""
    names, own_start = ("start1", "start2"), surface_of(st.session_state["surface"]).start
    for column, name, label, usual in zip(st.columns(2), names, ("Start θ₁", "Start θ₂"), own_start, strict=True):
        number_field(column, label, name, float(usual), complaints=complaints, in_link=False)
    st.slider("Number of updates", 1, MOST_UPDATES, key="updates", persist_state="session")
    st.radio(
        "Heights",
        HEIGHTS,
        key="heights",
        horizontal=True,
        format_func=HEIGHT_WORDS.get,
        help="Log-like spacing keeps narrow valleys and steep walls readable together. Labels are true losses.",
        persist_state="session",
    )


def schedule_and_noise(complaints: DeltaGenerator) -> None:
    """How the learning rate changes, and noise on the gradient."""
    st.toggle(
        "One learning rate for all",
        key="same_rate",
        help="Off: every rule has its own slider.",
        persist_state="session",
    )
    st.selectbox("Schedule", list(SCHEDULES), key="schedule", format_func=title_of, persist_state="session")
    st.latex(SCHEDULES[st.session_state["schedule"]].latex)
    left, right = st.columns(2)
    number_field(
        left,
        "Noise on the gradient",
        "noise",
        Settings.noise,
        low=0.0,
        complaints=complaints,
        help="The standard deviation of the Gaussian noise on both partial derivatives, the same for all rules.",
        in_link=False,
    )
    number_field(
        right,
        "Seed",
        "seed",
        Settings.seed,
        0,
        LARGEST_SEED,
        complaints=complaints,
        whole=True,
        help="The same seed gives the same noise.",
        in_link=False,
    )


def keep_update(settings: Settings) -> None:
    """Gives the widgets of `update_picker`, shown or not, the rule that there is."""
    _keep("rule", settings.chosen_rule())


def update_picker(settings: Settings) -> None:
    """Which update of which rule is worked out, and whether the map shows it. The update is the one of the clock."""
    rule, update, shown = st.columns([2, 3, 4], vertical_alignment="bottom")
    rule.selectbox("Rule", settings.optimizers, key="rule", format_func=title_of, persist_state="session")
    with update:
        chosen = settings.chosen_update()
        stepper(CLOCK, chosen, settings.updates, f"Update {chosen} of {settings.updates}")
    with shown.container(horizontal=True):
        for label, key, help in _DRAWN_OF_UPDATE:
            st.toggle(label, key=key, help=help, on_change=_from_the_first, args=(key,), persist_state="session")


def _from_the_first(key: str) -> None:
    """Shows the first update with what is drawn of it: at its end a path hardly moves, so nothing would be seen."""
    state = st.session_state
    if state[key] and state[CLOCK] == END:
        set_clock(CLOCK, 1, state["updates"])


def _keep(key: str, value: object) -> None:
    """Gives a widget this value. One that it has already is not written: the browser would take it for news, and undo
    what the hand has moved in the meantime."""
    known = st.session_state.get(key)
    if known != value or type(known) is not type(value):
        st.session_state[key] = value


def _explicit_rule(rule: str, optimizers: list[str]) -> str:
    """The chosen rule, or nothing where it is the first one or no longer among the chosen ones."""
    return rule if rule in optimizers[1:] else ""


@lru_cache(maxsize=1024)
def _is_hyperparameter(key: str) -> bool:
    owner, dot, name = key.partition(".")
    return bool(dot) and owner in OWNERS and name in hyperparameters(OWNERS[owner])


def current() -> tuple[Settings, list[str]]:
    """The settings as the widgets have them, and a sentence for each that cannot be used as it is."""
    # One look at the whole state takes a fraction of the time of many single ones.
    state = st.session_state.to_dict()
    complaints = []
    start = tuple(state[key] for key in ("start1", "start2"))
    if not all(isinstance(number, (int, float)) and math.isfinite(number) for number in start):
        start = tuple(map(float, surface_of(state["surface"]).start))
        complaints.append(
            f"The start must be two finite numbers. The paths begin at ({start[0]:g}, {start[1]:g}) instead."
        )
    noise = state["noise"]
    if noise is None or not math.isfinite(noise) or noise < 0:
        noise = 0.0
        complaints.append("The noise must be a finite number of at least 0. The paths run without noise.")
    values = {key: value for key, value in state.items() if _is_hyperparameter(str(key))}
    simple = {name: state[name] for name in _SIMPLE if name not in ("noise", "seed", "update")}
    return (
        Settings(
            **simple,
            start=start,
            optimizers=tuple(state["optimizers"]),
            noise=float(noise),
            seed=int(state["seed"] or 0),
            rule=_explicit_rule(state.get("rule") or "", state["optimizers"]),
            update=within(state[CLOCK], int(state["updates"])),
            values=values,
        ),
        complaints,
    )
