"""Good and bad settings for every surface, each with what to look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ui.choices import is_typed, surface_of
from ui.settings import Settings


@dataclass(frozen=True)
class Preset:
    """One click on the playground.

    surface: its name. title: the words on the button. good: whether the settings suit the surface. look_at: one or two
    sentences. expects: {rule: kind of outcome}, what the words promise; the promise is tested. settings: what differs
    from the defaults and from the surface's own start.
    """

    surface: str
    title: str
    good: bool
    look_at: str
    expects: Mapping[str, str]
    settings: Mapping[str, object] = field(default_factory=dict)

    def applied(self) -> Settings:
        """The whole state of the playground after the click."""
        start = tuple(map(float, surface_of(self.surface).start))
        return Settings(**{"surface": self.surface, "start": start, "optimizers": tuple(self.expects), **self.settings})


GLOBAL, LOCAL, MOVING, OSCILLATES = "global minimum", "local minimum", "still moving", "oscillating"
SADDLE, PLATEAU, LEFT, DIVERGED, MAXIMUM = "saddle", "plateau", "left", "diverged", "maximum"


def _good(surface: str, title: str, look_at: str, expects: Mapping[str, str], **settings) -> Preset:
    return Preset(surface, title, True, look_at, expects, settings)


def _bad(surface: str, title: str, look_at: str, expects: Mapping[str, str], **settings) -> Preset:
    return Preset(surface, title, False, look_at, expects, settings)


PRESETS: tuple[Preset, ...] = (
    _good(
        "bowl",
        "Straight to the minimum",
        "The path is a straight line: on a round bowl the gradient always points at the minimum.",
        {"GradientDescent": GLOBAL, "Momentum": GLOBAL},
        learning_rate=0.1,
        updates=200,
    ),
    _bad(
        "bowl",
        "The limit 2/λ",
        "The curvature is 2, so η = 1 is the limit: every step lands at the same height on the other side.",
        {"GradientDescent": OSCILLATES},
        learning_rate=1.0,
    ),
    _good(
        "ellipse",
        "Just below the limit",
        "Gradient descent zigzags across the valley. Momentum cancels the zigzag and is sooner at the goal.",
        {"GradientDescent": GLOBAL, "Momentum": GLOBAL},
        learning_rate=0.035,
        updates=200,
    ),
    _bad(
        "ellipse",
        "Just above the limit",
        "The limit is 2/50 = 0.04. At η = 0.041 each zigzag is a little wider than the last one.",
        {"GradientDescent": LEFT},
        learning_rate=0.041,
        updates=200,
    ),
    _good(
        "tilted_ellipse",
        "Curvature knows the tilt",
        "Newton and conjugate gradient see that the axes are tilted. They need one and two updates.",
        {"Newton": GLOBAL, "ConjugateGradient": GLOBAL, "GradientDescent": GLOBAL},
        learning_rate=0.05,
        updates=150,
    ),
    _bad(
        "tilted_ellipse",
        "One rate per parameter",
        "Adagrad and RMSProp scale θ₁ and θ₂ separately. The long axis lies between them, so it does not help.",
        {"Adagrad": MOVING, "RMSProp": MOVING},
        learning_rate=0.03,
        updates=200,
    ),
    _good(
        "rosenbrock",
        "Along the curved valley",
        "All rules fall into the valley at once. Only those that remember or measure curvature get to its end.",
        {"GradientDescent": MOVING, "Newton": GLOBAL, "BFGS": GLOBAL},
        learning_rate=0.001,
        updates=200,
    ),
    _bad(
        "rosenbrock",
        "Too large for the walls",
        "The walls are steep. Gradient descent is thrown from one to the other, higher each time.",
        {"GradientDescent": DIVERGED, "Adam": MOVING},
        learning_rate=0.01,
        updates=200,
    ),
    _good(
        "himmelblau",
        "One start, two minima",
        "The same start and the same η: the ball rolls on into another valley than the careful walker.",
        {"GradientDescent": GLOBAL, "Momentum": GLOBAL, "Adagrad": MOVING},
        learning_rate=0.01,
        updates=200,
    ),
    _bad(
        "himmelblau",
        "Newton climbs",
        "The start lies near a hilltop. Newton looks for a place without slope, and the hilltop is the nearest one.",
        {"Newton": MAXIMUM, "DampedNewton": GLOBAL},
        updates=30,
    ),
    _good(
        "beale",
        "Patience on the flat floor",
        "After the first steps the floor is almost flat. Look at the loss curve: a long, straight slope.",
        {"GradientDescent": MOVING, "Momentum": GLOBAL},
        learning_rate=0.005,
        updates=600,
    ),
    _bad(
        "beale",
        "Over the wall",
        "One step is too long, it lands high on a wall, and the next step is much longer still.",
        {"GradientDescent": DIVERGED},
        learning_rate=0.05,
    ),
    _good(
        "booth",
        "Almost the best rate",
        "Gradient descent reaches the minimum in a handful of updates; momentum overshoots and comes back.",
        {"GradientDescent": GLOBAL, "Momentum": GLOBAL},
        learning_rate=0.1,
        updates=200,
    ),
    _bad(
        "booth",
        "Above the limit",
        "The largest curvature is 18, so the limit is 2/18 = 0.111. At η = 0.115 the zigzag grows.",
        {"GradientDescent": LEFT},
        learning_rate=0.115,
    ),
    _good(
        "matyas",
        "Momentum on the flat diagonal",
        "Gradient descent drops quickly and then creeps. Momentum keeps its speed along the diagonal.",
        {"GradientDescent": MOVING, "Momentum": GLOBAL},
        learning_rate=0.2,
        updates=200,
    ),
    _bad(
        "matyas",
        "Far too careful",
        "Nothing is wrong with the direction. The steps are so small that nothing happens.",
        {"GradientDescent": MOVING},
        learning_rate=0.01,
    ),
    _good(
        "mccormick",
        "Into the hollow",
        "The wavy slope has several hollows. The walker stops in the first, far above the lowest.",
        {"GradientDescent": LOCAL, "Adam": LOCAL},
        learning_rate=0.1,
        updates=200,
    ),
    _bad(
        "mccormick",
        "Too much speed",
        "The ball rolls through every hollow and out of the domain, where the loss falls without end.",
        {"Momentum": LEFT},
        learning_rate=0.1,
    ),
    _good(
        "three_hump_camel",
        "A step that jumps the hump",
        "With η = 0.05 the first steps jump over the hollow that traps smaller steps.",
        {"GradientDescent": GLOBAL},
        learning_rate=0.05,
    ),
    _bad(
        "three_hump_camel",
        "Trapped beside the goal",
        "With η = 0.01 the path enters the nearest hollow and stays. The global minimum is next door.",
        {"GradientDescent": LOCAL},
        learning_rate=0.01,
        updates=200,
    ),
    _good(
        "six_hump_camel",
        "Carried over the ridge",
        "Gradient descent stops in the first hollow. Momentum has the speed to cross into the deepest one.",
        {"GradientDescent": LOCAL, "Momentum": GLOBAL},
        learning_rate=0.05,
        updates=200,
    ),
    _bad(
        "six_hump_camel",
        "Too large",
        "The walls rise like θ₁⁶. One long step up a wall makes the next gradient enormous.",
        {"GradientDescent": DIVERGED},
        learning_rate=0.2,
    ),
    _good(
        "goldstein_price",
        "Steps that ignore the scale",
        "Gradients reach a hundred thousand here. Adam divides by their size and walks on calmly.",
        {"Adam": LOCAL, "SignDescent": OSCILLATES},
        learning_rate=0.02,
        updates=200,
    ),
    _bad(
        "goldstein_price",
        "An ordinary rate explodes",
        "η = 0.001 is small on most surfaces. Here the first step is a hundred units long.",
        {"GradientDescent": DIVERGED},
        learning_rate=0.001,
    ),
    _good(
        "branin",
        "Into the valley",
        "Three equal minima lie in one curved valley. The path ends in the one below the start.",
        {"GradientDescent": GLOBAL, "Momentum": GLOBAL},
        learning_rate=0.02,
        updates=250,
    ),
    _bad(
        "branin",
        "Bouncing in the valley",
        "The rate is above 2/λ at the valley floor. The path bounces between the walls and never settles.",
        {"GradientDescent": OSCILLATES},
        learning_rate=0.2,
        updates=150,
    ),
    _good(
        "rastrigin",
        "The nearest hollow",
        "Descent is perfect and the result is poor: it finds the bottom of the hollow where it began.",
        {"GradientDescent": LOCAL, "Adam": LOCAL},
        learning_rate=0.002,
        updates=200,
    ),
    _bad(
        "rastrigin",
        "Jumping without aim",
        "The curvature in every hollow is about 400. With η = 0.02 the steps jump from hollow to hollow.",
        {"GradientDescent": LEFT},
        learning_rate=0.02,
    ),
    _good(
        "ackley",
        "Caught on the rough wall",
        "Small steps find the first dent in the wall of the funnel, not the tip.",
        {"GradientDescent": LOCAL, "Momentum": LOCAL},
        learning_rate=0.005,
        updates=200,
    ),
    _bad(
        "ackley",
        "The dent is too narrow",
        "The steps are longer than the dent is wide, so the path jumps about in it.",
        {"GradientDescent": OSCILLATES},
        learning_rate=0.05,
        updates=150,
    ),
    _good(
        "griewank",
        "A small hollow",
        "The path ends in a hollow. Seen from far away, the whole picture is a bowl with its minimum in the middle.",
        {"GradientDescent": LOCAL, "Momentum": LOCAL},
        learning_rate=0.2,
        updates=200,
    ),
    _bad(
        "griewank",
        "Too long for the hollows",
        "With η = 2 a step crosses the whole hollow: the path swings from side to side for ever.",
        {"GradientDescent": OSCILLATES},
        learning_rate=2.0,
    ),
    _good(
        "levy13",
        "Large steps pass the ripples",
        "Adam with η = 0.5 strides over the ripples and finds the bowl behind them.",
        {"Adam": GLOBAL},
        learning_rate=0.5,
        updates=300,
    ),
    _bad(
        "levy13",
        "Stopped by a ripple",
        "With small steps every rule stops in the first ripple that it meets.",
        {"GradientDescent": LOCAL, "Adam": LOCAL, "Momentum": LOCAL},
        learning_rate=0.003,
        updates=200,
    ),
    _good(
        "styblinski_tang",
        "The nearest of four wells",
        "All rules find a well. The deepest one is in the opposite corner.",
        {"GradientDescent": LOCAL, "Momentum": LOCAL},
        learning_rate=0.02,
        updates=150,
    ),
    _bad(
        "styblinski_tang",
        "Never quite at the bottom",
        "The rate is just above 2/λ of the well. The path swings between its walls.",
        {"GradientDescent": OSCILLATES},
        learning_rate=0.1,
    ),
    _good(
        "easom",
        "The slope at the rim",
        "Gradient descent starts very slowly, because the rim of the well is almost flat. Adam does not mind.",
        {"GradientDescent": GLOBAL, "Adam": GLOBAL},
        learning_rate=0.1,
        updates=200,
    ),
    _bad(
        "easom",
        "Lost on the flat field",
        "Further out, the gradient is almost zero. Gradient descent does not know where to go.",
        {"GradientDescent": PLATEAU},
        learning_rate=0.1,
        start=(6.0, 5.6),
    ),
    _good(
        "saddle",
        "Noise leaves the ridge",
        "A little noise pushes the path off the ridge. From then on the saddle throws it away faster and faster.",
        {"GradientDescent": LEFT, "Momentum": LEFT},
        learning_rate=0.05,
        noise=0.1,
    ),
    _bad(
        "saddle",
        "Stuck at the saddle",
        "The start lies on the ridge. The gradient leads exactly to the saddle, where it is zero.",
        {"GradientDescent": SADDLE, "Momentum": SADDLE, "Adam": SADDLE},
        learning_rate=0.1,
        updates=300,
    ),
    _good(
        "monkey_saddle",
        "Noise finds a way down",
        "Off the axis there is a way down. A little noise finds it, and then the loss falls without end.",
        {"GradientDescent": DIVERGED},
        learning_rate=0.05,
        noise=0.2,
        updates=100,
    ),
    _bad(
        "monkey_saddle",
        "Slower and slower",
        "At this saddle the curvature is zero too, so the steps shrink like 1/t and the path never arrives.",
        {"GradientDescent": SADDLE},
        learning_rate=0.05,
        updates=200,
    ),
    _good(
        "plateau",
        "Carried across the shelf",
        "Momentum brings its speed from the wall and crosses the shelf. Gradient descent is still on it.",
        {"GradientDescent": PLATEAU, "Momentum": GLOBAL},
        learning_rate=0.01,
        updates=300,
    ),
    _bad(
        "plateau",
        "It looks finished",
        "The loss curve is flat, but the slope is not zero. With more updates the path would go on.",
        {"GradientDescent": PLATEAU},
        learning_rate=0.003,
        updates=1100,
    ),
    _good(
        "two_wells",
        "Over the hill",
        "Gradient descent stops in the nearer well. Momentum rolls over the hill into the deeper one.",
        {"GradientDescent": LOCAL, "Momentum": GLOBAL},
        learning_rate=0.02,
        updates=250,
    ),
    _bad(
        "two_wells",
        "The wrong well",
        "Small steps end in the well where they begin, with every rule.",
        {"GradientDescent": LOCAL, "Adam": LOCAL},
        learning_rate=0.05,
        updates=250,
    ),
    _good(
        "hills",
        "Down one side",
        "The start is near the top of the hill. The path goes down the side on which it begins.",
        {"GradientDescent": GLOBAL, "Adam": GLOBAL},
        learning_rate=0.1,
        updates=200,
    ),
    _bad(
        "hills",
        "Thrown out of the hollow",
        "The first step is so long that it leaves the hills. Out there the field is flat, and nothing leads back.",
        {"GradientDescent": LEFT},
        learning_rate=2.0,
    ),
    _good(
        "ravine",
        "Follow the winding valley",
        "Newton measures the curvature and needs a few updates. Gradient descent follows every bend.",
        {"GradientDescent": MOVING, "Momentum": GLOBAL, "Newton": GLOBAL},
        learning_rate=0.02,
        updates=300,
    ),
    _bad(
        "ravine",
        "Thrown out of the valley",
        "One step across the narrow valley is too long, and the path leaves it.",
        {"GradientDescent": LEFT},
        learning_rate=0.2,
    ),
    _good(
        "linear_neuron",
        "A bowl made of data",
        "Each path runs to the same weights, 1.46 and −0.91: the data have one best answer.",
        {"GradientDescent": GLOBAL, "Momentum": GLOBAL},
        learning_rate=0.1,
        updates=200,
    ),
    _bad(
        "linear_neuron",
        "Too large for these data",
        "The data set the limit: 2/λ = 0.67. At η = 0.7 every update ends further away than it began.",
        {"GradientDescent": LEFT},
        learning_rate=0.7,
    ),
    _good(
        "line_fit",
        "Only curvature gets there",
        "The weight is right at once, the bias hardly moves. BFGS learns the curvature and needs a few updates.",
        {"GradientDescent": MOVING, "BFGS": GLOBAL},
        learning_rate=1e-6,
        updates=200,
    ),
    _bad(
        "line_fit",
        "Just above the limit",
        "The limit is 2/λ = 1.145e-6. At η = 1.2e-6 the path leaves the picture at once.",
        {"GradientDescent": LEFT},
        learning_rate=1.2e-6,
        updates=200,
    ),
    _good(
        "logistic_neuron",
        "Down the long slope",
        "Far away the slope hardly changes, so the steps are alike. They shrink near the minimum.",
        {"GradientDescent": GLOBAL, "Momentum": GLOBAL},
        learning_rate=1.0,
        updates=200,
    ),
    _bad(
        "logistic_neuron",
        "Around the minimum",
        "The slope is never steep here, so the path stays near. But it jumps from side to side.",
        {"GradientDescent": OSCILLATES},
        learning_rate=30.0,
    ),
    _good(
        "tanh_neuron",
        "On the right side",
        "From here the path follows the step up in the data, which is the better answer.",
        {"GradientDescent": GLOBAL},
        learning_rate=1.0,
        start=(2.0, 1.0),
        updates=300,
    ),
    _bad(
        "tanh_neuron",
        "The wrong step",
        "With a negative weight the neuron learns the step down. It is a local minimum, and no small step leads out.",
        {"GradientDescent": LOCAL},
        learning_rate=1.0,
        updates=200,
    ),
    _good(
        "two_weight_chain",
        "One of two twins",
        "Both weights positive or both negative: the answers are the same, and so is the loss.",
        {"GradientDescent": GLOBAL},
        learning_rate=0.1,
        start=(1.0, -1.0),
        updates=300,
    ),
    _bad(
        "two_weight_chain",
        "Both weights zero",
        "At zero each weight hides the other. Both slopes are zero, so no rule moves.",
        {"GradientDescent": SADDLE, "Adam": SADDLE},
        learning_rate=0.1,
        start=(0.0, 0.0),
    ),
)


def presets_for(surface: str) -> list[Preset]:
    """The presets of one surface, good ones first."""
    if is_typed(surface):
        return _for_formula(surface)
    return sorted((preset for preset in PRESETS if preset.surface == surface), key=lambda preset: not preset.good)


def _for_formula(surface: str) -> list[Preset]:
    """Two learning rates beside the limit of a typed formula, which nobody has tried; none without a curvature."""
    start = surface_of(surface).start
    hessian = surface_of(surface).hessian(start)
    largest = float(np.abs(np.linalg.eigvalsh(hessian)).max()) if np.isfinite(hessian).all() else 0.0
    if not 1e-6 <= largest <= 1e6:
        return []
    limit = f"At the start the largest curvature is λ = {largest:.3g}, so the limit there is 2/λ = {2 / largest:.3g}."
    rules = {"GradientDescent": "", "Momentum": "", "Adam": ""}
    return [
        _good(
            surface,
            "Below the limit",
            f"{limit} This η is a quarter of it. Elsewhere the curvature may be another one.",
            rules,
            learning_rate=float(f"{0.5 / largest:.2g}"),
            updates=200,
        ),
        _bad(
            surface,
            "Above the limit",
            f"{limit} This η is half as much again. Look at the first updates of gradient descent.",
            rules,
            learning_rate=float(f"{3 / largest:.2g}"),
        ),
    ]
