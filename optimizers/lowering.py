"""From the equations of a rule to a program: one update as a straight line of operations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from optimizers.equations import SEARCH, Equation, evaluated
from optimizers.hyperparameters import hyperparameters
from optimizers.symbols import check_symbols
from programs.evaluation import Evaluation
from programs.program import Builder, Program
from programs.recurrence import Question
from programs.tracing import Quantity, component_names, outputs_of, quantity

Shape = tuple[int, ...]

# The whole number that says which special case a rule met.
NOTE = "note"
# What a rule may ask of the loss at the present point.
ASKED: dict[str, Shape] = {"value": (), "gradient": (2,), "hessian": (2, 2)}
HESSIAN = ("hessian11", "hessian12", "hessian22")


@dataclass(frozen=True, eq=False)
class RuleProgram:
    """One update of a rule as a program.

    program: its inputs are the components of theta, of what is asked of the loss and of what is remembered, the
    hyperparameters, "scheduled_learning_rate" and "update"; its outputs the next theta, what is remembered and shown,
    and the value of every line of the equations.
    memory, shown: the shapes of what is remembered from update to update, and of what is recorded but not used again.
    lines: the shape of each line's value. asked: what the loss is asked for.
    search, searched: what is asked of the loss in the middle of the update, and the quantity that the answer is; None
    and empty for most rules.
    """

    program: Program
    memory: Mapping[str, Shape]
    shown: Mapping[str, Shape]
    lines: tuple[Shape, ...]
    asked: frozenset[str]
    search: Question | None
    searched: str = ""

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """The shapes of theta, of what is asked of the loss, and of what is remembered and shown."""
        return {"theta": (2,), **ASKED, **self.memory, **self.shown}

    @cached_property
    def carried(self) -> list[str]:
        """The inputs that are outputs too: theta and what is remembered, by component."""
        return [*component_names("theta", (2,)), *components(self.memory)]

    @cached_property
    def results(self) -> list[str]:
        """The outputs of an update by component: theta, what is remembered and what is shown."""
        return [*self.carried, *components(self.shown)]

    def evaluated(self, outputs: Sequence[str], values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Some outputs for inputs by component; numbers for numbers, else arrays of the batch."""
        key = tuple(outputs)
        if key not in self._evaluations:
            part = self.program.only(*key)
            self._evaluations[key] = Evaluation(part, tuple(part.inputs), key)
        evaluation = self._evaluations[key]
        inputs = [values[name] for name in evaluation.inputs]
        alone = not any(np.ndim(value) for value in inputs)
        results = evaluation.at_point(*map(float, inputs)) if alone else evaluation.on_batch(*inputs)
        return dict(zip(key, results, strict=True))

    @cached_property
    def _evaluations(self) -> dict[tuple[str, ...], Evaluation]:
        return {}

    def shared_by_all(self, name: str) -> set[str] | None:
        """The inputs that a remembered or shown number is made of, where these are hyperparameters and the number of
        the update alone; None where it depends on the point, as every vector does."""
        if name not in self._shared:
            self._shared[name] = None if self.shapes[name] else self._made_without_the_point(name)
        return self._shared[name]

    @cached_property
    def _shared(self) -> dict[str, set[str] | None]:
        return {}

    def _made_without_the_point(self, name: str) -> set[str] | None:
        inputs = {value: key for key, value in self.program.inputs.items()}
        names, grown = {name}, set()
        while names != grown:
            grown = set(names)
            needed = self.program.needed_for(
                self.program.outputs[each] for each in names if each in self.program.outputs
            )
            names |= {inputs[index] for index in needed if index in inputs}
        point = {*component_names("theta", (2,)), *component_names("gradient", (2,)), *HESSIAN, "value"}
        answers = set(self.search.answered) if self.search else set()
        return None if names & (point | answers) else names


def components(shapes: Mapping[str, Shape]) -> list[str]:
    """The names of all components of these quantities."""
    return [component for name, shape in shapes.items() for component in component_names(name, shape)]


def line_name(number: int) -> str:
    """The name under which a program returns the value of a line."""
    return f"line{number}_"


@cache
def lowered(rule: type) -> RuleProgram:
    """The program of a rule.

    Raises ValueError where an equation uses a quantity that nobody gives or that has no symbol, or where what is
    remembered, shown or asked does not fit.
    """
    check_symbols(rule)
    builder = Builder()
    memory = {name: kept.shape for name, kept in rule.memory.items()}
    values = _inputs(rule, builder, memory)
    used = {name for equation in rule.equations for name in equation.names}
    results, search = [], None
    for number, equation in enumerate(rule.equations):
        try:
            if SEARCH in equation.functions:
                search = _Search(builder, equation, values)
                result = search.answer
            else:
                result = _as_quantity(builder, equation.evaluate(values))
        except KeyError as unknown:
            raise ValueError(f"{rule.__name__}: line {number + 1} uses {unknown}, which nothing computes.") from None
        results.append((line_name(number), result))
        values[equation.result] = result
    following = {name: _of_shape(rule, name, values[name], shape) for name, shape in {"theta": (2,), **memory}.items()}
    for name in rule.shown:
        if name not in values:
            raise ValueError(f"{rule.__name__} shows {name!r}, which nothing computes.")
    shown = {name: _as_quantity(builder, values[name]) for name in rule.shown}
    outputs = {**following, **shown, **dict(results)}
    outputs |= search.shown if search else {}
    named = outputs_of(outputs.items())
    return RuleProgram(
        builder.program(named).only(*named),
        memory,
        {name: result.shape for name, result in shown.items()},
        tuple(result.shape for _, result in results),
        frozenset(name for name in ASKED if name in used or (search and name in ("value", "gradient"))),
        search.question if search else None,
        search.result if search else "",
    )


def _inputs(rule: type, builder: Builder, memory: Mapping[str, Shape]) -> dict[str, Quantity]:
    shapes = {"theta": (2,), **ASKED, **memory, "update": (), "scheduled_learning_rate": ()}
    values = {name: quantity(builder, name, shape) for name, shape in shapes.items() if name != "hessian"}
    h11, h12, h22 = (builder.input(name) for name in HESSIAN)
    values["hessian"] = Quantity(builder, [[h11, h12], [h12, h22]])
    return values | {name: quantity(builder, name) for name in hyperparameters(rule)}


class _Search:
    """A line that a search along a direction answers."""

    def __init__(self, builder: Builder, equation: Equation, values: Mapping[str, Quantity]):
        direction, first = (_as_quantity(builder, evaluated(argument, values)) for argument in equation.tree.args)
        self.result = equation.result
        self.answer = quantity(builder, f"searched_{equation.result}")
        self.shown = {
            "search_theta": values["theta"],
            "search_value": values["value"],
            "search_gradient": values["gradient"],
            "search_direction": direction,
            "search_first": first,
        }
        groups = tuple(tuple(component_names(name, part.shape)) for name, part in self.shown.items())
        self.question = Question(SEARCH, groups, ((f"searched_{equation.result}",),))


def _as_quantity(builder: Builder, value) -> Quantity:
    return value if isinstance(value, Quantity) else Quantity(builder, builder.constant(value))


def _of_shape(rule: type, name: str, value: Quantity, shape: Shape) -> Quantity:
    if value.shape not in ((), shape):
        raise ValueError(f"{rule.__name__}: {name} has shape {value.shape}, which does not fit {shape}.")
    return Quantity(value.builder, np.broadcast_to(value.indices, shape))
