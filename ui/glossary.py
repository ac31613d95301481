"""The one glossary: every symbol with its name, meaning, shape and page, and formulas in which each can be read."""

import re
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from string import Formatter

import streamlit as st

from optimizers import Optimizer
from optimizers.hyperparameters import hyperparameters
from optimizers.worked import symbols_of, written_lines
from ui.navigation import PAGES


@dataclass(frozen=True)
class Symbol:
    """One symbol: how it is written in HTML, its name, its meaning, its shape, and the address of its page."""

    html: str
    name: str
    meaning: str
    shape: str
    page: str


NUMBER, PAIR, MATRIX = "a number", "two numbers", "a 2 × 2 table of numbers"
EACH, SHARE = "one number for each θ", "a number from 0 to 1"

GLOSSARY: dict[str, Symbol] = {
    # The loss and its parameters
    "theta": Symbol("θ", "parameters", "What is learned: the place on the map.", f"{PAIR} (θ₁, θ₂)", "update_rule"),
    "theta1": Symbol("θ<sub>1</sub>", "first parameter", "The first coordinate of θ.", NUMBER, "update_rule"),
    "theta2": Symbol("θ<sub>2</sub>", "second parameter", "The second coordinate of θ.", NUMBER, "update_rule"),
    "theta_star": Symbol("θ<sup>*</sup>", "minimiser", "The place where the loss is lowest.", PAIR, "update_rule"),
    "change": Symbol("Δθ", "step", "How far θ moves from where it was, or from (a, b).", PAIR, "red_circle"),
    "change1": Symbol("Δθ<sub>1</sub>", "step in θ₁", "How far θ₁ moves: θ₁ − a.", NUMBER, "red_circle"),
    "change2": Symbol("Δθ<sub>2</sub>", "step in θ₂", "How far θ₂ moves: θ₂ − b.", NUMBER, "red_circle"),
    "loss": Symbol("L", "loss", "How wrong the parameters are. Lower is better.", NUMBER, "update_rule"),
    "gradient": Symbol(
        "∇L", "gradient", "The slopes of L. It points uphill.", f"{PAIR}, one for each θ", "update_rule"
    ),
    "slope1": Symbol("∂L/∂θ<sub>1</sub>", "slope along θ₁", "How fast L grows with θ₁.", NUMBER, "update_rule"),
    "slope2": Symbol("∂L/∂θ<sub>2</sub>", "slope along θ₂", "How fast L grows with θ₂.", NUMBER, "update_rule"),
    "hessian": Symbol("H", "Hessian", "The second derivatives of L: how the slopes change.", MATRIX, "red_circle"),
    "eigenvalue": Symbol("λ", "eigenvalue of H", "The curvature of L in one direction.", NUMBER, "red_circle"),
    "largest_eigenvalue": Symbol(
        "λ<sub>max</sub>", "largest eigenvalue of H", "The largest curvature of L at this point.", NUMBER, "red_circle"
    ),
    # The rules
    "learning_rate": Symbol("η", "learning rate", "How much of the gradient is one step.", NUMBER, "update_rule"),
    "update": Symbol("t", "update", "The number of updates so far.", "a whole number", "update_rule"),
    "gradient_now": Symbol("g<sup>t</sup>", "gradient at update t", "The slopes where the path is now.", PAIR, ""),
    "seen_gradient": Symbol("g", "gradient", "The slopes of L that the rule sees at θ.", PAIR, "update_rule"),
    "scheduled_learning_rate": Symbol(
        "η<sub>t</sub>", "learning rate of this update", "η times the factor of the schedule.", NUMBER, "learning_rate"
    ),
    "velocity": Symbol("v", "velocity", "A running sum of gradients.", PAIR, ""),
    "momentum": Symbol("μ", "momentum", "The share of the velocity that stays.", SHARE, ""),
    "squared_gradients": Symbol("G", "squared gradients", "The sum of all squared slopes until now.", EACH, "adagrad"),
    "first_moment": Symbol("m", "first moment", "A moving average of the gradient.", PAIR, "adagrad"),
    "second_moment": Symbol("v", "second moment", "A moving average of the squared slopes.", EACH, "adagrad"),
    "corrected_first_moment": Symbol("m̂", "corrected first moment", "m without its start at zero.", PAIR, "adagrad"),
    "corrected_second_moment": Symbol("v̂", "corrected second moment", "v without its start at zero.", EACH, "adagrad"),
    "largest_second_moment": Symbol(
        "v<sup>max</sup>", "largest second moment", "The largest v until now.", EACH, "catalogue"
    ),
    "largest_gradient": Symbol("u", "largest slope", "The largest slope, slowly forgotten.", EACH, "catalogue"),
    "beta1": Symbol(
        "β<sub>1</sub>", "beta 1", "The share of m that stays; in Lion, that the step uses.", SHARE, "adagrad"
    ),
    "beta2": Symbol(
        "β<sub>2</sub>", "beta 2", "The share of v that stays; in Adamax of u, in Lion of m.", SHARE, "adagrad"
    ),
    "beta1_power": Symbol(
        "β<sub>1</sub><sup>t+1</sup>", "power of beta 1", "What is left of the start.", SHARE, "adagrad"
    ),
    "beta2_power": Symbol(
        "β<sub>2</sub><sup>t+1</sup>", "power of beta 2", "What is left of the start.", SHARE, "adagrad"
    ),
    "decay": Symbol("ρ", "decay", "The share of the moving average that stays.", SHARE, "adagrad"),
    "epsilon": Symbol("ε", "epsilon", "Keeps the division away from zero.", "a very small number", "adagrad"),
    "effective_step": Symbol(
        "α", "effective step", "The learning rate that each parameter really gets.", EACH, "adagrad"
    ),
    "squared_steps": Symbol("D", "squared steps", "A moving average of the squared steps.", EACH, "catalogue"),
    "move": Symbol("Δ", "step", "What η is multiplied by: this update is −η Δ.", PAIR, "catalogue"),
    "weight_decay": Symbol("λ", "weight decay", "How strongly θ is pulled to the origin.", NUMBER, "catalogue"),
    "momentum_now": Symbol("μ<sub>t</sub>", "momentum of this update", "It grows towards β₁.", SHARE, "catalogue"),
    "momentum_next": Symbol(
        "μ<sub>t+1</sub>", "momentum of the next update", "The momentum that follows.", SHARE, "catalogue"
    ),
    "momentum_product": Symbol(
        "Π<sub>t</sub>", "product of the momenta", "What is left of the start at zero.", SHARE, "catalogue"
    ),
    "momentum_decay": Symbol("ψ", "momentum decay", "How fast the momentum grows.", NUMBER, "catalogue"),
    "variance_length": Symbol(
        "ρ<sub>t</sub>", "length of the average", "How many squared slopes v is made of.", NUMBER, "catalogue"
    ),
    "variance_length_limit": Symbol(
        "ρ<sub>∞</sub>", "largest length of the average", "What ρₜ grows to.", NUMBER, "catalogue"
    ),
    "rectification": Symbol("r<sub>t</sub>", "rectification", "How far v can be trusted so early.", SHARE, "catalogue"),
    "direction": Symbol(
        "p", "direction", "The line of the step; the equation for θ says which way.", PAIR, "catalogue"
    ),
    "previous_direction": Symbol("p<sup>−</sup>", "last direction", "The p of the update before.", PAIR, "catalogue"),
    "newton_step": Symbol(
        "p", "Newton step", "Slope divided by curvature. The step goes against p.", PAIR, "red_circle"
    ),
    "step_length": Symbol("a", "step length", "What p, or g, is multiplied by.", "a number above 0", "catalogue"),
    "conjugacy": Symbol("β", "conjugacy", "How much of the last direction is kept.", NUMBER, "catalogue"),
    "inverse_hessian": Symbol("B", "inverse Hessian", "What the gradients tell about it so far.", MATRIX, "catalogue"),
    "root_mean_square": Symbol(
        "σ<sup>t</sup>",
        "root mean square",
        "The usual size of the slopes until now.",
        EACH,
        "adagrad",
    ),
    # The red circle
    "a": Symbol(
        "a", "first coordinate of the centre", "The value of θ₁ in the middle of the circle.", NUMBER, "red_circle"
    ),
    "b": Symbol("b", "second coordinate of the centre", "The value of θ₂ in the middle.", NUMBER, "red_circle"),
    "d": Symbol("d", "radius", "How far from the centre the model is trusted.", "a number above 0", "red_circle"),
    "s": Symbol("s", "loss at the centre", "L(a, b), the height at the centre.", NUMBER, "red_circle"),
    "u": Symbol("u", "slope along θ₁ at the centre", "∂L/∂θ₁ at (a, b).", NUMBER, "red_circle"),
    "v": Symbol("v", "slope along θ₂ at the centre", "∂L/∂θ₂ at (a, b).", NUMBER, "red_circle"),
    "x": Symbol("x", "variable", "Where a function of one variable is read.", NUMBER, "red_circle"),
    "x0": Symbol("x<sub>0</sub>", "centre", "Where the Taylor series is made.", NUMBER, "red_circle"),
    "h": Symbol("h", "function", "A smooth function of one variable.", NUMBER, "red_circle"),
    "order": Symbol(
        "k",
        "order",
        "The power of (x − x₀) in a term, or the highest.",
        "a whole number from 0",
        "red_circle",
    ),
    # Losses made of data
    "weight": Symbol("w", "weight", "What the input is multiplied by.", NUMBER, "neuron_surface"),
    "bias": Symbol("b", "bias", "What is added, whatever the input.", NUMBER, "neuron_surface"),
    "input": Symbol("x<sub>i</sub>", "input", "What is known about example i.", NUMBER, "neuron_surface"),
    "target": Symbol("y<sub>i</sub>", "target", "The right answer for example i.", NUMBER, "neuron_surface"),
    "prediction": Symbol(
        "ŷ<sub>i</sub>", "prediction", "The answer of the model for example i.", NUMBER, "neuron_surface"
    ),
    "example": Symbol("i", "example", "The number of one example.", "a whole number from 1 to N", "sum_of_gradients"),
    "examples": Symbol("N", "number of examples", "How many examples there are.", "a whole number", "sum_of_gradients"),
    "risk": Symbol(
        "R<sup>emp</sup>", "empirical risk", "The mean of the losses of all examples.", NUMBER, "sum_of_gradients"
    ),
    "example_loss": Symbol(
        "L<sub>i</sub>", "loss of one example", "How wrong the model is on example i.", NUMBER, "sum_of_gradients"
    ),
    "mean": Symbol("m", "mean", "The mean of one feature over all examples.", NUMBER, "feature_scaling"),
    "deviation": Symbol("σ", "standard deviation", "How widely one feature spreads.", NUMBER, "feature_scaling"),
}

# The equations of the rules call by this name what the lessons call by another symbol.
_IN_EQUATIONS = {"gradient": "seen_gradient"}
_MARKUP = re.compile(r"&lt;(/?(?:sub|sup|b|i))&gt;")


def formula(text: str) -> str:
    """A formula as HTML: {name} in the text is that symbol of the glossary, which hover, touch and Tab explain.

    All else is shown as it stands, but for the plain tags sub, sup, b and i. A brace is written twice. Raises KeyError
    where the glossary has no such name.
    """
    parts = []
    for literal, name, _, _ in Formatter().parse(text):
        parts.append(_MARKUP.sub(r"<\1>", escape(literal)))
        if name is not None:
            parts.append(_explained(GLOSSARY[name]))
    return f"<div class='formula'>{''.join(parts)}</div>"


def show_formulas(*lines: str) -> None:
    """Shows formulas below one another; a line that begins with "#" is a sentence between them."""
    st.html("".join(_sentence(line[1:]) if line.startswith("#") else formula(line) for line in lines))


def _sentence(text: str) -> str:
    return f"<p class='formula-sentence'>{escape(text.strip())}</p>"


def _explained(symbol: Symbol) -> str:
    said = f"{symbol.name}. {symbol.meaning} Shape: {symbol.shape}."
    return (
        f"<span class='symbol' tabindex='0' role='note' aria-label='{escape(said)}'>{symbol.html}"
        f"<span class='symbol-tip'><b>{symbol.html}</b> <b>{escape(symbol.name)}</b><br>{escape(symbol.meaning)}"
        f"<br>Shape: {escape(symbol.shape)}.{_link(symbol.page)}</span></span>"
    )


def _link(url_path: str) -> str:
    # Relative, so that it also holds below a base path. In a tab of its own, because it would end this session.
    (page,) = [page for page in PAGES if page.url_path == url_path]
    return f"<br>Explained on: <a href='./{url_path}' target='_blank' rel='noopener'>{escape(page.title)}</a>"


def show_symbols(rule: type[Optimizer]) -> None:
    """The symbols of a rule's equations in one line, each with its explanation."""
    st.html(_symbols_of(rule))


@cache
def _symbols_of(rule: type[Optimizer]) -> str:
    fields = hyperparameters(rule)
    # Where no schedule is offered, the rate of the update is written as the learning rate.
    field_of = {field.symbol: name for name, field in fields.items()}
    as_field = {name: field_of[symbol] for name, symbol in symbols_of(rule).items()}
    names = dict.fromkeys(as_field.get(name, name) for line in written_lines(rule) for name in line.written)
    # One symbol may mean different things in different rules. The rule's own field says what it means there.
    own = {name: field.help for name, field in fields.items()}
    known = {name: GLOSSARY[_IN_EQUATIONS.get(name, name)] for name in names}
    explained = ", ".join(
        _explained(replace(symbol, meaning=own.get(name) or symbol.meaning)) for name, symbol in known.items()
    )
    return f"{_sentence('Symbols (hover, tap or Tab):')}<div class='formula'>{explained}</div>"


def symbol_table(*names: str) -> None:
    """The symbols of these names in a table: symbol, name, meaning, shape, page."""
    titles = {page.url_path: page.title for page in PAGES}
    head = "".join(f"<th scope='col'>{title}</th>" for title in ("Symbol", "Name", "Meaning", "Shape", "Page"))
    rows = []
    for symbol in (GLOSSARY[name] for name in names):
        cells = (symbol.name, symbol.meaning, symbol.shape, titles[symbol.page])
        filled = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        rows.append(f"<tr><th scope='row'>{symbol.html}</th>{filled}</tr>")
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    st.html(f"<div class='symbols-frame'><table class='symbols'>{body}</table></div>")
