"""Losses made of data: sums of examples, the polynomial that they add up to, and batches that are drawn from them."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizers import OPTIMIZERS, run
from optimizers.sweep import basin_map
from surfaces import SURFACES, EmpiricalRisk, Surface, theta1, theta2
from surfaces.datasets import DataSet
from surfaces.neurons import NEURONS, Neuron
from surfaces.risk import example_latex
from tests.samples import assert_same_bits, random_points

RISKS = {name: loss for name, loss in SURFACES.items() if isinstance(loss, EmpiricalRisk)}
every_risk = pytest.mark.parametrize("name", RISKS)
x, y = sympy.symbols("x y", real=True)
BOX = ((-3, 3), (-3, 3))
few = settings(max_examples=25, deadline=None, derandomize=True)

numbers = st.floats(-10, 10, allow_subnormal=False)


@st.composite
def examples(draw, neuron: Neuron) -> DataSet:
    target = st.sampled_from(neuron.targets or (0.0, 1.0, -0.5))
    rows = draw(st.lists(st.tuples(*[numbers] * len(neuron.inputs), target), min_size=1, max_size=30))
    columns = np.array(rows).T
    return DataSet("Drawn", columns[:-1], columns[-1])


def reduced(risk: EmpiricalRisk, parts: np.ndarray) -> np.ndarray:
    return parts.mean(axis=-1) if risk.reduction == "mean" else parts.sum(axis=-1)


def test_there_are_five_models_and_each_is_a_surface():
    assert RISKS.keys() == NEURONS.keys()
    assert all(isinstance(risk, Surface) for risk in RISKS.values())


# Sums of examples


@pytest.mark.parametrize("symbol", [x, sympy.Symbol("x")], ids=["real", "plain"])
def test_absolute_errors_have_values_and_derivatives(symbol):
    risk = EmpiricalRisk("L1", sympy.Abs(y - theta1 * symbol - theta2), {symbol: [1, 2], y: [1, 3]}, BOX, (1, 1))
    assert risk.value((1, 0.5)) == 0.5
    np.testing.assert_array_equal(risk.gradient((1, 0.5)), [-0.5, 0])
    np.testing.assert_array_equal(risk.hessian((1, 0.5)), 0)
    assert risk.taylor_coefficients((1, 0.5), 2)[1, 0] == -0.5


@pytest.mark.slow
@every_risk
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@few
@given(data=st.data())
def test_value_and_gradient_are_those_of_the_examples(name, reduction, data):
    drawn = data.draw(examples(NEURONS[name]))
    risk = NEURONS[name].risk(drawn, BOX, (1, 1), reduction=reduction)
    theta = np.array(data.draw(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=4))).T
    losses, slopes = risk.example_losses(theta), risk.example_gradients(theta)
    assert losses.shape == (theta.shape[1], drawn.count)
    assert slopes.shape == (2, theta.shape[1], drawn.count)
    # A polynomial in theta is rounded at the size of its terms: of the data and of theta, not of the result.
    size = max(1.0, np.abs(drawn.inputs).max(), np.abs(theta).max()) ** 4
    tolerance = 1e-14 * size * (drawn.count if reduction == "sum" else 1)
    np.testing.assert_allclose(risk.value(theta), reduced(risk, losses), rtol=1e-12, atol=tolerance)
    np.testing.assert_allclose(risk.gradient(theta), reduced(risk, slopes), rtol=1e-12, atol=tolerance)


@every_risk
def test_the_gradient_is_the_mean_or_sum_of_the_example_gradients_to_rounding(name):
    risk, theta = RISKS[name], random_points(RISKS[name].view, 50)
    slopes = risk.example_gradients(theta)
    rounding = 20 * np.finfo(float).eps * reduced(risk, np.abs(slopes))
    assert (np.abs(risk.gradient(theta) - reduced(risk, slopes)) <= rounding.max()).all()


@every_risk
def test_example_gradients_are_the_derivatives_of_example_losses(name):
    risk, theta = RISKS[name], random_points(RISKS[name].view, 20)
    steps = 1e-5 * np.diff(risk.view, axis=1)[:, 0]
    exact = risk.example_gradients(theta)
    for axis in (0, 1):
        step = np.zeros((2, 1))
        step[axis] = steps[axis]
        difference = (risk.example_losses(theta + step) - risk.example_losses(theta - step)) / (2 * steps[axis])
        np.testing.assert_allclose(difference, exact[axis], rtol=1e-5, atol=1e-6 * np.abs(exact[axis]).max())


@every_risk
@pytest.mark.parametrize("batch", [(), (1,), (3, 2), (0,)], ids=str)
def test_shapes_of_the_examples(name, batch):
    theta = np.ones((2, *batch))
    assert RISKS[name].example_losses(theta).shape == (*batch, RISKS[name].count)
    assert RISKS[name].example_gradients(theta).shape == (2, *batch, RISKS[name].count)


@every_risk
def test_rows_of_the_examples_are_independent_bit_for_bit(name):
    risk, theta = RISKS[name], random_points(RISKS[name].view, 40)
    points = [theta[:, [place]] for place in range(40)]
    for method in (risk.example_losses, risk.example_gradients):
        assert_same_bits(method(theta), np.concatenate([method(point) for point in points], axis=-2))
    batch = risk.sampled(3, 1).sample(0)
    assert_same_bits(batch.gradient(theta), np.concatenate([batch.gradient(point) for point in points], axis=-1))


@every_risk
def test_the_results_belong_to_the_caller(name):
    for method in (RISKS[name].example_losses, RISKS[name].example_gradients):
        result, again = method(np.ones((2, 3))), method(np.ones((2, 3)))
        result += 1
        np.testing.assert_array_equal(method(np.ones((2, 3))), again)


def test_points_in_chunks_round_like_single_points():
    random = np.random.default_rng(0)
    data = DataSet("Many", random.normal(size=(1, 20_000)), random.normal(size=20_000))
    risk, theta = NEURONS["tanh_neuron"].risk(data, BOX, (1, 1)), random_points(BOX, 7)
    assert_same_bits(risk.gradient(theta), np.stack([risk.gradient(point) for point in theta.T], axis=-1))


def test_a_polynomial_of_degree_four_keeps_its_examples():
    risk = EmpiricalRisk("Quartic", (y - theta1 * theta2 * x) ** 2, {x: (1, 2, -1), y: (0.5, 3, 1)}, BOX, (1, 1))
    theta = random_points(BOX, 30)
    np.testing.assert_allclose(risk.value(theta), risk.example_losses(theta).mean(axis=-1), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(
        risk.gradient(theta), risk.example_gradients(theta).mean(axis=-1), rtol=1e-11, atol=1e-11
    )
    assert risk.minima == ()


def test_ten_thousand_examples_are_one_polynomial():
    random = np.random.default_rng(1)
    inputs = random.normal(size=(2, 10_000))
    data = DataSet("Large", inputs, inputs[0] - 2 * inputs[1] + random.normal(size=10_000))
    risk = NEURONS["linear_neuron"].risk(data, BOX, (1, 1))
    answer = np.linalg.lstsq(inputs.T, data.target, rcond=None)[0]
    np.testing.assert_allclose(risk.minima, [answer], rtol=1e-12)
    theta = random_points(BOX, 5)
    np.testing.assert_allclose(risk.value(theta), risk.example_losses(theta).mean(axis=-1), rtol=1e-13)
    assert "10000" in risk.latex
    assert len(risk.latex) < 200


# Closed answers


def test_the_lecture_has_the_answer_of_least_squares():
    risk = SURFACES["line_fit"]
    columns = np.column_stack([np.ones(10), risk.data[x]])
    (b, w), *_ = np.linalg.lstsq(columns, risk.data[y], rcond=None)
    np.testing.assert_allclose(risk.minima, [(b, w)], rtol=1e-10)
    assert (round(b, 6), round(w, 6)) == (-188.433197, 2.669455)
    assert risk.reduction == "sum"
    eigenvalues = np.linalg.eigvalsh(risk.hessian(risk.start))
    assert eigenvalues[1] / eigenvalues[0] == pytest.approx(3.134e5, rel=1e-4)
    assert 2 / eigenvalues[1] == pytest.approx(1.14493e-6, rel=1e-5)


@pytest.mark.parametrize(
    "inputs", [(2000, 2001, 2002, 2003), (20_000, 20_010, 20_020, 20_030), (1e-6, 2e-6, 4e-6, 8e-6)]
)
def test_the_units_of_the_inputs_do_not_hide_the_minimum(inputs):
    data = DataSet("Years", [inputs], (1, 2, 3.5, 4))
    risk = NEURONS["line_fit"].risk(data, BOX, (0, 0))
    answer = np.linalg.lstsq(np.column_stack([np.ones(4), inputs]), data.target, rcond=None)[0]
    np.testing.assert_allclose(risk.bottom, answer, rtol=1e-6)


@pytest.mark.parametrize("inputs", [(2, 2, 2), (2.3, 2.3, 2.3), (0.1, 0.1, 0.1), (0, 0, 0), (1e160, 2e160, 3e160)])
def test_data_without_a_single_answer_have_no_minimum(inputs):
    assert NEURONS["line_fit"].risk(DataSet("Odd", [inputs], (1, 2, 4)), BOX, (0, 0)).bottom is None


def test_the_logistic_minimum_balances_the_residuals():
    """At the minimum of cross-entropy the inputs are orthogonal to what is left over: X^T (p - y) = 0."""
    risk, neuron = SURFACES["logistic_neuron"], NEURONS["logistic_neuron"]
    inputs = np.array([risk.data[symbol] for symbol in neuron.inputs])
    left_over = neuron.predict(risk.minima[0], inputs) - list(risk.data.values())[-1]
    np.testing.assert_allclose(inputs @ left_over, 0, atol=1e-13)


def test_the_chain_is_symmetric_and_has_its_saddle_at_zero():
    risk, theta = SURFACES["two_weight_chain"], random_points(BOX, 50)
    assert_same_bits(risk.value(theta), risk.value(-theta))
    np.testing.assert_array_equal(risk.gradient((0, 0)), [0, 0])
    smallest, largest = np.linalg.eigvalsh(risk.hessian((0, 0)))
    assert smallest < 0 < largest


# What is on screen


@every_risk
def test_the_formula_is_the_sum_with_its_numbers(name):
    risk = RISKS[name]
    assert risk.formula.free_symbols == {theta1, theta2}
    for point in random_points(risk.view, 3).T:
        exact = float(risk.formula.evalf(30, subs=dict(zip((theta1, theta2), point.tolist(), strict=True))))
        assert risk.value(point) == pytest.approx(exact, rel=1e-12)


@every_risk
def test_the_symbols_show_a_sum_over_the_examples(name):
    risk = RISKS[name]
    sign = r"\frac{1}{" + str(risk.count) + r"} \sum" if risk.reduction == "mean" else r"\sum"
    for latex in (risk.latex, *risk.gradient_latex):
        assert latex.startswith(sign)
        assert f"_{{i=1}}^{{{risk.count}}}" in latex
        assert "theta1" not in latex
    assert "y_{i}" in risk.latex


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("x", "x_{i}"),
        ("x1", "x_{1 i}"),
        ("x_1", "x_{1 i}"),
        ("y_hat", "y_{hat i}"),
        ("alpha", r"\alpha_{i}"),
        ("x__2", "x^{2}_{i}"),
    ],
)
def test_the_index_of_an_example_goes_below_every_symbol(name, latex):
    assert example_latex(sympy.Symbol(name, real=True) * theta1) in (rf"{latex} \theta_{{1}}", rf"\theta_{{1}} {latex}")


@every_risk
@pytest.mark.parametrize("order", [1, 2, 3])
def test_taylor_coefficients_are_those_of_the_sum(name, order):
    risk = RISKS[name]
    center = risk.start
    coefficients = risk.taylor_coefficients(center, order)
    assert set(coefficients) == {(i, j) for i in range(order + 1) for j in range(order + 1 - i)}
    assert coefficients[0, 0] == pytest.approx(risk.value(center), rel=1e-12)
    np.testing.assert_allclose([coefficients[1, 0], coefficients[0, 1]], risk.gradient(center), rtol=1e-11)
    if order > 1:
        (h11, h12), (_, h22) = risk.hessian(center)
        found = [coefficients[2, 0] * 2, coefficients[1, 1], coefficients[0, 2] * 2]
        np.testing.assert_allclose(found, [h11, h12, h22], rtol=1e-10)


# Samples


@pytest.mark.parametrize("size", [1, 3, 7, 20])
@pytest.mark.parametrize("seed", [0, 5])
def test_every_epoch_without_replacement_covers_each_example_once(size, seed):
    sampled = SURFACES["linear_neuron"].sampled(size, seed)
    length = sampled.updates_per_epoch
    orders = []
    for epoch in range(3):
        batches = [sampled.indices(update) for update in range(epoch * length, (epoch + 1) * length)]
        orders.append(np.concatenate(batches))
        assert sorted(orders[-1]) == list(range(20))
        assert max(map(len, batches)) == size
    assert not all((order == orders[0]).all() for order in orders)
    assert sampled.examples_seen(length) == 20
    assert sampled.epochs(3 * length) == 3


@pytest.mark.parametrize("replacement", [False, True])
def test_what_a_caller_does_to_the_indices_stays_with_the_caller(replacement):
    sampled = SURFACES["linear_neuron"].sampled(5, 0, replacement=replacement)
    first = sampled.indices(0)
    kept = first.copy()
    first.sort()
    np.testing.assert_array_equal(sampled.indices(0), kept)


def test_a_sampled_risk_is_mapped_over_the_domain_of_the_risk():
    risk = SURFACES["logistic_neuron"]
    assert basin_map(OPTIMIZERS["GradientDescent"](), risk.sampled(3), 3, 2).frame == risk.domain


def test_the_examples_seen_are_counted():
    sampled = SURFACES["linear_neuron"].sampled(7)
    np.testing.assert_array_equal(sampled.examples_seen(np.arange(7)), [0, 7, 14, 20, 27, 34, 40])
    drawn = SURFACES["linear_neuron"].sampled(7, replacement=True)
    np.testing.assert_array_equal(drawn.examples_seen(np.arange(4)), [0, 7, 14, 21])
    assert drawn.epochs(20) == 7


def test_draws_with_replacement_repeat_and_are_replayed():
    sampled = SURFACES["linear_neuron"].sampled(20, 3, replacement=True)
    assert len(set(sampled.indices(0))) < 20
    np.testing.assert_array_equal(sampled.indices(4), sampled.indices(4))
    assert not np.array_equal(sampled.indices(4), sampled.indices(5))


@pytest.mark.parametrize("name", ["linear_neuron", "line_fit", "logistic_neuron"])
def test_an_epoch_of_batches_adds_up_to_the_whole_gradient(name):
    risk = RISKS[name]
    sampled, theta = risk.sampled(risk.count // 5, 1), random_points(risk.view, 4)
    parts = [sampled.sample(update).gradient(theta) for update in range(5)]
    whole = np.mean(parts, axis=0) if risk.reduction == "mean" else np.sum(parts, axis=0)
    np.testing.assert_allclose(whole, risk.gradient(theta), rtol=1e-10)


@pytest.mark.parametrize("replacement", [False, True])
def test_a_rule_sees_the_sample_and_the_record_shows_the_loss(replacement):
    risk = SURFACES["linear_neuron"]
    sampled = risk.sampled(4, 2, replacement=replacement)
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=0.1), sampled, risk.start, 12)
    np.testing.assert_array_equal(path.loss, risk.value(path.theta.T))
    for update in range(12):
        chosen = sampled.indices(update)
        seen = risk.example_gradients(path.theta[update])[:, chosen].mean(axis=-1)
        np.testing.assert_allclose(path.seen_gradient[update], seen, rtol=1e-12)
        np.testing.assert_allclose(path.theta[update + 1], path.theta[update] - 0.1 * seen, rtol=1e-12)


def test_a_batch_of_all_examples_is_the_loss_itself():
    risk = SURFACES["linear_neuron"]
    rule = OPTIMIZERS["GradientDescent"](learning_rate=0.1)
    whole, sampled = run(rule, risk, risk.start, 9), run(rule, risk.sampled(20), risk.start, 9)
    assert_same_bits(sampled.theta, whole.theta)


def test_a_single_run_equals_its_row_in_a_batch_of_runs():
    risk = SURFACES["two_weight_chain"]
    starts, rule = random_points(BOX, 5), OPTIMIZERS["GradientDescent"](learning_rate=0.1)
    together = run(rule, risk.sampled(3, 1), starts, 20).theta
    for row in range(5):
        assert_same_bits(run(rule, risk.sampled(3, 1), starts[:, row], 20).theta, together[..., row].copy())


# Bad input


@pytest.mark.parametrize("method", ["example_losses", "example_gradients", "value", "gradient"])
def test_a_wrong_shape_is_a_sentence(method):
    with pytest.raises(ValueError, match=r"^Points have shape \(2, \*batch\)"):
        getattr(SURFACES["line_fit"], method)(np.zeros(3))


@pytest.mark.parametrize("size", [0, -1, 21, 2.5, True, None])
def test_a_batch_size_that_cannot_be_is_a_sentence(size):
    with pytest.raises(ValueError, match=r"^The batch size must be a whole number from 1 to 20"):
        SURFACES["linear_neuron"].sampled(size)


@pytest.mark.parametrize("seed", [-1, 0.5, None])
def test_a_seed_that_cannot_be_is_a_sentence(seed):
    with pytest.raises(ValueError, match=r"^The seed must be"):
        SURFACES["linear_neuron"].sampled(2, seed)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({x: (), y: ()}, "at least one example"),
        ({}, "at least one example"),
        ({x: (1, 2), y: (1,)}, "one number for each symbol"),
        ({x: (1, 2), y: (1, np.nan)}, r"Example 2 of the data has no finite number for y\."),
        ({x: (1, 2)}, "holds y, for which there are no data"),
    ],
)
def test_data_that_do_not_fit_are_a_sentence(data, message):
    with pytest.raises(ValueError, match=message):
        EmpiricalRisk("Test", (y - theta1 * x) ** 2, data, BOX, (0, 0))


@pytest.mark.parametrize("key", ["x", theta1, 3, x + y])
def test_data_are_given_by_symbols(key):
    with pytest.raises(ValueError, match=r"^The data are given by sympy symbols other than theta1 and theta2, not by "):
        EmpiricalRisk("Test", (y - theta1 * x) ** 2, {x: (1,), y: (1,), key: (1,)}, BOX, (0, 0))


@pytest.mark.parametrize("name", ["x'", "exp", "lambda", "shared0", "theta3"])
def test_a_symbol_of_the_data_may_have_any_name(name):
    odd = sympy.Symbol(name, real=True)
    risk = EmpiricalRisk("Odd", sympy.exp(theta1 * odd) + theta2 * odd + odd, {odd: (1, 2)}, BOX, (0, 0))
    np.testing.assert_allclose(risk.example_losses((1, 3)), [np.e + 4, np.exp(2) + 8], rtol=1e-14)
    assert risk.taylor_coefficients((0, 0), 1)[1, 0] == 1.5
    assert 0 < risk.rounding((1, 3)) < 1e-13


def test_another_reduction_is_refused():
    with pytest.raises(ValueError, match="'mean' or 'sum', not 'median'"):
        EmpiricalRisk("Test", (y - theta1 * x) ** 2, {x: (1,), y: (1,)}, BOX, (0, 0), reduction="median")


def test_one_example_has_a_valley_and_no_single_minimum():
    risk = EmpiricalRisk("One", (y - theta1 - theta2 * x) ** 2, {x: (2,), y: (1,)}, BOX, (0, 0))
    assert risk.minima == ()
    assert risk.value((1, 0)) == pytest.approx(0, abs=1e-15)


# The lecture's demo, from (-120, -4)


def lecture_run(rule: str, rate: float, steps: int):
    risk = SURFACES["line_fit"]
    np.testing.assert_array_equal(risk.start, [-120, -4])
    return run(OPTIMIZERS[rule](learning_rate=rate), risk, risk.start, steps)


def test_the_lecture_1e_minus_7_crawls_and_1e_minus_6_crawls_faster():
    best = SURFACES["line_fit"].minima[0]
    slow, faster = (lecture_run("GradientDescent", rate, 20_000).theta[-1] for rate in (1e-7, 1e-6))
    assert abs(slow[0] - best[0]) > 67
    assert 50 < abs(faster[0] - best[0]) < abs(slow[0] - best[0])
    # Along the flat direction the error shrinks by 1 - rate * lambda_min, and by nothing else.
    smallest = np.linalg.eigvalsh(SURFACES["line_fit"].hessian(best))[0]
    left = (1 - 1e-6 * smallest) ** 20_000
    assert (faster[0] - best[0]) / (-120 - best[0]) == pytest.approx(left, rel=0.02)


def test_the_lecture_1e_minus_5_diverges_by_a_factor_of_minus_16_and_a_half():
    risk, path = SURFACES["line_fit"], lecture_run("GradientDescent", 1e-5, 30)
    values, vectors = np.linalg.eigh(risk.hessian(risk.start))
    errors = (path.theta - risk.minima[0]) @ vectors[:, 1]
    np.testing.assert_allclose(errors[1:] / errors[:-1], 1 - 1e-5 * values[1], rtol=1e-6)
    assert errors[1] / errors[0] == pytest.approx(-16.5, abs=0.05)
    assert lecture_run("GradientDescent", 1e-5, 200).diverged


@pytest.mark.slow
def test_the_lecture_adagrad_arrives_in_1e5_updates():
    path = lecture_run("Adagrad", 1.0, 100_000)
    b, w = path.theta[-1]
    assert (b, w) == (pytest.approx(-188.433197, abs=0.1), pytest.approx(2.669455, abs=1e-3))
    assert path.loss[-1] - SURFACES["line_fit"].value(SURFACES["line_fit"].minima[0]) < 0.05


# Squares stay squares


_OFFSETS = {
    "years": (range(2000, 2021), [1e6 + 3000 * (place % 7) for place in range(21)]),
    "on a line far away": ([1e6, 1e6 + 1, 1e6 + 2], [2e6, 2e6 + 2, 2e6 + 4]),
    "seconds since 1970": ([1.6e9, 1.6e9 + 60, 1.6e9 + 120, 1.6e9 + 180], [0.1, 0.2, 0.4, 0.3]),
    "one input": ([0.1, 0.1, 0.1], [0.3, 0.3, 0.3]),
    "one example": ([1 / 3], [1 / 7]),
}


@pytest.mark.parametrize("model", ["line_fit", "linear_neuron"])
@pytest.mark.parametrize(("inputs", "target"), _OFFSETS.values(), ids=_OFFSETS)
def test_squared_errors_are_exact_and_never_negative_near_the_bottom(model, inputs, target):
    rows = [inputs] if model == "line_fit" else [inputs, np.ones(len(inputs))]
    risk = NEURONS[model].risk(DataSet("Offset", rows, target), BOX, (0, 0))
    columns = np.column_stack([np.ones(len(inputs)), inputs] if model == "line_fit" else [inputs, np.ones(len(inputs))])
    answer = np.linalg.lstsq(columns, np.array(target), rcond=None)[0]
    random = np.random.default_rng(0)
    theta = answer[:, None] * (1 + 10.0 ** random.uniform(-16, 0, (2, 200)) * random.choice([-1, 0, 1], (2, 200)))
    values = risk.value(theta)
    assert (values >= 0).all()
    exact = np.array([float(_exact_error(columns, target, point) / risk.divisor) for point in theta.T])
    # The errors themselves are rounded as large as what they are differences of.
    size = np.linalg.norm(columns) * np.abs(theta).max() + np.linalg.norm(target)
    np.testing.assert_allclose(np.sqrt(values), np.sqrt(exact), rtol=1e-12, atol=1e-15 * size)


def _exact_error(columns: np.ndarray, target, point: np.ndarray) -> Fraction:
    first, second = map(Fraction, point.tolist())
    answers = (first * Fraction(a) + second * Fraction(b) for a, b in columns.tolist())
    return sum((answer - Fraction(float(wanted))) ** 2 for answer, wanted in zip(answers, target, strict=True))


def test_the_squares_of_a_product_of_weights_are_never_negative():
    random = np.random.default_rng(3)
    inputs = random.normal(1000, 1, 30)
    risk = EmpiricalRisk("Chain", (theta1 * theta2 * x - y) ** 2 / 2, {x: inputs, y: 2 * inputs}, BOX, (1, 1))
    first = random.uniform(0.5, 4, 500)
    theta = np.stack([first, 2 / first])
    assert (risk.value(theta) >= 0).all()
    step = 1e-4
    wanted = (risk.value((1.5 + step, 1)) - risk.value((1.5 - step, 1))) / (2 * step)
    assert risk.gradient((1.5, 1))[0] == pytest.approx(float(wanted), rel=1e-6)
