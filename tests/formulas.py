"""Formulas that a student types: good ones with numpy's answer, and hostile or broken ones."""

import random

import numpy as np

e, pi = np.e, np.pi


def sigmoid(x):
    return np.where(x > 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


GOOD = {
    # Sums, products, powers
    "x": lambda x, y: x,
    "y": lambda x, y: y,
    "x + y": lambda x, y: x + y,
    "x-y": lambda x, y: x - y,
    "-x": lambda x, y: -x,
    "--x": lambda x, y: x,
    "+x": lambda x, y: x,
    "x - -y": lambda x, y: x + y,
    "x*-y": lambda x, y: -x * y,
    "-x^2": lambda x, y: -(x**2),
    "(-x)^2 y": lambda x, y: x**2 * y,
    "-x^2 y": lambda x, y: -(x**2) * y,
    "x^2 + 3xy": lambda x, y: x**2 + 3 * x * y,
    "x**2": lambda x, y: x**2,
    "x**2 + y ** 2": lambda x, y: x**2 + y**2,
    "x^2^3": lambda x, y: x**8,
    "(x^2)^3": lambda x, y: x**6,
    "x^-2": lambda x, y: x**-2.0,
    "x^(-2)+y": lambda x, y: x**-2.0 + y,
    "x^2y": lambda x, y: x**2 * y,
    "xy^2": lambda x, y: x * y**2,
    "2xy": lambda x, y: 2 * x * y,
    "2 x y": lambda x, y: 2 * x * y,
    "x(y+1)": lambda x, y: x * (y + 1),
    "(x+1)(y-2)": lambda x, y: (x + 1) * (y - 2),
    "2(x)(y)": lambda x, y: 2 * x * y,
    "3(x+y)^2": lambda x, y: 3 * (x + y) ** 2,
    "1/2 x^2": lambda x, y: x**2 / 2,
    "x/2y": lambda x, y: x / 2 * y,
    "x/(2y)": lambda x, y: x / (2 * y),
    "x/y/2": lambda x, y: x / y / 2,
    "1/x + 1/y": lambda x, y: 1 / x + 1 / y,
    "(x+y)/(x-y)": lambda x, y: (x + y) / (x - y),
    "x - y - 1": lambda x, y: x - y - 1,
    "x-(y-1)": lambda x, y: x - (y - 1),
    "((((x))))": lambda x, y: x,
    "xx": lambda x, y: x * x,
    "x^0.5": lambda x, y: np.sqrt(x),
    "x^(1/3)": lambda x, y: np.power(x, 1 / 3),
    "x^y": np.power,
    "2^x": lambda x, y: 2**x,
    "2^-x y": lambda x, y: 2**-x * y,
    "(x^2+1)^y": lambda x, y: (x**2 + 1) ** y,
    "x^(y^2)": lambda x, y: np.power(x, y**2),
    "(x+y+1)^100 / 1e30": lambda x, y: (x + y + 1) ** 100 / 1e30,
    # Numbers
    "1e-3x": lambda x, y: 1e-3 * x,
    "1.5E2 x": lambda x, y: 150 * x,
    ".5x": lambda x, y: 0.5 * x,
    "2. x": lambda x, y: 2 * x,
    "0.1 x + 0.2 y": lambda x, y: 0.1 * x + 0.2 * y,
    "0x + y": lambda x, y: y,
    "1e100 x": lambda x, y: 1e100 * x,
    "123456789.125 + x": lambda x, y: 123456789.125 + x,
    "x + 2^10": lambda x, y: x + 1024,
    "1.0000001^99 x": lambda x, y: 1.0000001**99 * x,
    "2^0.3333 x": lambda x, y: 2**0.3333 * x,
    "pi x": lambda x, y: pi * x,
    "πx": lambda x, y: pi * x,
    "2pi*y": lambda x, y: 2 * pi * y,
    "e x": lambda x, y: e * x,
    "2e x": lambda x, y: 2 * e * x,
    "2e3x": lambda x, y: 2000 * x,
    "e^x": lambda x, y: np.exp(x),
    "e^-x": lambda x, y: np.exp(-x),
    "e^(-x^2)": lambda x, y: np.exp(-(x**2)),
    "e^-x^2": lambda x, y: np.exp(-(x**2)),
    "-e^(-x^2 - y^2)": lambda x, y: -np.exp(-(x**2) - y**2),
    "ex": lambda x, y: e * x,
    # Functions
    "exp(x)": lambda x, y: np.exp(x),
    "exp(-(x-1)^2-(y+2)^2)": lambda x, y: np.exp(-((x - 1) ** 2) - (y + 2) ** 2),
    "ln(x)": lambda x, y: np.log(x),
    "log(x)": lambda x, y: np.log(x),
    "log10(x)": lambda x, y: np.log10(x),
    "log2(x) + lg(y)": lambda x, y: np.log2(x) + np.log10(y),
    "x ln x": lambda x, y: x * np.log(x),
    "ln(1 + e^(-x-2y))": lambda x, y: np.log(1 + np.exp(-x - 2 * y)),
    "sqrt(x)": lambda x, y: np.sqrt(x),
    "sqrt(x)^2": lambda x, y: np.sqrt(x) ** 2,
    "sqrt(x) sqrt(x)": lambda x, y: np.sqrt(x) * np.sqrt(x),
    "e^(ln x)": lambda x, y: np.exp(np.log(x)),
    "sin(asin(x))": lambda x, y: np.sin(np.arcsin(x)),
    "sqrt(x^2+y^2)": lambda x, y: np.sqrt(x**2 + y**2),
    "sqrt 2 x": lambda x, y: np.sqrt(2 * x),
    "2 sin(x) y": lambda x, y: 2 * np.sin(x) * y,
    "2sin(x)y": lambda x, y: 2 * np.sin(x) * y,
    "sin x": lambda x, y: np.sin(x),
    "sin 2x": lambda x, y: np.sin(2 * x),
    "sin x^2": lambda x, y: np.sin(x**2),
    "sin x cos y": lambda x, y: np.sin(x) * np.cos(y),
    "sinx + cosy": lambda x, y: np.sin(x) + np.cos(y),
    "sin(x)^2": lambda x, y: np.sin(x) ** 2,
    "sin^2(x) + cos^2(y)": lambda x, y: np.sin(x) ** 2 + np.cos(y) ** 2,
    "sin²x": lambda x, y: np.sin(x) ** 2,
    "xsin(y)": lambda x, y: x * np.sin(y),
    "tan(x) + cot(y)": lambda x, y: np.tan(x) + 1 / np.tan(y),
    "sec(x) + csc(y)": lambda x, y: 1 / np.cos(x) + 1 / np.sin(y),
    "asin(x) + acos(y)": lambda x, y: np.arcsin(x) + np.arccos(y),
    "arcsin(x) + arccos(y) + arctan(x)": lambda x, y: np.arcsin(x) + np.arccos(y) + np.arctan(x),
    "atan(y/x)": lambda x, y: np.arctan(y / x),
    "sinh(x) - cosh(y)": lambda x, y: np.sinh(x) - np.cosh(y),
    "tanh(3x) + coth(y)": lambda x, y: np.tanh(3 * x) + 1 / np.tanh(y),
    "sech(x) + csch(y)": lambda x, y: 1 / np.cosh(x) + 1 / np.sinh(y),
    "asinh(x) + acosh(y)": lambda x, y: np.arcsinh(x) + np.arccosh(y),
    "arsinh(x) + atanh(y/4)": lambda x, y: np.arcsinh(x) + np.arctanh(y / 4),
    "sin(sin(sin(x)))": lambda x, y: np.sin(np.sin(np.sin(x))),
    "sigmoid(x)": lambda x, y: sigmoid(x),
    "σ(3x - y)": lambda x, y: sigmoid(3 * x - y),
    "ln(sigmoid(40x))": lambda x, y: -np.logaddexp(0, -40 * x),
    "relu(x) + relu(-y)": lambda x, y: np.maximum(x, 0) + np.maximum(-y, 0),
    "softplus(x - 2y)": lambda x, y: np.logaddexp(0, x - 2 * y),
    "max(x, y)": np.maximum,
    "min(x, y, 0)": lambda x, y: np.minimum(np.minimum(x, y), 0),
    "max(x, y, x+y, 2) y": lambda x, y: np.maximum(np.maximum(x, y), np.maximum(x + y, 2)) * y,
    "max(min(x, y), -1)^2": lambda x, y: np.maximum(np.minimum(x, y), -1) ** 2,
    # Bars
    "|x|": lambda x, y: np.abs(x),
    "abs(x) + abs(y)": lambda x, y: np.abs(x) + np.abs(y),
    "|x||y|": lambda x, y: np.abs(x) * np.abs(y),
    "2|x|y": lambda x, y: 2 * np.abs(x) * y,
    "||x|-1|": lambda x, y: np.abs(np.abs(x) - 1),
    "|x + |y||": lambda x, y: np.abs(x + np.abs(y)),
    "(|x|)(|y| + 1)": lambda x, y: np.abs(x) * (np.abs(y) + 1),
    "|x|^3": lambda x, y: np.abs(x) ** 3,
    "sin|x|": lambda x, y: np.sin(np.abs(x)),
    "|sin(|x|)|": lambda x, y: np.abs(np.sin(np.abs(x))),
    # Names and signs
    "θ₁² + 3θ₁·θ₂": lambda x, y: x**2 + 3 * x * y,
    "theta1 theta2": lambda x, y: x * y,
    "theta_1^2 - theta_2": lambda x, y: x**2 - y,
    "θ1 × θ2": lambda x, y: x * y,
    "w^2 + 3b": lambda x, y: x**2 + 3 * y,
    "(2 - w - b)^2": lambda x, y: (2 - x - y) ** 2,
    "w1^2 - w2": lambda x, y: x**2 - y,
    "w₁·w₂": lambda x, y: x * y,
    "w_1 w_2^2": lambda x, y: x * y**2,
    "x₁ − x₂²": lambda x, y: x - y**2,
    "x1 x2": lambda x, y: x * y,
    "x² + y³": lambda x, y: x**2 + y**3,
    "x¹⁰": lambda x, y: x**10,
    "x⁻¹": lambda x, y: 1 / x,
    "x ÷ y": lambda x, y: x / y,
    "x − y": lambda x, y: x - y,
    "X^2 + Y": lambda x, y: x**2 + y,
    "Sin(x)": lambda x, y: np.sin(x),
    " \t x \n + \u00a0 y ": lambda x, y: x + y,
    # What teachers write
    "(1 - x)^2 + 100 (y - x^2)^2": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "(x²+y−11)² + (x+y²−7)²": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "20+x^2-10cos(2pi x)+y^2-10cos(2πy)": lambda x, y: (
        20 + x**2 - 10 * np.cos(2 * pi * x) + y**2 - 10 * np.cos(2 * pi * y)
    ),
    "x^3 - 3xy^2": lambda x, y: x**3 - 3 * x * y**2,
    "(640-b-338w)^2+(633-b-333w)^2": lambda w, b: (640 - b - 338 * w) ** 2 + (633 - b - 333 * w) ** 2,
    "(1.5-x+xy)^2+(2.25-x+xy^2)^2+(2.625-x+xy^3)^2": lambda x, y: (
        (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2
    ),
}

CODE = """
__import__('os').system('touch /tmp/hacked')
__import__("os")
().__class__.__bases__[0].__subclasses__()
x.__class__
x.__class__.__mro__
theta1.__class__
x.subs(x, 1)
x.real
x.func(1)
(x).free_symbols
getattr(x, 'func')
eval('1+1')
exec('import os')
eval(x)
exec(x)
compile('x', '', 'eval')
open('/etc/passwd').read()
open("f", "w")
import os
from os import system
import os; os.system('ls')
os.system('ls')
sys.exit()
exit()
quit()
globals()
locals()
vars()
dir()
print(x)
input()
breakpoint()
(lambda: 1)()
(lambda x: x)(x)
[x for x in (1, 2)]
{x for x in (1, 2)}
{x: 1 for x in (1, 2)}
(x for x in (1, 2))
sum(x for x in (1, 2))
[x, y]
{'x': 1}
f'{x}'
f"{__import__('os')}"
'x'
"x"
'x' * 10
b'x'
x := 5
(x := 5)
x = 5
x == y
x != y
x < y
x >= y
x and y
x or y
not x
x if y else 0
x; y
x: y
x, y
x @ y
x & y
x || y
~x
x << 100
x!
100000!
factorial(100000)
factorial(x)
gamma(x)
binomial(10000, 5000)
Symbol('x')
Function('f')(x)
S('x')
sympify('x')
Integral(x, x)
Sum(x, (x, 1, 10**10))
integrate(x)
diff(x)
solve(x)
Matrix([x])
self
None
True
False
nan
inf
oo
zoo
I
i
1j
2j x
0x10
0b11
0o17
1_000
1__0
x_
x_3
_x
__x__
yield x
await x
async
del x
raise x
assert x
class A: pass
while 1: pass
for x in y
with x
try
@x
*x
**x
x**
^x
\\x
\\input{/etc/passwd}
\\def\\x{1}
\\href{javascript:alert(1)}{x}
<script>alert(1)</script>
<img src=x onerror=alert(1)>
x</span>
&lt;b&gt;
javascript:alert(1)
[x](http://example.org)
![x](http://example.org)
# x
x # comment
:red[x]
:material/home:
=1+1
@SUM(1)
x?
x...
..
.
,
max(x,
../../etc/passwd
http://example.org
%s %d
${x}
{0}
"""

BROKEN = """
x +
x *
x /
x ^
* x
/ x
+
-
^
x + + * y
x y )
(x
x)
()
x()
sin
sin()
sin(
sin(x
sin x y
sin x (y)
sin sin x
sin(x, y)
sin -x
sin^-1(x)
sin⁻¹x
sin^x(y)
max
max(x)
max()
max x y
max(x y
min(,)
log()
exp
sqrt
|x
x|
|
||
|||
|x|y||
2 3
x 2
xy3
2 .5
1..2
1.2.3
x + 1,000
1.000,5 x
00
007x
x^²
²
⁻
x⁻
x²⁻
θ
theta
theta3
w1 + b
w1 + w
x1 + x
z
abc
hello
cosecant(x)
sn(x)
x + sin
foo(x)
f(x)
y = x^2
"""

HUGE = """
9^9^9
9**9**9
9^9^9^9^9
10^10^10
10^10^10 x
x^10^10
(x+y+1)^200
(x+y)^1000
x^1e10
x^101
x^-101
x^99999999999999999999
((x^10)^10)^10
((((x^9)^9)^9)^9)^9
(1.0000001^100)^100 x
2^1000
2^1e9
1e101
1e400 x
1e-101 x
1e999999999
1e-999999999 x
x + 10^100 10^100
exp(1000)
e^e^e^e^e
x + e^(e^(e^e))
sinh(1000) x
99999999999999999999999999999999999999999999 x
3.14159265358979323846264338327950288419716939937510
"""

NO_LOSS = """
3
0
-1
pi
2 + 2
e^2
sin(1)
x - x
0x
x^0
x/x
x y - y x
1/0
x + 1/0
x/sin(pi)
x tan(pi/2)
x sin(2pi)
cos(pi/2) x
x/0
x/(1-1)
0/0
sqrt(-1)
x + sqrt(-1)
ln(0)
ln(-1) x
ln(0) + y
asin(2) + x
acosh(0.5) x
atanh(1) x
(-1)^0.5 x
(-8)^(1/3) + x
0^-1 x
sqrt(-1 - x^2)
ln(-x^2 - 1)
asin(2 + x^2)
acosh(-x^2)
sqrt(-|x| - 1) + y
"""

STRANGE = {
    "nothing": "",
    "spaces": "   ",
    "a line break": "\n",
    "null": "\x00",
    "null inside": "x\x00y",
    "escape": "x\x1b[31m",
    "bell": "x\x07",
    "backspaces": "y\x08\x08x",
    "right to left": "\u202ex^2",
    "isolate": "\u2066x\u2069",
    "Hebrew": "א + x",
    "Arabic digit": "٣x",
    "Devanagari digit": "x + १",
    "zero width": "x\u200by",
    "joiner": "x\u200dy",
    "mark": "\ufeffx",
    "soft hyphen": "x\u00ady",
    "Cyrillic x": "х^2",
    "Cyrillic y": "x + у",
    "Greek chi": "χ^2",
    "Greek omicron": "x + ο",
    "Cyrillic e": "е^x",
    "Cyrillic sin": "ѕin(x)",
    "superscript letter": "xⁿ",
    "subscript number": "x₃",
    "combining": "x\u0301",
    "emoji": "😀 + x",
    "surrogate": "\ud800",
    "infinity": "∞ x",
    "sum sign": "∑x",
    "integral": "∫x",
    "nabla": "∇x",
    "less or equal": "x ≤ y",
    "prime": "x'",
    "degree": "x°",
    "ligature": "ﬁ(x)",
    "dotless i": "sın(x)",
    "long s": "ſin(x)",
    "Kelvin": "\u212a + x",
    "ten thousand brackets": "(" * 10_000 + "x" + ")" * 10_000,
    "ten thousand open brackets": "(" * 10_000,
    "ten thousand bars": "|" * 10_000,
    "ten thousand minus signs": "-" * 10_000 + "x",
    "ten thousand powers": "x" + "^x" * 10_000,
    "a megabyte": "x+" * 500_000 + "x",
    "a megabyte of one digit": "9" * 1_000_000,
    "a megabyte of nothing": " " * 1_000_000,
    "a megabyte of null": "\x00" * 1_000_000,
    "200 brackets": "(" * 190 + "x" + ")" * 190,
    "200 minus signs": "-" * 200 + "x",
    "powers on powers": "x" + "^x" * 100,
    "nested sines": "sin(" * 60 + "x" + ")" * 60,
    "nested squares": "(" * 60 + "x" + "^2)" * 60,
    "many terms": "+".join(["x"] * 150),
    "many factors": "*".join(f"(x+{i}y)" for i in range(1, 40)),
    "many sines": "*".join(f"sin({i}x+y)" for i in range(1, 30)),
    "nested quotients": "1/(1+" * 19 + "xy" + ")" * 19,
    "nested powers of variables": "(" * 18 + "x" + ")^y" * 18,
    "nested powers in exponents": "x^(" * 18 + "y" + ")" * 18,
    "digits without end": "0." + "3" * 300 + "x",
}

# What a computer-algebra system works out digit by digit, or takes apart without end, if it is allowed to.
ENDLESS = """
x + exp(300000 ln(1.0001))
exp(x - 1e30 ln 2)
exp(x - 1e8 ln 3) + y
e^(x + 3000000 ln(1.00001))
1.0001^(x + 300000)
y*1.00001^(x + 3000000)
7^(x + 1000000 y)
x + sigmoid(1000000 ln(1.00001))
x + softplus(1000000 ln(1.00001))
x + sin(exp(3000000 ln(1.00001)))
(2 + 2/atanh(sigmoid(30)))^(x + 2)
x^(2 + 2/atanh(sigmoid(exp(csc 0.37))))
sqrt(1/sin(sqrt(1/sin(sqrt(1/sin(sqrt(x)))))))
sqrt(1/tan(sqrt(1/tan(sqrt(1/tan(x))))))
sqrt(csch(sqrt(csch(sqrt(csch(sqrt(sec(x))))))))
sqrt(csch(csch(sqrt(sec(2y) sech(x)))))
sech(coth(sec(x^(x + 1)) (x + 1) |asinh(x)|))
""".strip().split("\n")

HOSTILE = [line for block in (CODE, BROKEN, HUGE, NO_LOSS) for line in block.strip("\n").split("\n")]
HOSTILE += list(STRANGE.values())


_NUMBERS = [
    "2",
    "0.37",
    "3.7",
    "pi",
    "e",
    "1e-5",
    "123456.789",
    "1000000007",
    "99999999999999999999",
    "1.0001",
    "1e30",
    "0.123456789",
    "17",
]
_CALLS = [
    "exp",
    "ln",
    "sqrt",
    "abs",
    "sigmoid",
    "softplus",
    "sin",
    "tan",
    "csc",
    "asin",
    "atan",
    "cosh",
    "tanh",
    "coth",
    "acosh",
    "atanh",
    "log2",
]
_FORMS = """
x + {}
x ({})
({})^x
e^(x + {})
e^(x ({}))
sin(x + {})
(x + {})^2
ln(x^2 + |{}|)
({})^(x + 2)
x^({}) + y
max(x, {})
""".strip().split("\n")


def heavy_with_numbers(seed: int) -> str:
    """A formula of which most is a number, and one that nobody would want worked out exactly."""
    draw = random.Random(seed)

    def number(depth: int) -> str:
        kind = draw.random()
        if depth == 0 or kind < 0.2:
            return draw.choice(_NUMBERS)
        if kind < 0.6:
            return f"{draw.choice(_CALLS)}({number(depth - 1)})"
        sign = draw.choice("+-*/^")
        return f"(({number(depth - 1)}) {sign} ({number(depth - 1)}))"

    return draw.choice(_FORMS).format(number(draw.randint(2, 5)))
