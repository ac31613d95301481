"""The one table of the quantities of the rules: how each is written, what it is called, and what it is."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from optimizers.hyperparameters import hyperparameters

_HAT = re.compile(r"\\hat (\w)")
_COMMAND = re.compile(r"\\([A-Za-z]+) ?")
_RAISED_OR_LOWERED = re.compile(r"([_^])(?:\{([^{}]*)\}|(.))")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# The others have in HTML the name that they have in LaTeX, as the Greek letters do.
_CHARACTERS = {"infty": "∞", "partial": "∂", "max": "max"}


def html_of(latex: str) -> str:
    r"""A symbol as HTML: letters, Greek ones too, with a hat, with indices below and above.

    Raises ValueError where the LaTeX has a command that is none of these.
    """
    text = _HAT.sub(lambda hat: unicodedata.normalize("NFC", f"{hat[1]}\u0302"), latex)
    text = _COMMAND.sub(lambda command: _character(command[1]), text).replace("-", "−")
    return _RAISED_OR_LOWERED.sub(_tagged, text)


def text_of(latex: str) -> str:
    r"""A symbol as plain text: letters, Greek ones too, with a hat, with digits as indices below.

    Raises ValueError where it has other indices, or a command that is none of these.
    """
    text = re.sub(r"<sub>(\d+)</sub>", lambda index: index[1].translate(_LOWERED), html_of(latex))
    if "<" in text:
        raise ValueError(f"Plain text cannot write {latex}.")
    return text


def _character(command: str) -> str:
    entity = f"&{command};"
    character = _CHARACTERS.get(command, unescape(entity))
    if character == entity:
        raise ValueError(f"A symbol cannot be written with \\{command}.")
    return character


def _tagged(index: re.Match) -> str:
    tag = "sub" if index[1] == "_" else "sup"
    return f"<{tag}>{index[2] or index[3]}</{tag}>"


@dataclass(frozen=True)
class Symbol:
    """One symbol: its LaTeX, its name, its meaning, its shape in words, and the address of the page about it."""

    latex: str
    name: str
    meaning: str
    shape: str
    page: str = "catalogue"

    @cached_property
    def html(self) -> str:
        """The symbol as HTML."""
        return html_of(self.latex)


NUMBER, PAIR, MATRIX = "a number", "two numbers", "a 2 × 2 table of numbers"
EACH, SHARE = "one number for each θ", "a number from 0 to 1"

SYMBOLS: dict[str, Symbol] = {
    "theta": Symbol(
        r"\theta", "parameters", "What is learned: the place on the map.", f"{PAIR} (θ₁, θ₂)", "update_rule"
    ),
    "hessian": Symbol("H", "Hessian", "The second derivatives of L: how the slopes change.", MATRIX, "red_circle"),
    "learning_rate": Symbol(r"\eta", "learning rate", "How much of the gradient is one step.", NUMBER, "update_rule"),
    "update": Symbol("t", "update", "The number of updates so far.", "a whole number", "update_rule"),
    "gradient": Symbol("g", "gradient", "The slopes of L that the rule sees at θ.", PAIR, "update_rule"),
    "scheduled_learning_rate": Symbol(
        r"\eta_t", "learning rate of this update", "η times the factor of the schedule.", NUMBER, "learning_rate"
    ),
    "velocity": Symbol("v", "velocity", "A running sum of gradients.", PAIR, ""),
    "momentum": Symbol(r"\mu", "momentum", "The share of the velocity that stays.", SHARE, ""),
    "squared_gradients": Symbol("G", "squared gradients", "The sum of all squared slopes until now.", EACH, "adagrad"),
    "first_moment": Symbol("m", "first moment", "A moving average of the gradient.", PAIR, "adagrad"),
    "second_moment": Symbol("v", "second moment", "A moving average of the squared slopes.", EACH, "adagrad"),
    "corrected_first_moment": Symbol(
        r"\hat m", "corrected first moment", "m without its start at zero.", PAIR, "adagrad"
    ),
    "corrected_second_moment": Symbol(
        r"\hat v", "corrected second moment", "v without its start at zero.", EACH, "adagrad"
    ),
    "largest_second_moment": Symbol(r"v^{\max}", "largest second moment", "The largest v until now.", EACH),
    "largest_gradient": Symbol("u", "largest slope", "The largest slope, slowly forgotten.", EACH),
    "beta1": Symbol(r"\beta_1", "beta 1", "The share of m that stays; in Lion, that the step uses.", SHARE, "adagrad"),
    "beta2": Symbol(r"\beta_2", "beta 2", "The share of v that stays; in Adamax of u, in Lion of m.", SHARE, "adagrad"),
    "beta1_power": Symbol(r"\beta_1^{t+1}", "power of beta 1", "What is left of the start.", SHARE, "adagrad"),
    "beta2_power": Symbol(r"\beta_2^{t+1}", "power of beta 2", "What is left of the start.", SHARE, "adagrad"),
    "decay": Symbol(r"\rho", "decay", "The share of the moving average that stays.", SHARE, "adagrad"),
    "epsilon": Symbol(r"\epsilon", "epsilon", "Keeps the division away from zero.", "a very small number", "adagrad"),
    "effective_step": Symbol(
        r"\alpha", "effective step", "The learning rate that each parameter really gets.", EACH, "adagrad"
    ),
    "squared_steps": Symbol("D", "squared steps", "A moving average of the squared steps.", EACH),
    "move": Symbol(r"\Delta", "step", "What η is multiplied by: this update is −η Δ.", PAIR),
    "weight_decay": Symbol(r"\lambda", "weight decay", "How strongly θ is pulled to the origin.", NUMBER),
    "momentum_now": Symbol(r"\mu_t", "momentum of this update", "It grows towards β₁.", SHARE),
    "momentum_next": Symbol(r"\mu_{t+1}", "momentum of the next update", "The momentum that follows.", SHARE),
    "momentum_product": Symbol(r"\Pi_t", "product of the momenta", "What is left of the start at zero.", SHARE),
    "momentum_decay": Symbol(r"\psi", "momentum decay", "How fast the momentum grows.", NUMBER),
    "variance_length": Symbol(r"\rho_t", "length of the average", "How many squared slopes v is made of.", NUMBER),
    "variance_length_limit": Symbol(r"\rho_\infty", "largest length of the average", "What ρₜ grows to.", NUMBER),
    "rectification": Symbol("r_t", "rectification", "How far v can be trusted so early.", SHARE),
    "direction": Symbol("p", "direction", "The line of the step; the equation for θ says which way.", PAIR),
    "previous_direction": Symbol("p^-", "last direction", "The p of the update before.", PAIR),
    "newton_step": Symbol(
        "p", "Newton step", "Slope divided by curvature. The step goes against p.", PAIR, "red_circle"
    ),
    "step_length": Symbol("a", "step length", "What p, or g, is multiplied by; 0 where no length helps.", NUMBER),
    "conjugacy": Symbol(r"\beta", "conjugacy", "How much of the last direction is kept.", NUMBER),
    "inverse_hessian": Symbol("B", "inverse Hessian", "What the gradients tell about it so far.", MATRIX),
    "root_mean_square": Symbol(
        r"\sigma^t", "root mean square", "The usual size of the slopes until now.", EACH, "adagrad"
    ),
    "decayed_learning_rate": Symbol(
        r"\eta^t", "decayed learning rate", "η over the root of the number of updates.", NUMBER, "adagrad"
    ),
}


def check_symbols(rule: type) -> None:
    """Raises ValueError where a line of a rule that pages show has a quantity without a symbol, or where that of a
    hyperparameter cannot be written as HTML."""
    fields = hyperparameters(rule)
    for name, field in fields.items():
        try:
            html_of(field.symbol)
        except ValueError as error:
            raise ValueError(f"{rule.__name__} has `{name}`: {error}") from None
    written = SYMBOLS.keys() | fields.keys()
    for equation in rule.equations:
        for name in () if equation.aside else equation.written:
            if name not in written:
                raise ValueError(
                    f"{rule.__name__} uses `{name}`, which has no symbol. Add it to SYMBOLS in optimizers/symbols.py."
                )
