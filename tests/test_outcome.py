"""What became of a run: every verdict must be true of the run it is about, by criteria written down here."""

import re
import warnings
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from optimizers import OPTIMIZERS, SCHEDULES, GaussianNoise, Trajectory, run
from optimizers.optimizer import ScheduledOptimizer
from optimizers.outcome import Outcome, outcome
from surfaces import SURFACES, Surface, parse
from tests.judging import end_of, is_outside, judged, numbers_in, size_of, walked
from tests.losses import diagonal
from tests.runs import recorded, row

pytestmark = pytest.mark.slow

KINDS = {
    "stopped",
    "global minimum",
    "local minimum",
    "valley",
    "still moving",
    "oscillating",
    "saddle",
    "maximum",
    "plateau",
    "left",
    "diverged",
}
BOWL = SURFACES["bowl"]
GradientDescent, Newton, SignDescent = (OPTIMIZERS[name] for name in ("GradientDescent", "Newton", "SignDescent"))


# One run of each kind


@pytest.mark.parametrize(
    ("surface", "rule", "start", "kind", "place"),
    [
        ("bowl", GradientDescent(learning_rate=0.1), (-4, 3), "global minimum", (0, 0)),
        ("himmelblau", GradientDescent(learning_rate=0.01), (4, 1), "global minimum", (3, 2)),
        ("himmelblau", GradientDescent(learning_rate=0.01), (-4, 4), "global minimum", (-2.81, 3.13)),
        ("himmelblau", GradientDescent(learning_rate=0.01), (-4, -4), "global minimum", (-3.78, -3.28)),
        ("two_wells", GradientDescent(learning_rate=0.1), (3.2, 2.5), "local minimum", (2, 0)),
        ("two_wells", GradientDescent(learning_rate=0.1), (-3, 2.5), "global minimum", (-2, 0)),
        ("rastrigin", GradientDescent(learning_rate=0.001), (2.3, -1.7), "local minimum", (1.99, -1.99)),
        ("rosenbrock", GradientDescent(learning_rate=0.001), (-1.2, 1), "still moving", None),
        ("bowl", GradientDescent(learning_rate=1.0), (-4, 3), "oscillating", None),
        ("bowl", SignDescent(learning_rate=0.5), (-4.1, 3.2), "oscillating", None),
        ("saddle", GradientDescent(learning_rate=0.1), (-2.5, 0), "saddle", (0, 0)),
        ("himmelblau", Newton(), (-0.5, -1), "maximum", (-0.271, -0.923)),
        ("easom", GradientDescent(learning_rate=0.1), (0.5, 6), "plateau", (0.5, 6)),
        ("plateau", GradientDescent(learning_rate=0.02), (-0.05, 0.02), "plateau", None),
        ("bowl", GradientDescent(learning_rate=1.05), (-4, 3), "left", None),
        ("saddle", GradientDescent(learning_rate=0.1), (-2.5, 0.1), "left", None),
        ("bowl", GradientDescent(learning_rate=10.0), (-4, 3), "diverged", None),
        ("rosenbrock", GradientDescent(learning_rate=0.1), (-1.2, 1), "diverged", None),
    ],
)
def test_a_run_gets_its_kind_and_its_place(surface, rule, start, kind, place):
    found = end_of(rule, SURFACES[surface], start)
    assert found.kind == kind
    if place is not None:
        np.testing.assert_allclose(numbers_in(found.verdict)[:2], place, atol=0.02)


def test_a_run_that_came_back_did_not_leave():
    path = [[0, 0], [9, 0], *([[0, 0]] * 30)]
    assert judged(recorded(path, BOWL), BOWL).kind == "global minimum"


def test_a_run_that_began_outside_and_arrived_has_arrived():
    assert end_of(GradientDescent(learning_rate=0.1), BOWL, (9, 9)).kind == "global minimum"


def test_a_place_without_a_second_derivative_can_be_judged():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        surface = parse("x^1.5+y^2")
        path = run(GradientDescent(learning_rate=2 / 3), surface, (1.0, 0.0), 6)
        assert outcome(path, surface, (), ((-2, 2), (-2, 2))).kind in KINDS


# Few updates


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
@pytest.mark.parametrize("name", SURFACES)
def test_a_few_updates_have_an_outcome(name, steps):
    surface = SURFACES[name]
    for start in (surface.start, *surface.minima[:1], np.array(surface.view)[:, 0]):
        found = end_of(GradientDescent(learning_rate=0.001), surface, start, steps)
        assert found.kind in KINDS
        assert found.verdict.endswith(".")


# Every rule on every surface

RATES = np.array([1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0])


@pytest.mark.slow
@pytest.mark.parametrize("name", SURFACES)
def test_every_rule_at_every_learning_rate_gets_a_whole_outcome(name):
    surface = SURFACES[name]
    for rule in OPTIMIZERS.values():
        paths = run(rule(learning_rate=RATES), surface, surface.start, 60)
        for index in range(len(RATES)):
            path = row(paths, index)
            found = judged(path, surface)
            assert found.kind in KINDS
            assert re.fullmatch(r"[A-Z].*\.", found.verdict)
            assert re.fullmatch(r"[A-Z].*\.", found.remedy) or (found.kind == "global minimum" and not found.remedy)
            np.testing.assert_equal(found.loss, float(path.loss[-1]))
            with np.errstate(all="ignore"):
                distances = [np.hypot(*(path.theta[-1] - minimum)) for minimum in surface.minima]
            np.testing.assert_equal(found.distance, min(distances, default=np.nan))
            assert (found.kind == "diverged") == bool(path.diverged)
            if found.kind == "global minimum":
                assert found.updates_to_tolerance >= 0
                assert not path.diverged


# Truth: many runs of all kinds, each verdict against a criterion of its own


@dataclass(frozen=True, eq=False)
class Case:
    """One run and what was said about it."""

    label: str
    surface: Surface
    path: Trajectory
    found: Outcome

    @property
    def rest(self) -> np.ndarray:
        """The points of the last tenth of the run: (n, 2)."""
        return self.path.theta[-(self.path.steps // 10 + 1) :]

    @property
    def recent(self) -> np.ndarray:
        """The points of the last tenth of the run, at least of 20 updates: (n, 2)."""
        return self.path.theta[-max(21, self.path.steps // 10 + 1) :]


@cache
def cases() -> tuple[Case, ...]:
    """Random rules, learning rates, starts, schedules and noise on all surfaces, the same in every run."""
    random = np.random.default_rng(7)
    drawn = []
    for index in range(500):
        name, surface = list(SURFACES.items())[index % len(SURFACES)]
        rule_name = random.choice(list(OPTIMIZERS))
        rule, rate = OPTIMIZERS[rule_name], 10 ** random.uniform(-3.5, 0.7)
        low, high = np.transpose(surface.view)
        start = random.uniform(low, high) if random.random() < 0.7 else surface.start
        schedule, noise, seed = random.choice(list(SCHEDULES)), 10 ** random.uniform(-3, 0), int(random.integers(100))
        settings = {"schedule": SCHEDULES[schedule]()} if issubclass(rule, ScheduledOptimizer) else {}
        plain, silent = random.random() < 0.7, random.random() < 0.8
        settings = {} if plain else settings
        loss = surface if silent else GaussianNoise(surface, noise, seed)
        steps = int(random.choice([40, 80, 160, 240]))
        path = run(rule(learning_rate=rate, **settings), loss, start, steps)
        label = (
            f"{rule_name}(learning_rate={rate:.4g}{'' if not settings else ', ' + schedule}) on {name} from "
            f"({start[0]:.3g}, {start[1]:.3g}), {steps} updates{'' if silent else f', noise {noise:.2g}'}"
        )
        drawn.append(Case(label, surface, path, outcome(path, surface, surface.minima, surface.view)))
    # Newton's method arrives at stationary points of every kind.
    for name, surface in SURFACES.items():
        for start in random.uniform(*np.transpose(surface.view), (5, 2)):
            path = run(Newton(), surface, start, 40)
            label = f"Newton on {name} from ({start[0]:.3g}, {start[1]:.3g}), 40 updates"
            drawn.append(Case(label, surface, path, outcome(path, surface, surface.minima, surface.view)))
    return tuple(drawn)


def untrue(kind: str, is_true) -> list[str]:
    """The runs of this kind of which the verdict is not true; there must be some runs to judge."""
    chosen = [case for case in cases() if case.found.kind == kind]
    assert chosen
    return [f"{case.found.verdict} {case.found.remedy} — {case.label}" for case in chosen if not is_true(case)]


def stationary_point(surface: Surface, start: np.ndarray) -> tuple[np.ndarray, str] | None:
    """The stationary point that Newton's method finds from here, and its kind by the signs of the curvatures."""
    theta = np.array(start, dtype=float)
    for _ in range(100):
        gradient, hessian = surface.gradient(theta), surface.hessian(theta)
        if not (np.isfinite(hessian).all() and np.isfinite(gradient).all()):
            return None
        step = np.linalg.lstsq(hessian, gradient, rcond=None)[0]
        if np.hypot(*step) <= 1e-12 * size_of(surface):
            break
        theta = theta - step
    else:
        return None
    low, high = np.linalg.eigvalsh(surface.hessian(theta))
    tiny = 1e-9 * max(abs(low), abs(high), 1e-300)
    kind = "minimum" if low > tiny else "maximum" if high < -tiny else "saddle" if low < -tiny else "flat"
    return theta, kind


def is_near(case: Case, kind: str, share: float) -> bool:
    """True where a stationary point of this kind lies within this share of the frame's diagonal."""
    found = stationary_point(case.surface, case.path.theta[-1])
    if found is None or found[1] not in (kind, "flat"):
        return False
    return float(np.hypot(*(found[0] - case.path.theta[-1]))) <= share * size_of(case.surface)


@pytest.mark.slow
def test_the_runs_that_are_judged_are_of_all_kinds():
    assert {case.found.kind for case in cases()} | {"valley"} == KINDS


@pytest.mark.slow
def test_who_converged_to_the_global_minimum_is_there_and_rests():
    def is_true(case: Case) -> bool:
        last, size = case.path.theta[-1], size_of(case.surface)
        distances = [np.hypot(*(last - minimum)) for minimum in case.surface.minima]
        named = numbers_in(case.found.verdict)[:2]
        nearest = case.surface.minima[int(np.argmin(distances))]
        return (
            min(distances) <= 0.01 * size
            and walked(case.rest) <= 0.002 * size
            and np.allclose(named, nearest, atol=5e-3 * np.abs(nearest).max() + 1e-12)
        )

    assert untrue("global minimum", is_true) == []


@pytest.mark.slow
def test_who_converged_to_a_local_minimum_is_at_one_and_above_the_global_one():
    def is_true(case: Case) -> bool:
        lowest = min((case.surface.value(minimum) for minimum in case.surface.minima), default=-np.inf)
        return is_near(case, "minimum", 0.02) and case.path.loss[-1] > lowest

    assert untrue("local minimum", is_true) == []


def test_who_is_stuck_at_a_saddle_is_at_one():
    assert untrue("saddle", lambda case: is_near(case, "saddle", 0.02)) == []


def test_who_is_stuck_at_a_maximum_is_at_one():
    assert untrue("maximum", lambda case: is_near(case, "maximum", 0.02)) == []


def test_who_is_on_a_plateau_is_not_at_the_bottom_of_a_hollow():
    assert untrue("plateau", lambda case: not is_near(case, "minimum", 0.01)) == []


def test_who_is_on_a_plateau_has_little_to_gain_by_walking_on():
    def is_true(case: Case) -> bool:
        losses = case.surface.value(np.stack(np.meshgrid(*(np.linspace(*axis, 60) for axis in case.surface.view))))
        slope = np.hypot(*case.surface.gradient(case.path.theta[-1]))
        return slope * size_of(case.surface) < 0.25 * (losses.max() - losses.min())

    assert untrue("plateau", is_true) == []


def test_who_is_still_moving_moves_and_is_at_no_stationary_point():
    def is_true(case: Case) -> bool:
        rests = any(is_near(case, kind, 1e-4) for kind in ("minimum", "saddle", "maximum"))
        return walked(case.recent) > 0 and not (rests and walked(case.recent) < 1e-4 * size_of(case.surface))

    assert untrue("still moving", is_true) == []


def test_who_is_said_to_crawl_takes_tiny_steps_on_a_slope():
    def is_true(case: Case) -> bool:
        if not case.found.verdict.startswith("Crawling"):
            return True
        return walked(case.recent) <= 0.002 * size_of(case.surface) and np.hypot(*case.path.gradient[-1]) > 0

    assert untrue("still moving", is_true) == []


def test_who_oscillates_turns_back_again_and_again():
    def is_true(case: Case) -> bool:
        moves = np.diff(case.path.theta[case.path.steps // 2 :], axis=0).T
        turns = [np.count_nonzero(np.diff(np.sign(move[np.abs(move) > 1e-3 * np.abs(moves).max()]))) for move in moves]
        return max(turns) >= 3

    assert untrue("oscillating", is_true) == []


def test_who_oscillates_does_so_around_the_place_named():
    def is_true(case: Case) -> bool:
        low, high = case.recent.min(axis=0), case.recent.max(axis=0)
        slack = 0.01 * size_of(case.surface)
        place = np.array(numbers_in(case.found.verdict)[:2])
        return bool(((low - slack <= place) & (place <= high + slack)).all())

    assert untrue("oscillating", is_true) == []


def test_who_left_is_outside_since_the_update_named():
    def is_true(case: Case) -> bool:
        outside = is_outside(case.path.theta, case.surface)
        update = int(numbers_in(case.found.verdict)[0])
        return bool(outside[update:].all() and not outside[update - 1])

    assert untrue("left", is_true) == []


@pytest.mark.slow
def test_who_left_where_the_loss_keeps_falling_is_not_led_back_by_the_slope():
    def is_true(case: Case) -> bool:
        if not case.found.remedy.startswith("Downhill leads further out"):
            return True
        last, slope = case.path.theta[-1], case.path.gradient[-1]
        nearest = np.clip(last, *np.transpose(case.surface.view))
        return float(-slope @ (last - nearest)) > 0

    assert any(case.found.remedy.startswith("Downhill leads further out") for case in cases())
    assert untrue("left", is_true) == []


def test_who_diverged_has_no_finite_numbers_left_from_the_update_named():
    def is_true(case: Case) -> bool:
        path = case.path
        finite = np.isfinite(path.loss) & np.isfinite(path.theta).all(axis=1) & np.isfinite(path.gradient).all(axis=1)
        return int(numbers_in(case.found.verdict)[0]) == int(finite.argmin()) and not finite.all()

    assert untrue("diverged", is_true) == []


# Truth: what is named is there


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rosenbrock", "beale", "himmelblau", "six_hump_camel", "hills", "saddle"])
def test_only_a_critical_point_of_the_surface_is_named_one(name):
    surface, random = SURFACES[name], np.random.default_rng(1)
    known = surface.critical_points()
    starts = random.uniform(*np.transpose(surface.view), (40, 2)).T
    for rule in ("GradientDescent", "Adam", "NAdam", "Lion", "Newton"):
        paths = run(OPTIMIZERS[rule](learning_rate=np.geomspace(1e-4, 0.3, 40)), surface, starts, 60)
        for path in (row(paths, index) for index in range(40)):
            found = judged(path, surface)
            named = re.search(r"(local minimum|saddle|maximum) (?:at|near) (.*?)\)", found.verdict)
            if named:
                kind, place = named[1].split()[-1], numbers_in(named[2])
                gaps = [np.hypot(*(point.theta - place)) for point in known if point.kind == kind]
                assert min(gaps, default=np.inf) <= 0.01 * size_of(surface), found.verdict


# Truth by hand


def test_any_loss_can_be_judged():
    steep = diagonal(1.0, 30.0)
    path = run(GradientDescent(learning_rate=0.05), steep, (3.0, 1.0), 400)
    found = outcome(path, steep, (np.zeros(2),), ((-4, 4), (-4, 4)))
    assert found.kind == "global minimum"
    assert found.distance < 1e-6


# Outside the picture


def test_a_minimum_outside_the_picture_is_arrived_at():
    frame = ((-1.0, 2.0), (5.0, 15.0))
    branin = SURFACES["branin"]
    path = run(Newton(), branin, (2.0, 5.0), 30)
    assert not _within(path.theta[-1], frame)
    found = outcome(path, branin, (), frame)
    assert found.kind == "local minimum"
    assert "outside the picture" in found.verdict
    assert "smaller" not in found.remedy


def _within(theta, frame) -> bool:
    return all(low <= x <= high for x, (low, high) in zip(theta, frame, strict=True))
