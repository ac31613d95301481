"""Records trajectories of torch.optim and optax, which the rules of this project must reproduce.

The tests read the recorded file; torch and optax are needed only to record it again:

    python3 -m venv recording
    recording/bin/pip install torch --index-url https://download.pytorch.org/whl/cpu
    recording/bin/pip install optax
    recording/bin/python tests/oracles/record.py

It writes trajectories.json beside this file. Everything is computed in float64. The losses are written out here once
for torch and jax, and differentiated by them, so nothing of this project takes part. The file holds the starts, the
versions of the libraries, the numbers of the recorded updates, and for every run the library's own call, this project's
rule, hyperparameters and schedule, and the points.

A setting whose path amplifies small errors in the gradients is refused: it would compare rounding errors.
"""

import json
import math
import platform
from pathlib import Path

import jax
import numpy as np
import optax
import torch

DATA = Path(__file__).with_name("trajectories.json")
STEPS = 150
RECORDED = [*range(21), *range(30, STEPS + 1, 10)]
NUDGE, LARGEST_AMPLIFICATION = 1e-9, 100

LOSSES = {
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "ellipse": lambda x, y: (x**2 + 50 * y**2) / 2,
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "beale": lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
}
STARTS = {"rosenbrock": (-1.2, 1.0), "ellipse": (-4.5, 1.0), "himmelblau": (-0.5, -1.0), "beale": (1.0, 1.5)}


def _betas(beta1=0.9, beta2=0.999):
    return {"betas": (beta1, beta2)}


# Each rule in terms of this project's hyperparameters: the torch class and its arguments.
TORCH = {
    "GradientDescent": lambda learning_rate: (torch.optim.SGD, {"lr": learning_rate}),
    "Momentum": lambda learning_rate, momentum: (torch.optim.SGD, {"lr": learning_rate, "momentum": momentum}),
    "Nesterov": lambda learning_rate, momentum: (
        torch.optim.SGD,
        {"lr": learning_rate, "momentum": momentum, "nesterov": True},
    ),
    "Adagrad": lambda learning_rate, initial_accumulator=0.0, epsilon=1e-10: (
        torch.optim.Adagrad,
        {"lr": learning_rate, "initial_accumulator_value": initial_accumulator, "eps": epsilon},
    ),
    "RMSProp": lambda learning_rate, decay=0.99, epsilon=1e-8: (
        torch.optim.RMSprop,
        {"lr": learning_rate, "alpha": decay, "eps": epsilon},
    ),
    "Adadelta": lambda learning_rate=1.0, decay=0.9, epsilon=1e-6: (
        torch.optim.Adadelta,
        {"lr": learning_rate, "rho": decay, "eps": epsilon},
    ),
    "Adam": lambda learning_rate, epsilon=1e-8, **betas: (
        torch.optim.Adam,
        {"lr": learning_rate, "eps": epsilon, **_betas(**betas)},
    ),
    "AdamW": lambda learning_rate, weight_decay=0.01, epsilon=1e-8, **betas: (
        torch.optim.AdamW,
        {"lr": learning_rate, "weight_decay": weight_decay, "eps": epsilon, **_betas(**betas)},
    ),
    "AMSGrad": lambda learning_rate, epsilon=1e-8, **betas: (
        torch.optim.Adam,
        {"lr": learning_rate, "eps": epsilon, "amsgrad": True, **_betas(**betas)},
    ),
    "Adamax": lambda learning_rate, epsilon=1e-8, **betas: (
        torch.optim.Adamax,
        {"lr": learning_rate, "eps": epsilon, **_betas(**betas)},
    ),
    "NAdam": lambda learning_rate, momentum_decay=0.004, epsilon=1e-8, **betas: (
        torch.optim.NAdam,
        {"lr": learning_rate, "momentum_decay": momentum_decay, "eps": epsilon, **_betas(**betas)},
    ),
    "RAdam": lambda learning_rate, epsilon=1e-8, **betas: (
        torch.optim.RAdam,
        {"lr": learning_rate, "eps": epsilon, **_betas(**betas)},
    ),
}

# The same for optax; `learning_rate` may be one of its schedules there.
OPTAX = {
    "GradientDescent": lambda learning_rate: (optax.sgd, {"learning_rate": learning_rate}),
    "Momentum": lambda learning_rate, momentum: (optax.sgd, {"learning_rate": learning_rate, "momentum": momentum}),
    "Nesterov": lambda learning_rate, momentum: (
        optax.sgd,
        {"learning_rate": learning_rate, "momentum": momentum, "nesterov": True},
    ),
    "SignDescent": lambda learning_rate: (optax.sign_sgd, {"learning_rate": learning_rate}),
    "Lion": lambda learning_rate, beta1=0.9, beta2=0.99, weight_decay=0.0: (
        optax.lion,
        {"learning_rate": learning_rate, "b1": beta1, "b2": beta2, "weight_decay": weight_decay},
    ),
    # optax has its epsilon inside the root: the accumulator of a rule without epsilon starts that much higher.
    "Adagrad": lambda learning_rate, initial_accumulator, epsilon: (
        optax.adagrad,
        {"learning_rate": learning_rate, "initial_accumulator_value": initial_accumulator - 1e-7, "eps": 1e-7},
    ),
    "RMSProp": lambda learning_rate, decay=0.99, epsilon=1e-8: (
        optax.rmsprop,
        {"learning_rate": learning_rate, "decay": decay, "eps": epsilon, "eps_in_sqrt": False},
    ),
    "Adadelta": lambda learning_rate=1.0, decay=0.9, epsilon=1e-6: (
        optax.adadelta,
        {"learning_rate": learning_rate, "rho": decay, "eps": epsilon},
    ),
    "Adam": lambda learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8: (
        optax.adam,
        {"learning_rate": learning_rate, "b1": beta1, "b2": beta2, "eps": epsilon},
    ),
    "AdamW": lambda learning_rate, weight_decay=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8: (
        optax.adamw,
        {"learning_rate": learning_rate, "b1": beta1, "b2": beta2, "eps": epsilon, "weight_decay": weight_decay},
    ),
    "Adamax": lambda learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8: (
        optax.adamax,
        {"learning_rate": learning_rate, "b1": beta1, "b2": beta2, "eps": epsilon},
    ),
    # optax adds its epsilon after the correction: the two agree where there is none.
    "RAdam": lambda learning_rate, epsilon, beta1=0.9, beta2=0.999: (
        optax.radam,
        {"learning_rate": learning_rate, "b1": beta1, "b2": beta2, "eps": epsilon},
    ),
}

TORCH_SCHEDULES = {
    "Exponential": lambda rule, decay: torch.optim.lr_scheduler.ExponentialLR(rule, gamma=decay),
    "Step": lambda rule, decay, period: torch.optim.lr_scheduler.StepLR(rule, step_size=period, gamma=decay),
    "Cosine": lambda rule, period: torch.optim.lr_scheduler.CosineAnnealingLR(rule, T_max=period),
    "InverseSqrt": lambda rule: torch.optim.lr_scheduler.LambdaLR(rule, lambda t: 1 / math.sqrt(t + 1)),
    "InverseTime": lambda rule, decay: torch.optim.lr_scheduler.LambdaLR(rule, lambda t: 1 / (1 + decay * t)),
}
OPTAX_SCHEDULES = {
    "Exponential": lambda rate, decay: optax.exponential_decay(rate, 1, decay),
    "Step": lambda rate, decay, period: optax.exponential_decay(rate, period, decay, staircase=True),
    "Cosine": lambda rate, period: optax.cosine_decay_schedule(rate, period),
    "WarmupCosine": lambda rate, warmup, period: optax.warmup_cosine_decay_schedule(
        rate / (warmup + 1), rate, warmup, period
    ),
}

EVERYWHERE = tuple(LOSSES)
# How large a plain gradient step each loss bears.
SMALL_RATE = {"rosenbrock": 0.0012, "ellipse": 0.03, "himmelblau": 0.01, "beale": 0.008}


def _plain(**others):
    """Settings with the learning rate that suits each loss, and a smaller one."""
    return [
        (surface, {"learning_rate": share * SMALL_RATE[surface], **others})
        for surface in EVERYWHERE
        for share in (1.0, 0.3)
    ]


def _everywhere(*settings, on=EVERYWHERE):
    return [(surface, setting) for surface in on for setting in settings]


TORCH_RUNS = {
    "GradientDescent": _plain(),
    "Momentum": _plain(momentum=0.5) + [(s, {"learning_rate": SMALL_RATE[s] / 4, "momentum": 0.9}) for s in EVERYWHERE],
    "Nesterov": _plain(momentum=0.5) + [(s, {"learning_rate": SMALL_RATE[s] / 4, "momentum": 0.9}) for s in EVERYWHERE],
    "Adagrad": _everywhere(
        {"learning_rate": 0.5},
        {"learning_rate": 0.2, "initial_accumulator": 0.1},
        {"learning_rate": 0.3, "epsilon": 0.01},
    ),
    "RMSProp": _everywhere({"learning_rate": 0.01}, {"learning_rate": 0.005, "decay": 0.9, "epsilon": 5.0}),
    "Adadelta": _everywhere({}, {"learning_rate": 0.7, "decay": 0.95, "epsilon": 1e-5}),
    "Adam": _everywhere({"learning_rate": 0.05}, {"learning_rate": 0.02, "beta1": 0.8, "beta2": 0.99, "epsilon": 0.01}),
    "AdamW": _everywhere(
        {"learning_rate": 0.05}, {"learning_rate": 0.02, "beta1": 0.8, "beta2": 0.99, "weight_decay": 0.3}
    ),
    "AMSGrad": _everywhere({"learning_rate": 0.05}, {"learning_rate": 0.05, "beta1": 0.8, "beta2": 0.9}),
    "Adamax": _everywhere(
        {"learning_rate": 0.05}, {"learning_rate": 0.02, "beta1": 0.8, "beta2": 0.99, "epsilon": 0.1}
    ),
    "NAdam": _everywhere(
        {"learning_rate": 0.05}, {"learning_rate": 0.02, "beta1": 0.8, "beta2": 0.99, "momentum_decay": 0.05}
    ),
    "RAdam": _everywhere({"learning_rate": 0.02}, on=("ellipse",))
    + [
        (s, {"learning_rate": SMALL_RATE[s] / 2, **betas})
        for s in EVERYWHERE
        for betas in ({}, {"beta1": 0.8, "beta2": 0.85, "epsilon": 0.1})
    ],
}

OPTAX_RUNS = {
    "GradientDescent": _plain(),
    "Momentum": _plain(momentum=0.6),
    "Nesterov": [(s, {"learning_rate": SMALL_RATE[s] / 3, "momentum": 0.6}) for s in EVERYWHERE],
    "SignDescent": _everywhere({"learning_rate": 0.0137}),
    "Lion": _everywhere({"learning_rate": 0.0137}, {"learning_rate": 0.0071, "beta1": 0.8, "weight_decay": 0.1}),
    "Adagrad": _everywhere({"learning_rate": 0.3, "initial_accumulator": 0.1 + 1e-7, "epsilon": 0.0}),
    "RMSProp": _everywhere({"learning_rate": 0.002, "decay": 0.95, "epsilon": 2.0}),
    "Adadelta": _everywhere({"decay": 0.95, "epsilon": 1e-5}),
    "Adam": _everywhere({"learning_rate": 0.05, "beta2": 0.99}),
    "AdamW": _everywhere({"learning_rate": 0.05, "weight_decay": 0.1}),
    "Adamax": _everywhere({"learning_rate": 0.05, "epsilon": 0.1}),
    "RAdam": [(s, {"learning_rate": SMALL_RATE[s] / 2, "epsilon": 0.0}) for s in EVERYWHERE],
}

SCHEDULED_RATES = {
    "GradientDescent": {"ellipse": {"learning_rate": 0.038}, "himmelblau": {"learning_rate": 0.01}},
    "Momentum": {
        "ellipse": {"learning_rate": 0.03, "momentum": 0.7},
        "himmelblau": {"learning_rate": 0.004, "momentum": 0.7},
        "rosenbrock": {"learning_rate": 0.0004, "momentum": 0.7},
    },
    "Nesterov": {"ellipse": {"learning_rate": 0.02, "momentum": 0.7}},
    "AdamW": {"himmelblau": {"learning_rate": 0.1, "weight_decay": 0.1}},
    "NAdam": {"ellipse": {"learning_rate": 0.1}},
}
TORCH_SCHEDULED = [
    ("Exponential", {"decay": 0.98}),
    ("Step", {"decay": 0.5, "period": 40}),
    ("Cosine", {"period": STEPS}),
    ("InverseSqrt", {}),
    ("InverseTime", {"decay": 0.05}),
]
OPTAX_SCHEDULED_RULES = ("GradientDescent", "Momentum", "AdamW")
OPTAX_SCHEDULED = [
    ("Exponential", {"decay": 0.97}),
    ("Step", {"decay": 0.3, "period": 25}),
    ("Cosine", {"period": 100}),
    ("WarmupCosine", {"warmup": 30, "period": 120}),
]


def torch_path(loss, start, nudges, rule, arguments, scheduler=None):
    """Every point of one torch run, shape (STEPS + 1, 2); update k takes its gradient nudges[k] beside the point."""
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = rule([theta], **arguments)
    schedule = scheduler(optimizer) if scheduler else None
    points = [theta.detach().numpy().copy()]
    for nudge in torch.tensor(nudges):
        optimizer.zero_grad()
        loss(*(theta + nudge)).backward()
        optimizer.step()
        if schedule:
            schedule.step()
        points.append(theta.detach().numpy().copy())
    return np.array(points)


def optax_path(loss, start, nudges, rule, arguments):
    """Every point of one optax run, as `torch_path` gives them."""
    optimizer = rule(**arguments)
    theta = jax.numpy.asarray(start, dtype=jax.numpy.float64)
    gradient = jax.grad(lambda point: loss(*point))

    def update(carry, nudge):
        point, state = carry
        changes, state = optimizer.update(gradient(point + nudge), state, point)
        point = optax.apply_updates(point, changes)
        return (point, state), point

    _, points = jax.lax.scan(update, (theta, optimizer.init(theta)), nudges)
    return np.concatenate([np.asarray(theta)[None], np.asarray(points)])


def call_text(rule, arguments):
    """The library's call as it would be typed, without a learning rate that is a schedule."""
    shown = ", ".join(f"{name}={value!r}" for name, value in arguments.items() if not callable(value))
    return f"{rule.__name__}({shown})"


def record(library, rule, surface, hyperparameters, schedule, path_from, call):
    """One entry of the file, after a check that the path does not amplify errors in its gradients."""
    start, signs = np.array(STARTS[surface]), np.random.default_rng(0).choice((-1.0, 1.0), (STEPS, 2))
    path, nudged = path_from(start, 0 * signs), path_from(start, NUDGE * signs)
    amplification = np.abs(nudged - path).max() / NUDGE
    if path.dtype != np.float64 or not amplification < LARGEST_AMPLIFICATION:
        raise SystemExit(f"{call} on {surface} is no oracle: it amplifies errors {amplification:.3g} times.")
    return {
        "library": library,
        "call": call,
        "rule": rule,
        "surface": surface,
        "hyperparameters": hyperparameters,
        "schedule": schedule and {"name": schedule[0], **schedule[1]},
        "theta": path[RECORDED].tolist(),
    }


def record_torch(rule, surface, hyperparameters, schedule=None):
    kind, arguments = TORCH[rule](**hyperparameters)

    def scheduler(optimizer):
        return TORCH_SCHEDULES[schedule[0]](optimizer, **schedule[1])

    def path_from(start, nudges):
        return torch_path(LOSSES[surface], start, nudges, kind, arguments, scheduler if schedule else None)

    return record("torch", rule, surface, hyperparameters, schedule, path_from, call_text(kind, arguments))


def _in_float64(schedule):
    """The schedule of a float64 count: jax divides the 32-bit integers that optax counts with in float32."""
    return lambda count: schedule(count.astype(jax.numpy.float64))


def record_optax(rule, surface, hyperparameters, schedule=None):
    call = call_text(*OPTAX[rule](**hyperparameters))
    rate = hyperparameters.get("learning_rate")
    if schedule:
        rate = _in_float64(OPTAX_SCHEDULES[schedule[0]](rate, **schedule[1]))
    kind, arguments = OPTAX[rule](**({**hyperparameters, "learning_rate": rate} if rate else hyperparameters))

    def path_from(start, nudges):
        return optax_path(LOSSES[surface], start, nudges, kind, arguments)

    return record("optax", rule, surface, hyperparameters, schedule, path_from, call)


def all_runs():
    """Every run that the tests compare with."""
    for recorder, runs in ((record_torch, TORCH_RUNS), (record_optax, OPTAX_RUNS)):
        for rule, settings in runs.items():
            for surface, hyperparameters in settings:
                yield recorder(rule, surface, hyperparameters)
    for rule, surfaces in SCHEDULED_RATES.items():
        for surface, hyperparameters in surfaces.items():
            for schedule in TORCH_SCHEDULED:
                yield record_torch(rule, surface, hyperparameters, schedule)
            for schedule in OPTAX_SCHEDULED if rule in OPTAX_SCHEDULED_RULES else ():
                yield record_optax(rule, surface, hyperparameters, schedule)


def main():
    # NAdam keeps its product of momenta in the default type.
    torch.set_default_dtype(torch.float64)
    jax.config.update("jax_enable_x64", True)
    libraries = {"torch": torch, "optax": optax, "jax": jax, "numpy": np}
    header = {
        "recorded_by": "tests/oracles/record.py",
        "versions": {"python": platform.python_version(), **{name: m.__version__ for name, m in libraries.items()}},
        "starts": STARTS,
        "updates": RECORDED,
    }
    runs = ",\n".join(json.dumps(run) for run in all_runs())
    DATA.write_text(json.dumps(header)[:-1] + ', "runs": [\n' + runs + "\n]}\n")


if __name__ == "__main__":
    main()
