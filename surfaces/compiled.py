"""From sympy expressions to fast numerical functions."""

from collections.abc import Sequence
from functools import lru_cache

import sympy
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import Boolean

from programs.evaluation import Evaluation
from surfaces.lowering import program_of


class Compiled(Evaluation):
    """Real expressions of a few variables as functions from points to values, common subexpressions shared.

    `at_point` takes one number per variable, `on_batch` one array; both return a list with one value per expression, as
    of an Evaluation. names: what the expressions are called in `program`, where they are numbered if nothing is said;
    its inputs are called like the variables.
    """

    def __init__(
        self, variables: Sequence[sympy.Symbol], expressions: Sequence[sympy.Expr], names: Sequence[str] | None = None
    ):
        names = list(map(str, range(len(expressions)))) if names is None else names
        super().__init__(program_of(variables, expressions, names), [variable.name for variable in variables], names)


def unknown_functions(expression: sympy.Expr) -> list[str]:
    """The names of what an expression holds that cannot be evaluated, or not be differentiated twice."""
    others = {
        (type(part), len(part.args)) for part in sympy.preorder_traversal(expression) if not isinstance(part, _KNOWN)
    }
    return sorted({kind.__name__ for kind, count in others if not _is_known(kind, count)})


_KNOWN = (sympy.Add, sympy.Mul, sympy.Pow, sympy.Atom, sympy.Piecewise, ExprCondPair, Boolean, sympy.Tuple)


@lru_cache(maxsize=256)
def _is_known(kind: type, count: int) -> bool:
    arguments = sympy.symbols(f"argument:{count}", real=True)
    try:
        value = kind(*arguments)
        first = [sympy.diff(value, argument) for argument in arguments]
        second = [sympy.diff(slope, argument) for slope in first for argument in arguments]
        Compiled(arguments, [value, *first, *second]).at_point(*[0.5] * count)
    except (NotImplementedError, TypeError, ValueError):
        return False
    return True
