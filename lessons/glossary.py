"""The one glossary: every symbol with its name, meaning, shape and page."""

from functools import cache

from optimizers import Optimizer
from optimizers.hyperparameters import Hyperparameter, hyperparameters
from optimizers.symbols import NUMBER, PAIR, SYMBOLS, Symbol
from optimizers.worked import symbols_of, written_lines

# Those of the loss and its parameters stand before those of the rules, the others behind; theta is the first of all.
_OF_THE_LOSS = {
    "theta1": Symbol(r"\theta_1", "first parameter", "The first coordinate of θ.", NUMBER, "update_rule"),
    "theta2": Symbol(r"\theta_2", "second parameter", "The second coordinate of θ.", NUMBER, "update_rule"),
    "theta_star": Symbol(r"\theta^*", "minimiser", "The place where the loss is lowest.", PAIR, "update_rule"),
    "change": Symbol(r"\Delta\theta", "step", "How far θ moves from where it was, or from (a, b).", PAIR, "red_circle"),
    "change1": Symbol(r"\Delta\theta_1", "step in θ₁", "How far θ₁ moves: θ₁ − a.", NUMBER, "red_circle"),
    "change2": Symbol(r"\Delta\theta_2", "step in θ₂", "How far θ₂ moves: θ₂ − b.", NUMBER, "red_circle"),
    "loss": Symbol("L", "loss", "How wrong the parameters are. Lower is better.", NUMBER, "update_rule"),
    "loss_gradient": Symbol(
        r"\nabla L", "gradient", "The slopes of L. It points uphill.", f"{PAIR}, one for each θ", "update_rule"
    ),
    "slope1": Symbol(
        r"\partial L/\partial\theta_1", "slope along θ₁", "How fast L grows with θ₁.", NUMBER, "update_rule"
    ),
    "slope2": Symbol(
        r"\partial L/\partial\theta_2", "slope along θ₂", "How fast L grows with θ₂.", NUMBER, "update_rule"
    ),
    "eigenvalue": Symbol(r"\lambda", "eigenvalue of H", "The curvature of L in one direction.", NUMBER, "red_circle"),
    "largest_eigenvalue": Symbol(
        r"\lambda_{max}", "largest eigenvalue of H", "The largest curvature of L at this point.", NUMBER, "red_circle"
    ),
    "gradient_now": Symbol("g^t", "gradient at update t", "The slopes where the path is now.", PAIR, ""),
}
_OF_LESSONS = {
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
    "x0": Symbol("x_0", "centre", "Where the Taylor series is made.", NUMBER, "red_circle"),
    "h": Symbol("h", "function", "A smooth function of one variable.", NUMBER, "red_circle"),
    "order": Symbol(
        "k", "order", "The power of (x − x₀) in a term, or the highest.", "a whole number from 0", "red_circle"
    ),
    # Losses made of data
    "weight": Symbol("w", "weight", "What the input is multiplied by.", NUMBER, "neuron_surface"),
    "bias": Symbol("b", "bias", "What is added, whatever the input.", NUMBER, "neuron_surface"),
    "input": Symbol("x_i", "input", "What is known about example i.", NUMBER, "neuron_surface"),
    "target": Symbol("y_i", "target", "The right answer for example i.", NUMBER, "neuron_surface"),
    "prediction": Symbol(r"\hat y_i", "prediction", "The answer of the model for example i.", NUMBER, "neuron_surface"),
    "example": Symbol("i", "example", "The number of one example.", "a whole number from 1 to N", "sum_of_gradients"),
    "examples": Symbol("N", "number of examples", "How many examples there are.", "a whole number", "sum_of_gradients"),
    "risk": Symbol("R^{emp}", "empirical risk", "The mean of the losses of all examples.", NUMBER, "sum_of_gradients"),
    "example_loss": Symbol(
        "L_i", "loss of one example", "How wrong the model is on example i.", NUMBER, "sum_of_gradients"
    ),
    "mean": Symbol("m", "mean", "The mean of one feature over all examples.", NUMBER, "feature_scaling"),
    "deviation": Symbol(r"\sigma", "standard deviation", "How widely one feature spreads.", NUMBER, "feature_scaling"),
}
GLOSSARY: dict[str, Symbol] = {"theta": SYMBOLS["theta"], **_OF_THE_LOSS, **SYMBOLS, **_OF_LESSONS}


@cache
def symbols_in(rule: type[Optimizer]) -> tuple[Symbol, ...]:
    """The symbols of a rule's equations, in the order in which they stand there, as they are meant in this rule."""
    fields = hyperparameters(rule)
    # Where no schedule is offered, the rate of the update is written as the learning rate.
    field_of = {field.symbol: name for name, field in fields.items()}
    as_field = {name: field_of[symbol] for name, symbol in symbols_of(rule).items()}
    names = dict.fromkeys(as_field.get(name, name) for line in written_lines(rule) for name in line.written)
    return tuple(_symbol_of(name, fields.get(name)) for name in names)


def _symbol_of(name: str, field: Hyperparameter | None) -> Symbol:
    """One symbol may mean different things in different rules: a rule's own field says what it means there."""
    if field is None:
        return GLOSSARY[name]
    usual = GLOSSARY.get(name, Symbol(field.symbol, field.label, field.help, NUMBER))
    return Symbol(field.symbol, field.label, field.help, usual.shape, usual.page)
