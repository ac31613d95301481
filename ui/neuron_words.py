"""What is said about a neuron: its partial derivatives in words, and the derivation of its gradient, line by line."""

from collections.abc import Sequence

import numpy as np
import sympy

from browser.verdicts import Verdict
from programs.frame import Frame
from surfaces import EmpiricalRisk, theta1, theta2
from surfaces.datasets import DataSet
from surfaces.neurons import Neuron, output, target
from surfaces.risk import example_latex
from ui.report import number

# A few last digits.
ROUNDING = 8 * float(np.finfo(float).eps)
# A neuron is saturated where a step of this share of the view changes no answer by more than that share of a target.
NEARBY, UNCHANGED = 0.01, 1e-4
_SUBSCRIPTS = {"w_1": "w₁", "w_2": "w₂"}


def plain(parameter: str) -> str:
    """The name of a parameter without LaTeX."""
    return _SUBSCRIPTS.get(parameter, parameter)


def slope_verdicts(neuron: Neuron, gradient: np.ndarray, rounding: Sequence[float] = (0.0, 0.0)) -> tuple[Verdict, ...]:
    """For each parameter its partial derivative: the sign says which way, the size how steep, beside the other one.

    gradient: (2,). rounding: how large each of the two may be without meaning anything.
    """
    verdicts = []
    for place, (name, slope) in enumerate(zip(map(plain, neuron.parameters), gradient, strict=True)):
        other, size = plain(neuron.parameters[1 - place]), abs(float(gradient[1 - place]))
        if not np.isfinite(slope):
            verdicts.append(Verdict("is not a finite number here.", f"∂L/∂{name}"))
            continue
        derivative = f"∂L/∂{name} = {number(float(slope))}"
        if abs(slope) <= rounding[place]:
            derivative += ", which is rounding" if slope else ""
            verdicts.append(Verdict(f"leave {name} as it is.", derivative))
            continue
        way = f"raise {name}." if slope < 0 else f"lower {name}."
        ratio = abs(float(slope)) / size if size > rounding[1 - place] else np.inf
        compared = f" {number(ratio, 3)} times as steep as {other}." if 1.005 <= ratio < np.inf else ""
        verdicts.append(Verdict(f"{way}{compared}", derivative))
    return tuple(verdicts)


def slope_rounding(risk: EmpiricalRisk, theta: np.ndarray) -> np.ndarray:
    """How large the two partial derivatives at a point (2,) may be by rounding alone, (2,)."""
    with np.errstate(all="ignore"):
        sizes = np.abs(risk.example_gradients(theta)).sum(axis=-1) / (risk.count if risk.reduction == "mean" else 1)
        # The answers are rounded too, which counts where they are right and nothing else is left.
        noise = ROUNDING * (sizes + np.abs(risk.hessian(theta)) @ np.abs(theta))
    return np.where(np.isfinite(noise), noise, 0.0)


def saturation_words(neuron: Neuron, data: DataSet, theta: np.ndarray, view: Frame) -> str:
    """A sentence where a tanh answers every example with almost the same, whatever its weights; empty elsewhere.

    The loss of the logistic neuron is steep where its answers are wrong, however little they change.
    """
    if neuron.inner is not None or not neuron.prediction.has(sympy.tanh):
        return ""
    sides = np.array([high - low for low, high in view])
    around = theta[:, None] + NEARBY * np.column_stack([[0, 0], sides * [1, 0], sides * [0, 1]])
    with np.errstate(all="ignore"):
        answers = neuron.predict(around, data.inputs)
        change, size = np.abs(answers[1:] - answers[0]).max(), np.abs(data.target).max()
    if not change <= UNCHANGED * size:
        return ""
    return "The neuron is saturated here: its answers hardly change with its weights, so the slopes are almost zero."


def gradient_lines(neuron: Neuron, risk: EmpiricalRisk) -> list[tuple[str, str]]:
    """The derivation of the gradient: a sentence and a line of LaTeX for each step."""
    answer = sympy.Symbol(r"\hat y_{i}")
    lines, letter, slope = _squeezed(neuron, answer) if neuron.inner is not None else _direct(neuron, answer)
    lines.append(
        (f"How the loss changes with ${letter}$:", _derivative("L_i", letter, example_latex(slope, (answer,))))
    )
    inner = neuron.prediction if neuron.inner is None else neuron.inner
    kind = "mean" if risk.reduction == "mean" else "sum"
    for variable in (theta1, theta2):
        symbol = sympy.latex(variable)
        # The answer stands for itself wherever it comes up again, as it does in the derivative of tanh.
        share = sympy.factor_terms(inner.diff(variable).xreplace({neuron.prediction: answer}))
        product = slope if share == 1 else slope * share
        chain = rf"{_fraction('L_i', letter)} \cdot {_fraction(letter, symbol)}"
        part, whole = example_latex(share, (answer,)), risk.sum_latex(product, (answer,))
        lines += [
            (f"How ${letter}$ changes with ${symbol}$:", _derivative(letter, symbol, part)),
            (f"The chain rule multiplies the two, for ${symbol}$:", _derivative("L_i", symbol, chain)),
            (f"The {kind} over all examples is the slope of $L$:", _derivative("L", symbol, whole)),
        ]
    return lines


def _direct(neuron: Neuron, answer: sympy.Symbol) -> tuple[list[tuple[str, str]], str, sympy.Expr]:
    """The first lines for a neuron whose loss is written in its answer, the letter of the answer, and the slope."""
    written = example_latex(neuron.error.xreplace({output: answer}), (answer,))
    lines = [
        ("The neuron answers example i with", rf"{answer} = {example_latex(neuron.prediction)}"),
        ("The loss of that answer is", rf"L_{{i}} = {written}"),
    ]
    return lines, answer.name, sympy.factor_terms(neuron.error.xreplace({output: answer}).diff(answer))


def _squeezed(neuron: Neuron, answer: sympy.Symbol) -> tuple[list[tuple[str, str]], str, sympy.Expr]:
    """The same for the logistic neuron, whose loss is written in z, what it squeezes between 0 and 1."""
    inner = sympy.Symbol("z_{i}")
    written = example_latex(neuron.error.xreplace({output: inner}), (inner,))
    lines = [
        ("The neuron first computes", rf"{inner} = {example_latex(neuron.inner)}"),
        ("It squeezes that between 0 and 1. This is its answer:", rf"{answer} = \frac{{1}}{{1 + e^{{-{inner}}}}}"),
        (
            "The loss of that answer is the cross-entropy:",
            rf"L_{{i}} = -y_{{i}} \log {answer} - (1 - y_{{i}}) \log(1 - {answer}) = {written}",
        ),
    ]
    return lines, inner.name, answer - target


def _fraction(above: str, below: str) -> str:
    return rf"\frac{{\partial {above}}}{{\partial {below}}}"


def _derivative(above: str, below: str, value: str) -> str:
    return f"{_fraction(above, below)} = {value}"
