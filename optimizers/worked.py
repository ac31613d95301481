"""One update written out: the rule's equations in symbols, then with the numbers of a recorded run."""

from dataclasses import dataclass

import numpy as np

from optimizers.descent import is_scheduled
from optimizers.equations import Equation
from optimizers.hyperparameters import hyperparameters
from optimizers.loss import Loss
from optimizers.lowering import line_name, lowered
from optimizers.optimizer import Optimizer, ScheduledOptimizer
from optimizers.stepping import by_component, known_before
from optimizers.trajectory import Trajectory
from programs.tracing import component_names


@dataclass(frozen=True)
class WorkedLine:
    """One line of an update: LaTeX in symbols, LaTeX with numbers (one text per parameter or one), and its value."""

    result: str
    symbols: str
    numbers: tuple[str, ...]
    value: np.ndarray


def symbols_of(optimizer: Optimizer | type[Optimizer]) -> dict[str, str]:
    """The LaTeX symbol of each hyperparameter of a rule, and of its learning rate where there is no schedule: of a rule
    for which none is offered, unless it has one all the same."""
    rule, changes = (optimizer, False) if isinstance(optimizer, type) else (type(optimizer), is_scheduled(optimizer))
    own = {name: field.symbol for name, field in hyperparameters(optimizer).items()}
    return (
        own
        if changes or issubclass(rule, ScheduledOptimizer)
        else own | {"scheduled_learning_rate": own["learning_rate"]}
    )


def written_lines(optimizer: Optimizer | type[Optimizer]) -> tuple[Equation, ...]:
    """The equations that pages show: all but those that keep books only."""
    return tuple(equation for equation in optimizer.equations if not equation.aside)


def worked_update(optimizer: Optimizer, loss: Loss, trajectory: Trajectory, update: int) -> list[WorkedLine]:
    """The lines of the update that leads from point `update` to the next one of a single recorded run.

    Every value is what the program of the rule computes, to the bit what ran. What a search found (a step length) is
    what the run recorded. Lines that keep books only are left out.

    Raises ValueError where the run has no such update.
    """
    if not 0 <= update < trajectory.steps:
        raise ValueError(f"This run has the updates 1 to {trajectory.steps}, and {update + 1} is not one of them.")
    quantities = _known_before(optimizer, loss, trajectory, update)
    values, lines = _values(optimizer, trajectory, update, quantities), []
    with np.errstate(all="ignore"):
        for equation, value in zip(optimizer.equations, values, strict=True):
            if not equation.aside:
                symbols = symbols_of(optimizer)
                numbers = tuple(equation.with_numbers(quantities, symbols, value))
                lines.append(WorkedLine(equation.result, equation.latex(symbols), numbers, value))
            quantities[equation.result] = value
    return lines


def _known_before(optimizer: Optimizer, loss: Loss, trajectory: Trajectory, update: int) -> dict[str, np.ndarray]:
    theta, asked = trajectory.theta[update], {"gradient": trajectory.seen_gradient[update]}
    for name in lowered(type(optimizer)).asked - asked.keys():
        asked[name] = np.asarray(getattr(loss, name)(theta), dtype=float)
    return known_before(optimizer, theta, asked, {name: entry[update] for name, entry in trajectory.state.items()})


def _values(
    optimizer: Optimizer, trajectory: Trajectory, update: int, quantities: dict[str, np.ndarray]
) -> list[np.ndarray]:
    """The value of every line."""
    program = lowered(type(optimizer))
    inputs = by_component(program, quantities)
    if program.search:
        (answer,) = program.search.answered
        inputs[answer] = trajectory.state[program.searched][update + 1]
    names = [component_names(line_name(number), shape) for number, shape in enumerate(program.lines)]
    results = program.evaluated([name for line in names for name in line], inputs)
    return [
        np.reshape([results[name] for name in line], shape) for line, shape in zip(names, program.lines, strict=True)
    ]
