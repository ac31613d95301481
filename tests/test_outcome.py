"""What became of a run: every verdict must be true of the run it is about, by criteria written down here."""

import re
import warnings
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizers import OPTIMIZERS, SCHEDULES, GaussianNoise, Trajectory, run
from optimizers.optimizer import ScheduledOptimizer
from optimizers.outcome import Outcome, outcome
from programs.frame import diagonal_length
from surfaces import SURFACES, Surface, parse
from tests.losses import diagonal
from tests.runs import recorded, row

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
BOWL, HIMMELBLAU, TWO_WELLS, SADDLE = (SURFACES[name] for name in ("bowl", "himmelblau", "two_wells", "saddle"))
GradientDescent, Momentum, Newton, SignDescent = (
    OPTIMIZERS[name] for name in ("GradientDescent", "Momentum", "Newton", "SignDescent")
)


def judged(path: Trajectory, surface: Surface) -> Outcome:
    """The outcome of a run, which neither complains nor warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return outcome(path, surface, surface.minima, surface.view)


def end_of(rule, surface: Surface, start, steps: int = 200) -> Outcome:
    return judged(run(rule, surface, start, steps), surface)


def size_of(surface: Surface) -> float:
    """The diagonal of the frame."""
    return diagonal_length(surface.view)


def numbers_in(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", text.replace("−", "-"))]


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


def test_a_local_minimum_is_compared_with_the_global_one():
    found = end_of(GradientDescent(learning_rate=0.1), TWO_WELLS, (3.2, 2.5))
    assert "L* = −6.67" in found.verdict
    assert found.loss == pytest.approx(TWO_WELLS.value((2.0, 0.0)))
    assert found.distance == pytest.approx(4)


def test_where_no_minimum_is_known_none_is_named():
    two_wells = Surface("Unknown", TWO_WELLS.formula, TWO_WELLS.domain, (3.2, 2.5))
    found = end_of(GradientDescent(learning_rate=0.1), two_wells, (3.2, 2.5))
    assert found.kind == "local minimum"
    assert "L*" not in found.verdict
    assert np.isnan(found.distance)
    assert found.updates_to_tolerance == -1


@pytest.mark.parametrize("rate", [1.05, 1.2, 1.5])
def test_a_run_leaves_at_the_update_that_a_plain_loop_finds(rate):
    theta, update = np.array([1.0, -2.0]), 0
    while (np.abs(theta) <= 5.12).all():
        theta, update = theta - rate * 2 * theta, update + 1
    found = end_of(GradientDescent(learning_rate=rate), BOWL, (1.0, -2.0), 50)
    assert found.kind == "left"
    assert f"at update {update}; the loss rose" in found.verdict
    assert "smaller" in found.remedy


def test_a_run_that_came_back_left_when_it_last_left():
    found = judged(recorded([[0, 0], [9, 0], [1, 0], [2, 0], [9, 0], [10, 0]], BOWL), BOWL)
    assert found.kind == "left"
    assert "update 4" in found.verdict


def test_a_run_that_came_back_did_not_leave():
    path = [[0, 0], [9, 0], *([[0, 0]] * 30)]
    assert judged(recorded(path, BOWL), BOWL).kind == "global minimum"


def test_a_run_that_falls_out_of_the_frame_needs_another_start():
    found = end_of(GradientDescent(learning_rate=0.1), SADDLE, (-2.5, 0.1))
    assert "the loss fell" in found.verdict
    assert "start" in found.remedy


def test_a_run_outside_the_frame_is_told_so():
    found = judged(recorded([[9, 9], [8, 9], [7, 9]], BOWL), BOWL)
    assert found.kind == "left"
    assert found.verdict.startswith("Began outside the frame")
    assert "inside" in found.remedy


def test_a_run_that_began_outside_and_diverged_needs_a_smaller_rate():
    remedy = end_of(GradientDescent(learning_rate=3.0), BOWL, (9, 9), 2000).remedy
    assert remedy == "Make the learning rate smaller."


def test_a_run_that_began_outside_and_arrived_has_arrived():
    assert end_of(GradientDescent(learning_rate=0.1), BOWL, (9, 9)).kind == "global minimum"


@pytest.mark.parametrize("rate", [2.0, 10.0])
def test_a_run_diverges_at_the_update_that_a_plain_loop_finds(rate):
    theta, update = np.array([-4.0, 3.0]), 0
    with np.errstate(all="ignore"):
        while np.isfinite([*theta, *BOWL.gradient(theta), BOWL.value(theta)]).all():
            theta, update = theta - rate * 2 * theta, update + 1
    found = end_of(GradientDescent(learning_rate=rate), BOWL, (-4.0, 3.0), 600)
    assert found.kind == "diverged"
    assert f"at update {update}" in found.verdict
    assert not np.isfinite(found.loss)
    assert "smaller" in found.remedy


@pytest.mark.parametrize("start", [(np.nan, 0), (np.inf, 0), (1e308, 1e308)])
def test_a_start_without_a_loss_is_to_blame_itself(start):
    found = end_of(GradientDescent(learning_rate=0.1), BOWL, start, 20)
    assert found.kind == "diverged"
    assert found.updates_to_tolerance == -1
    assert "start" in found.remedy
    assert "learning rate" not in found.remedy


@pytest.mark.parametrize(
    ("formula", "rate", "start", "missing", "remedy"),
    [
        ("sqrt(x)+y^2", 2.0, (1.0, 0.0), "the slope is infinite", "a little"),
        ("log(x)+y^2", 1.0, (1.0, 1.0), "the loss is infinite", "smaller"),
        ("sqrt(x)+y^2", 3.0, (1.0, 0.0), "the loss has no value", "smaller"),
    ],
)
def test_a_run_that_ends_at_a_gap_of_the_loss_says_what_is_missing_there(formula, rate, start, missing, remedy):
    surface = parse(formula)
    path = run(GradientDescent(learning_rate=rate), surface, start, 6)
    found = outcome(path, surface, (), ((-2, 2), (-2, 2)))
    assert found.kind == "diverged"
    assert f"Ended at update {path.diverged_at}: the step led to (" in found.verdict
    assert f"where {missing}" in found.verdict
    assert remedy in found.remedy


class Tip:
    """The distance to the origin, whose slope there is no number."""

    def value(self, theta):
        return np.hypot(*theta)

    def gradient(self, theta):
        return theta / np.hypot(*theta)

    def hessian(self, theta):
        return np.zeros((2, *np.shape(theta)))


def test_a_run_that_ends_where_the_loss_has_no_slope_says_so():
    found = outcome(run(GradientDescent(learning_rate=0.5), Tip(), (1.0, 0.0), 6), Tip(), (), ((-2, 2), (-2, 2)))
    assert found.kind == "diverged"
    assert "Ended at update 2: the step led to (0, 0), where the loss has no slope" in found.verdict
    assert "a little" in found.remedy


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


def test_no_update_is_no_arrival_anywhere_but_at_the_minimum():
    assert end_of(GradientDescent(), BOWL, (1.0, 2.0), 0).kind == "stopped"
    assert end_of(GradientDescent(), BOWL, (0.0, 0.0), 0).kind == "global minimum"
    assert end_of(GradientDescent(), BOWL, (9.0, 0.0), 0).kind == "left"


def test_one_jump_to_the_minimum_is_not_yet_rest():
    found = end_of(Newton(), BOWL, (1.0, 2.0), 1)
    assert found.distance < 1e-12
    assert found.kind == "still moving"
    assert "global minimum (0, 0)" in found.verdict


# Every rule on every surface

RATES = np.array([1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0])


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


# Updates to tolerance


@dataclass(frozen=True, eq=False)
class Line:
    """A loss whose value at (x, y) is x: a run can have any losses."""

    def value(self, theta):
        return np.asarray(theta, dtype=float)[0]

    def gradient(self, theta):
        return np.stack([np.ones(np.shape(theta)[1:]), np.zeros(np.shape(theta)[1:])])

    def hessian(self, theta):
        return np.zeros((2, *np.shape(theta)))


def first_within(losses, best: float) -> int:
    """The first update from which on the gap to the best loss stays within a thousandth of the first gap."""
    found = -1
    for update in range(len(losses) - 1, -1, -1):
        if not losses[update] - best <= 1e-3 * (losses[0] - best) + 8 * np.spacing(abs(best)):
            return found
        found = update
    return found


gaps = st.sampled_from([0.0, 1e-4, 9e-4, 1e-3, 1.1e-3, 0.5, 1.0, 7.0, np.inf, np.nan]) | st.floats(0, 2)


@given(st.lists(gaps, min_size=1, max_size=12), st.sampled_from([0.0, -3.0, 5.0]))
def test_updates_to_tolerance_are_those_of_a_plain_loop(gaps, best):
    losses = np.array(gaps) + best
    theta = np.column_stack([losses, np.zeros(len(losses))])
    path = recorded(theta, Line())
    found = outcome(path, Line(), (np.array([best, 0.0]),), ((-1e3, 1e3), (-1e3, 1e3)))
    assert found.updates_to_tolerance == first_within(losses, best)


@pytest.mark.parametrize(
    "rule", ["GradientDescent", "Momentum", "Nesterov", "LineSearch", "BestStep", "Newton", "BFGS"]
)
@pytest.mark.parametrize("name", ["himmelblau", "mccormick", "branin", "styblinski_tang"])
def test_a_run_that_starts_at_a_minimiser_and_stays_is_within_the_tolerance_from_the_start(name, rule):
    surface = SURFACES[name]
    for minimum in surface.minima:
        found = end_of(OPTIMIZERS[rule](), surface, minimum, 50)
        assert found.kind == "global minimum"
        assert found.updates_to_tolerance == 0


def test_updates_to_tolerance_on_a_bowl():
    # The gap shrinks by 0.8^2 at every update: 16 updates make it less than a thousandth.
    found = end_of(GradientDescent(learning_rate=0.1), BOWL, (-4, 3))
    assert found.updates_to_tolerance == 16
    assert end_of(GradientDescent(learning_rate=0.1), BOWL, (-4, 3), 15).updates_to_tolerance == -1
    assert end_of(GradientDescent(learning_rate=0.1), BOWL, (0, 0), 15).updates_to_tolerance == 0


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


def walked(points: np.ndarray) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def test_the_runs_that_are_judged_are_of_all_kinds():
    assert {case.found.kind for case in cases()} | {"valley"} == KINDS


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


def is_outside(theta: np.ndarray, surface: Surface) -> np.ndarray:
    return np.array([not all(low <= x <= high for x, (low, high) in zip(p, surface.view, strict=True)) for p in theta])


def test_who_left_is_outside_since_the_update_named():
    def is_true(case: Case) -> bool:
        outside = is_outside(case.path.theta, case.surface)
        update = int(numbers_in(case.found.verdict)[0])
        return bool(outside[update:].all() and not outside[update - 1])

    assert untrue("left", is_true) == []


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


@pytest.mark.parametrize(
    ("surface", "rule", "start", "steps"),
    [
        ("rosenbrock", OPTIMIZERS["Adam"](learning_rate=1e-4), (1.024, 1.126), 50),
        ("rosenbrock", OPTIMIZERS["Adam"](learning_rate=1e-4), (0.922, 0.819), 50),
        ("rosenbrock", OPTIMIZERS["Adam"](), (2.048, -0.186), 100),
        ("beale", OPTIMIZERS["NAdam"](), (1.227, 4.5), 100),
    ],
)
def test_a_short_jump_of_newton_on_a_steep_slope_is_no_arrival(surface, rule, start, steps):
    found = end_of(rule, SURFACES[surface], start, steps)
    assert found.kind == "still moving"
    assert "minimum" not in found.verdict


def test_the_far_field_of_a_hollow_is_a_plateau():
    hollow = parse("-exp(-(x^2+y^2))")
    path = run(GradientDescent(learning_rate=0.1), hollow, (4.0, 3.0), 100)
    assert outcome(path, hollow, (np.zeros(2),), ((-5, 5), (-5, 5))).kind == "plateau"


@pytest.mark.parametrize("formula", ["x^2", "(x + y)^2", "x^2 y^2"])
def test_the_floor_of_a_valley_is_neither_a_saddle_nor_a_hollow_nor_a_plateau(formula):
    valley = parse(formula)
    path = run(GradientDescent(learning_rate=0.05), valley, (1.0, 0.5), 300)
    found = outcome(path, valley, (), ((-3, 3), (-3, 3)))
    assert found.kind == "valley"
    assert found.verdict.startswith("Converged: the slope is zero along a valley of minima.")
    assert "rate" not in found.remedy


def test_a_run_that_began_on_a_degenerate_saddle_is_stuck_there():
    monkey = SURFACES["monkey_saddle"]
    assert end_of(GradientDescent(learning_rate=0.05), monkey, (0.0, 0.0)).kind == "saddle"


# Truth by hand


def test_who_hardly_moved_beside_the_minimum_has_not_converged():
    found = end_of(GradientDescent(learning_rate=1e-4), BOWL, (0.1, 0.05), 50)
    assert found.updates_to_tolerance == -1
    assert found.kind == "still moving"


def test_who_settles_in_a_hollow_is_on_no_plateau():
    """Small steps towards the bottom of the well on the right, and nearly there."""
    path = recorded([(2, 0.4 * 0.85**update) for update in range(21)], TWO_WELLS)
    assert judged(path, TWO_WELLS).kind in ("still moving", "local minimum")


def test_one_turn_is_no_oscillation():
    out, back = np.linspace(0, 1, 11), np.linspace(0.9, 0.05, 10)
    path = recorded([(2 + x, 3) for x in (*out, *back)], BOWL)
    assert judged(path, BOWL).kind == "still moving"


def test_who_has_stopped_on_a_slope_does_not_crawl():
    """The schedule has brought the learning rate to zero: giving it more updates changes nothing."""
    rule = GradientDescent(learning_rate=0.01, schedule=SCHEDULES["Cosine"](period=50))
    path = run(rule, BOWL, (-4.0, 3.0), 400)
    assert walked(path.theta[-300:]) == 0
    found = judged(path, BOWL)
    assert "tiny" not in found.verdict
    assert "Crawling" not in found.verdict


def test_any_loss_can_be_judged():
    steep = diagonal(1.0, 30.0)
    path = run(GradientDescent(learning_rate=0.05), steep, (3.0, 1.0), 400)
    found = outcome(path, steep, (np.zeros(2),), ((-4, 4), (-4, 4)))
    assert found.kind == "global minimum"
    assert found.distance < 1e-6


# Valleys and degenerate minima


@pytest.mark.parametrize("rule", ["GradientDescent", "Momentum", "Adam", "BFGS"])
@pytest.mark.parametrize(
    "formula", ["(x+y-1)^2", "(x^2+y^2-1)^2", "(x y-1)^2", "(x-1)^2", "max(0,1-x-y)^2", "(x - 2y + 1)^2", "tanh(x-y)^2"]
)
def test_a_run_that_converged_on_a_valley_of_minima_is_told_so_and_advised_nothing(formula, rule):
    surface = parse(formula)
    found = end_of(OPTIMIZERS[rule](learning_rate=1.0 if rule == "BFGS" else 0.05), surface, (0.3, -0.8), 400)
    assert found.kind == "valley"
    assert found.verdict.startswith("Converged")
    assert found.loss == pytest.approx(0, abs=1e-5)
    assert found.remedy.startswith("Nothing needs to change")


def test_a_neuron_with_proportional_examples_converges_on_a_valley():
    valley = diagonal(0.0, 14.0)  # half the sum of (t * theta2)^2 for t = 1, 2, 3
    path = run(GradientDescent(learning_rate=0.05), valley, (1.0, 0.5), 100)
    found = outcome(path, valley, (), ((-2, 2), (-2, 2)))
    assert found.kind == "valley"
    assert numbers_in(found.verdict) == [1, pytest.approx(0, abs=1e-6)]


@pytest.mark.parametrize("formula", ["x^8+y^8", "(x^2+y^2)^1.5", "1+x^4 y^2+x^6+y^6", "|x|+|y|", "x^2+y^2"])
def test_a_run_that_began_at_a_degenerate_minimum_has_converged(formula):
    found = end_of(GradientDescent(learning_rate=0.01), parse(formula), (0.0, 0.0), 50)
    assert found.kind == "local minimum"
    assert found.verdict == "Converged to a minimum at (0, 0)."
    assert found.remedy.startswith("Nothing needs to change")


def test_a_plateau_whose_slope_is_zero_is_no_valley():
    found = end_of(GradientDescent(learning_rate=0.1), parse("min(1, x^2+y^2)"), (1.5, 1.5), 50)
    assert found.kind == "plateau"
    assert "start" in found.remedy
    assert "rate" not in found.remedy


def test_a_slope_that_fades_where_nearly_all_is_gained_is_no_plateau():
    fading = parse("ln(1 + exp(-2x - y))")
    found = outcome(run(GradientDescent(learning_rate=0.5), fading, (-1.0, 1.5), 300), fading, (), ((-4, 4), (-4, 4)))
    assert found.kind == "still moving"
    assert "the slope fades" in found.verdict
    assert "Nothing needs to change" in found.remedy


# Short runs are judged by their end


@pytest.mark.parametrize("steps", [5, 8, 12, 20])
def test_a_short_run_is_judged_by_where_it_rests(steps):
    assert end_of(Newton(), HIMMELBLAU, (-0.5, -1.0), steps).kind == "maximum"
    assert end_of(Newton(), SURFACES["branin"], (0.0, 5.0), steps + 2).kind == "saddle"
    assert end_of(Newton(), BOWL, (1.0, 2.0), steps).verdict == "Converged to the global minimum at (0, 0)."


# Advice is right


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("surface", ["saddle", "easom", "two_wells", "plateau"])
def test_no_advice_recommends_the_rule_that_ran(surface, name):
    rule = OPTIMIZERS[name](learning_rate=0.05)
    for start in (SURFACES[surface].start, np.array(SURFACES[surface].view).mean(axis=1) + 0.3):
        remedy = end_of(rule, SURFACES[surface], start, 60).remedy
        assert not re.search(rf"\b{name}\b", remedy)
        if name in ("Momentum", "Nesterov", "Adam"):
            assert "momentum" not in remedy


def stays(rule, surface, start, steps) -> bool:
    path = run(rule, surface, start, steps)
    return not path.diverged and not is_outside(path.theta, surface).any()


@pytest.mark.parametrize("name", ["GradientDescent", "Momentum", "Nesterov", "Adam", "RMSProp", "SignDescent"])
def test_who_is_advised_a_smaller_rate_stays_with_it_and_who_is_sent_elsewhere_would_leave_later(name):
    advised = set()
    for surface_name in (
        "ellipse",
        "rosenbrock",
        "mccormick",
        "saddle",
        "himmelblau",
        "monkey_saddle",
        "six_hump_camel",
    ):
        surface = SURFACES[surface_name]
        for rate in (0.02, 0.2, 2.0):
            rule, steps = OPTIMIZERS[name](learning_rate=rate), 60
            found = end_of(rule, surface, surface.start, steps)
            if found.kind not in ("left", "diverged"):
                continue
            smaller = re.search(r"smaller: with η = (\S+) it stays", found.remedy)
            if smaller:
                advised.add("smaller")
                assert stays(OPTIMIZERS[name](learning_rate=float(smaller[1])), surface, surface.start, steps)
            elif found.remedy.startswith("Downhill leads further out"):
                advised.add("start")
                for part in (2, 4):
                    calmer = OPTIMIZERS[name](learning_rate=rate / part)
                    assert not stays(calmer, surface, surface.start, 3 * part * steps), (surface_name, rate, part)
    assert "smaller" in advised


def test_noise_that_leads_off_a_ridge_is_not_blamed_on_the_rate():
    noisy = GaussianNoise(SADDLE, 0.1, 0)
    path = run(GradientDescent(learning_rate=0.1), noisy, (-2.5, 0.0), 100)
    found = judged(path, SADDLE)
    assert found.kind == "left"
    assert found.remedy.startswith("Downhill leads further out")


@pytest.mark.parametrize("rate", [1e-7, 5e-7, 2e-6, 1e-5])
def test_badly_scaled_data_are_told_with_the_ratio_of_the_curvatures(rate):
    surface = SURFACES["line_fit"]
    low, high = np.linalg.eigvalsh(surface.hessian(surface.start))
    found = end_of(GradientDescent(learning_rate=rate), surface, surface.start, 200)
    kappa = re.search(r"κ = λₘₐₓ/λₘᵢₙ = (\S+)\.", found.remedy)
    assert float(kappa[1]) == pytest.approx(high / low, rel=0.01)


def test_a_well_scaled_loss_is_not_said_to_be_badly_scaled():
    for rate in (1e-3, 0.05, 1.2):
        assert "κ" not in end_of(GradientDescent(learning_rate=rate), BOWL, (-4.0, 3.0), 40).remedy


def test_who_is_advised_a_larger_rate_gets_lower_with_it():
    found = end_of(GradientDescent(learning_rate=1e-4), BOWL, (0.1, 0.05), 50)
    rate, loss = re.search(r"larger: with η = (\S+) the loss falls to (\S+)\.", found.remedy).groups()
    path = run(GradientDescent(learning_rate=float(rate)), BOWL, (0.1, 0.05), 50)
    assert path.loss[-1] < found.loss
    assert float(loss.replace("−", "-")) == pytest.approx(path.loss[-1], rel=0.01)


def test_no_lower_place_is_promised_where_there_is_none():
    assert "Nothing needs" in end_of(GradientDescent(learning_rate=0.1), parse("x^2+y^2"), (1.0, 1.0)).remedy
    assert "lower place" in end_of(GradientDescent(learning_rate=0.1), TWO_WELLS, (3.2, 2.5)).remedy


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


def test_falling_below_the_lowest_loss_is_said_and_is_no_arrival():
    surface = SURFACES["mccormick"]
    found = end_of(Momentum(learning_rate=0.2), surface, surface.start, 100)
    assert found.kind == "left"
    assert "below L* = −1.91" in found.verdict
    assert found.updates_to_tolerance == -1


# Causes


def test_the_weight_decay_that_holds_a_run_back_is_named():
    rule = OPTIMIZERS["AdamW"](learning_rate=0.05, weight_decay=0.5)
    found = end_of(rule, SURFACES["booth"], (4.0, 1.0), 800)
    assert found.kind == "stopped"
    assert "weight decay" in found.verdict
    assert "away" in found.verdict


@pytest.mark.parametrize("name", ["SignDescent", "Lion"])
def test_steps_that_do_not_shrink_are_named(name):
    found = end_of(OPTIMIZERS[name](learning_rate=0.3), BOWL, (-4.1, 3.2))
    assert found.kind == "oscillating"
    assert "however small the slope" in found.verdict
    assert "schedule" in found.remedy


@pytest.mark.parametrize("name", ["GradientDescent", "Momentum", "Adam", "RMSProp", "NAdam"])
def test_the_noise_that_keeps_a_run_moving_is_named(name):
    path = run(OPTIMIZERS[name](learning_rate=0.05), GaussianNoise(BOWL, 1.0, 3), (-4.0, 3.0), 400)
    found = judged(path, BOWL)
    assert found.kind in ("oscillating", "still moving")
    assert "noise of the gradient is larger than the slope" in found.verdict
    assert "constant rate" in found.remedy


@pytest.mark.parametrize("surface", ["bowl", "ellipse", "matyas"])
def test_a_schedule_that_ends_a_run_early_is_named_with_the_distance(surface):
    rule = GradientDescent(learning_rate=0.01, schedule=SCHEDULES["Cosine"](period=100))
    path = run(rule, SURFACES[surface], SURFACES[surface].start, 200)
    found = judged(path, SURFACES[surface])
    assert found.kind == "stopped"
    assert "the schedule lowered the learning rate to nearly 0 before it arrived" in found.verdict
    assert f"{found.distance:.3g} away" in found.verdict


def test_a_saddle_is_named_by_its_own_place_beside_that_of_the_point():
    found = end_of(GradientDescent(learning_rate=0.1), SADDLE, (-2.5, 0.0), 50)
    assert found.verdict.startswith("Stuck at a saddle at (0, 0). The point is at (−3.57e−5, 0)")


# Where no minimum is known


def typed(formula: str, rule, start, steps: int) -> Outcome:
    surface = parse(formula)
    return end_of(rule, surface, start, steps)


@pytest.mark.parametrize(
    ("formula", "start"),
    [("-exp(-x^2-y^2)", (1.9, -1.9)), ("-exp(-4x^2-4y^2)", (1.4, -1.4)), ("1/(1+exp(-10x))", (1, 0))],
)
def test_a_start_far_out_on_a_flat_field_is_on_a_plateau(formula, start):
    found = typed(formula, GradientDescent(learning_rate=0.01), start, 300)
    assert found.kind == "plateau"
    if rate := re.search(r"η = (\S+) the loss falls to (\S+)\.$", found.remedy):
        surface = parse(formula)
        after = run(GradientDescent(learning_rate=float(rate[1])), surface, start, 300).loss[-1]
        assert after == pytest.approx(float(rate[2].replace("−", "-")), rel=1e-2)
        assert found.loss - after > 0.05


@pytest.mark.parametrize(("formula", "falls"), [("x y", True), ("x^2+y", True), ("-x^2-y^2", True), ("x^3-3x", False)])
def test_who_leaves_a_loss_that_falls_everywhere_is_not_sent_to_another_start(formula, falls):
    remedy = typed(formula, GradientDescent(learning_rate=0.05), (-1.3, -1.1), 400).remedy
    assert ("from other starts too" in remedy) == falls
    assert ("choose another start" in remedy) == (not falls)


@pytest.mark.parametrize("formula", ["abs(x)", "2 abs(x)", "abs(x+y)", "abs(x)+y^2", "sqrt(x^2+y^2)"])
def test_who_swings_over_a_kink_is_told_so(formula):
    found = typed(formula, GradientDescent(learning_rate=0.01), (-2.8, 2.2), 1000)
    assert found.kind == "oscillating"
    assert "kink" in found.verdict
    assert "however small the slope" not in found.verdict
    assert "κ" not in found.remedy
    assert "e−" not in found.verdict


def test_plain_descent_is_not_said_to_ignore_the_slope():
    assert "however small" not in typed("abs(x)", GradientDescent(learning_rate=1.0), (0.4, 0), 100).verdict


def test_the_scaling_of_a_valley_or_of_a_start_is_none():
    for formula, rate in (("(x^2-y)^2", 0.1), ("x^10+y^2", 0.1)):
        assert "badly scaled" not in typed(formula, GradientDescent(learning_rate=rate), (-2.8, 2.2), 3).remedy
    found = typed("x^2+1000y^2", GradientDescent(learning_rate=0.1), (-0.4, 0.05), 3)
    assert "κ = λₘₐₓ/λₘᵢₙ = 1000." in found.remedy


def test_who_drifts_on_flat_ground_where_nothing_is_lower_has_converged():
    found = typed("max(0,1-x-y)", OPTIMIZERS["Adam"](learning_rate=0.01), (-2.8, 2.2), 100)
    assert (found.kind, found.loss) == ("valley", 0)


def test_a_loss_that_is_as_it_was_neither_rose_nor_fell():
    found = typed("(x-1)^2", GradientDescent(learning_rate=1.0), (-1.4, 1.1), 1)
    assert found.verdict == "Left the frame at update 1; the loss is again 5.76."


@pytest.mark.parametrize("name", ["LineSearch", "Newton", "BestStep", "BFGS"])
def test_a_schedule_is_advised_only_to_rules_that_take_one(name):
    branin = SURFACES["branin"]
    for noise in (0.01, 0.5, 5.0):
        path = run(OPTIMIZERS[name](), GaussianNoise(branin, noise, 0), (9.4, 2.4), 40)
        assert "choose a schedule" not in judged(path, branin).remedy
