"""What is said about a red circle: how far its model can be trusted, and what curvature says about a learning rate."""

import numpy as np

from browser.hand import Sentence
from figures.following import UPDATE
from figures.meta import Rows
from lessons.experiment import Experiment
from lessons.words import number
from optimizers import title_of
from programs.matrices import eigen, eigenvalues
from programs.program import Builder, Program
from programs.tracing import Quantity, component_names, outputs_of, quantity
from surfaces import Surface
from surfaces.parameters import CURVATURES, VALUE_AND_SLOPES
from surfaces.steps import newton_step
from surfaces.taylor import RedCircle

MODELS = {1: "plane", 2: "quadratic"}
# The model and the loss agree where their changes differ by this share.
CLOSE = 0.1
# Shares of this size are rounding.
ROUNDING = 1e-9
# Where the loss falls by more than so many times what the model promised, the circle is not just rather big.
FAR = 10
# Changes that are not so many times as large as rounding are not compared.
CLEAR = 1e3


def verdict(circle: RedCircle) -> str:
    """The sentence that follows from the predicted and the actual change at the model's lowest point."""
    promised, happened = float(circle.predicted_change), float(circle.actual_change)
    model = MODELS[circle.order]
    if not np.isfinite(happened):
        return f"**Too big:** at the lowest point of the {model} the loss is not a finite number."
    if promised == 0:
        return f"The {model} has its lowest point in the centre: it promises no drop at all."
    if is_rounding(circle):
        return f"**Nothing to compare:** the drop that the {model} promises is lost in the computer's rounding."
    if -promised <= circle.rounding:
        return f"The {model} is level here but for the computer's rounding: it promises no drop."
    if abs(happened) <= circle.rounding:
        return f"**Too big:** the {model} promised a drop of {number(-promised, 3)}, and the loss stays the same."
    if happened > 0:
        rise = f"the loss rose by {number(happened, 3)}"
        return f"**Too big:** the {model} promised a drop of {number(-promised, 3)}, and {rise}."
    share = happened / promised
    if abs(share - 1) <= CLOSE:
        explained = 100 * (share if share < 1 else 1 / share)
        return f"**The circle is small enough:** the {model} explains {_percent(explained)} of the drop."
    size = "rather" if 0.5 <= share <= FAR else "too"
    fall = _times(share) if share > 1 else f"only {_percent(100 * share)} of"
    return f"**The circle is {size} big:** the loss falls by {fall} what the {model} promised."


def is_rounding(circle: RedCircle) -> bool:
    """True where what the model promises and what the loss does are too small to be compared."""
    largest = max(abs(float(circle.predicted_change)), abs(float(circle.actual_change)))
    return bool(largest < CLEAR * circle.rounding)


def words_of_update(done: Experiment) -> str:
    """What the red circle of the chosen update says: its radius, both changes, and how the step itself did."""
    settings, name = done.settings, done.settings.chosen_rule()
    path = done.trajectories[name]
    update = settings.chosen_update()
    title = f"Red circle of update {update} of {title_of(name)}"
    circle = done.circle
    if circle is None:
        return (
            f"{title}: there is none. The step or the slope is zero, the loss has a kink there, or a number is not "
            "finite."
        )
    size = f"**{title}:** its radius is the length of the step, d = {number(float(circle.radius), 3)}."
    if is_rounding(circle) or not np.isfinite(circle.actual_change):
        return f"{size} {verdict(circle)}"
    before, after = (float(loss) for loss in path.loss[update - 1 : update + 1])
    changes = [number(float(change), 3) for change in (circle.predicted_change, circle.actual_change, after - before)]
    return (
        f"{size} At its lowest point (◆) the plane predicts a change of {changes[0]}; the loss there really changes by "
        f"{changes[1]}. The step itself changed the loss by {changes[2]}. {verdict(circle)}"
    )


def rate_of_update(done: Experiment) -> str:
    """The learning rate of the chosen update against the curvature at its point, in words."""
    settings, name = done.settings, done.settings.chosen_rule()
    update = settings.chosen_update()
    optimizer, theta = done.optimizers[name], done.trajectories[name].theta[update - 1]
    rate = float(optimizer.learning_rate_at(update - 1))
    before = f"Before update {update} of {title_of(name)}"
    on_path = path_line(done, name)
    if not np.isfinite(theta).all():
        return f"{before} the numbers are no longer finite.{on_path}"
    place = f"({number(float(theta[0]), 3)}, {number(float(theta[1]), 3)})"
    plain = "" if name == "GradientDescent" else "for plain gradient descent, "
    return f"{before}, at {place}: {plain}{curvature_line(done.surface, theta, rate)}{on_path}"


# The short form of what `rate_of_update` says, for each output "case" of its program.
RATE_CASES = (
    "{before}the numbers are no longer finite.",
    "{before}the curvature is not a finite number.",
    "{before}λₘₐₓ = {largest}: the loss curves up in no direction, so this point sets no limit 2/λₘₐₓ.",
    "{before}{plain}η = {rate} is below 2/λₘₐₓ = {limit} here.",
    "{before}{plain}η = {rate} is exactly at 2/λₘₐₓ = {limit} here.",
    "{before}{plain}η = {rate} is above 2/λₘₐₓ = {limit} here.",
)


def live_rate_of_update(done: Experiment) -> Sentence:
    """What `rate_of_update` says, and its first part with the numbers of the moment while a hand moves, where the loss
    is a formula."""
    name = done.settings.chosen_rule()
    if done.surface.hessian_program is None:
        return Sentence(rate_of_update(done), update=UPDATE)
    before = f"Before update {{{UPDATE}}} of {title_of(name)}, at ({{theta1}}, {{theta2}}): "
    plain = "" if name == "GradientDescent" else "for plain gradient descent, "
    cases = tuple(case.replace("{before}", before).replace("{plain}", plain) for case in RATE_CASES)
    program = rate_program(done.surface).data()
    return Sentence(rate_of_update(done), program, cases, rows=Rows.ROW, run=name, update=UPDATE)


def rate_program(surface: Surface) -> Program:
    """From theta1, theta2 and scheduled_learning_rate to what `rate_of_update` compares: case, rate, limit, largest."""
    builder = Builder()
    point = {name: builder.input(name) for name in component_names("theta", (2,))}
    numbers = builder.include(surface.hessian_program, point)
    (h11, h12, h22), slopes = (
        [Quantity(builder, numbers[name]) for name in names] for names in (CURVATURES, VALUE_AND_SLOPES[1:])
    )
    rate = quantity(builder, "scheduled_learning_rate")
    theta = [Quantity(builder, index) for index in point.values()]
    _, largest = eigenvalues(np.stack([np.stack([h11, h12]), np.stack([h12, h22])]))
    share = rate * largest / 2.0
    place = np.where(np.abs(share - 1.0) <= ROUNDING, 4.0, np.where(share > 1.0, 5.0, 3.0))
    case = np.where(largest > 0.0, place, 2.0)
    for derivative in (*slopes, h11, h12, h22):
        case = np.where(np.isfinite(derivative), case, 1.0)
    for coordinate in theta:
        case = np.where(np.isfinite(coordinate), case, 0.0)
    outputs = {"case": case, "rate": rate, "limit": 2.0 / largest, "largest": largest}
    return builder.program(outputs_of([*outputs.items(), *zip(point, theta, strict=True)]))


def path_line(done: Experiment, name: str) -> str:
    """Where on its whole path the learning rate of a rule is above 2/λₘₐₓ, in words; "" where no point has a number."""
    theta, optimizer = done.trajectories[name].theta[:-1], done.optimizers[name]
    with np.errstate(all="ignore"):
        largest = eigenvalues(np.asarray(done.surface.hessian(theta.T), dtype=float))[1]
        rates = optimizer.learning_rates(len(theta))
        above = np.flatnonzero((largest > 0) & (rates * largest > 2 * (1 + ROUNDING)))
    curved = np.flatnonzero(np.isfinite(largest))
    if not curved.size:
        return ""
    if not above.size:
        top = int(curved[largest[curved].argmax()])
        if largest[top] <= 0:
            return " At no point of this path does the loss curve up."
        least = number(2 / float(largest[top]), 3)
        return f" On the whole path η is never above 2/λₘₐₓ, which is {least} at its smallest."
    first = int(above[0])
    if above.size == curved.size:
        return " It is above 2/λₘₐₓ at every point of this path."
    return (
        f" On this path, η is above 2/λₘₐₓ for the first time at update {first + 1}, where λₘₐₓ = "
        f"{number(float(largest[first]), 3)} and 2/λₘₐₓ = {number(2 / float(largest[first]), 3)}."
    )


def _percent(percent: float) -> str:
    # Never rounded up to all of it, nor down to nothing.
    if percent < 1:
        return "1 % or less"
    return f"{np.floor(percent * 10) / 10:.1f} %" if 99 < percent < 100 else f"{percent:.0f} %"


def _times(share: float) -> str:
    return f"{number(share, 2)} times" if share <= 1e5 else "more than 100 000 times"


def ratio(circle: RedCircle) -> float:
    """The actual change as a share of the predicted one, nan where nothing was promised or all is rounding."""
    promised = float(circle.predicted_change)
    is_clear = -promised > circle.rounding and not is_rounding(circle)
    return float(circle.actual_change) / promised if is_clear else float("nan")


def curvature_line(surface: Surface, theta: np.ndarray, learning_rate: float) -> str:
    r"""The learning rate against $2/\lambda_{\max}$ of the Hessian at a point (2,), in words.

    Along an eigenvector of H with eigenvalue λ > 0, a step of gradient descent on the quadratic model multiplies the
    distance to the model's bottom by 1 − ηλ: it overshoots beyond 1/λ, and beyond 2/λ it lands further away.
    """
    gradient, hessian = surface.gradient(theta), surface.hessian(theta)
    if not (np.isfinite(theta).all() and np.isfinite(gradient).all() and np.isfinite(hessian).all()):
        return "the curvature is not a finite number here."
    values, axes = eigen(hessian)
    largest = float(values[1])
    rate = f"η = {number(learning_rate, 3)}"
    if largest <= 0:
        return (
            f"λₘₐₓ = {number(largest, 3)} here: at this point the loss curves up in no direction, so this point sets "
            "no limit 2/λₘₐₓ."
        )
    limit = f"2/λₘₐₓ = {number(2 / largest, 3)}"
    # In a round bowl the step goes along the slope, whatever axes the eigenvectors are said to be.
    round_bowl = values[0] >= (1 - ROUNDING) * largest
    along = "every direction" if round_bowl else f"({_part(axes[0, 1])}, {_part(axes[1, 1])})"
    share = learning_rate * largest / 2
    place = "is exactly at" if abs(share - 1) <= ROUNDING else "is above" if share > 1 else "is below"
    slope = float(np.hypot(*gradient))
    if slope <= 16 * largest * np.spacing(np.abs(theta).max()):  # a stationary point, up to its last digits
        gradient, slope = np.zeros(2), 0.0
    steep = slope if round_bowl else abs(float(axes[:, 1] @ gradient))
    if steep <= ROUNDING * slope:
        does = "is zero, so the step does not move along it" if slope else "is zero, and so is the step"
        grows = ". Any small part along it would grow from update to update" if share > 1 + ROUNDING else ""
        return f"{rate} {place} {limit} here, but the slope along {along} {does}{grows}."
    stays = ", as far as this curvature goes" if _bends_change(surface, theta, learning_rate, gradient) else ""
    if place == "is exactly at":
        return f"{rate} {place} {limit} here: along {along} the step lands as far away on the other side{stays}."
    if place == "is above":
        does = f"overshoots along {along}, and lands further away than before"
        return f"{rate} {place} {limit} here: the step {does}{stays}."
    if share > (1 + ROUNDING) / 2:
        return (
            f"{rate} {place} {limit} here, but above half of it: the step overshoots along {along} and comes closer"
            f"{stays}."
        )
    return f"{rate} {place} {limit} here: no overshoot along {along}, where the loss curves most{stays}."


def _bends_change(surface: Surface, theta: np.ndarray, learning_rate: float, gradient: np.ndarray) -> bool:
    """True where the Hessian is another one after the step of gradient descent."""
    with np.errstate(all="ignore"):
        before, after = surface.hessian(theta), surface.hessian(theta - learning_rate * gradient)
        return not np.abs(after - before).max() <= ROUNDING * np.abs(before).max()


def newton_words(surface: Surface, center: np.ndarray, radius: float) -> str:
    """What the eigenvalues of the Hessian at a point (2,) mean for Newton's step and for the circle."""
    gradient, hessian = surface.gradient(center), surface.hessian(center)
    if not (np.isfinite(gradient).all() and np.isfinite(hessian).all()):
        return "The derivatives are not finite numbers here."
    low, high = eigenvalues(hessian)
    curvatures = f"The eigenvalues of H are {number(float(low), 3)} and {number(float(high), 3)}"
    step = newton_step(gradient, hessian)
    length = float(np.hypot(*step))
    if not np.isfinite(length):
        return f"{curvatures}: H has no inverse, so there is no Newton step."
    if low > 0:
        if length <= radius:
            return (
                f"{curvatures}: both positive. Newton's step has length {number(length, 3)} and stays inside the "
                "circle, so it **is** the lowest point of the quadratic."
            )
        return (
            f"{curvatures}: both positive. Newton's step has length {number(length, 3)} and leaves the circle. Inside, "
            "the lowest point of the quadratic lies on the rim."
        )
    kind = "a hilltop" if high < 0 else "a saddle"
    sign = "both negative" if high < 0 else "one is negative, so H is indefinite"
    return (
        f"{curvatures}: {sign}. The quadratic has no lowest point, and Newton's full step leads to its stationary "
        f"point, **{kind}**. Inside the circle the lowest point lies on the rim."
    )


def _part(value: float) -> str:
    return number(round(float(value), 2) + 0.0, 2)
