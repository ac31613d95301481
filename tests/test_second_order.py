"""Line searches and curvature: closed forms on quadratics, special rows beside healthy ones, sufficient decrease."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizers import OPTIMIZERS, run
from surfaces import SURFACES
from tests.losses import Quadratic, diagonal
from tests.samples import assert_same_bits

BFGS, BestStep, ConjugateGradient = (OPTIMIZERS[name] for name in ("BFGS", "BestStep", "ConjugateGradient"))
DampedNewton, LineSearch, Newton = (OPTIMIZERS[name] for name in ("DampedNewton", "LineSearch", "Newton"))
SEARCHING = (LineSearch, ConjugateGradient, DampedNewton, BFGS)
SURFACE_NAMES = ("rosenbrock", "himmelblau", "beale", "ackley", "six_hump_camel", "goldstein_price", "saddle", "easom")

ANGLE = 0.6

every_rule = pytest.mark.parametrize("rule", [*SEARCHING, BestStep, Newton])
searching_rules = pytest.mark.parametrize("rule", SEARCHING)
many_surfaces = pytest.mark.parametrize("surface", SURFACE_NAMES)

angles = st.floats(0, 3.2)
curvatures = st.floats(0.01, 100)
points = st.tuples(st.floats(-5, 5), st.floats(-5, 5)).map(np.array)


def turned(turn: float, *eigenvalues: float) -> np.ndarray:
    """The symmetric matrix with these eigenvalues, its first eigenvector turned by an angle."""
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = rotation @ np.diag(eigenvalues) @ rotation.T
    return (matrix + matrix.T) / 2


def bowl_around(minimum: np.ndarray, matrix: np.ndarray) -> Quadratic:
    return Quadratic(matrix, -matrix @ minimum)


# Quadratics: one update of Newton, two of conjugate gradients


@pytest.mark.parametrize("rule", [Newton, DampedNewton])
@given(angles, curvatures, curvatures, points, points)
def test_newton_reaches_the_minimum_of_a_quadratic_in_one_update(rule, turn, first, second, minimum, start):
    path = run(rule(), bowl_around(minimum, turned(turn, first, second)), start, 1)
    np.testing.assert_allclose(path.theta[1], minimum, atol=1e-9)


@given(angles, curvatures, curvatures, points, points)
def test_pure_newton_goes_to_saddles_too_and_says_so(turn, up, down, saddle, start):
    path = run(Newton(), bowl_around(saddle, turned(turn, up, -down)), start, 1)
    np.testing.assert_allclose(path.theta[1], saddle, atol=1e-9)
    assert path.state["note"][1] == 1
    assert "negative eigenvalue" in Newton.notes[1]


@pytest.mark.parametrize("scale", [1e-290, 1e-160, 1e160, 1e290])
def test_newton_does_not_mind_the_units_of_the_loss(scale):
    matrix = turned(ANGLE, 3.0, 40.0)
    path = run(Newton(), bowl_around(np.array([1.0, -2.0]), scale * matrix), (1.5, -1.5), 1)
    np.testing.assert_allclose(path.theta[1], [1, -2], rtol=1e-12)
    assert path.state["note"][1] == 0


def test_newton_on_the_far_plain_of_easom_has_a_step():
    easom = SURFACES["easom"]
    path = run(Newton(), easom, (2.81666666666667, 1.51666666666667), 4)
    assert not path.diverged


@given(st.floats(0.05, 1.9), points)
def test_the_learning_rate_of_newton_is_the_share_of_the_full_step(learning_rate, start):
    path = run(Newton(learning_rate=learning_rate), diagonal(3, 50), start, 10)
    expected = (1 - learning_rate) ** np.arange(11)[:, None] * start
    np.testing.assert_allclose(path.theta, expected, atol=1e-12)


@given(angles, curvatures, curvatures, points, points)
def test_conjugate_gradient_reaches_the_minimum_of_a_quadratic_in_two_updates(turn, first, second, minimum, start):
    path = run(ConjugateGradient(), bowl_around(minimum, turned(turn, first, second)), start, 2)
    condition = max(first, second) / min(first, second)
    np.testing.assert_allclose(path.theta[2], minimum, atol=1e-12 * condition**2 + 1e-9)


@given(curvatures, curvatures, points)
def test_best_step_reaches_the_minimum_of_an_axis_aligned_quadratic_in_one_update(first, second, start):
    path = run(BestStep(), diagonal(first, second), start, 1)
    np.testing.assert_allclose(path.theta[1], [0, 0], atol=1e-14)


# Special Hessians beside healthy rows

ALONG, ACROSS = np.array([np.cos(ANGLE), np.sin(ANGLE)]), np.array([-np.sin(ANGLE), np.cos(ANGLE)])
ROWS = {
    "healthy": (turned(ANGLE, 3.0, 40.0), (1.0, -2.0)),
    "singular": (turned(ANGLE, 2.0, 0.0), (1.0, -2.0)),
    "indefinite": (turned(ANGLE, 4.0, -3.0), (0.5, 1.0)),
    "zero": (np.zeros((2, 2)), (0.5, 0.25)),
    "singular on the axes": (np.diag([0.0, 5.0]), (0.5, 0.25)),
    "negative": (turned(ANGLE, -1.0, -8.0), (0.5, 0.25)),
    "singular and negative": (turned(ANGLE, -2.0, 0.0), (0.5, 0.25)),
    "nan": (np.full((2, 2), np.nan), (1.0, 1.0)),
    "enormous": (np.full((2, 2), 1e308), (1e308, 1e308)),
    "healthy too": (turned(1.1, 0.5, 2.0), (-1.0, 3.0)),
}
NAMES = list(ROWS)
MANY = Quadratic(
    np.stack([matrix for matrix, _ in ROWS.values()], axis=-1), np.array([slope for _, slope in ROWS.values()]).T
)
STARTS = np.array([np.linspace(-2, 3, len(ROWS)), np.linspace(4, -1, len(ROWS))])


def alone(rule, name: str, steps: int):
    return run(rule, MANY.row(NAMES.index(name)), STARTS[:, NAMES.index(name)], steps)


@every_rule
@pytest.mark.parametrize("name", ROWS)
def test_special_rows_do_not_touch_the_others(rule, name):
    together, single = run(rule(), MANY, STARTS, 25), alone(rule(), name, 25)
    row = NAMES.index(name)
    assert_same_bits(together.theta[..., row], single.theta)
    assert_same_bits(together.loss[..., row], single.loss)
    assert together.diverged_at[row] == single.diverged_at
    for entry, recorded in single.state.items():
        shared = together.state[entry].ndim == recorded.ndim
        assert_same_bits(together.state[entry] if shared else together.state[entry][..., row], recorded)


@pytest.mark.parametrize("name", ["singular", "singular and negative"])
def test_newton_takes_a_gradient_step_along_a_flat_direction(name):
    matrix, slope = ROWS[name]
    path = alone(Newton(), name, 1)
    gradient = matrix @ path.theta[0] + slope
    curved = matrix @ ALONG @ ALONG
    expected = path.theta[0] - ALONG @ gradient / curved * ALONG - ACROSS @ gradient * ACROSS
    np.testing.assert_allclose(path.theta[1], expected, rtol=1e-12)
    assert path.state["note"][1] == 2
    assert "singular" in Newton.notes[2]


def test_newton_takes_a_gradient_step_where_there_is_no_curvature():
    path = alone(Newton(), "zero", 3)
    np.testing.assert_allclose(path.theta, path.theta[0] - np.arange(4)[:, None] * ROWS["zero"][1], rtol=1e-14)
    assert (path.state["note"][1:] == 2).all()


@pytest.mark.parametrize("rule", [Newton, DampedNewton])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("healthy", None),
        ("healthy too", None),
        ("indefinite", "negative eigenvalue"),
        ("negative", "negative eigenvalue"),
        ("singular", "singular"),
        ("singular on the axes", "singular"),
        ("singular and negative", "singular"),
        ("zero", "singular"),
    ],
)
def test_newtons_notes_say_what_was_done(rule, name, words):
    note = int(alone(rule(), name, 1).state["note"][1])
    assert words in rule.notes[note] if words else note == 0


@given(angles, curvatures, curvatures, points)
def test_damped_newton_turns_a_negative_direction_downhill(turn, up, down, start):
    matrix = turned(turn, up, -down)
    path = run(DampedNewton(), Quadratic(matrix, np.zeros(2)), start, 1)
    expected = turned(turn, 1 / up, 1 / down) @ matrix @ start
    np.testing.assert_allclose(path.state["newton_step"][1], expected, atol=1e-9)
    assert path.loss[1] <= path.loss[0]


@pytest.mark.parametrize("name", ["indefinite", "negative", "singular", "zero"])
@searching_rules
def test_searching_rules_go_down_where_there_is_no_minimum(rule, name):
    losses = alone(rule(), name, 20).loss
    losses = losses[np.isfinite(losses)]
    assert len(losses) > 3
    assert (np.diff(losses) <= 0).all()
    assert losses[-1] < losses[0] - 5


def test_best_step_uses_the_size_of_a_negative_second_derivative_and_says_so():
    path = run(BestStep(), diagonal(2, -4), (1.0, 1.0), 3)
    np.testing.assert_array_equal(path.theta, [[1, 1], [0, 2], [0, 4], [0, 8]])
    assert (path.state["note"][1:] == 1).all()
    assert "negative" in BestStep.notes[1]


def test_best_step_takes_a_gradient_step_where_a_second_derivative_is_zero_and_says_so():
    path = run(BestStep(learning_rate=0.5), Quadratic(np.diag([2.0, 0.0]), np.array([0.0, 3.0])), (1.0, 1.0), 2)
    np.testing.assert_array_equal(path.theta, [[1, 1], [0.5, -0.5], [0.25, -2]])
    assert (path.state["note"][1:] == 2).all()
    assert "zero" in BestStep.notes[2]


def test_conjugate_gradient_says_that_the_loss_curves_down():
    note = int(alone(ConjugateGradient(), "negative", 1).state["note"][1])
    assert "does not curve up" in ConjugateGradient.notes[note]


@pytest.mark.parametrize("scale", [1e-140, 1e-98, 1e140])
def test_conjugate_gradient_does_not_mind_the_units_of_the_loss(scale):
    path = run(ConjugateGradient(), diagonal(2 * scale, 4 * scale), (1.0, -2.0), 2)
    np.testing.assert_allclose(path.theta[2], [0, 0], atol=1e-12)
    assert (path.state["note"][1:] == 0).all()


def test_bfgs_says_that_it_learned_nothing_where_the_slope_does_not_increase():
    path = alone(BFGS(), "negative", 3)
    assert [BFGS.notes.get(note, "")[:31] for note in path.state["note"][1:].tolist()] == [
        "",
        "The slope did not increase alon",
        "The slope did not increase alon",
    ]
    np.testing.assert_array_equal(path.state["inverse_hessian"], np.tile(np.eye(2), (4, 1, 1)))


@every_rule
@pytest.mark.parametrize("surface", ["bowl", "ellipse", "booth"])
def test_nothing_special_is_said_about_a_quadratic_with_a_minimum(rule, surface):
    loss = SURFACES[surface]
    path = run(rule(), loss, loss.start, 15)
    assert rule.notes.keys() & path.state["note"].tolist() == set()


def test_conjugate_gradient_starts_again_where_its_direction_points_uphill_and_says_so():
    loss = SURFACES["rosenbrock"]
    path = run(ConjugateGradient(), loss, loss.start[:, None] + np.linspace(-0.5, 0.5, 40), 40)
    updates, rows = np.nonzero(path.state["note"] == 3)
    assert len(updates) > 0
    assert "uphill" in ConjugateGradient.notes[3]
    for update, row in zip(updates, rows, strict=True):
        before, gradient = path.gradient[update - 2, :, row], path.gradient[update - 1, :, row]
        share = max(0.0, gradient @ (gradient - before) / (before @ before))
        assert (share * path.state["previous_direction"][update - 1, :, row] - gradient) @ gradient >= 0
        np.testing.assert_array_equal(path.state["previous_direction"][update, :, row], -gradient)
        assert path.state["conjugacy"][update, row] == 0


@searching_rules
def test_a_row_without_numbers_stays_and_says_that_no_length_was_found(rule):
    path = alone(rule(), "nan", 2)
    assert path.diverged_at == 0
    assert "No step length" in rule.notes[int(path.state["note"][1])]
    assert path.state["step_length"][1] == 0


# Line searches


def direction_of(rule, path) -> np.ndarray:
    """The direction p of every update, recomputed from the record; the move is the step length times p."""
    if rule is LineSearch:
        return -path.gradient[:-1]
    if rule is DampedNewton:
        return -path.state["newton_step"][1:]
    if rule is ConjugateGradient:
        return path.state["previous_direction"][1:]
    return -np.einsum("kij,kj->ki", path.state["inverse_hessian"][1:], path.gradient[:-1])


def enough(here, there, length, slope) -> np.ndarray:
    """Armijo's condition with a little room for rounding."""
    return there <= here + 1e-4 * length * slope + 1e-13 * (1 + np.abs(here))


@searching_rules
@many_surfaces
def test_every_update_satisfies_armijos_condition(rule, surface):
    loss = SURFACES[surface]
    path = run(rule(), loss, loss.start, 60)
    length, direction = path.state["step_length"][1:], direction_of(rule, path)
    slope = (direction * path.gradient[:-1]).sum(axis=1)
    np.testing.assert_allclose(path.theta[1:], path.theta[:-1] + length[:, None] * direction, rtol=1e-12, atol=1e-15)
    assert (slope <= 0).all()
    assert enough(path.loss[:-1], path.loss[1:], length, slope).all()


@pytest.mark.parametrize("rule", [LineSearch, DampedNewton, BFGS])
@many_surfaces
@pytest.mark.parametrize("first", [1.0, 0.3])
def test_the_step_length_is_the_longest_that_falls_enough(rule, surface, first):
    loss = SURFACES[surface]
    path = run(rule(learning_rate=first), loss, loss.start, 60)
    length, direction = path.state["step_length"][1:], direction_of(rule, path)
    slope = (direction * path.gradient[:-1]).sum(axis=1)
    halvings = np.log2(first / length[length > 0])
    np.testing.assert_array_equal(halvings, np.round(halvings))
    halved = (length > 0) & (length < first)
    tried = loss.value((path.theta[:-1] + 2 * length[:, None] * direction).T)
    fell = tried < path.loss[:-1] + 2e-4 * length * slope - 1e-13 * (1 + np.abs(path.loss[:-1]))
    assert not (halved & fell).any()


@searching_rules
@many_surfaces
def test_line_searches_never_increase_the_loss(rule, surface):
    loss = SURFACES[surface]
    starts = loss.start[:, None] + np.random.default_rng(3).uniform(-1, 1, (2, 20))
    losses = run(rule(learning_rate=np.geomspace(0.01, 10, 20)), loss, starts, 40).loss
    # Where there is no minimum a loss may end at minus infinity, and nan after it.
    assert not (losses[1:] > losses[:-1]).any()
    assert (losses[1:] < losses[0]).any(axis=0).all()


@searching_rules
def test_a_point_that_cannot_fall_any_further_stays(rule):
    path = run(rule(), SURFACES["rosenbrock"], (1.0, 1.0), 5)
    np.testing.assert_array_equal(path.theta, np.ones((6, 2)))


@pytest.mark.parametrize(
    ("surface", "start", "steps"),
    [("monkey_saddle", (-1.0, 0.3), 20), ("beale", (1000.0, -1000.0), 3), ("himmelblau", (1e70, 1e60), 20)],
)
def test_the_search_goes_on_until_the_loss_falls_however_short_the_step_must_be(surface, start, steps):
    path = run(LineSearch(), SURFACES[surface], start, steps)
    losses = path.loss[np.isfinite(path.loss)]
    assert (path.state["note"][1 : len(losses)] == 0).all()
    assert (np.diff(losses) < 0).all()


@searching_rules
def test_a_slope_whose_square_is_no_number_is_descended(rule):
    loss = SURFACES["himmelblau"]
    path = run(rule(), loss, (3e75, 1e75), 3)
    assert np.hypot(*path.gradient[0]) > 1e200
    assert (path.state["note"][1:] != 1).all()
    assert (np.diff(path.loss) < 0).all()


@pytest.mark.parametrize("slope", [1e-3, 1.0, 1e3])
def test_a_point_from_which_nothing_is_lower_stays_and_says_so(slope):
    class Lie:
        """A loss that rises where its gradient says that it falls."""

        def value(self, theta):
            return 1e-20 + slope * np.abs(theta[0] - 1)

        def gradient(self, theta):
            return np.stack([np.full(theta.shape[1:], slope), np.zeros(theta.shape[1:])])

    path = run(LineSearch(), Lie(), (1.0, 1.0), 2)
    np.testing.assert_array_equal(path.theta, np.ones((3, 2)))
    assert (path.state["note"][1:] == 1).all()


# BFGS


def reference_bfgs(loss, theta: np.ndarray, steps: int) -> list[np.ndarray]:
    """Algorithm 6.1 of Nocedal and Wright as they print it, with Armijo backtracking from 1."""
    inverse, identity, path = np.eye(2), np.eye(2), [theta]
    for update in range(steps):
        gradient = loss.gradient(theta)
        direction, length = -inverse @ gradient, 1.0
        while loss.value(theta + length * direction) > loss.value(theta) + 1e-4 * length * direction @ gradient:
            length /= 2
        move = length * direction
        change = loss.gradient(theta + move) - gradient
        if update == 0:
            inverse = move @ change / (change @ change) * identity
        scale = 1 / (change @ move)
        left = identity - scale * np.outer(move, change)
        inverse = left @ inverse @ left.T + scale * np.outer(move, move)
        theta = theta + move
        path.append(theta)
    return path


@pytest.mark.parametrize(
    ("surface", "start", "steps"),
    [("rosenbrock", (-1.2, 1.0), 12), ("himmelblau", (4.0, 3.5), 7), ("tilted_ellipse", (-4.5, -2.5), 5)],
)
def test_bfgs_follows_the_textbook(surface, start, steps):
    loss = SURFACES[surface]
    expected = reference_bfgs(loss, np.array(start), steps)
    np.testing.assert_allclose(run(BFGS(), loss, start, steps).theta, expected, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("scale", [1.0, 1e140, 1e160, 1e300])
def test_bfgs_learns_whatever_the_units_of_the_loss(scale):
    path = run(BFGS(), diagonal(2 * scale, 4 * scale), (1.0, -2.0), 10)
    assert (path.state["note"][1:] == 0).all()
    np.testing.assert_allclose(path.theta[-1], [0, 0], atol=1e-6)
    np.testing.assert_allclose(path.state["inverse_hessian"][-1] * scale, np.diag([0.5, 0.25]), atol=1e-3)


@many_surfaces
def test_the_inverse_hessian_of_bfgs_is_symmetric_positive_and_explains_the_last_move(surface):
    loss = SURFACES[surface]
    path = run(BFGS(), loss, loss.start, 15)
    estimates, notes = path.state["inverse_hessian"], path.state["note"]
    np.testing.assert_allclose(estimates, np.swapaxes(estimates, 1, 2), rtol=1e-9)
    assert (np.linalg.eigvalsh(estimates) > 0).all()
    moves, changes = np.diff(path.theta, axis=0), np.diff(path.gradient, axis=0)
    for update in np.flatnonzero(notes[2:] == 0):
        # The estimate of one update was made with the move of the update before it.
        np.testing.assert_allclose(estimates[update + 2] @ changes[update], moves[update], rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize(("rule", "updates"), [(ConjugateGradient, 60), (DampedNewton, 30), (BFGS, 40)])
def test_curvature_brings_rosenbrock_down_in_few_updates(rule, updates):
    loss = SURFACES["rosenbrock"]
    np.testing.assert_allclose(run(rule(), loss, loss.start, updates).theta[-1], [1, 1], atol=1e-3)
