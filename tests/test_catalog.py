"""The catalogue's facts: formulas against a second hand, minima against the literature and a search of our own."""

import numpy as np
import pytest

from programs.frame import inside
from surfaces import SURFACES, Surface, catalog
from tests.samples import assert_same_bits, domain_and_view, grid, random_points
from tests.second_formulas import SECOND_FORMULAS, complex_step_gradient, complex_step_hessian

REQUIRED = {
    "bowl",
    "ellipse",
    "tilted_ellipse",
    "rosenbrock",
    "himmelblau",
    "beale",
    "booth",
    "matyas",
    "mccormick",
    "three_hump_camel",
    "six_hump_camel",
    "goldstein_price",
    "branin",
    "rastrigin",
    "ackley",
    "griewank",
    "levy13",
    "styblinski_tang",
    "easom",
    "saddle",
    "monkey_saddle",
    "plateau",
    "two_wells",
    "hills",
    "ravine",
    "linear_neuron",
    "line_fit",
    "logistic_neuron",
    "tanh_neuron",
    "two_weight_chain",
}

every_surface = pytest.mark.parametrize("name", SURFACES)
every_second_formula = pytest.mark.parametrize("name", SECOND_FORMULAS)
with_minima = pytest.mark.parametrize("name", [name for name, loss in SURFACES.items() if loss.minima])
without_minima = pytest.mark.parametrize("name", [name for name, loss in SURFACES.items() if not loss.minima])


# The registry


def test_the_catalogue_holds_the_required_surfaces():
    assert REQUIRED <= SURFACES.keys()
    assert SECOND_FORMULAS.keys() == REQUIRED


def test_the_registry_is_the_module():
    assert SURFACES == {name: loss for name, loss in vars(catalog).items() if isinstance(loss, Surface)}


@every_surface
def test_names_are_snake_case_and_texts_are_there(name):
    loss = SURFACES[name]
    assert name == name.lower()
    assert name.isidentifier()
    for text in (loss.title, loss.lesson, loss.source):
        assert text.strip() == text != ""
        assert "\n" not in text
    assert loss.lesson.endswith((".", "?", "!"))


def test_titles_differ():
    titles = [loss.title for loss in SURFACES.values()]
    assert len(set(titles)) == len(titles)


def braces_balance(latex: str) -> bool:
    depth = 0
    for character in latex.replace(r"\{", "").replace(r"\}", ""):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


@every_surface
def test_latex_is_well_formed(name):
    latex = SURFACES[name].latex
    assert braces_balance(latex)
    assert latex.count(r"\left") - latex.count(r"\leftarrow") == latex.count(r"\right") - latex.count(r"\rightarrow")
    assert r"\theta_{1}" in latex
    assert r"\theta_{2}" in latex
    assert "theta1" not in latex


@every_surface
def test_start_lies_in_the_view_and_the_view_in_the_domain(name):
    loss = SURFACES[name]
    for box in (loss.domain, loss.view):
        assert np.shape(box) == (2, 2)
        assert np.isfinite(box).all()
        assert all(low < high for low, high in box)
    assert inside(np.array(loss.view), loss.domain).all()
    assert inside(loss.start, loss.view)
    assert inside(loss.start, loss.domain)


@with_minima
def test_minima_lie_in_the_domain_and_one_in_the_view(name):
    loss = SURFACES[name]
    minima = np.transpose(loss.minima)
    assert inside(minima, loss.domain).all()
    assert inside(minima, loss.view).any()


@with_minima
def test_the_start_is_neither_a_minimum_nor_at_rest(name):
    loss = SURFACES[name]
    assert loss.value(loss.start) > loss.value(loss.minima[0])
    assert np.linalg.norm(loss.gradient(loss.start)) > 1e-6


# Two formulas


def smooth_points(name: str) -> np.ndarray:
    """Random points and the start; no point where a formula has no derivative."""
    loss = SURFACES[name]
    return np.column_stack([domain_and_view(loss, 400), loss.start])


def assert_agree(actual: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(actual, expected, rtol=1e-10, atol=1e-13 * np.abs(expected).max())


@every_second_formula
def test_value_agrees_with_a_second_formula(name):
    points = smooth_points(name)
    assert_agree(SURFACES[name].value(points), SECOND_FORMULAS[name].value(*points))


@every_second_formula
def test_gradient_agrees_with_a_second_formula(name):
    points = smooth_points(name)
    gradient = SURFACES[name].gradient(points)
    assert_agree(gradient, np.array(SECOND_FORMULAS[name].gradient(*points)))
    assert_agree(gradient, complex_step_gradient(SECOND_FORMULAS[name].value, *points))


@every_second_formula
def test_hessian_agrees_with_a_second_formula(name):
    points = smooth_points(name)
    assert_agree(SURFACES[name].hessian(points), complex_step_hessian(SECOND_FORMULAS[name].gradient, *points))


# Published numbers

SFU = "https://www.sfu.ca/~ssurjano/optimization.html"
JAMIL_YANG = "arXiv:1308.4008"
EXACT = "follows from the formula by hand"

PUBLISHED_MINIMA = {  # the lowest loss, the digits published, where
    "bowl": (0, 1e-15, SFU),
    "ellipse": (0, 1e-15, EXACT),
    "tilted_ellipse": (0, 1e-15, EXACT),
    "rosenbrock": (0, 1e-15, SFU),
    "himmelblau": (0, 1e-15, JAMIL_YANG),
    "beale": (0, 1e-15, SFU),
    "booth": (0, 1e-15, SFU),
    "matyas": (0, 1e-15, SFU),
    "mccormick": (-1.9133, 1e-4, SFU),
    "three_hump_camel": (0, 1e-15, SFU),
    "six_hump_camel": (-1.0316, 5e-5, SFU),
    "goldstein_price": (3, 1e-12, SFU),
    "branin": (0.397887, 5e-7, SFU),
    "rastrigin": (0, 1e-15, SFU),
    "ackley": (0, 1e-14, SFU),
    "griewank": (0, 1e-15, SFU),
    "levy13": (0, 1e-15, SFU),
    "styblinski_tang": (-39.16599 * 2, 5e-4, SFU),
    "easom": (-1, 1e-15, SFU),
    "plateau": (-1.015, 1e-14, EXACT),
    "two_wells": (-20 / 3, 1e-14, EXACT),
    "ravine": (0, 1e-15, EXACT),
}

CLOSED_FORMS = {
    "mccormick": -np.sqrt(3) / 2 - np.pi / 3,
    "branin": 5 / (4 * np.pi),
    "six_hump_camel": -1.031628453489877,  # Molga & Smutnicki (2005), and to all digits by Newton's method
    "styblinski_tang": -39.16616570377142 * 2,
}

PUBLISHED_MINIMISERS = {  # all of them, to the digits published
    "rosenbrock": [(1, 1)],
    "himmelblau": [(3, 2), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126)],
    "beale": [(3, 0.5)],
    "booth": [(1, 3)],
    "mccormick": [(-0.54719, -1.54719)],
    "six_hump_camel": [(0.0898, -0.7126), (-0.0898, 0.7126)],
    "goldstein_price": [(0, -1)],
    "branin": [(-np.pi, 12.275), (np.pi, 2.275), (9.42478, 2.475)],
    "levy13": [(1, 1)],
    "styblinski_tang": [(-2.903534, -2.903534)],
    "easom": [(np.pi, np.pi)],
}

PUBLISHED_DOMAINS = {
    "bowl": ((-5.12, 5.12), (-5.12, 5.12)),
    "rosenbrock": ((-2.048, 2.048), (-2.048, 2.048)),
    "himmelblau": ((-5, 5), (-5, 5)),
    "beale": ((-4.5, 4.5), (-4.5, 4.5)),
    "booth": ((-10, 10), (-10, 10)),
    "matyas": ((-10, 10), (-10, 10)),
    "mccormick": ((-1.5, 4), (-3, 4)),
    "three_hump_camel": ((-5, 5), (-5, 5)),
    "six_hump_camel": ((-3, 3), (-2, 2)),
    "goldstein_price": ((-2, 2), (-2, 2)),
    "branin": ((-5, 10), (0, 15)),
    "rastrigin": ((-5.12, 5.12), (-5.12, 5.12)),
    "ackley": ((-32.768, 32.768), (-32.768, 32.768)),
    "griewank": ((-600, 600), (-600, 600)),
    "levy13": ((-10, 10), (-10, 10)),
    "styblinski_tang": ((-5, 5), (-5, 5)),
    "easom": ((-100, 100), (-100, 100)),
}


@pytest.mark.parametrize("name", PUBLISHED_MINIMA)
def test_the_lowest_loss_is_the_published_one(name):
    lowest, tolerance, _ = PUBLISHED_MINIMA[name]
    assert SURFACES[name].value(SURFACES[name].minima[0]) == pytest.approx(lowest, rel=0, abs=tolerance)


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_the_lowest_loss_is_right_to_all_digits(name):
    assert SURFACES[name].value(SURFACES[name].minima[0]) == pytest.approx(CLOSED_FORMS[name], rel=1e-14)


@pytest.mark.parametrize("name", PUBLISHED_MINIMISERS)
def test_the_minimisers_are_the_published_ones(name):
    declared, published = np.array(SURFACES[name].minima), np.array(PUBLISHED_MINIMISERS[name])
    distances = np.linalg.norm(declared[:, None] - published[None], axis=-1)
    assert len(declared) == len(published)
    assert (distances.min(axis=0) < 1e-4).all()
    assert (distances.min(axis=1) < 1e-4).all()


@pytest.mark.parametrize("name", PUBLISHED_DOMAINS)
def test_the_domain_is_the_published_one(name):
    assert np.array_equal(SURFACES[name].domain, PUBLISHED_DOMAINS[name])


# Minima


@with_minima
def test_declared_minima_are_equally_deep(name):
    loss = SURFACES[name]
    values = loss.value(np.transpose(loss.minima))
    np.testing.assert_allclose(values, values[0], rtol=1e-12, atol=1e-12)


@with_minima
def test_declared_minima_are_stationary_to_the_last_digits(name):
    """The Newton step from a declared minimiser is as small as its rounding."""
    loss = SURFACES[name]
    for minimum in loss.minima:
        gradient, hessian = loss.gradient(minimum), loss.hessian(minimum)
        assert np.linalg.norm(np.linalg.pinv(hessian) @ gradient) < 1e-13 * max(1, np.linalg.norm(minimum))
        assert np.linalg.norm(gradient) < 1e-12 * max(1, np.linalg.norm(hessian))


@with_minima
def test_the_hessian_at_declared_minima_has_no_negative_eigenvalue(name):
    loss = SURFACES[name]
    for minimum in loss.minima:
        eigenvalues = np.linalg.eigvalsh(loss.hessian(minimum))
        assert eigenvalues[0] >= -1e-12 * max(1, eigenvalues[1])


@with_minima
def test_declared_minima_are_below_their_neighbourhood(name):
    loss = SURFACES[name]
    angles = np.linspace(0, 2 * np.pi, 90)
    for minimum in loss.minima:
        for radius in (1e-3, 1e-2):
            ring = minimum[:, None] + radius * np.array([np.cos(angles), np.sin(angles)])
            assert (loss.value(ring) > loss.value(minimum)).all()


@with_minima
@pytest.mark.parametrize("box", ["domain", "view"])
def test_nothing_on_a_fine_grid_lies_below_a_declared_minimum(name, box):
    loss = SURFACES[name]
    lowest = loss.value(loss.minima[0])
    assert loss.value(grid(getattr(loss, box), 601)).min() >= lowest - 1e-12 * max(1, abs(lowest))


def shifted_newton_step(gradient: np.ndarray, hessian: np.ndarray, damping: np.ndarray) -> np.ndarray:
    """-(H + shift I)^-1 g for every row, with the shift that makes H positive definite, plus the damping."""
    (a, b), (_, c) = hessian
    smallest = (a + c) / 2 - np.hypot((a - c) / 2, b)
    shift = np.maximum(0, -1.5 * smallest) + damping
    determinant = (a + shift) * (c + shift) - b * b
    along1 = (c + shift) * gradient[0] - b * gradient[1]
    along2 = (a + shift) * gradient[1] - b * gradient[0]
    return -np.array([along1, along2]) / determinant


def descend(loss: Surface, theta: np.ndarray, steps: int = 80) -> np.ndarray:
    """Damped Newton from many starts at once: a step that does not lower the loss is taken back and damped more."""
    damping = np.full(theta.shape[1], 1e-2)
    for _ in range(steps):
        with np.errstate(all="ignore"):
            trial = theta + shifted_newton_step(loss.gradient(theta), loss.hessian(theta), damping)
            lower = loss.value(trial) < loss.value(theta)
        theta = np.where(lower, trial, theta)
        damping = np.where(lower, damping / 5, np.maximum(damping, 1e-6) * 7)
    return theta


def search_starts(loss: Surface) -> np.ndarray:
    """The lowest points of fine grids over domain and view, and points spread over both: shape (2, batch)."""
    candidates = np.hstack([grid(box, 301).reshape(2, -1) for box in (loss.domain, loss.view)])
    lowest = candidates[:, np.argsort(loss.value(candidates))[:1500]]
    return np.hstack([lowest, *(grid(box, 20).reshape(2, -1) for box in (loss.domain, loss.view))])


def distinct(points: np.ndarray, distance: float = 1e-4) -> np.ndarray:
    """One point of each cluster, shape (count, 2)."""
    kept: list[np.ndarray] = []
    for point in points.T:
        if all(np.linalg.norm(point - other) > distance for other in kept):
            kept.append(point)
    return np.array(kept).reshape(-1, 2)


@pytest.mark.slow
@with_minima
def test_a_search_finds_the_declared_minima_and_no_other(name):
    loss = SURFACES[name]
    lowest = loss.value(loss.minima[0])
    ends = descend(loss, search_starts(loss))
    ends = ends[:, inside(ends, loss.domain)]
    values = loss.value(ends)
    assert values.min() >= lowest - 1e-12 * max(1, abs(lowest))
    found = distinct(ends[:, values < lowest + 1e-9 * max(1, abs(lowest))], 1e-2)
    distances = np.linalg.norm(found[:, None] - np.array(loss.minima)[None], axis=-1)
    assert len(found) == len(loss.minima)
    assert (distances.min(axis=0) < 1e-3).all()


LOCAL_MINIMA = {  # all minima inside the domain, global ones included
    "bowl": 1,
    "ellipse": 1,
    "tilted_ellipse": 1,
    "rosenbrock": 1,
    "himmelblau": 4,
    "booth": 1,
    "matyas": 1,
    "three_hump_camel": 3,
    "six_hump_camel": 6,
    "goldstein_price": 4,
    "branin": 3,
    "styblinski_tang": 4,
    "plateau": 1,
    "two_wells": 2,
    "linear_neuron": 1,
    "line_fit": 1,
    "logistic_neuron": 1,
    "tanh_neuron": 2,
    "two_weight_chain": 2,
}


def local_minima(loss: Surface) -> np.ndarray:
    """The points of the domain with zero gradient and positive definite Hessian, by search: shape (count, 2)."""
    ends = descend(loss, grid(loss.domain, 41).reshape(2, -1))
    gradient, ((a, b), (_, c)) = loss.gradient(ends), loss.hessian(ends)
    at_rest = np.linalg.norm(gradient, axis=0) < 1e-6 * np.maximum(1, np.abs(a) + np.abs(c))
    return distinct(ends[:, at_rest & (a + c > 0) & (a * c - b * b > 1e-9) & inside(ends, loss.domain)])


@pytest.mark.slow
@pytest.mark.parametrize("name", LOCAL_MINIMA)
def test_the_number_of_local_minima(name):
    assert len(local_minima(SURFACES[name])) == LOCAL_MINIMA[name]


def test_goldstein_and_price_list_four_minima():
    """Goldstein & Price (1971), doi:10.1090/S0025-5718-1971-0312365-X."""
    listed = {(0, -1): 3, (1.2, 0.8): 840, (1.8, 0.2): 84, (-0.6, -0.4): 30}
    found = local_minima(SURFACES["goldstein_price"])
    for point, value in listed.items():
        assert np.linalg.norm(found - point, axis=1).min() < 1e-6
        assert SURFACES["goldstein_price"].value(point) == pytest.approx(value, rel=1e-12)


@without_minima
def test_a_surface_without_minima_has_its_lowest_points_on_the_edge(name):
    loss = SURFACES[name]
    points = grid(loss.domain, 201)
    values = loss.value(points)
    assert values.min() < values[1:-1, 1:-1].min()
    assert len(local_minima(loss)) == 0


@pytest.mark.parametrize(("name", "direction", "degree"), [("saddle", (0, 1), 2), ("monkey_saddle", (-1, 0), 3)])
def test_saddles_are_unbounded_below(name, direction, degree):
    loss = SURFACES[name]
    assert loss.minima == ()
    for distance in (1.0, 1e3, 1e6):
        assert loss.value(distance * np.array(direction)) == pytest.approx(-(distance**degree))
    np.testing.assert_array_equal(loss.gradient((0, 0)), [0, 0])


# What single lessons promise


def test_the_ellipse_has_condition_number_50():
    eigenvalues = np.linalg.eigvalsh(SURFACES["ellipse"].hessian((0.3, -0.2)))
    assert eigenvalues[1] / eigenvalues[0] == 50


def test_the_tilted_ellipse_has_eigenvalues_1_and_25_along_the_diagonals():
    eigenvalues, vectors = np.linalg.eigh(SURFACES["tilted_ellipse"].hessian((0.3, -0.2)))
    np.testing.assert_allclose(eigenvalues, [1, 25], rtol=1e-13)
    np.testing.assert_allclose(np.abs(vectors), np.sqrt(0.5), rtol=1e-13)


@pytest.mark.parametrize(("name", "condition"), [("bowl", 1), ("booth", 9), ("matyas", 25)])
def test_condition_numbers_of_quadratics(name, condition):
    assert np.linalg.cond(SURFACES[name].hessian((0, 0))) == pytest.approx(condition, rel=1e-12)


def test_ackley_has_a_finite_documented_gradient_at_its_tip():
    loss = SURFACES["ackley"]
    for tip in [(0.0, 0.0), (-0.0, 0.0), (0, 0)]:
        np.testing.assert_array_equal(loss.gradient(tip), [0, 0])
        np.testing.assert_array_equal(loss.hessian(tip), np.zeros((2, 2)))
    assert "subgradient" in loss.source


def test_ackleys_tip_in_a_batch_leaves_its_neighbours_alone():
    loss = SURFACES["ackley"]
    theta = np.array([[0.0, 1e-8, 0.0, 2.4], [0.0, 0.0, -1e-8, -1.6]])
    assert_same_bits(loss.gradient(theta), np.stack([loss.gradient(point) for point in theta.T], axis=-1))
    slope = 4 / np.sqrt(2)  # of the cone around the tip
    np.testing.assert_allclose(loss.gradient(theta)[:, :3], [[0, slope, 0], [0, 0, -slope]], atol=1e-6)


def test_ackley_rises_on_every_side_of_its_tip():
    """Zero is a subgradient: the loss never falls below its value at the tip."""
    loss, points = SURFACES["ackley"], random_points(((-1e-3, 1e-3), (-1e-3, 1e-3)), 500)
    assert (loss.value(points) > loss.value((0, 0)) + np.linalg.norm(points, axis=0)).all()


def test_the_saddles_start_leads_to_the_saddle():
    gradient = SURFACES["saddle"].gradient(SURFACES["saddle"].start)
    assert gradient[0] != 0
    assert gradient[1] == 0


def test_the_monkey_saddle_is_flat_at_the_origin():
    np.testing.assert_array_equal(SURFACES["monkey_saddle"].hessian((0, 0)), np.zeros((2, 2)))


def test_the_plateau_is_flat_and_its_valley_is_not():
    loss = SURFACES["plateau"]
    assert np.abs(loss.gradient((0, 0))).max() < 0.05
    assert loss.value((0, 0)) - loss.value(loss.minima[0]) > 1
    assert np.linalg.eigvalsh(loss.hessian((0, 0)))[0] < 0.05 < 10 < np.linalg.eigvalsh(loss.hessian((1, 0)))[1]


def test_two_wells_has_a_higher_well_on_the_right():
    loss = SURFACES["two_wells"]
    np.testing.assert_allclose(sorted(local_minima(loss)[:, 0]), [-2, 2], atol=1e-8)
    assert loss.value((2, 0)) > loss.value((-2, 0)) + 1


def test_goldstein_price_spans_3_to_a_million():
    values = SURFACES["goldstein_price"].value(grid(SURFACES["goldstein_price"].domain, 101))
    assert values.min() == pytest.approx(3, abs=1e-9)
    assert 1e6 < values.max() < 1.1e6


def test_the_floor_of_the_ravine_is_curved_and_narrow():
    loss, x = SURFACES["ravine"], np.linspace(-3, 3, 50)
    np.testing.assert_allclose(loss.value((x, np.sin(x))), x**2 / 10, rtol=1e-12)
    assert np.linalg.cond(loss.hessian((0, 0))) > 100


def shares_of_starts(name: str, rate: float, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """The local minima, (count, 2), and the share of the starts on a grid that small steps lead to each of them."""
    loss = SURFACES[name]
    minima = local_minima(loss)
    theta = grid(loss.view, 31)
    for _ in range(steps):
        theta = theta - rate * loss.gradient(theta)
    away = np.linalg.norm(theta[..., None] - minima.T[:, None, None, :], axis=0)
    ends = np.where(away.min(axis=-1) < 0.1, away.argmin(axis=-1), -1)
    return minima, np.array([(ends == place).mean() for place in range(len(minima))])


def test_each_minimum_of_the_three_hump_camel_catches_a_third_of_all_starts():
    _, shares = shares_of_starts("three_hump_camel", 5e-4, 5000)
    np.testing.assert_allclose(shares, [1 / 3] * 3, atol=0.02)


def test_most_starts_on_the_six_hump_camel_miss_the_global_minima():
    loss = SURFACES["six_hump_camel"]
    minima, shares = shares_of_starts("six_hump_camel", 2e-3, 2000)
    known = np.isclose(loss.value(minima.T), loss.best_loss)
    assert known.sum() == 2
    assert (~known).sum() == 4
    assert shares[~known].sum() > 0.55
    assert shares.sum() > 0.99


@pytest.mark.parametrize(("name", "rate", "steps"), [("styblinski_tang", 0.005, 500), ("two_wells", 0.02, 500)])
def test_small_steps_end_in_the_well_where_they_begin(name, rate, steps):
    """The ridges between the wells are where the slope along a parameter is zero and the loss curves down."""
    loss = SURFACES[name]
    theta = grid(loss.view, 31)
    ridge = {"styblinski_tang": (0.156731, 0.156731), "two_wells": (0.5, np.nan)}[name]
    begin = [np.sign(theta[axis] - ridge[axis]) for axis in range(2)]
    for _ in range(steps):
        theta = theta - rate * loss.gradient(theta)
    for axis in range(2):
        np.testing.assert_array_equal(np.sign(theta[axis] - ridge[axis]), begin[axis])


def test_the_learning_rate_too_decides_which_of_himmelblaus_minima_is_found():
    ends = []
    for rate in (0.005, 0.01):
        theta = grid(((-0.5, 0.5), (-1.5, -0.5)), 21)
        for _ in range(400):
            theta = theta - rate * SURFACES["himmelblau"].gradient(theta)
        ends.append(theta)
    assert (np.linalg.norm(ends[0] - ends[1], axis=0) > 1).any()


def test_at_the_best_rate_every_update_on_booth_leaves_the_same_share_of_the_distance():
    loss = SURFACES["booth"]
    theta = random_points(loss.domain, 20)
    minimum = loss.minima[0][:, None]
    after = theta - 0.1 * loss.gradient(theta)
    np.testing.assert_allclose(np.linalg.norm(after - minimum, axis=0), 0.8 * np.linalg.norm(theta - minimum, axis=0))


def test_minima_of_rastrigin_lie_near_pairs_of_whole_numbers_and_small_steps_find_the_nearest():
    loss = SURFACES["rastrigin"]
    middles = np.stack(np.meshgrid(np.arange(-4.0, 5), np.arange(-4.0, 5)))
    theta = middles + np.array([0.35, -0.4])[:, None, None]
    for _ in range(200):
        theta = theta - 0.001 * loss.gradient(theta)
    assert np.abs(theta - middles).max() < 0.1
    assert np.linalg.norm(loss.gradient(theta), axis=0).max() < 1e-6


def test_the_floor_of_goldstein_and_price_is_far_flatter_than_its_walls():
    loss = SURFACES["goldstein_price"]
    walls = np.abs(loss.hessian(grid(loss.view, 41))).max()
    assert np.linalg.eigvalsh(loss.hessian(loss.minima[0]))[0] / walls < 1e-3


def test_cross_entropy_is_convex_and_squared_error_behind_a_tanh_is_not():
    convex = np.moveaxis(
        SURFACES["logistic_neuron"].hessian(grid(SURFACES["logistic_neuron"].view, 41)), (0, 1), (2, 3)
    )
    assert np.linalg.eigvalsh(convex).min() > 0
    minima, shares = shares_of_starts("tanh_neuron", 1.0, 600)
    assert sorted(np.sign(minima[:, 0])) == [-1, 1]
    assert (shares > 0.1).all()


def test_the_field_around_the_hills_is_flat():
    loss = SURFACES["hills"]
    corners = np.array([[-4, -4, 4, 4], [-4, 4, -4, 4]])
    assert np.linalg.norm(loss.gradient(corners), axis=0).max() < 0.05
    assert len(local_minima(loss)) == 2
