"""Colours, markers and dashes: told apart by colour, without colour, on the surface and on the page; red for nobody."""

import colorsys
import copy
import pickle
import re
import tomllib
from dataclasses import fields, replace
from itertools import combinations

import numpy as np
import plotly.graph_objects as go
import pytest

from figures.basin_picture import SHADE
from figures.theme import (
    ARROW_COLOR_WORDS,
    BASIN_COLORS,
    DARK,
    LIGHT,
    MARK_FILL,
    MARK_RIM,
    NOWHERE_COLORS,
    PATH_COLOR_WORDS,
    RED_CIRCLE,
    SURFACE_COLORS,
    THEMES,
    Theme,
    figure,
    mixed,
    quiet_style,
    rim_of,
    style_of,
)
from optimizers import OPTIMIZERS
from tests.browser import ROOT
from tests.colors import contrast, difference, is_red, lab, ramp, rgb
from tests.pictures import assert_valid

themes = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
every_optimizer = pytest.mark.parametrize("optimizer", OPTIMIZERS)

# Their colours differ from one another; they come first in every comparison.
SEVEN = ("GradientDescent", "Momentum", "Nesterov", "Adagrad", "RMSProp", "Adam", "Newton")

RELATIVES = (
    ("Adam", "AdamW", "AMSGrad", "Adamax", "NAdam", "RAdam"),
    ("GradientDescent", "Momentum", "Nesterov"),
    ("Adagrad", "RMSProp", "Adadelta", "Adam"),
    ("GradientDescent", "LineSearch", "BestStep", "ConjugateGradient"),
    ("Newton", "DampedNewton", "BFGS"),
)
# The symbols that plotly draws in space; it says so only when a browser draws.
IN_SPACE = {"circle", "circle-open", "cross", "diamond", "diamond-open", "square", "square-open", "x"}


# The surface


def test_the_surface_grows_lighter_in_even_steps_from_the_lowest_loss_to_the_highest():
    lightness = np.array([lab(color)[0] for color in ramp(SURFACE_COLORS, 33)])
    steps = np.diff(lightness)
    assert (steps > 0).all()
    assert steps.max() < 1.6 * steps.min()
    assert lightness[0] < 25
    assert lightness[-1] > 85


def test_the_colour_scale_runs_from_0_to_1():
    places = [place for place, _ in SURFACE_COLORS]
    assert places[0] == 0
    assert places[-1] == 1
    np.testing.assert_allclose(np.diff(places), 1 / (len(places) - 1))


def test_the_surface_is_quieter_than_every_path():
    def chroma(color: np.ndarray) -> float:
        return float(np.hypot(*lab(color)[1:]))

    loudest = max(map(chroma, ramp(SURFACE_COLORS)))
    assert loudest < 30
    colors = {style_of(name, LIGHT).color for name in OPTIMIZERS} - {LIGHT.ink}
    assert all(chroma(rgb(color)) > 1.3 * loudest for color in colors)


# The optimizers


@themes
def test_no_two_optimizers_look_alike(theme):
    styles = [style_of(name, theme) for name in OPTIMIZERS]
    assert len(set(styles)) == len(OPTIMIZERS)
    # Maps show the marker, the loss curve the dash too: each is enough together with the colour.
    assert len({(style.color, style.symbol) for style in styles}) == len(OPTIMIZERS)
    assert len({(style.color, style.dash) for style in styles}) == len(OPTIMIZERS)
    # A filled and an open marker of one shape are hard to tell apart where they are small.
    assert len({(style.color, style.symbol.removesuffix("-open")) for style in styles}) == len(OPTIMIZERS)
    assert {style.symbol for style in styles} <= IN_SPACE


@themes
@pytest.mark.parametrize("relatives", RELATIVES, ids=lambda names: names[0])
def test_relatives_differ_in_colour(relatives, theme):
    styles = [style_of(name, theme) for name in relatives]
    assert len({style.color for style in styles}) == len(styles)


@themes
def test_the_seven_most_compared_differ_in_colour_and_in_marker(theme):
    styles = [style_of(name, theme) for name in SEVEN]
    assert all(difference(rgb(a.color), rgb(b.color)) > 20 for a, b in combinations(styles, 2))
    assert len({style.symbol for style in styles}) == 7
    assert set(OPTIMIZERS) >= set(SEVEN)


@every_optimizer
def test_an_optimizer_has_one_look_in_both_themes(optimizer):
    light, dark = style_of(optimizer, LIGHT), style_of(optimizer, DARK)
    assert (light.symbol, light.dash) == (dark.symbol, dark.dash)
    assert light.color == LIGHT.ink or abs(hue(light.color) - hue(dark.color)) < 8


def hue(color: str) -> float:
    """In degrees."""
    return 360 * colorsys.rgb_to_hsv(*rgb(color))[0]


@themes
@every_optimizer
def test_plotly_knows_marker_and_dash(optimizer, theme):
    style = style_of(optimizer, theme)
    go.Scatter(marker={"symbol": style.symbol, "color": style.color}, line={"dash": style.dash})
    go.Scatter3d(marker={"symbol": style.symbol})


def test_an_unknown_optimizer_has_no_style():
    with pytest.raises(ValueError, match="not in"):
        style_of("NoSuchRule", LIGHT)


# Red


def test_red_can_be_told_from_orange_and_purple():
    assert all(map(is_red, (RED_CIRCLE, "#d40000", "#ff0000", "#e01010", "#c1121f")))
    assert not any(map(is_red, ("#e69f00", "#cc79a7", "#ebe7da", "#1d2a4d", "#000000", "#ffffff")))


@themes
def test_red_is_the_red_circles_alone(theme):
    colors = {style_of(name, theme).color for name in OPTIMIZERS} | set(theme.arrow_colors.values())
    colors |= {getattr(theme, field.name) for field in fields(theme) if field.name != "name"}
    colors |= {color for _, color in SURFACE_COLORS} | {MARK_FILL, MARK_RIM}
    assert [color for color in colors if is_red(color)] == []
    assert min(difference(rgb(color), rgb(RED_CIRCLE)) for color in colors) > 40


# What stands out


@themes
@every_optimizer
def test_a_path_with_its_rim_stands_out_on_every_height(optimizer, theme):
    color = style_of(optimizer, theme).color
    for ground in ramp(SURFACE_COLORS):
        assert max(difference(rgb(drawn), ground) for drawn in (color, rim_of(color))) > 30


@themes
def test_what_is_drawn_on_the_page_can_be_seen(theme):
    """Curves, markers and the arrows of the legends: WCAG 2.2, 1.4.11."""
    curves = {*theme.path_colors, *theme.arrow_colors.values(), RED_CIRCLE}
    curves |= {quiet_style(place, theme).color for place in range(5)}
    assert {color: contrast(color, theme.background) for color in curves if seen(color, theme) < 3} == {}


@themes
def test_every_colour_of_a_path_and_of_an_arrow_has_a_word(theme):
    assert len(set(PATH_COLOR_WORDS)) == len(theme.path_colors)
    assert ARROW_COLOR_WORDS.keys() == theme.arrow_colors.keys()
    assert not {*PATH_COLOR_WORDS} & {*ARROW_COLOR_WORDS.values()}


def seen(color: str, theme: Theme) -> float:
    return contrast(color, theme.background)


@themes
def test_text_and_lines_can_be_read_on_the_page(theme):
    """WCAG 2.2, 1.4.3."""
    assert seen(theme.ink, theme) > 7
    assert seen(theme.muted, theme) >= 4.5
    assert 1.1 < seen(theme.grid, theme) < 2


CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
STYLES = (ROOT / "browser" / "canvas" / "canvas.css").read_text() + (ROOT / "ui" / "style.py").read_text()


@themes
def test_the_page_has_the_colours_of_the_pictures_and_all_of_them_can_be_seen(theme):
    page = CONFIG[theme.name]
    assert (page["backgroundColor"], page["textColor"]) == (theme.background, theme.ink)
    for ground in (theme.background, page["secondaryBackgroundColor"], *page["sidebar"].values()):
        assert contrast(page["textColor"], ground) > 7
        # What is chosen, and the borders of fields and buttons.
        assert contrast(page["primaryColor"], ground) >= 3
        assert contrast(page["borderColor"], ground) >= 3
    # Words in the colour of what is chosen, and words upon it.
    assert seen(page["primaryColor"], theme) >= 4.5


@themes
def test_what_the_style_sheets_mix_can_be_seen(theme):
    """Words that are paler than others, and the borders of buttons and the tracks of sliders."""

    borders = r"border: 1px solid color-mix\(in srgb, currentColor (\d+)%"
    assert min(mixes_of(borders, theme)) >= 3
    assert min(mixes_of(r"var\(--st-text-color, currentColor\) (\d+)%", theme)) >= 3
    assert min(mixes_of(r" color: color-mix\(in srgb, currentColor (\d+)%", theme)) >= 4.5
    (caption,) = re.findall(r'stCaptionContainer"\]\[data-testid\] \{ opacity: ([\d.]+)', STYLES)
    assert seen(mixed(theme.background, theme.ink, float(caption)), theme) >= 4.5


def mixes_of(pattern: str, theme: Theme) -> list[float]:
    """The contrasts with the page of text's colour with as many per cent as a pattern finds."""
    shares = [int(share) / 100 for share in re.findall(pattern, STYLES)]
    assert shares
    return [seen(mixed(theme.background, theme.ink, share), theme) for share in shares]


@themes
def test_no_colour_means_a_rule_and_something_else(theme):
    """Paths are drawn over basins and beside arrows; greys are for runs of one rule."""
    greys = [quiet_style(place, theme).color for place in range(4)]
    others = [*theme.arrow_colors.values(), *BASIN_COLORS, *NOWHERE_COLORS, *greys, RED_CIRCLE]
    for color in (style_of(name, theme).color for name in OPTIMIZERS):
        assert min(difference(rgb(color), rgb(other)) for other in others) > 12


def test_basins_differ_from_one_another_and_a_slow_start_keeps_its_colour():
    slow = [mixed(color, MARK_RIM, SHADE) for color in BASIN_COLORS]
    for colors, least in ((BASIN_COLORS, 20), (slow, 10)):
        assert min(difference(rgb(a), rgb(b)) for a, b in combinations(colors, 2)) > least


def test_a_mixture_lies_between_its_colours():
    assert [mixed("#204060", "#000000", share) for share in (0, 0.5, 1)] == ["#204060", "#102030", "#000000"]


@themes
def test_the_marks_stand_out_on_every_height(theme):
    for ground in ramp(SURFACE_COLORS):
        assert max(difference(rgb(drawn), ground) for drawn in (MARK_FILL, MARK_RIM)) > 30


@themes
def test_the_arrows_differ_and_stand_out_on_every_height(theme):
    colors = theme.arrow_colors
    assert {"gradient", "velocity", "step"} == set(colors)
    assert all(difference(rgb(a), rgb(b)) > 30 for a, b in combinations(colors.values(), 2))
    for ground in ramp(SURFACE_COLORS):
        assert {kind for kind, color in colors.items() if difference(rgb(color), ground) < 20} == set()


# The themes and their layout


def test_the_themes_are_a_light_and_a_dark_page():
    assert {"light": LIGHT, "dark": DARK} == THEMES
    assert lab(rgb(LIGHT.background))[0] > 90
    assert lab(rgb(DARK.background))[0] < 15


@themes
def test_the_layout_is_valid_and_takes_changes(theme):
    layout = theme.layout(431, title=theme.title("Words"), xaxis=theme.axis("θ₁", range=[0, 1]), showlegend=True)
    drawn = go.Layout(layout)
    assert drawn.height == 431
    assert drawn.title.text == "Words"
    assert drawn.xaxis.title.text == "θ₁"
    assert drawn.xaxis.range == (0, 1)
    assert drawn.showlegend
    assert drawn.font.color == theme.ink


def test_a_layout_is_nobody_elses():
    LIGHT.layout(99)["margin"]["l"] = 99
    assert LIGHT.layout(99)["margin"]["l"] != 99


def test_a_layout_depends_on_the_theme_only_by_its_colours():
    same = replace(DARK, **{field.name: getattr(LIGHT, field.name) for field in fields(LIGHT)})
    assert same.layout(99) == LIGHT.layout(99)
    assert DARK.layout(99).keys() == LIGHT.layout(99).keys()


def test_a_figure_holds_traces_and_layout():
    drawn = figure([{"type": "scatter", "x": [1]}, {"type": "scatter3d"}], {"height": 99})
    assert [trace.type for trace in drawn.data] == ["scatter", "scatter3d"]
    assert drawn.layout.height == 99
    assert_valid(drawn)


def parts() -> tuple[list[dict], dict]:
    traces = [{"type": "scatter", "x": np.arange(3.0), "marker": {"size": 7}}, {"type": "scatter3d", "name": "b"}]
    return traces, {"height": 99, "template": {}, "xaxis": {"range": [0, 1]}}


def changed_array(drawn: go.Figure) -> None:
    drawn.data[0].x[0] = 9


CHANGES = {
    "a property of a trace": lambda drawn: drawn.data[0].update(name="other"),
    "a property inside a trace": lambda drawn: setattr(drawn.data[0].marker, "size", 8),
    "a number of an array": changed_array,
    "the traces": lambda drawn: setattr(drawn, "data", drawn.data[1:]),
    "one more trace": lambda drawn: drawn.add_scatter(x=[1]),
    "a property of the layout": lambda drawn: drawn.update_layout(height=88),
    "a property inside the layout": lambda drawn: setattr(drawn.layout.xaxis, "range", [0, 2]),
    "the layout": lambda drawn: setattr(drawn, "layout", {"width": 88}),
    "by its path": lambda drawn: drawn.__setitem__("layout.height", 88),
    "restyling": lambda drawn: drawn.plotly_restyle({"name": "other"}, [0]),
    "relayout": lambda drawn: drawn.plotly_relayout({"height": 88}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_a_figure_changes_it_alone(change):
    """Parts of a picture are shared between Figures, and between sessions."""
    traces, layout = parts()
    drawn, same = figure(traces, layout), figure(traces, layout)
    change(drawn)
    assert drawn != same
    assert same == figure(*parts())
    assert repr((traces, layout)) == repr(parts())


USES = {
    "its traces": lambda drawn: drawn.data,
    "its layout": lambda drawn: drawn.layout,
    "its dictionary": go.Figure.to_dict,
    "its page": lambda drawn: drawn.to_html(include_plotlyjs=False),
    "a copy": copy.deepcopy,
    "a pickle": pickle.dumps,
    "nothing that it has": lambda drawn: hasattr(drawn, "nonsense"),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_figure_that_is_used_is_plotlys_own(use):
    traces, layout = parts()
    drawn, expected = figure(*parts()), go.Figure({"data": traces, "layout": layout}, _validate=False)
    assert isinstance(drawn, go.Figure)
    use(drawn)
    assert type(drawn) is go.Figure
    assert drawn == expected
    assert vars(drawn).keys() == vars(expected).keys()
    assert pickle.loads(pickle.dumps(drawn)) == copy.deepcopy(drawn) == copy.deepcopy(expected)


def test_a_figure_knows_no_other_names_than_plotly():
    with pytest.raises(AttributeError, match="nonsense"):
        figure(*parts()).nonsense = 1
    with pytest.raises(AttributeError, match="nonsense"):
        _ = figure(*parts()).nonsense


@pytest.mark.parametrize(
    ("trace", "layout"),
    [
        ({"type": "scatter", "nonsense": 1}, {}),
        ({"type": "scatter"}, {"height": "tall"}),
        ({"marker": {"symbol": "?"}}, {}),
    ],
)
def test_the_tests_would_see_what_plotly_does_not_know(trace, layout):
    with pytest.raises(ValueError, match=r"nonsense|tall|symbol"):
        assert_valid(figure([trace], layout))


def test_the_ticks_of_a_log_axis_are_numbers_as_far_as_floats_go():
    with np.errstate(all="raise"):
        axis = LIGHT.log_axis("L", 1e307, 1.7e308)
    assert axis["tickvals"][-3:].tolist() == [2e307, 5e307, 1e308]
    assert len(axis["ticktext"]) == len(axis["tickvals"])
