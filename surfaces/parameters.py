"""The two parameters of every loss, and what its numbers are called."""

import sympy

theta1, theta2 = sympy.symbols("theta1 theta2", real=True)

# The names of a loss and its derivatives among the outputs of a program.
VALUE_AND_SLOPES = ("value", "gradient1", "gradient2")
CURVATURES = ("hessian11", "hessian12", "hessian22")
