r"""Sentences with formulas in them as plain text, for where nothing draws formulas: "$\theta_{1}^{2}$" is "θ₁^2"."""

import re

_FORMULA = re.compile(r"\$([^$]*)\$")
# Innermost braces first, so that what is left of a formula has none.
_STEPS = (
    (r"\\(?:left|right)(?![a-zA-Z])|\\[,;!: ]", ""),
    (r"\\theta_(?:\{([12])\}|([12]))", lambda index: "θ₁" if "1" in index[0] else "θ₂"),
    (r"\\(?:cdot|times) ?", "·"),
    (r"\\pi(?![a-zA-Z])", "π"),
    (r"\\(?:geq?|leq?|neq?)(?![a-zA-Z])", lambda sign: {"g": "≥", "l": "≤", "n": "≠"}[sign[0][1]]),
    (r"\\operatorname", ""),
)
_INNERMOST = (
    (r"\\frac\{([^{}]*)\}\{([^{}]*)\}", lambda parts: f"{_grouped(parts[1])}/{_grouped(parts[2])}"),
    (r"\\sqrt\{([^{}]*)\}", r"√(\1)"),
    (r"\^\{([^{}]*)\}", lambda part: f"^{_grouped(part[1])}"),
    (r"\{([^{}]*)\}", r"\1"),
)


def plain_words(text: str) -> str:
    """The text with its formulas, which stand between dollar signs, as plain text."""
    return _FORMULA.sub(lambda formula: _plain(formula[1]), text)


def _plain(latex: str) -> str:
    for pattern, plain in _STEPS:
        latex = re.sub(pattern, plain, latex)
    while (simpler := _with_fewer_braces(latex)) != latex:
        latex = simpler
    latex = re.sub(r"\\([a-zA-Z]+) ?", r"\1 ", latex)
    return re.sub(r" +", " ", latex.replace("{", "").replace("}", "").replace("\\", "")).strip()


def _with_fewer_braces(latex: str) -> str:
    """The formula without its innermost braces of one kind; plain ones stay as long as there are others."""
    made = (re.sub(pattern, plain, latex) for pattern, plain in _INNERMOST)
    return next((simpler for simpler in made if simpler != latex), latex)


def _grouped(part: str) -> str:
    """A part of a formula that stays together: in brackets unless it is a single name or number."""
    return part if re.fullmatch(r"-?[\wθ₁₂.]+", part) else f"({part})"
