"""A rule and a loss as one recurrence: what a run does in every update, as data.

A loss that is a program itself, as a `ProgrammedLoss` is, becomes a part of it. Every other loss is asked in every
round.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from weakref import WeakKeyDictionary

from optimizers.loss import Loss
from optimizers.lowering import HESSIAN, RuleProgram, components, lowered
from optimizers.noise import NoisyLoss
from optimizers.optimizer import Optimizer
from optimizers.schedules import Constant
from programs.array_rounds import ArrayRounds
from programs.float_rounds import FloatRounds
from programs.operations import OPERATIONS
from programs.program import Builder, Program
from programs.recurrence import Question, Recurrence

THETA, GRADIENT, SEEN, SLOPE, HERE = (
    (f"{name}1", f"{name}2") for name in ("theta", "gradient", "seen_gradient", "slope", "here")
)
NUDGE = ("nudge1", "nudge2")
LOSS = "loss"
# So many operations of plain floats take as long as one call of numpy, on one number or on a few.
FLOATS_PER_CALL = 20
_FUNCTIONS = ("value", "gradient", "hessian", "value_and_gradient")
_VECTORS = ("seen_gradient", "slope", "here", "search_theta", "search_gradient", "search_direction")


@dataclass(frozen=True)
class View:
    """How a rule sees a loss.

    is_stochastic: whether it sees another loss than the one that is recorded. is_tilted: whether what it sees is the
    gradient plus a slope that is known before. is_scheduled: whether the learning rate is another one in every update.
    """

    is_stochastic: bool = False
    is_tilted: bool = False
    is_scheduled: bool = False


@dataclass(frozen=True, eq=False)
class Descent:
    """The recurrence of a rule on a loss.

    recurrence: carries theta and what the rule remembers, and returns value, gradient1, gradient2 and what is shown.
    rule: the program of the rule. view: how it sees the loss.
    """

    recurrence: Recurrence
    rule: RuleProgram
    view: View

    @cached_property
    def moments(self) -> list[str]:
        """What is known of a point before its update, by component."""
        seen = SEEN if self.view.is_stochastic or self.view.is_tilted else ()
        return ["value", *GRADIENT, *seen]

    @cached_property
    def recorded(self) -> list[str]:
        """What is recorded in each round beside what is carried."""
        return [*self.moments, *components(self.rule.shown)]

    @cached_property
    def few(self) -> int:
        """So many starts are run faster one by one, by plain floats, than in step."""
        program = self.recurrence.program
        wanted = [*self.recurrence.carried.values(), *self.recorded]
        needed = program.needed_for(program.outputs[name] for name in wanted)
        operations = [program.values[index].operation for index in needed if program.operands(index)]
        calls = sum(not OPERATIONS[operation].on_floats for operation in operations)
        return int(len(operations) / (calls + len(operations) / FLOATS_PER_CALL))

    @cached_property
    def _float_rounds(self) -> dict[bool, FloatRounds]:
        return {}

    def of_floats(self, mends: bool) -> FloatRounds:
        """The rounds of one point. mends: whether they end where a derivative is not finite."""
        if mends not in self._float_rounds:
            self._float_rounds[mends] = FloatRounds(self.recurrence, self.recorded, self._finite(mends))
        return self._float_rounds[mends]

    def _finite(self, mends: bool) -> list[str]:
        return [name for name in (*GRADIENT, *HESSIAN) if mends and name in self.recurrence.program.outputs]

    @cached_property
    def _nudged_rounds(self) -> dict[bool, FloatRounds]:
        return {}

    def nudged(self, mends: bool) -> FloatRounds:
        """The rounds of one point that record what is carried alone, and in which every update's theta is multiplied by
        the streams of NUDGE."""
        if mends not in self._nudged_rounds:
            made, builder = self.recurrence, Builder()
            outputs = builder.include(made.program, {})
            for name, nudge in zip(THETA, NUDGE, strict=True):
                outputs[name] = builder.operation("multiply", outputs[name], builder.input(nudge))
            nudged = Recurrence(builder.program(outputs), made.carried, (*made.streamed, *NUDGE), made.questions)
            self._nudged_rounds[mends] = FloatRounds(nudged, (), self._finite(mends))
        return self._nudged_rounds[mends]

    @cached_property
    def _array_rounds(self) -> dict[tuple, ArrayRounds]:
        return {}

    def of_arrays(self, batch: frozenset[str], before: tuple[str, ...], after: tuple[str, ...]) -> ArrayRounds:
        """The rounds of many points. batch: the hyperparameters, and scheduled_learning_rate, that are arrays."""
        key = batch, before, after
        if key not in self._array_rounds:
            shapes = {"theta": (2,), "gradient": (2,), **self.rule.memory, **self.rule.shown}
            vectors = [*_VECTORS, *(name for name, shape in shapes.items() if shape == (2,))]
            self._array_rounds[key] = ArrayRounds(self.recurrence, vectors, batch, before, after)
        return self._array_rounds[key]


_fused: WeakKeyDictionary = WeakKeyDictionary()


def is_scheduled(optimizer: Optimizer) -> bool:
    """Whether the learning rate may change from update to update."""
    return type(optimizer.schedule) is not Constant


def fused(optimizer: Optimizer, loss: Loss) -> tuple[Descent, Loss] | None:
    """The recurrence of a rule on a loss that is a program, and that loss; None where it is none.

    That of a noisy loss is its own loss, with the noise as the slopes that are added to the gradient. A rule that
    asks for values sees those of the tilted loss, too, and so has to ask.
    """
    rule, formula, is_tilted = lowered(type(optimizer)), loss, isinstance(loss, NoisyLoss)
    if is_tilted:
        formula = None if "value" in rule.asked or loss.slope(0).ndim > 1 else loss.loss
    elif hasattr(loss, "sample"):
        formula = None
    if not gives_its_program(formula) or formula.program is None:
        return None
    return descent(type(optimizer), formula, View(False, is_tilted, is_scheduled(optimizer))), formula


def gives_its_program(loss: Loss) -> bool:
    """Whether the program of a loss, if it has one, has the numbers that its functions have."""
    return _gives_its_program(type(loss))


@lru_cache(maxsize=256)
def _gives_its_program(kind: type) -> bool:
    """Whether the program of such losses is theirs: where a class changes a function alone, or hands on what another
    loss has, the program would still have the numbers from before."""
    names = ("program", "hessian_program", "mends")
    owners = [owner for owner in kind.__mro__ if {*names, *_FUNCTIONS} & vars(owner).keys()]
    return bool(owners) and all(name in vars(owners[0]) for name in names)


def asking(optimizer: Optimizer, loss: Loss) -> Descent:
    """The recurrence of a rule on any loss, which is asked in every round."""
    return asking_descent(type(optimizer), View(hasattr(loss, "sample"), False, is_scheduled(optimizer)))


def descent(rule: type, loss, view: View) -> Descent:
    """The recurrence of a rule on a loss that is a program, made once for each of both."""
    descents = _fused.setdefault(loss, {})
    if (rule, view) not in descents:
        program = loss.program if "hessian" not in lowered(rule).asked else loss.hessian_program
        descents[rule, view] = _joined(lowered(rule), program, view)
    return descents[rule, view]


@lru_cache(maxsize=256)
def asking_descent(rule: type, view: View) -> Descent:
    """The recurrence of a rule on any loss, which is asked in every round."""
    return _joined(lowered(rule), None, view)


def _joined(rule: RuleProgram, loss: Program | None, view: View) -> Descent:
    builder = Builder()
    theta = {name: builder.input(name) for name in THETA}
    if loss is None:
        answers, questions = _asked(builder, rule, view)
    else:
        answers, questions = builder.include(loss, theta), ()
    outputs = {name: answers[name] for name in ("value", *GRADIENT, *HESSIAN) if name in answers}
    outputs |= dict(zip(HERE, theta.values(), strict=True))
    seen = dict(answers)
    if view.is_tilted:
        slopes = [builder.input(name) for name in SLOPE]
        for name, slope in zip(GRADIENT, slopes, strict=True):
            seen[name] = builder.operation("add", answers[name], slope)
    elif view.is_stochastic:
        seen |= {name: answers[f"seen_{name}"] for name in ("value", *GRADIENT)}
    outputs |= dict(zip(SEEN, (seen[name] for name in GRADIENT), strict=True))
    inputs = theta | {name: index for name, index in seen.items() if name in rule.program.inputs}
    outputs |= builder.include(rule.program, inputs, [*rule.program.outputs])
    rates = ("scheduled_learning_rate",) if view.is_scheduled else ()
    streamed = (*(SLOPE if view.is_tilted else ()), *rates, "update")
    program = builder.program(outputs)
    recurrence = Recurrence(
        program,
        {name: name for name in rule.carried},
        tuple(name for name in streamed if name in program.inputs),
        (*questions, *([rule.search] if rule.search else [])),
    )
    return Descent(recurrence, rule, view)


def _asked(builder: Builder, rule: RuleProgram, view: View) -> tuple[dict[str, int], tuple[Question, ...]]:
    """The inputs that the loss answers, and the question."""
    groups = [("value",), GRADIENT]
    if view.is_stochastic:
        groups += [("seen_value",), SEEN]
    if "hessian" in rule.asked:
        groups += [(name,) for name in HESSIAN]
    answers = {name: builder.input(name) for group in groups for name in group}
    return answers, (Question(LOSS, (HERE,), tuple(groups)),)
