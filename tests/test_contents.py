"""What a page without a server holds: of the same settings, it makes the pictures and sliders that the server makes."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from browser.contents import HEIGHT, LENGTHS, common, noise_of, stated, surface_contents
from browser.hand import data
from browser.pictures import is_heavy, pictures
from browser.playground import live, with_runs
from browser.wire import packed
from figures.theme import THEMES
from lessons.defaults import defaults_for
from lessons.experiment import experiment
from lessons.presets import PRESETS
from lessons.settings import MOST_UPDATES, Settings
from optimizers import OPTIMIZERS, GaussianNoise
from optimizers.sensitivity import is_sensitive
from surfaces import SURFACES
from tests.node import FOLDER, answers_of

pytestmark = pytest.mark.slow

RULES = tuple(OPTIMIZERS)
# Arrays travel with seven digits, and 32 bits of heights have as many.
NEAR = 2e-6
# What only the server draws.
SERVERS = {"lowest point of the loss"}
SETTINGS = {
    "the first": Settings(),
    "other rules": replace(defaults_for("rosenbrock"), optimizers=("BFGS", "LineSearch", "Newton", "RMSProp")),
    "six more": replace(defaults_for("booth"), optimizers=RULES[12:18], updates=59),
    "long": replace(defaults_for("ackley"), optimizers=RULES[:6], updates=max(LENGTHS)),
    "true heights": replace(defaults_for("beale"), heights="true", updates=60),
    "no lowest loss": defaults_for("saddle"),
    "examples": replace(defaults_for("tanh_neuron"), optimizers=("Adam", "Momentum")),
    "noise": replace(defaults_for("himmelblau"), noise=5.0, seed=3),
    "a schedule": replace(defaults_for("booth"), schedule="Step", values={"Step.period": 7, "Step.decay": 0.25}),
    "own rates": replace(
        defaults_for("bowl"),
        same_rate=False,
        optimizers=("Adam", "BestStep"),
        values={"Adam.learning_rate": 0.123, "Adam.beta1": 0.55, "BestStep.learning_rate": 0.5},
    ),
    "arrows and circle": replace(defaults_for("ackley"), arrows=True, circle=True, update=3, rule="Momentum"),
    "at its end": replace(defaults_for("himmelblau"), circle=True),
    "a moment": replace(defaults_for("himmelblau"), update=17),
    "it diverges": replace(defaults_for("rosenbrock"), learning_rate=0.02),
    "below the lowest loss": replace(defaults_for("booth"), learning_rate=0.2, updates=30),
    "a typed formula": defaults_for("= sqrt(x) + abs(y - 1)"),
    "nothing": replace(defaults_for("bowl"), optimizers=()),
}


@cache
def messages(theme: str) -> dict[str, dict]:
    return dict(zip(SETTINGS, composed(list(SETTINGS.values()), theme), strict=True))


def composed(every: Sequence[Settings], theme: str = "light") -> list[dict]:
    """The messages that a page makes of settings, and what became of the runs, by node."""
    surfaces = sorted({settings.surface for settings in every})
    held = [{"common": packed(common())}, *({"surface": packed(surface_contents(name))} for name in surfaces)]
    cases = [
        {
            "settings": stated(settings),
            "theme": theme,
            "noise": noise_of(settings.seed) if settings.noise else None,
        }
        for settings in every
    ]
    return answers_of(FOLDER / "compose.js", [*held, *cases])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", SETTINGS)
def test_the_page_draws_what_the_server_draws(name, theme):
    message, done = messages(theme)[name], experiment(SETTINGS[name])
    drawn = pictures(done, THEMES[theme], HEIGHT)
    assert list(message["content"]) == list(drawn)
    for kind, figure in drawn.items():
        made = message["content"][kind]
        served = [trace for trace in figure._data if not is_heavy(trace) and trace["name"] not in SERVERS]
        own = [trace for trace in made["data"] if "ground" not in trace]
        assert [_name(trace) for trace in own] == [_name(trace) for trace in served]
        for trace, other in zip(served, own, strict=True):
            _compare(trace, other, figure._layout)
        _compare_layouts(figure._layout, made["layout"])


def _name(trace: dict) -> str:
    """The map calls exits by the name of the rule, the surface by its title."""
    return "exits" if trace["name"].endswith("left the frame") else trace["name"]


def _compare(served: dict, made: dict, layout: dict) -> None:
    """The same look, and the same points; lines may have other corners."""
    where = f"{served['name']} ({served['type']})"
    for part in ("type", "mode", "line", "opacity", "fill", "showlegend"):
        assert served.get(part) == made.get(part), f"{where}: {part}"
    marker, other = ({**trace.get("marker", {})} for trace in (served, made))
    marker.pop("size", None), other.pop("size", None)
    assert marker == other, where
    if served["mode"] == "lines":
        assert len(made["x"]) > 1
        return
    frame = _frame(layout)
    points, others = (_inside(trace, frame) for trace in (served, made))
    assert points.shape == others.shape, where
    scale = np.array([[high - low] for low, high in frame])
    assert np.nanmax(np.abs(points - others) / scale, initial=0.0) <= NEAR, where


def _frame(layout: dict) -> list[tuple[float, float]]:
    axes = (
        [layout["scene"][f"{axis}axis"] for axis in "xyz"] if "scene" in layout else [layout["xaxis"], layout["yaxis"]]
    )
    return [tuple(10.0 ** np.array(axis["range"]) if axis.get("type") == "log" else axis["range"]) for axis in axes]


def _inside(trace: dict, frame: list[tuple[float, float]]) -> np.ndarray:
    """The points (axes, n) of a trace in its frame; the browser also keeps some beside it, where nothing is drawn."""
    columns = [[np.nan if number is None else number for number in trace[axis]] for axis in "xyz"[: len(frame)]]
    points = np.array(columns, dtype=float)
    slack = np.array([1e-6 * (high - low) for low, high in frame])[:, None]
    low, high = (np.array(end)[:, None] for end in zip(*frame, strict=True))
    return points[:, ((points >= low - slack) & (points <= high + slack)).all(axis=0)]


def _compare_layouts(served: dict, made: dict) -> None:
    def plain(layout: dict) -> dict:
        kept = {name: value for name, value in layout.items() if name not in ("meta", "annotations")}
        return json.loads(json.dumps(kept, default=lambda value: value.tolist()))

    assert _rounded(plain(served)) == _rounded(plain(made))
    notes, others = (
        [{name: note[name] for name in note if name != "hovertext"} for note in layout.get("annotations") or []]
        for layout in (served, made)
    )
    assert [_rounded(note) for note in notes] == [_rounded(note) for note in others]


def _rounded(value):
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return float(f"{float(value):.9g}") if isinstance(value, int | float) and not isinstance(value, bool) else value


@pytest.mark.parametrize("name", [name for name in SETTINGS if name != "nothing"])
def test_the_page_has_the_sliders_and_runs_of_the_server(name):
    settings = SETTINGS[name]
    served, made = data(with_runs(live(settings), experiment(settings))), messages("light")[name]["live"]
    served = json.loads(json.dumps(served))
    assert made["sliders"] == served["sliders"]
    assert made["bound"] == served["bound"]
    assert made["points"] == served["points"]
    assert {**made["inputs"], **served["inputs"]} == made["inputs"]
    assert [sentence["program"] for sentence in made["sentences"]] == [
        sentence["program"] for sentence in served["sentences"] if sentence["run"]
    ]


def test_every_preset_ends_where_numpy_ends():
    every = [preset.applied() for preset in PRESETS]
    for settings, message in zip(every, composed(every), strict=True):
        for run, trajectory in experiment(settings).trajectories.items():
            outcome = message["outcome"][run]
            assert outcome["diverged_at"] == int(trajectory.diverged_at)
            if outcome["diverged_at"] < 0 and not is_sensitive(trajectory):
                np.testing.assert_allclose(outcome["theta"], trajectory.theta[-1], rtol=1e-9, atol=1e-12)


def test_a_seed_brings_the_noise_of_numpy():
    slopes = GaussianNoise(SURFACES["bowl"], 1.0, 7).slopes(MOST_UPDATES + 1)
    np.testing.assert_array_equal(np.array(noise_of(7)).T, slopes)


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_is_held(name):
    contents = surface_contents(name)
    assert contents["loss"]["waits"] == contents["curvedLoss"]["waits"] == ""
    assert len(packed(contents)) < 600_000
