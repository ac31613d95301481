"""Every built-in surface, one declaration each. A module-level Surface is in the catalogue; there is no second list."""

from sympy import Matrix, Rational, cos, exp, pi, sin, sqrt

from surfaces.datasets import BEND, HAT, LECTURE, PLANE, TWO_CLASSES
from surfaces.neurons import CHAIN, LINE, LINEAR, LOGISTIC, TANH
from surfaces.parameters import theta1, theta2
from surfaces.surface import Surface

_SFU = "Surjanovic & Bingham, Virtual Library of Simulation Experiments (2013), https://www.sfu.ca/~ssurjano/"
_JAMIL = "Jamil & Yang, A literature survey of benchmark functions (2013), doi:10.1504/IJMMNO.2013.055204"
_OURS = "Designed for this project"


def _square(half_width: float) -> tuple:
    return ((-half_width, half_width), (-half_width, half_width))


bowl = Surface(
    title="Bowl",
    formula=theta1**2 + theta2**2,
    domain=_square(5.12),
    start=(-4, 3),
    minima=((0, 0),),
    lesson="All directions curve alike, so the way downhill points straight at the minimum.",
    source=f"De Jong's first function, the sphere (1975); domain from {_SFU}",
)

ellipse = Surface(
    title="Ellipse (condition number 50)",
    formula=(theta1**2 + 50 * theta2**2) / 2,
    domain=_square(5),
    start=(-4.5, 1),
    minima=((0, 0),),
    lesson="One learning rate must serve two curvatures: too large for the steep one is still small for the flat one.",
    source="The quadratic of G. Goh, Why Momentum Really Works, Distill (2017), doi:10.23915/distill.00006, "
    "with eigenvalues 1 and 50",
)

tilted_ellipse = Surface(
    title="Tilted ellipse",
    formula=Rational(13, 2) * theta1**2 - 12 * theta1 * theta2 + Rational(13, 2) * theta2**2,
    domain=_square(5),
    start=(-4.5, -2.5),
    minima=((0, 0),),
    lesson="The long axis lies between the parameters, so a separate rate for each parameter does not help.",
    source=f"{_OURS}: eigenvalues 1 and 25, turned by 45 degrees",
)

rosenbrock = Surface(
    title="Rosenbrock",
    formula=(1 - theta1) ** 2 + 100 * (theta2 - theta1**2) ** 2,
    domain=_square(2.048),
    start=(-1.2, 1),
    minima=((1, 1),),
    lesson="Falling into the curved valley is easy. Along its floor gradient descent is slow.",
    source=f"H. H. Rosenbrock (1960), doi:10.1093/comjnl/3.3.175; domain from {_SFU}",
)

himmelblau = Surface(
    title="Himmelblau",
    formula=(theta1**2 + theta2 - 11) ** 2 + (theta1 + theta2**2 - 7) ** 2,
    domain=_square(5),
    start=(-0.5, -1),
    minima=(
        (3, 2),
        (-2.8051180869527448, 3.1313125182505730),
        (-3.7793102533777469, -3.2831859912861694),
        (3.5844283403304917, -1.8481265269644036),
    ),
    lesson="Four minima, all equally deep. Start and learning rate decide which one is found.",
    source=f"D. M. Himmelblau, Applied Nonlinear Programming (1972); domain from {_JAMIL}",
)

beale = Surface(
    title="Beale",
    formula=(Rational(3, 2) - theta1 + theta1 * theta2) ** 2
    + (Rational(9, 4) - theta1 + theta1 * theta2**2) ** 2
    + (Rational(21, 8) - theta1 + theta1 * theta2**3) ** 2,
    domain=_square(4.5),
    start=(1, 1.5),
    minima=((3, 0.5),),
    lesson="Steep walls at the corners, a flat floor between: no single learning rate suits both.",
    source=f"E. M. L. Beale (1958); domain from {_SFU}",
)

booth = Surface(
    title="Booth",
    formula=(theta1 + 2 * theta2 - 7) ** 2 + (2 * theta1 + theta2 - 5) ** 2,
    domain=_square(10),
    start=(-8, -6),
    minima=((1, 3),),
    lesson="A tilted quadratic with condition number 9: at the best η, 0.1, every update leaves 0.8 of the distance.",
    source=_SFU,
)

matyas = Surface(
    title="Matyas",
    formula=Rational(26, 100) * (theta1**2 + theta2**2) - Rational(48, 100) * theta1 * theta2,
    domain=_square(10),
    start=(-8, 2),
    minima=((0, 0),),
    lesson="One direction curves 25 times as much as the other: gradient descent drops quickly, and then creeps.",
    source=f"Attributed to J. Matyas (1965); domain from {_SFU}",
)

mccormick = Surface(
    title="McCormick",
    formula=sin(theta1 + theta2) + (theta1 - theta2) ** 2 - Rational(3, 2) * theta1 + Rational(5, 2) * theta2 + 1,
    domain=((-1.5, 4), (-3, 4)),
    start=(3.5, 3.5),
    minima=((0.5 - float(pi) / 3, -0.5 - float(pi) / 3),),
    lesson="A wavy slope: small steps are caught in the first hollow. Outside the domain there is no lowest point.",
    source=f"Attributed to G. P. McCormick (1976), doi:10.1007/BF01580665; domain from {_SFU}",
)

three_hump_camel = Surface(
    title="Three-hump camel",
    formula=2 * theta1**2 - Rational(105, 100) * theta1**4 + theta1**6 / 6 + theta1 * theta2 + theta2**2,
    domain=_square(5),
    start=(-2.5, 2),
    minima=((0, 0),),
    lesson="A local minimum on either side of the global one. With small steps each catches a third of all starts.",
    source=_SFU,
)

six_hump_camel = Surface(
    title="Six-hump camel",
    formula=(4 - Rational(21, 10) * theta1**2 + theta1**4 / 3) * theta1**2
    + theta1 * theta2
    + (-4 + 4 * theta2**2) * theta2**2,
    domain=((-3, 3), (-2, 2)),
    start=(-1.9, 1.2),
    minima=((0.089842013100318, -0.712656403020740), (-0.089842013100318, 0.712656403020740)),
    lesson="Six minima, two of them global. With small steps most starts end in one of the other four.",
    source=f"L. C. W. Dixon & G. P. Szego, Towards Global Optimisation 2 (1978); domain from {_SFU}",
)

goldstein_price = Surface(
    title="Goldstein-Price",
    formula=(
        1
        + (theta1 + theta2 + 1) ** 2
        * (19 - 14 * theta1 + 3 * theta1**2 - 14 * theta2 + 6 * theta1 * theta2 + 3 * theta2**2)
    )
    * (
        30
        + (2 * theta1 - 3 * theta2) ** 2
        * (18 - 32 * theta1 + 12 * theta1**2 + 48 * theta2 - 36 * theta1 * theta2 + 27 * theta2**2)
    ),
    domain=_square(2),
    start=(1, 1.2),
    minima=((0, -1),),
    lesson="Losses from 3 to a million: a learning rate that is safe on the walls hardly moves on the floor.",
    source=f"A. A. Goldstein & J. F. Price (1971), doi:10.1090/S0025-5718-1971-0312365-X; domain from {_SFU}",
)

branin = Surface(
    title="Branin",
    formula=(theta2 - Rational(51, 10) / (4 * pi**2) * theta1**2 + 5 / pi * theta1 - 6) ** 2
    + 10 * (1 - 1 / (8 * pi)) * cos(theta1)
    + 10,
    domain=((-5, 10), (0, 15)),
    start=(6, 13),
    minima=((-float(pi), 12.275), (float(pi), 2.275), (3 * float(pi), 2.475)),
    lesson="Three equal minima in one curved valley, with saddles between them.",
    source=f"F. H. Branin (1972), doi:10.1147/rd.165.0504; domain from {_SFU}",
)

rastrigin = Surface(
    title="Rastrigin",
    formula=20 + theta1**2 - 10 * cos(2 * pi * theta1) + theta2**2 - 10 * cos(2 * pi * theta2),
    domain=_square(5.12),
    start=(2.3, -1.7),
    minima=((0, 0),),
    lesson="A local minimum near every pair of whole numbers: small steps find the nearest one, not the best one.",
    source=f"L. A. Rastrigin (1974); domain from {_SFU}",
)

ackley = Surface(
    title="Ackley",
    formula=-20 * exp(-Rational(1, 5) * sqrt((theta1**2 + theta2**2) / 2))
    - exp((cos(2 * pi * theta1) + cos(2 * pi * theta2)) / 2)
    + 20
    + exp(1),
    domain=_square(32.768),
    view=_square(5),
    start=(2.4, -1.6),
    minima=((0, 0),),
    subgradients={(0.0, 0.0): (0.0, 0.0)},
    lesson="A funnel with a rough wall and a sharp tip. At the tip the loss has no derivative.",
    source=f"D. H. Ackley, A Connectionist Machine for Genetic Hillclimbing (1987); domain from {_SFU}. "
    "The gradient at the tip is taken as (0, 0), the smallest subgradient",
)

griewank = Surface(
    title="Griewank",
    formula=(theta1**2 + theta2**2) / 4000 - cos(theta1) * cos(theta2 / sqrt(2)) + 1,
    domain=_square(600),
    view=_square(8),
    start=(-4.3, 2.6),
    minima=((0, 0),),
    lesson="From far away a bowl; from near, a field of small hollows that trap small steps.",
    source=f"A. O. Griewank (1981), doi:10.1007/BF00933356; domain from {_SFU}",
)

levy13 = Surface(
    title="Levy N. 13",
    formula=sin(3 * pi * theta1) ** 2
    + (theta1 - 1) ** 2 * (1 + sin(3 * pi * theta2) ** 2)
    + (theta2 - 1) ** 2 * (1 + sin(2 * pi * theta2) ** 2),
    domain=_square(10),
    view=((-1, 3), (-1, 3)),
    start=(2.6, 2.7),
    minima=((1, 1),),
    lesson="A bowl cut by ripples: steps that are too small stop in a ripple, larger steps jump over it.",
    source=f"Levy's function N. 13; domain from {_SFU}",
)

styblinski_tang = Surface(
    title="Styblinski-Tang",
    formula=(theta1**4 - 16 * theta1**2 + 5 * theta1 + theta2**4 - 16 * theta2**2 + 5 * theta2) / 2,
    domain=_square(5),
    start=(0.6, 1),
    minima=((-2.9035340277711770, -2.9035340277711770),),
    lesson="Four wells, three depths. Small steps end in the well where they begin, not in the deepest one.",
    source=f"M. A. Styblinski & T.-S. Tang (1990), doi:10.1016/0893-6080(90)90029-K; domain from {_SFU}",
)

easom = Surface(
    title="Easom",
    formula=-cos(theta1) * cos(theta2) * exp(-((theta1 - pi) ** 2) - (theta2 - pi) ** 2),
    domain=_square(100),
    view=((0, 6.5), (0, 6.5)),
    start=(1.8, 1.9),
    minima=((float(pi), float(pi)),),
    lesson="A needle in a flat field: away from the well the gradient says almost nothing.",
    source=f"E. E. Easom (1990); domain from {_SFU}",
)

saddle = Surface(
    title="Saddle",
    formula=theta1**2 - theta2**2,
    domain=_square(3),
    start=(-2.5, 0),
    lesson="On the ridge the gradient leads exactly to the saddle and stops. A little noise is enough to leave it.",
    source="The textbook saddle, a quadratic with eigenvalues 2 and -2",
)

monkey_saddle = Surface(
    title="Monkey saddle",
    formula=theta1**3 - 3 * theta1 * theta2**2,
    domain=_square(2),
    start=(1.6, 0),
    lesson="At this saddle the Hessian is zero too: along the axis descent slows down more and more and never arrives.",
    source="D. Hilbert & S. Cohn-Vossen, Anschauliche Geometrie (1932)",
)

plateau = Surface(
    title="Plateau",
    formula=5 * theta1**6
    - 6 * theta1**5
    + Rational(15, 1000) * theta1**2
    - Rational(30, 1000) * theta1
    + theta2**2 / 2,
    domain=((-1, 1.5), (-1.25, 1.25)),
    start=(-0.85, 0.9),
    minima=((1, 0),),
    lesson="A flat shelf lies before the valley. A path there has not stopped, it is only very slow.",
    source=f"{_OURS}: the slope along theta1 is 30 (theta1^4 + 0.001) (theta1 - 1)",
)

two_wells = Surface(
    title="Two wells",
    formula=theta1**4 / 4 - theta1**3 / 6 - 2 * theta1**2 + 2 * theta1 + theta2**2,
    domain=_square(3.5),
    start=(3.2, 2.5),
    minima=((-2, 0),),
    lesson="A local minimum on the right, the global one on the left. Small steps end in the well where they begin.",
    source=f"{_OURS}: the slope along theta1 is (theta1 - 2) (theta1 + 2) (theta1 - 1/2)",
)

_HILLS = (
    (3, 0, 0, 1),
    (2, 2, Rational(3, 2), Rational(3, 4)),
    (-3, -2, -1, 1),
    (-2, Rational(3, 2), -2, Rational(4, 5)),
)

hills = Surface(
    title="Hills",
    formula=sum(
        height * exp(-(Matrix([theta1 - a, theta2 - b]).dot(Matrix([theta1 - a, theta2 - b]))) / (2 * width**2))
        for height, a, b, width in _HILLS
    ),
    domain=_square(4),
    start=(-0.35, -0.45),
    minima=((-2.127020864475937, -1.0635637872527037),),
    lesson="Two hills and two hollows in a flat field. The side of the hill where a path begins decides where it ends.",
    source=f"{_OURS}: a sum of four Gaussians, two of them upside down",
)

ravine = Surface(
    title="Ravine",
    formula=20 * (theta2 - sin(theta1)) ** 2 + theta1**2 / 10,
    domain=_square(4),
    start=(-3.2, -1.5),
    minima=((0, 0),),
    lesson="A narrow winding valley: the slope points across it, the minimum lies along it.",
    source=f"{_OURS}: a parabola along the curve theta2 = sin(theta1)",
)

linear_neuron = LINEAR.risk(
    PLANE,
    _square(4),
    (-3, 3),
    lesson="The mean squared error of a linear neuron is a bowl. The data decide how round it is and how it is turned.",
)

line_fit = LINE.risk(
    LECTURE,
    ((-200, -100), (-5, 5)),
    (-120, -4),
    title="Line through ten points",
    lesson="θ₁ is the bias b and θ₂ the weight w. With raw inputs of several hundred, one direction is far steeper.",
)

logistic_neuron = LOGISTIC.risk(
    TWO_CLASSES,
    _square(6),
    (-5, 4),
    minima=((1.8736602032402065, 0.7925102609917296),),
    lesson="Cross-entropy is convex: from far away a slope that hardly changes, near the minimum a bowl.",
)

tanh_neuron = TANH.risk(
    HAT,
    _square(4),
    (-2, -1),
    minima=((1.5993162875616178, 2.1035045199704685),),
    lesson="Squared error behind a tanh is not convex: one minimum for the step up in the data, one for the step down.",
)

two_weight_chain = CHAIN.risk(
    BEND,
    _square(4),
    (0.3, -2.5),
    minima=((1.2438163850414041, 1.391270081479901), (-1.2438163850414041, -1.391270081479901)),
    lesson="Change the signs of both weights and the answers stay the same: two equal minima with a saddle between.",
)
