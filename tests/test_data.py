"""Which model learns from which data: choices become problems, and typed rows become choices."""

from contextlib import nullcontext

import numpy as np
import pytest
import streamlit as st

from lessons.problems import Rows, errors
from optimizers import OPTIMIZERS, run
from programs.frame import inside
from surfaces import SURFACES
from surfaces.datasets import PLANE, DataError
from surfaces.neurons import NEURONS
from tests.samples import random_points
from ui.data import Choice, data_names, problem, title_of_data, usual_rate

ROWS = {1: ((0.0, 1.0), (1.0, 2.5), (2.0, 3.5), (3.0, 5.5)), 2: ((0.0, 1.0, 1.0), (1.0, 0.0, 0.0), (1.0, 2.0, 1.0))}


@pytest.mark.parametrize("model", NEURONS)
def test_a_model_on_its_own_data_is_the_surface_of_the_catalogue(model):
    assert problem(Choice(model, model)).risk is SURFACES[model]


@pytest.mark.parametrize("model", NEURONS)
def test_every_choice_is_a_problem_with_a_start_in_its_view_and_a_finite_mesh(model):
    for data in data_names(model):
        given = problem(Choice(model, data, rows=Rows(ROWS[len(NEURONS[model].inputs)])))
        assert title_of_data(data)
        assert inside(given.risk.start, given.risk.view)
        assert np.isfinite(given.risk.value(random_points(given.risk.view, 50))).all()
        assert np.isfinite(given.mesh.loss).all()


def test_the_minimum_of_own_data_is_that_of_least_squares_and_in_the_view():
    given = problem(Choice("line_fit", "own", rows=Rows(ROWS[1])))
    x, y = np.transpose(ROWS[1])
    answer = np.linalg.lstsq(np.column_stack([np.ones(4), x]), y, rcond=None)[0]
    np.testing.assert_allclose(given.risk.minima, [answer], rtol=1e-10)
    assert inside(np.zeros(2), given.risk.view)


@pytest.mark.parametrize(
    ("model", "count", "words"),
    [("tanh_neuron", 2000, ["Sampling the surface"]), ("tanh_neuron", 100, []), ("line_fit", 2000, [])],
)
def test_a_surface_that_takes_long_to_sample_is_announced(model, count, words, monkeypatch):
    said = []
    monkeypatch.setattr(st, "spinner", lambda text: said.append(text) or nullcontext())
    rows = np.random.default_rng(count).normal(size=(count, 2))
    assert np.isfinite(problem(Choice(model, "own", rows=Rows(rows))).mesh.loss).all()
    assert said == words


def test_held_out_examples_are_not_learned_from():
    given = problem(Choice("linear_neuron", "linear_neuron", held=0.3))
    assert (given.data.count, given.held_out.count) == (14, 6)
    together = sorted([*given.data.target, *given.held_out.target])
    assert together == sorted(PLANE.target)
    theta = random_points(((-2, 2), (-2, 2)), 5)
    training, held = errors(given, theta)
    for found, data in ((training, given.data), (held, given.held_out)):
        answers = given.neuron.predict(theta, data.inputs)
        np.testing.assert_allclose(found, ((answers - data.target) ** 2).mean(axis=-1), rtol=1e-10)


def test_the_error_of_an_example_is_a_mean_even_where_the_loss_is_a_sum():
    given = problem(Choice("line_fit", "line_fit"))
    training, held = errors(given, given.risk.start[:, None])
    assert training[0] == pytest.approx(given.risk.value(given.risk.start) / 10)
    assert held is None


def test_a_rate_for_own_data_is_stable():
    choice = Choice("line_fit", "own", rows=Rows(ROWS[1]))
    largest = np.linalg.eigvalsh(problem(choice).risk.hessian((0, 0)))[1]
    assert 0.4 / largest < usual_rate(choice) <= 0.5 / largest


def test_a_rate_is_stable_for_a_valley_too():
    choice = Choice("linear_neuron", "own", rows=Rows([(10, 20, 1), (20, 40, 2), (30, 60, 3)]))
    assert problem(choice).risk.bottom is None
    largest = np.linalg.eigvalsh(problem(choice).risk.hessian((0, 0)))[1]
    assert 0.4 / largest < usual_rate(choice) <= 0.5 / largest


def test_data_of_zeros_bear_every_rate():
    choice = Choice("linear_neuron", "own", rows=Rows([(0, 0, 1), (0, 0, 2)]))
    assert 0 < usual_rate(choice) <= 10


@pytest.mark.parametrize("model", NEURONS)
def test_the_rate_of_every_model_goes_down_from_the_start(model):
    choice = Choice(model, next(iter(data_names(model))))
    risk = problem(choice).risk
    losses = run(OPTIMIZERS["GradientDescent"](learning_rate=usual_rate(choice)), risk, risk.start, 50).loss
    assert losses[-1] < losses[0]


@pytest.mark.parametrize(("model", "rows"), [("line_fit", [(1, 2), (np.inf, 1)]), ("logistic_neuron", [(1, 2, 3)])])
def test_rows_that_a_model_cannot_learn_from_are_refused(model, rows):
    with pytest.raises(DataError):
        problem(Choice(model, "own", rows=Rows(rows)))


def test_rows_are_told_apart_by_every_number_and_named_in_a_few_letters():
    numbers = np.random.default_rng(0).normal(size=(10_000, 3))
    other = numbers.copy()
    other[5000, 1] += 1e-12
    first, same, second = (Choice("linear_neuron", "own", rows=Rows(rows)) for rows in (numbers, numbers.copy(), other))
    assert first == same
    assert hash(first) == hash(same)
    assert str(first) == str(same)
    assert first != second
    assert str(first) != str(second)
    assert len(str(first)) < 200
    assert problem(first) is problem(same)
    assert problem(first) is not problem(second)
    assert Rows(np.zeros((2, 3))) != Rows(np.zeros((3, 2)))


def test_rows_cannot_be_changed_afterwards():
    numbers = np.ones((3, 2))
    rows = Rows(numbers)
    numbers[0] = 5
    assert (rows.numbers == 1).all()
    with pytest.raises(ValueError, match="read-only"):
        rows.numbers[0] = 5
