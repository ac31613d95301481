"""A number in words: with as many digits as it means, as a student reads it."""

import math

# From this power of ten on a number is written with its power.
LARGE_POWER = 6


def number(value: float, digits: int = 4) -> str:
    """A number with so many significant digits: "0.25", "26200", "−1.2e−8", "4.56e22"; a dash where there is none."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value + 0.0:.{digits}g}"
    mantissa, _, exponent = text.partition("e")
    if exponent:
        power = int(exponent)
        text = f"{float(text):.0f}" if 0 < power < LARGE_POWER else f"{mantissa}e{power}"
    return text.replace("-", "−")
