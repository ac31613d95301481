"""The two parameters of every loss."""

import sympy

theta1, theta2 = sympy.symbols("theta1 theta2", real=True)
