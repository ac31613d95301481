"""Maps for pages: made once, and given up when progress raises."""

import numpy as np
import pytest

from surfaces import SURFACES
from ui import maps
from ui.maps import drawn_map, rule_of


def test_a_map_is_made_once_and_knows_its_minima():
    first = drawn_map("GradientDescent", "himmelblau", 0.01, 20, 40)
    assert drawn_map("GradientDescent", "himmelblau", 0.01, 20, 40) is first
    assert drawn_map("GradientDescent", "himmelblau", 0.02, 20, 40) is not first
    assert len(first.minima) == 4
    np.testing.assert_array_equal(first.basins.frame, SURFACES["himmelblau"].view)
    np.testing.assert_array_equal(first.reached, first.basins.reached(first.minima))
    np.testing.assert_array_equal(first.updates, first.basins.updates_to_arrival())


def test_a_start_at_a_minimum_just_outside_the_frame_is_not_lost():
    made = drawn_map("GradientDescent", "six_hump_camel", 0.01, 40, 300)
    assert (made.reached >= 0).mean() > 0.95
    assert made.reached.max() < len(made.minima)


def test_only_the_last_maps_are_kept(monkeypatch):
    monkeypatch.setattr(maps, "MOST_KEPT", 2)
    kept = maps._Kept()
    for key in (1, 2, 3):
        kept.put((key,), key)
    assert [kept.get((key,)) for key in (1, 2, 3)] == [None, 2, 3]


def test_a_change_of_an_input_gives_the_map_up(monkeypatch):
    class Changed(BaseException):
        pass

    class Bar:
        def progress(self, *_):
            raise Changed

    monkeypatch.setattr(maps, "SILENT_SECONDS", 0)
    monkeypatch.setattr(maps, "BETWEEN_SECONDS", 0)
    monkeypatch.setattr(maps.st, "empty", Bar)
    with pytest.raises(Changed):
        drawn_map("GradientDescent", "booth", 0.0123, 10, 5)


def test_rules_with_a_step_of_their_own_take_it_in_full():
    assert rule_of("Newton", 0.01).learning_rate == 1
    assert rule_of("Adam", 0.01).learning_rate == 0.01
