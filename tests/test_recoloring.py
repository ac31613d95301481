"""Pictures in another theme's colours are those that this theme itself draws."""

import json
from dataclasses import replace
from itertools import permutations

import pytest

from browser.pictures import pictures
from figures.recoloring import recolored
from figures.theme import THEMES
from lessons.defaults import defaults_for
from lessons.experiment import experiment
from optimizers import OPTIMIZERS

RULES = tuple(OPTIMIZERS)


def plain(part) -> dict:
    return json.loads(json.dumps(part, default=lambda value: value.tolist()))


@pytest.mark.parametrize(("before", "after"), permutations(THEMES.values(), 2), ids=lambda theme: theme.name)
@pytest.mark.parametrize("rules", [RULES[place : place + 5] for place in range(0, len(RULES), 5)], ids="+".join)
def test_other_colours_are_those_of_the_other_theme(rules, before, after):
    done = experiment(replace(defaults_for("himmelblau"), optimizers=rules, arrows=True, circle=True, update=2))
    drawn, wanted = (pictures(done, theme, 430) for theme in (before, after))
    for name, figure in drawn.items():
        made = recolored({"data": figure._data, "layout": figure._layout}, before, after)
        other = wanted[name]
        for trace, same in zip(made["data"], other._data, strict=True):
            assert plain(trace) == plain(same), (name, same["name"])
        assert plain(made["layout"]) == plain(other._layout), name
