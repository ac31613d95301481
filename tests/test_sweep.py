"""Maps and sweeps: every row is the run made alone, known basins, symmetry, and progress that can end the work."""

import dataclasses
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizers import OPTIMIZERS, SCHEDULES, GaussianNoise, run
from optimizers.outcome import outcome
from optimizers.sweep import basin_map, learning_rate_sweep, named_rates
from optimizers.variants import rate_change
from programs import blocks
from surfaces import SURFACES, parse
from tests.samples import assert_same_bits

HIMMELBLAU = SURFACES["himmelblau"]
MOMENTUM = OPTIMIZERS["Momentum"](learning_rate=0.004)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_start_of_a_map_equals_the_run_made_alone(name, monkeypatch):
    monkeypatch.setattr(blocks, "MOST_ROWS", 20)
    monkeypatch.setattr(blocks, "LEAST_ROWS", 20)
    rule = OPTIMIZERS[name](learning_rate=0.02)
    known = basin_map(rule, HIMMELBLAU, resolution=7, steps=25)
    assert known.theta.shape == (2, 7, 7)
    arrival = known.updates_to_arrival()
    for row, column in ((0, 0), (3, 5), (6, 2), (2, 6)):
        start = np.array([known.theta1[column], known.theta2[row]])
        alone = run(rule, HIMMELBLAU, start, 25)
        assert_same_bits(known.theta[:, row, column], alone.theta[-1])
        assert_same_bits(known.loss[row, column], alone.loss[-1])
        assert_same_bits(known.start[:, row, column], start)
        away = np.hypot(*(alone.theta - alone.theta[-1]).T)
        far = np.flatnonzero(~(away <= known.tolerance))
        expected = -1 if known.diverged[row, column] else (far[-1] + 1 if far.size else 0)
        assert arrival[row, column] == expected


def test_noise_and_schedules_reach_the_map():
    rule = OPTIMIZERS["GradientDescent"](learning_rate=0.01, schedule=SCHEDULES["InverseSqrt"]())
    noisy = GaussianNoise(HIMMELBLAU, 3.0, seed=5)
    known = basin_map(rule, noisy, 5, 30, HIMMELBLAU.domain)
    alone = run(rule, noisy, known.start[:, 1, 3], 30)
    assert_same_bits(known.theta[:, 1, 3], alone.theta[-1])
    assert (known.theta != basin_map(rule, HIMMELBLAU, 5, 30).theta).all()


def test_the_axes_are_those_of_a_mesh():
    known = basin_map(MOMENTUM, SURFACES["branin"], 5, 0)
    np.testing.assert_array_equal(known.theta1, [-5, -1.25, 2.5, 6.25, 10])
    np.testing.assert_array_equal(known.theta2, [0, 3.75, 7.5, 11.25, 15])
    np.testing.assert_array_equal(known.theta[:, 4, 0], (-5, 15))
    np.testing.assert_array_equal(known.loss, SURFACES["branin"].value(known.start))


def test_the_four_basins_of_himmelblau_are_reached_from_next_to_each():
    rule = OPTIMIZERS["GradientDescent"](learning_rate=0.005)
    known = basin_map(rule, HIMMELBLAU, 41, 300)
    reached = known.reached(HIMMELBLAU.minima)
    for place, (first, second) in enumerate(HIMMELBLAU.minima):
        row, column = np.abs(known.theta2 - second).argmin(), np.abs(known.theta1 - first).argmin()
        assert reached[row, column] == place
    assert (np.bincount(reached[reached >= 0]) > 200).all()


@pytest.mark.parametrize(
    ("name", "mirror"),
    [
        ("bowl", lambda theta: -theta[:, :, ::-1] * np.array([1, -1]).reshape(2, 1, 1)),
        ("three_hump_camel", lambda theta: -theta[:, ::-1, ::-1]),
        ("six_hump_camel", lambda theta: -theta[:, ::-1, ::-1]),
        ("saddle", lambda theta: theta[:, ::-1] * np.array([1, -1]).reshape(2, 1, 1)),
        ("rastrigin", lambda theta: theta[::-1].transpose(0, 2, 1)),
    ],
)
def test_symmetric_surfaces_give_symmetric_maps(name, mirror):
    surface = SURFACES[name]
    rule = OPTIMIZERS["Momentum"](learning_rate=1e-3)
    theta = basin_map(rule, surface, 15, 60, surface.view).theta
    np.testing.assert_allclose(theta, mirror(theta), atol=1e-9)


def test_what_diverges_is_marked_and_reaches_nothing():
    known = basin_map(OPTIMIZERS["GradientDescent"](learning_rate=0.5), HIMMELBLAU, 9, 50)
    assert known.diverged.all()
    assert (known.reached(HIMMELBLAU.minima) == -1).all()
    assert (known.updates_to_arrival() == -1).all()


def test_minima_outside_the_frame_are_found_where_starts_end():
    """Branin's function has minima every 2 pi: those beyond its frame are where starts near its edge go."""
    surface = SURFACES["branin"]
    frame = ((-5.0, 2.0), (5.0, 15.0))
    known = basin_map(OPTIMIZERS["GradientDescent"](learning_rate=0.02), surface, 21, 400, frame)
    inside = surface.minima[:1]
    outside = known.further_minima(inside)
    assert len(outside) >= 1
    for point in outside:
        assert not all(low <= x <= high for x, (low, high) in zip(point, frame, strict=True))
        assert np.hypot(*surface.gradient(point)) < 1e-3
        assert (np.linalg.eigvalsh(surface.hessian(point)) > 0).all()
    assert (known.reached(inside) < 0).sum() > (known.reached([*inside, *outside]) < 0).sum()
    assert known.further_minima([*inside, *outside]) == ()


@pytest.mark.parametrize("formula", ["(x + y - 1)^2", "(x^2 + y^2 - 1)^2", "(x y - 1)^2"])
def test_ends_on_the_floor_of_a_valley_are_told_from_those_that_are_not(formula):
    surface = parse(formula)
    known = basin_map(OPTIMIZERS["GradientDescent"](learning_rate=0.02), surface, 21, 400, ((-1.5, 1.5), (-1.5, 1.5)))
    in_valley = known.in_valley(known.reached(()))
    assert in_valley.mean() > 0.9
    np.testing.assert_allclose(known.loss[in_valley], 0, atol=1e-2)
    still = basin_map(OPTIMIZERS["GradientDescent"](learning_rate=1e-5), surface, 21, 5, ((-1.5, 1.5), (-1.5, 1.5)))
    assert still.in_valley(still.reached(())).mean() < 0.2


@pytest.mark.parametrize("name", ["himmelblau", "rosenbrock", "beale", "saddle", "easom", "plateau"])
def test_no_valley_of_minima_is_seen_where_there_is_none(name):
    known = basin_map(OPTIMIZERS["Adam"](learning_rate=0.01), SURFACES[name], 15, 60, SURFACES[name].view)
    assert not known.in_valley(known.reached(SURFACES[name].minima)).any()


def test_the_nearest_of_two_targets_is_the_one_reached():
    known = basin_map(OPTIMIZERS["Newton"](), SURFACES["bowl"], 4, 2)
    near, nearer = np.array([0.01, 0.0]), np.array([0.0, 0.0])
    assert (known.reached([near, nearer]) == 1).all()
    assert (known.reached([near]) == 0).all()
    assert (known.reached([np.array([3.0, 0.0])]) == -1).all()
    assert (known.reached([]) == -1).all()


def test_progress_hears_in_its_own_thread_how_the_share_grows_to_one(monkeypatch):
    monkeypatch.setattr(blocks, "MOST_ROWS", 10)
    monkeypatch.setattr(blocks, "LEAST_ROWS", 10)
    monkeypatch.setattr(blocks, "SECONDS", 0)
    heard, threads = [], set()

    def hear(share: float) -> None:
        heard.append(share)
        threads.add(threading.get_ident())

    known = basin_map(MOMENTUM, HIMMELBLAU, 6, 200, progress=hear)
    assert heard == sorted(heard)
    assert heard[-1] == 1
    heard.clear()
    known.updates_to_arrival(hear)
    assert heard == sorted(heard)
    assert heard[-1] == 1
    assert threads == {threading.get_ident()}


def test_progress_hears_of_the_end_of_a_map_without_updates():
    heard = []
    basin_map(MOMENTUM, HIMMELBLAU, 3, 0, progress=heard.append)
    assert heard == [1]


class Changed(BaseException):
    pass


def test_what_progress_raises_ends_the_work_and_all_its_threads(monkeypatch):
    monkeypatch.setattr(blocks, "MOST_ROWS", 10)
    monkeypatch.setattr(blocks, "LEAST_ROWS", 10)
    monkeypatch.setattr(blocks, "SECONDS", 0)
    endless = dataclasses.replace(basin_map(MOMENTUM, HIMMELBLAU, 6, 1), steps=10**9)
    before = threading.active_count()

    def change(share: float) -> None:
        raise Changed

    with pytest.raises(Changed):
        basin_map(MOMENTUM, HIMMELBLAU, 6, endless.steps, progress=change)
    with pytest.raises(Changed):
        endless.updates_to_arrival(change)
    assert threading.active_count() == before


@dataclasses.dataclass
class Failing:
    """A loss that fails from its hundredth gradient on, in whichever thread asks for it."""

    domain = HIMMELBLAU.domain
    asked: int = 0

    def value(self, theta):
        return HIMMELBLAU.value(theta)

    def gradient(self, theta):
        self.asked += 1
        if self.asked >= 100:
            raise Changed
        return HIMMELBLAU.gradient(theta)


def test_what_the_loss_raises_ends_the_work_of_all_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "MOST_ROWS", 10)
    monkeypatch.setattr(blocks, "LEAST_ROWS", 10)
    before = threading.active_count()
    with pytest.raises(Changed):
        basin_map(MOMENTUM, Failing(), 6, 10**9)
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("resolution", "steps"), [(1, 5), (301, 5), (5, -1), (5.0, 5), (True, 5), (None, 5), (5, 2.5), (5, np.inf)]
)
def test_sizes_out_of_range_are_refused(resolution, steps):
    with pytest.raises(ValueError, match=r"starts a side|at least 0"):
        basin_map(MOMENTUM, HIMMELBLAU, resolution, steps)


@pytest.mark.parametrize(
    "frame",
    [
        ((np.nan, 1), (0, 2)),
        ((0, 1), (0, np.inf)),
        ((1, 0), (0, 1)),
        ((0, 0), (0, 1)),
        ((0, 1),),
        (0, 1),
        ((0, 1, 2),) * 2,
    ],
)
def test_a_frame_without_an_area_is_refused(frame):
    with pytest.raises(ValueError, match=r"^A frame is two intervals"):
        basin_map(MOMENTUM, HIMMELBLAU, 3, 2, frame)


def swept(name: str, surface, rates, steps: int = 120, **hyperparameters):
    rule = OPTIMIZERS[name](**hyperparameters)
    return learning_rate_sweep(rule, surface, surface.start, rates, steps, surface.minima, surface.view)


@pytest.mark.parametrize("name", OPTIMIZERS)
@settings(deadline=None, max_examples=3, derandomize=True)
@given(rates=st.lists(st.floats(1e-4, 2.0), min_size=1, max_size=6))
def test_every_rate_of_a_sweep_equals_the_run_made_alone(name, rates):
    surface = SURFACES["ravine"]
    known = swept(name, surface, rates, 30)
    np.testing.assert_array_equal(known.rates, sorted(rates))
    for place, rate in enumerate(known.rates):
        alone = run(OPTIMIZERS[name](learning_rate=rate), surface, surface.start, 30)
        assert_same_bits(known.single(place).theta, alone.theta)
        assert_same_bits(known.loss[place], alone.loss[-1])
        expected = outcome(alone, surface, surface.minima, surface.view)
        assert known.outcomes[place].kind == expected.kind
        assert known.updates_to_tolerance[place] == expected.updates_to_tolerance


def test_the_limit_of_gradient_descent_on_an_ellipse():
    """Curvatures 1 and 50: descent converges below 2/50 and not above it; the best rate is near 2/(1 + 50)."""
    limit = 2 / 50
    known = swept("GradientDescent", SURFACES["ellipse"], np.geomspace(1e-3, 0.2, 81), 400)
    kinds = np.array(known.kinds)
    assert set(kinds[known.rates > 1.1 * limit]) <= {"left", "diverged"}
    assert set(kinds[(known.rates > 0.6 * limit) & (known.rates < 0.9 * limit)]) == {"converged"}
    assert kinds[0] == "still moving"
    assert known.rates[known.best] == pytest.approx(2 / 51, rel=0.08)


def test_the_best_rate_is_never_one_that_left_where_another_stayed():
    known = swept("GradientDescent", SURFACES["saddle"], [1e-3, 0.1, 3.0], 40)
    assert known.kinds[known.best] not in ("left", "diverged")


@pytest.mark.parametrize("rule", ["GradientDescent", "Momentum", "Adam"])
def test_falling_below_the_lowest_loss_outside_the_frame_is_no_arrival(rule):
    surface = SURFACES["mccormick"]
    known = swept(rule, surface, np.geomspace(1e-3, 10, 41), 200)
    assert known.kinds[known.best] not in ("left", "diverged")
    for outcome_of_rate in known.outcomes:
        if outcome_of_rate.kind == "left":
            assert outcome_of_rate.updates_to_tolerance == -1


def test_a_rate_that_ends_in_a_valley_of_minima_converges():
    surface = parse("(x + y - 1)^2")
    known = learning_rate_sweep(OPTIMIZERS["GradientDescent"](), surface, (-1, 0.5), [1e-4, 0.1], 200, (), surface.view)
    assert known.kinds == ("still moving", "converged")


def test_where_every_rate_diverges_the_smallest_is_as_good_as_any():
    known = swept("GradientDescent", HIMMELBLAU, [5.0, 7.0], 50)
    assert (known.best, set(known.kinds)) == (0, {"diverged"})


@pytest.mark.parametrize("rates", [[], np.ones(401), [-1.0], [np.nan]])
def test_rates_out_of_range_are_refused(rates):
    with pytest.raises(ValueError, match=r"learning rates|learning_rate"):
        swept("Adam", HIMMELBLAU, rates)


def test_a_rule_whose_rate_changes_has_no_single_rate_to_sweep():
    with pytest.raises(ValueError, match=r"^The learning rate of Momentum changes during the run"):
        learning_rate_sweep(rate_change(MOMENTUM, 0.1, 3), HIMMELBLAU, (0, 0), [0.1], 3, (), HIMMELBLAU.domain)


def test_four_rates_are_named_by_what_they_do():
    known = swept("GradientDescent", SURFACES["ellipse"], np.geomspace(1e-4, 0.2, 81), 100)
    named = named_rates(known)
    assert list(named) == ["very large", "large", "just right", "small"]
    rates = known.rates[list(named.values())]
    assert (np.diff(rates) < 0).all()
    assert known.kinds[named["very large"]] in ("left", "diverged")
    assert known.loss[named["just right"]] < known.loss[named["large"]] < known.loss[named["very large"]]
    progress = known.trajectory.loss[0] - known.loss
    assert progress[named["small"]] < 0.5 * progress[named["just right"]]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["GradientDescent", "Adam", "SignDescent", "Newton"])
@pytest.mark.parametrize("surface", ["bowl", "himmelblau", "saddle", "easom"])
def test_names_are_given_only_where_they_are_true(name, surface):
    known = swept(name, SURFACES[surface], np.geomspace(1e-5, 10, 61), 60)
    named = named_rates(known)
    rates = [known.rates[place] for place in named.values()]
    assert rates == sorted(rates, reverse=True)
    assert set(named) <= {"very large", "large", "just right", "small"}
    if "very large" in named:
        assert known.kinds[named["very large"]] in ("left", "diverged")
