"""One update written out: the rule's equations in symbols, then with the numbers of a recorded run."""

from dataclasses import dataclass

import numpy as np

from optimizers.equations import SYMBOLS, Equation
from optimizers.hyperparameters import hyperparameters
from optimizers.loss import Loss
from optimizers.optimizer import Optimizer
from optimizers.trajectory import Trajectory


@dataclass(frozen=True)
class WorkedLine:
    """One line of an update: LaTeX in symbols, LaTeX with numbers (one text per parameter or one), and its value."""

    result: str
    symbols: str
    numbers: tuple[str, ...]
    value: np.ndarray


def symbols_of(optimizer: Optimizer | type[Optimizer]) -> dict[str, str]:
    """The LaTeX symbol of each hyperparameter of a rule."""
    return {name: known.symbol for name, known in hyperparameters(optimizer).items()}


def worked_update(optimizer: Optimizer, loss: Loss, trajectory: Trajectory, update: int) -> list[WorkedLine]:
    """The lines of the update that leads from point `update` to the next one of a single recorded run.

    Every value is computed from the line's own formula, so the last line can be checked against the trajectory. The
    values of searches (a step length, say) and special cases are those that the run recorded.

    Raises ValueError where the run has no such update.
    """
    if not 0 <= update < trajectory.steps:
        raise ValueError(f"This run has the updates 1 to {trajectory.steps}, and {update + 1} is not one of them.")
    values = _known_before(optimizer, loss, trajectory, update)
    lines = []
    with np.errstate(all="ignore"):
        for equation in optimizer.equations:
            if not equation.expression:
                values[equation.result] = trajectory.state[equation.result][update + 1]
            if equation.holds(values):
                lines.append(_line(equation, values, symbols_of(optimizer)))
                values[equation.result] = lines[-1].value
    return lines


def quantities(optimizer: Optimizer, loss: Loss, trajectory: Trajectory, update: int) -> dict[str, np.ndarray]:
    """What the rule knew before this update, by symbol: the point, the gradient it saw, and its own state."""
    values = _known_before(optimizer, loss, trajectory, update)
    names = ["theta", "gradient", *(name for name in trajectory.state if name in values and name in SYMBOLS)]
    wanted = {*names} - {"update", "effective_step", "note", "step_length", "beta1_power", "beta2_power"}
    return {SYMBOLS[name]: np.asarray(values[name]) for name in names if name in wanted}


def _known_before(
    optimizer: Optimizer, loss: Loss, trajectory: Trajectory, update: int
) -> dict[str, np.ndarray | float]:
    before = {name: entry[update] for name, entry in trajectory.state.items()}
    after = {name: entry[update + 1] for name, entry in trajectory.state.items()}
    known = {
        **before,
        # These belong to the update under way, not to the one before it.
        **{name: after[name] for name in ("beta1_power", "beta2_power", "note") if name in after},
        **{name: float(getattr(optimizer, name)) for name in hyperparameters(optimizer)},
        # Rules for which pages offer no schedule call it the learning rate.
        **dict.fromkeys(("learning_rate", "scheduled_learning_rate"), float(optimizer.learning_rate_at(update))),
        "update": float(update),
        "theta": trajectory.theta[update],
        "gradient": trajectory.seen_gradient[update],
    }
    if any("hessian" in equation.names for equation in optimizer.equations):
        known["hessian"] = loss.hessian(trajectory.theta[update])
    return known


def _line(equation: Equation, values: dict, symbols: dict[str, str]) -> WorkedLine:
    return WorkedLine(
        equation.result,
        equation.latex(symbols),
        tuple(equation.with_numbers(values, symbols)),
        equation.evaluate(values),
    )
