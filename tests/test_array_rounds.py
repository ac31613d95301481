"""A recurrence of many rows: each row has the bits that it has alone, whatever memory the results share."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.array_rounds import ArrayRounds
from programs.evaluation import Evaluation
from programs.float_rounds import FloatRounds
from programs.operations import OPERATIONS
from programs.program import Builder, Program
from programs.recurrence import Question, Recurrence
from programs.registers import aligned
from programs.tracing import Quantity, applied, outputs_of, quantity

VECTORS = ("theta", "memory", "gradient", "shown", "slope")
NUMBERS = [0.0, -0.0, 1.0, -2.5, 0.3, 1e200, -1e-200, math.inf, -math.inf, math.nan]
NAMES = [
    *("add", "subtract", "multiply", "divide", "quotient", "negative", "absolute", "square", "sqrt", "sign"),
    *("maximum", "minimum", "where", "power", "exponent", "scaled", "softplus", "exp", "cos", "heaviside"),
]
FIXED, CARRIED = ("rate", "shift"), ("theta", "memory", "count", "total")


def same(ours, theirs) -> np.ndarray:
    """True where two arrays have the same bits, or are both nan."""
    ours, theirs = np.broadcast_arrays(np.asarray(ours, float), np.asarray(theirs, float))
    return (ours.copy().view(np.int64) == theirs.copy().view(np.int64)) | (np.isnan(ours) & np.isnan(theirs))


def numbers_of(name: str) -> tuple[str, ...]:
    return (f"{name}1", f"{name}2") if name in VECTORS else (name,)


def extended(known: list[Quantity], steps: list[tuple]) -> list[Quantity]:
    """These quantities and the results of operations on them."""
    known = list(known)
    for name, places, number in steps:
        operands = [known[place % len(known)] for place in places[: OPERATIONS[name].operands]]
        if name == "where":
            operands[0] = applied("greater", operands[0], number)
        elif name in ("quotient", "power", "scaled"):
            operands[-1] = number
        known.append(operands[0].applied(name, *operands) if isinstance(operands[0], Quantity) else known[0])
    return known


def chosen(known: list[Quantity], place: int, name: str) -> Quantity:
    """One of these as a number or a vector, whichever has this name."""
    result = known[-1 - place % len(known)]
    if name in VECTORS:
        return result if result.shape else np.stack([result, result * known[0][0]])
    return result[place % 2] if result.shape else result


def recurrence_of(before: list, after: list, outputs: list[int]) -> Recurrence:
    """A recurrence with these operations before and after its question."""
    builder, outputs = Builder(), iter(outputs)
    inputs = {name: quantity(builder, name, (2,) if name in VECTORS else ()) for name in (*CARRIED, *FIXED, "slope")}
    known = extended(list(inputs.values()), before)
    asked = {"level": chosen(known, next(outputs), "level"), "shown": chosen(known, next(outputs), "shown")}
    answers = [quantity(builder, "value"), quantity(builder, "gradient", (2,))]
    known = extended([*known, *answers], after)
    recorded = {name: chosen(known, next(outputs), name) for name in ("note", "effect")}
    following = {name: chosen(known, next(outputs), name) for name in ("theta", "memory", "total")}
    following["count"] = inputs["count"] * 0.5 + inputs["shift"]
    results = [*asked.items(), *recorded.items(), ("value", answers[0]), ("gradient", answers[1])]
    results += [(f"next_{name}", result) for name, result in following.items()]
    names = [name for quantity_name in CARRIED for name in numbers_of(quantity_name)]
    question = Question("loss", (("level",), ("shown1", "shown2")), (("value",), ("gradient1", "gradient2")))
    program = builder.program(outputs_of(results))
    return Recurrence(program, {name: f"next_{name}" for name in names}, ("slope1", "slope2"), (question,))


def loss_of_floats(level, shown1, shown2):
    return level + shown1, shown2 - 1.0, level * 0.5


def loss_of_arrays(level, shown, value, gradient):
    shown1, shown2 = shown
    if value is not None:
        np.add(level, shown1, value)
    if gradient is not None:
        np.subtract(shown2, 1.0, gradient[0])
        gradient[1] = np.multiply(level, 0.5)


class Alone:
    """The rounds of one row by arrays of one entry that are never used again."""

    def __init__(self, recurrence: Recurrence):
        self.recurrence, self.program = recurrence, recurrence.program

    def __call__(self, state: dict, fixed: dict, slopes: list[tuple]) -> list[dict]:
        rows = []
        for slope in slopes:
            given = {**state, **fixed, "slope1": slope[0], "slope2": slope[1]}
            given |= {"value": 0.0, "gradient1": 0.0, "gradient2": 0.0}
            asked = self.values(given, ("level", "shown1", "shown2"))
            with np.errstate(all="ignore"):
                answers = loss_of_floats(*(np.float64(asked[name]) for name in asked))
            given |= dict(zip(("value", "gradient1", "gradient2"), answers, strict=True))
            results = self.values(given, self.program.outputs)
            rows.append({**state, **results})
            state = {name: results[output] for name, output in self.recurrence.carried.items()}
        return rows

    def values(self, given: dict, names) -> dict:
        evaluation = Evaluation(self.program, list(given), list(names))
        results = evaluation.on_batch(*(np.array([number]) for number in given.values()))
        return {name: float(np.ravel(result)[0]) for name, result in zip(names, results, strict=True)}


def rounds_of(rounds: ArrayRounds, updates: int, count: int, start, fixed, streams, asked, record=True) -> dict:
    """All that is carried and recorded, by name, with a round for each entry."""
    shapes = {name: (2, count) if name in VECTORS else (count,) for name in rounds.recorded}
    if record:
        places = {name: aligned(shape, updates + 1) for name, shape in shapes.items()}
    else:
        turns = {name: 2 if name in rounds.carried else 1 for name in shapes}
        places = {name: itertools.cycle([aligned(shape) for _ in range(turns[name])]) for name, shape in shapes.items()}
    results = {name: [] for name in (*rounds.carried, *rounds.before)}
    with np.errstate(all="ignore"):
        moments = rounds(count, start, fixed, streams, places, asked)
        for moment in itertools.islice(moments, updates + 1):
            for name, entry in zip(results, moment, strict=True):
                results[name].append(np.array(entry))
    return results | ({name: places[name][:updates] for name in rounds.after} if record else {})


places = st.lists(st.integers(0, 40), min_size=3, max_size=3)
steps = st.lists(st.tuples(st.sampled_from(NAMES), places, st.sampled_from(NUMBERS)), max_size=8)
entries = st.one_of(st.sampled_from(NUMBERS), st.floats(-3, 3))


@given(steps, steps, st.lists(st.integers(0, 40), min_size=7, max_size=7), st.data())
def test_every_row_is_that_row_alone(before, after, outputs, data):
    recurrence, updates, count = recurrence_of(before, after, outputs), 3, data.draw(st.integers(1, 3), "rows")
    arrays = data.draw(st.sets(st.sampled_from(["rate", "slope", "total", "count"])), "arrays")

    def drawn(name: str):
        shape = (2,) * (name in VECTORS) + (count,) * (name in arrays or name in ("theta", "memory"))
        size = math.prod(shape)
        return np.reshape(data.draw(st.lists(entries, min_size=size, max_size=size), name), shape)

    start, fixed = {name: drawn(name) for name in CARRIED}, {name: drawn(name) for name in FIXED}
    slopes = [drawn("slope") for _ in range(updates + 1)]
    streams = (
        {"slope": slopes} if "slope" in arrays else {f"slope{row + 1}": [s[row] for s in slopes] for row in (0, 1)}
    )
    rounds = ArrayRounds(recurrence, VECTORS, arrays, ("value", "gradient", "shown"), ("note", "effect"))
    ours = rounds_of(rounds, updates, count, start, fixed, streams, {"loss": loss_of_arrays})
    ends = rounds_of(rounds, updates, count, start, fixed, streams, {"loss": loss_of_arrays}, record=False)
    for row in range(count):
        alone = {name: float(np.broadcast_to(part, (count,))[row]) for name, part in components(start).items()}
        theirs = Alone(recurrence)(
            alone,
            {name: float(np.broadcast_to(number, (count,))[row]) for name, number in fixed.items()},
            [tuple(float(np.broadcast_to(part, (count,))[row]) for part in slope) for slope in slopes],
        )
        for name, numbers in components_of_records(ours).items():
            for update, entry in enumerate(numbers):
                assert same(np.broadcast_to(entry, (count,))[row], theirs[update][name]), (name, update)
        for name, numbers in components_of_records(ends).items():
            assert same(np.broadcast_to(numbers[-1], (count,))[row], theirs[-1][name]), name


def components(quantities: dict) -> dict:
    """The numbers of these quantities by their names."""
    return {
        number: part
        for name, entry in quantities.items()
        for number, part in zip(numbers_of(name), entry if name in VECTORS else [entry], strict=True)
    }


def components_of_records(records: dict) -> dict:
    return components({name: np.moveaxis(np.array(r), 1, 0) if name in VECTORS else r for name, r in records.items()})


def adam() -> Recurrence:
    """Adam on the Rosenbrock function."""
    builder = Builder()
    theta, first, second = (quantity(builder, name, (2,)) for name in ("theta", "first", "second"))
    rate, beta1, beta2, epsilon, power1, power2 = (
        quantity(builder, name) for name in ("rate", "beta1", "beta2", "epsilon", "power1", "power2")
    )
    across, rest = theta[1] - theta[0] ** 2, 1 - theta[0]
    gradient = np.stack([-400 * theta[0] * across - 2 * rest, 200 * across])
    first, second = beta1 * first + (1 - beta1) * gradient, beta2 * second + (1 - beta2) * gradient**2
    power1, power2 = power1 * beta1, power2 * beta2
    effect = applied("quotient", rate, np.sqrt(second / (1 - power2)) + epsilon, 0.0)
    results = {
        "value": rest**2 + 100 * across**2,
        "gradient": gradient,
        "shown": effect,
        "next_theta": theta - effect * (first / (1 - power1)),
        **{"next_first": first, "next_second": second, "next_power1": power1, "next_power2": power2},
    }
    names = ("theta1", "theta2", "first1", "first2", "second1", "second2", "power1", "power2")
    return Recurrence(builder.program(outputs_of(results.items())), {name: f"next_{name}" for name in names})


ADAM, ADAM_VECTORS = adam(), ("theta", "first", "second", "gradient", "shown")
USUAL = {"rate": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
ADAM_START = {"first": 0.0, "second": 0.0, "power1": 1.0, "power2": 1.0}


def adam_rounds(start, updates, arrays=(), **changed) -> dict:
    """What Adam carries and records."""
    rounds = ArrayRounds(ADAM, ADAM_VECTORS, arrays, ("value", "gradient"), ("shown",))
    count = np.shape(start)[1]
    shapes = {name: (2, count) if name in ADAM_VECTORS else (count,) for name in rounds.recorded}
    records = {name: aligned(shape, updates + 1) for name, shape in shapes.items()}
    with np.errstate(all="ignore"):
        moments = rounds(count, {**ADAM_START, "theta": start}, USUAL | changed, {}, records)
        assert len(list(itertools.islice(moments, updates + 1))) == updates + 1
    return records


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"beta1": 0.0, "epsilon": 0.0},
        {"rate": np.geomspace(1e-3, 1e3, 6)},
        {"beta1": np.linspace(0.0, 0.9, 6), "epsilon": np.zeros(6)},
    ],
)
def test_adam_is_that_of_plain_floats(changed):
    start = np.array([[-1.2, 1.0, 1e80, math.inf, math.nan, 1.0], [1.0, 1.0, -1e150, 0.0, 1.0, 2.0]])
    arrays = [name for name, number in changed.items() if np.ndim(number)]
    records = adam_rounds(start, 20, arrays, **changed)
    floats = FloatRounds(ADAM, ["value", "gradient1", "gradient2", "shown1", "shown2"])
    for row in range(6):
        alone = dict.fromkeys(ADAM.carried, 0.0) | {"power1": 1.0, "power2": 1.0}
        alone |= {"theta1": start[0, row], "theta2": start[1, row]}
        fixed = {name: np.broadcast_to(number, 6)[row] for name, number in (USUAL | changed).items()}
        theirs = dict(zip(floats.columns, floats(21, alone, fixed, {}).T, strict=True))
        rounds = len(theirs["theta1"])
        assert rounds == 21
        for name in ("theta", "first", "second", "gradient"):
            assert same(records[name][:, 0, row], theirs[f"{name}1"]).all()
            assert same(records[name][:, 1, row], theirs[f"{name}2"]).all()
        assert same(records["value"][:, row], theirs["value"]).all()
        assert same(records["shown"][:20, 1, row], theirs["shown2"][:20]).all()


def test_there_may_be_no_rows_or_one():
    assert adam_rounds(np.zeros((2, 0)), 3)["theta"].shape == (4, 2, 0)
    one, three = adam_rounds(np.ones((2, 1)) / 3, 9), adam_rounds(np.ones((2, 3)) / 3, 9)
    assert all(same(one[name][:9], three[name][:9]).all() for name in one)


def test_what_is_the_same_for_all_rows_is_a_float_unless_it_meets_what_is_not():
    assert ArrayRounds(ADAM, ADAM_VECTORS, ()).uniform == ("power1", "power2")
    assert ArrayRounds(ADAM, ADAM_VECTORS, ("beta1", "rate")).uniform == ("power2",)


def test_results_are_written_where_the_caller_wants_them():
    rounds = ArrayRounds(ADAM, ADAM_VECTORS, (), ("value", "gradient"))
    shapes = {"value": (3,), **dict.fromkeys(("theta", "first", "second", "gradient"), (2, 3))}
    records = {name: aligned(shape, 4) for name, shape in shapes.items()}
    moments = rounds(3, {**ADAM_START, "theta": np.ones((2, 3))}, USUAL, {}, records)
    for update, moment in enumerate(itertools.islice(moments, 4)):
        shown = dict(zip((*rounds.carried, *rounds.before), moment, strict=True))
        for name, record in records.items():
            assert np.shares_memory(shown[name], record[update])
        assert shown["power1"] == pytest.approx(0.9**update)


def test_a_step_is_made_with_what_the_caller_has_put_in_the_place_of_a_gradient():
    rounds = ArrayRounds(ADAM, ADAM_VECTORS, (), ("value", "gradient"))
    records = {name: aligned((2, 3), 2) for name in ("theta", "first", "second", "gradient")}
    records["value"] = aligned((3,), 2)
    start = np.array([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]])
    moments = rounds(3, {**ADAM_START, "theta": start}, USUAL, {}, records)
    next(moments)[-1][:, 1] = 5.0
    next(moments)
    assert np.allclose(records["first"][1][:, 1], 0.5)
    assert np.array_equal(records["first"][1][:, 0], [0.0, 0.0])


def descent() -> Recurrence:
    """Gradient descent for a loss that is asked."""
    builder = Builder()
    theta, gradient = quantity(builder, "theta", (2,)), quantity(builder, "gradient", (2,))
    value, rate = quantity(builder, "value"), quantity(builder, "rate")
    program = builder.program(
        outputs_of(
            [*{"theta": theta, "gradient": gradient, "value": value, "next_theta": theta - rate * gradient}.items()]
        )
    )
    question = Question("loss", (("theta1", "theta2"),), (("value",), ("gradient1", "gradient2")))
    return Recurrence(program, {"theta1": "next_theta1", "theta2": "next_theta2"}, questions=(question,))


@pytest.mark.parametrize("before", [("value", "gradient"), ("gradient",), ("value",), ()])
def test_a_loss_is_asked_once_for_each_step_and_only_for_what_is_needed(before):
    asked = []

    def loss(theta, value, gradient):
        asked.append(value is not None)
        np.multiply(theta, 2.0, gradient)
        if value is not None:
            np.add(theta[0] ** 2, theta[1] ** 2, value)

    rounds = ArrayRounds(descent(), ("theta", "gradient"), (), before)
    shapes = {"theta": (2, 3), "gradient": (2, 3), "value": (3,)}
    places = {name: itertools.cycle([aligned(shapes[name]) for _ in range(2)]) for name in rounds.recorded}
    moments = rounds(3, {"theta": np.ones((2, 3))}, {"rate": 0.25}, {}, places, {"loss": loss})
    *_, last = itertools.islice(moments, 5)
    assert np.array_equal(last[0], np.full((2, 3), 0.5**4))
    # What is recorded before is known at the fifth moment; where nothing is, only the four steps ask.
    assert asked == ["value" in before] * (5 if before else 4)


def test_floats_that_refuse_are_asked_again_as_numbers_of_numpy():
    builder = Builder()
    theta, count, rate = quantity(builder, "theta", (2,)), quantity(builder, "count"), quantity(builder, "rate")
    following = {"next_theta": theta * (1.0 / count) + np.sqrt(count - 1.5) * rate, "next_count": count - 1.0}
    program = builder.program(outputs_of(following.items()))
    recurrence = Recurrence(program, {name: f"next_{name}" for name in ("theta1", "theta2", "count")})
    rounds = ArrayRounds(recurrence, ("theta",), ())
    places = {"theta": itertools.cycle([aligned((2, 2)), aligned((2, 2))])}
    with np.errstate(all="ignore"):
        moments = rounds(2, {"theta": np.ones((2, 2)), "count": 2.0}, {"rate": 0.0}, {}, places)
        thetas = [theta.copy() for theta, _ in itertools.islice(moments, 4)]
    assert np.array_equal(thetas[1], np.full((2, 2), 0.5))
    assert np.isnan(thetas[2]).all()


def test_a_program_that_only_hands_on_swaps_what_it_carries():
    builder = Builder()
    names = ("theta", "memory")
    theta, memory = (quantity(builder, name, (2,)) for name in names)
    level, other = quantity(builder, "level"), quantity(builder, "other")
    results = {"next_theta": memory, "next_memory": theta, "next_level": other, "next_other": level}
    program: Program = builder.program(outputs_of(results.items()))
    carried = {name: f"next_{name}" for name in ("theta1", "theta2", "memory1", "memory2", "level", "other")}
    rounds = ArrayRounds(Recurrence(program, carried), names, ())
    places = {name: [aligned((2, 1)) for _ in range(3)] for name in names}
    start = {"theta": 1.0, "memory": 2.0, "level": 3.0, "other": 4.0}
    moments = rounds(1, start, {}, {}, places)
    seen = [tuple(float(np.ravel(entry)[0]) for entry in moment) for moment in itertools.islice(moments, 3)]
    assert seen == [(1.0, 2.0, 3.0, 4.0), (2.0, 1.0, 4.0, 3.0), (1.0, 2.0, 3.0, 4.0)]
