"""What is said about a neuron: its partial derivatives in words, and the derivation of its gradient, line by line."""

import numpy as np
import sympy

from surfaces import EmpiricalRisk, theta1, theta2
from surfaces.neurons import Neuron, output, target
from surfaces.risk import example_latex
from ui.report import number

_SUBSCRIPTS = {"w_1": "w₁", "w_2": "w₂"}


def plain(parameter: str) -> str:
    """The name of a parameter without LaTeX."""
    return _SUBSCRIPTS.get(parameter, parameter)


def slope_words(neuron: Neuron, gradient: np.ndarray) -> list[str]:
    """For each parameter its partial derivative: the sign says which way, the size how steep, beside the other one."""
    sentences = []
    for place, (name, slope) in enumerate(zip(map(plain, neuron.parameters), gradient, strict=True)):
        other, size = plain(neuron.parameters[1 - place]), abs(float(gradient[1 - place]))
        if not np.isfinite(slope):
            sentences.append(f"**∂L/∂{name}** is not a finite number here.")
            continue
        way = f"raise {name}" if slope < 0 else f"lower {name}" if slope > 0 else f"leave {name} as it is"
        ratio = abs(float(slope)) / size if size else np.inf
        compared = f" {number(ratio, 3)} times as steep as {other}." if 1 < ratio < np.inf else ""
        sentences.append(f"**∂L/∂{name} = {number(float(slope))}**: {way}.{compared}")
    return sentences


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
