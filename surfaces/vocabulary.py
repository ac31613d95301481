"""The words and signs of a formula: on a blackboard, in LaTeX, in Python's libraries, and which are refused and why."""

import keyword

# The functions by name, with the smallest and the largest number of arguments.
MANY = 100
FUNCTIONS = {
    **dict.fromkeys(("exp", "log", "log2", "log10", "sqrt", "cbrt", "abs", "sigmoid", "relu", "softplus"), (1, 1)),
    **dict.fromkeys(("sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan"), (1, 1)),
    **dict.fromkeys(("sinh", "cosh", "tanh", "coth", "sech", "csch", "asinh", "acosh", "atanh"), (1, 1)),
    **dict.fromkeys(("sign", "floor", "ceil", "round", "trunc", "step", "erf", "erfc", "sinc"), (1, 1)),
    **dict.fromkeys(("atan2", "mod"), (2, 2)),
    **dict.fromkeys(("min", "max"), (2, MANY)),
}
# Functions that are written out in terms of others as soon as they are read; see shorthands.py.
SHORTHANDS = {
    **dict.fromkeys(
        ("square", "cube", "reciprocal", "negative", "log1p", "expm1", "exp2", "frac", "logsigmoid"), (1, 1)
    ),
    **dict.fromkeys(("asec", "acsc", "acot", "asech", "acsch", "acoth", "silu", "gelu", "elu", "leaky_relu"), (1, 1)),
    **dict.fromkeys(("pow", "root", "fmod", "logaddexp"), (2, 2)),
    "hypot": (2, MANY),
    "clip": (3, 3),
    "where": (3, 3),
    "piecewise": (2, MANY),
    "log": (1, 2),
    "step": (1, 2),
}
ARITY = {**FUNCTIONS, **SHORTHANDS}

_INVERSE_NAMES = ("sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "sech", "csch", "coth")
_OTHER_NAMES = {
    "ln": "log",
    "lg": "log10",
    "cosec": "csc",
    "tg": "tan",
    "ctg": "cot",
    "sgn": "sign",
    "signum": "sign",
    "fabs": "abs",
    "absolute": "abs",
    "ceiling": "ceil",
    "rint": "round",
    "fix": "trunc",
    "heaviside": "step",
    "unitstep": "step",
    "remainder": "mod",
    "arctan2": "atan2",
    "power": "pow",
    "nthroot": "root",
    "logistic": "sigmoid",
    "expit": "sigmoid",
    "log_sigmoid": "logsigmoid",
    "swish": "silu",
    "clamp": "clip",
    "leakyrelu": "leaky_relu",
    **dict.fromkeys(("maximum", "fmax", "amax"), "max"),
    **dict.fromkeys(("minimum", "fmin", "amin"), "min"),
    **dict.fromkeys(("log_2", "log₂"), "log2"),
    **dict.fromkeys(("log_10", "log₁₀"), "log10"),
    **dict.fromkeys(("log_e",), "log"),
    **{f"arc{name}": f"a{name}" for name in _INVERSE_NAMES},
    **{f"ar{name}": f"a{name}" for name in ("sinh", "cosh", "tanh", "sech", "csch", "coth")},
}
FUNCTION_NAMES = {**{name: name for name in ARITY}, **_OTHER_NAMES}
# Names that may stand directly beside a letter, as in x sinx, the longest first.
SPLIT_NAMES = sorted(
    {name for name in FUNCTION_NAMES if name.isascii() and name.isalpha() and len(name) <= 7}
    - {
        "root",
        "where",
        "piecewise",
        "step",
        "round",
        "frac",
        "cube",
        "square",
        "fix",
        "mod",
        "elu",
        "tg",
        "pow",
        "clip",
    }
    | {"pi"},
    key=len,
    reverse=True,
)
INVERSES = {
    **{name.removeprefix("a"): name for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
    **{"exp": "ln", "log": "exp"},
}
CONSTANTS = {"pi": "pi", "π": "pi", "e": "e"}

# Libraries whose functions are known by the name behind the point; in the first ones, sinc(u) is sin(pi u)/(pi u).
NORMALISED = frozenset(("np", "numpy", "torch", "jnp", "jax", "scipy", "special", "cp", "cupy"))
MODULES = NORMALISED | {"math", "cmath", "tf", "tensorflow", "sp", "sympy", "keras", "nn", "F", "K", "Math", "std"}

GREEK = {
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ"},
    **{"eta": "η", "theta": "θ", "vartheta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν"},
    **{"xi": "ξ", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ"},
    **{"omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Lambda": "Λ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "Theta": "θ"},
}
GREEK_LATEX = {letter: rf"\{name}" for name, letter in reversed(GREEK.items())} | {"ε": r"\varepsilon", "φ": r"\varphi"}
GREEK_LATEX["θ"] = r"\theta"

# The names of (theta1, theta2) that can be typed, in this order of precedence.
PAIRS = (
    ("θ₁", "θ₂"),
    ("θ₀", "θ₁"),
    ("x", "y"),
    ("w", "b"),
    ("w₁", "w₂"),
    ("w₀", "w₁"),
    ("x₁", "x₂"),
    ("x₀", "x₁"),
    ("u", "v"),
    ("m", "b"),
    ("a", "b"),
    ("p", "q"),
    ("s", "t"),
    ("α", "β"),
    ("β₀", "β₁"),
    ("β₁", "β₂"),
    ("b₀", "b₁"),
    ("b₁", "b₂"),
    ("a₀", "a₁"),
    ("a₁", "a₂"),
    ("μ", "σ"),
    ("m", "c"),
    ("m", "n"),
    ("r", "s"),
)
LETTERS_OF_PAIRS = frozenset(name for pair in PAIRS for name in pair if len(name) == 1)

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))

OPERATORS = {
    **dict.fromkeys("+", "+"),
    **dict.fromkeys("-−–—‐‑", "-"),
    **dict.fromkeys("*·×⋅∙∗•", "*"),
    **dict.fromkeys("/÷∕⁄", "/"),
    **dict.fromkeys("|∣", "|"),
    **dict.fromkeys("([{⌊⌈", "("),
    **dict.fromkeys(")]}⌋⌉", ")"),
    **{character: character for character in "^,%:?&"},
    **{"<": "<", ">": ">", "≤": "≤", "≥": "≥", "⩽": "≤", "⩾": "≥", "∧": "and", "∨": "or"},
}
LONG_OPERATORS = {
    **{"**": "^", ".^": "^", ".*": "*", "./": "/", "//": "//", "&&": "and", "&": "and", "<=": "≤", ">=": "≥"},
}
CLOSING = {"(": ")", "[": "]", "{": "}", "⌊": "⌋", "⌈": "⌉"}
ROOTS = {"√": 2, "∛": 3, "∜": 4}
RELATIONS = ("<", ">", "≤", "≥")

# LaTeX: a command for a sign or a word of ours, and the commands that only move things about.
LATEX_SIGNS = {
    **{"cdot": "*", "times": "*", "ast": "*", "cdotp": "*", "div": "/", "bmod": "%", "mod": "%"},
    **{"lt": "<", "gt": ">", "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥"},
    **{"land": "and", "wedge": "and", "lor": "or", "vee": "or", "vert": "|", "mid": "|", "%": "%"},
}
LATEX_BRACKETS = {
    **{"lvert": "|(", "rvert": "|)", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉"},
    **{"{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]"},
}
_LARGER = ("big", "Big", "bigg", "Bigg")
LATEX_SPACES = {
    *(",", ";", ":", "!", ">", " ", "quad", "qquad", "enspace", "space", "thinspace", "medspace", "thickspace"),
    *(
        "boxed",
        "negthinspace",
        "displaystyle",
        "textstyle",
        "scriptstyle",
        "limits",
        "nolimits",
        "nonumber",
        "left",
        "right",
    ),
    *("middle", *_LARGER, *(f"{size}{side}" for size in _LARGER for side in "lr")),
}
LATEX_STYLES = "operatorname*|operatorname|mathrm|mathbf|mathit|mathsf|mathtt|mathnormal|boldsymbol|bm|text|textrm|rm"
LATEX_SHOWN = frozenset(
    ("equation", "equation*", "align", "align*", "aligned", "gather", "gather*", "displaymath", "math")
)

# What is refused, with what to do instead. {} stands for what was typed.
_SUM = "Sums with an index are not available. Write the terms out, such as (x - 1)^2 + (x - 2)^2."
_MATRIX = "Vectors and matrices are not available. Write each component, such as x^2 + y^2."
_CALCULUS = "Integrals, limits and derivatives are not available. Type the formula that they result in."
_COMPLEX = "The letter {} would be the imaginary unit. A loss is a real number: use another letter."
_FACTORIAL = "Factorials and gamma functions are not available here. Write 24 for 4!."
_INFINITE = "Infinity is not a number. Use a large number, such as 1e6."
_RANDOM = "A loss has one value at each point: chance is not available in formulas. Use the noise of the playground."
REFUSED = {
    **dict.fromkeys(("sum", "prod", "sigma_sum", "cumsum", "mean", "average", "var", "std", "median"), _SUM),
    **dict.fromkeys(("int", "iint", "oint", "integral", "integrate", "lim", "limit", "diff", "derivative"), _CALCULUS),
    **dict.fromkeys(("partial", "nabla", "grad", "gradient"), _CALCULUS),
    **dict.fromkeys(("dot", "norm", "matrix", "array", "pmatrix", "bmatrix", "vec", "det", "transpose"), _MATRIX),
    "|": "Norms are not available here. Write sqrt(x^2 + y^2).",
    **dict.fromkeys(("matmul", "inner", "linalg", "tensor", "mathbb", "top", "lVert", "rVert", "Vert"), _MATRIX),
    **dict.fromkeys(("i", "j"), _COMPLEX),
    **dict.fromkeys(("factorial", "lgamma", "gammaln", "binomial", "binom", "comb", "choose"), _FACTORIAL),
    **dict.fromkeys(("inf", "infty", "infinity", "oo", "zoo", "nan"), _INFINITE),
    **dict.fromkeys(("rand", "random", "randn", "noise", "normal"), _RANDOM),
    **dict.fromkeys(("pm", "mp"), "± stands for two formulas. Choose + or -."),
    **dict.fromkeys(("plot", "plot3d", "contourplot", "graph", "solve"), "Type only the formula, such as x^2 + y^2."),
    **dict.fromkeys(("equiv", "approx", "sim"), "Type only what stands to the right of the equals sign."),
    **dict.fromkeys(("neq", "ne"), "Only <, >, ≤ and ≥ compare here: a picture cannot show a value on a line alone."),
    **dict.fromkeys(
        ("arg", "argmin", "argmax", "minimize", "maximize", "minimise", "maximise"),
        "Type only the function that is to be minimised.",
    ),
}
# Words that are letters by themselves, but functions before a bracket.
REFUSED_WITH_BRACKETS = {"gamma": _FACTORIAL, "beta": _FACTORIAL, "zeta": _SUM}
REFUSED_SIGNS = {
    "=": "Type only what stands to the right of the equals sign.",
    "!": "Factorials are not available here. Write 24 for 4!.",
    "'": "Primes are not available here: type the derivative itself, or use letters such as u and v.",
    '"': "Leave the quotation marks out.",
    "#": "A comment is not part of the formula. Leave it out.",
    "′": "Primes are not available here: type the derivative itself, or use letters such as u and v.",
    "∞": _INFINITE,
    "∑": _SUM,
    "Σ": _SUM,
    "∏": _SUM,
    "∫": _CALCULUS,
    "∂": _CALCULUS,
    "∇": _CALCULUS,
    "‖": "Norms are not available here. Write sqrt(x^2 + y^2).",
    "±": "± stands for two formulas. Choose + or -.",
    "@": _MATRIX,
    "ⅈ": _COMPLEX.format("ⅈ"),
    "≠": "Only <, >, ≤ and ≥ compare here: a picture cannot show a value on a line alone.",
    ".": "A point stands in a number only, such as 0.5. Leave other points out.",
    "~": "The sign ~ is not used here. Write 1 - a condition for its opposite.",
}
RESERVED = frozenset(word.lower() for word in (*keyword.kwlist, *keyword.softkwlist)) - {"_", "lambda", "type"}
