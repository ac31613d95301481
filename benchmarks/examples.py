"""How fast losses made of data are: ten thousand examples beside ten, and the lecture's long run."""

from collections.abc import Iterator

import numpy as np

from benchmarks.measuring import Row, at_most, interleaved, judged, ratio
from figures import LIGHT, contour_map, mesh_of, surface_3d
from optimizers import OPTIMIZERS, run
from surfaces import SURFACES
from surfaces.datasets import DataSet, noisy_plane
from surfaces.neurons import NEURONS

FEW, MANY, UPDATES = 10, 10_000, 200
BOX, START = ((-4.0, 4.0), (-4.0, 4.0)), (-3.0, 3.0)


def _risk(model: str, count: int):
    data = noisy_plane(count, 0.5)
    if model == "logistic_neuron":
        data = DataSet("classes", data.inputs, data.target > 0)
    return NEURONS[model].risk(data, BOX, START)


def many_examples() -> Iterator[Row]:
    """Pictures and runs of 10 000 examples beside those of 10."""
    rule = OPTIMIZERS["GradientDescent"](learning_rate=0.05)
    for model in ("linear_neuron", "logistic_neuron"):
        risks = {"many": _risk(model, MANY), "few": _risk(model, FEW)}
        meshes = {name: mesh_of(risk) for name, risk in risks.items()}

        def picture(name, risks=risks, meshes=meshes):
            path = {"GradientDescent": run(rule, risks[name], START, UPDATES)}
            contour_map(risks[name], meshes[name], path, LIGHT)
            surface_3d(risks[name], meshes[name], path, LIGHT)

        times = interleaved({name: lambda name=name: picture(name) for name in risks}, seconds=3)
        slower, spread = ratio(times["many"], times["few"])
        words = model.replace("_", " ")
        yield judged(f"run and pictures, {words}, {MANY} / {FEW} examples", slower, None, spread)
        yield judged(
            f"run and pictures, {words}, {MANY} examples",
            1e3 * times["many"].best,
            at_most(100, " ms") if model == "linear_neuron" else None,
            f"{UPDATES} updates, contour map and surface on a mesh that is kept.",
            " ms",
        )
        fresh = interleaved({"mesh": lambda risks=risks: mesh_of(risks["many"])}, seconds=3)["mesh"].best
        target = at_most(100, " ms") if model == "linear_neuron" else None
        yield judged(f"a new mesh, {words}, {MANY} examples", 1e3 * fresh, target, "", " ms")


def lecture_run() -> Iterator[Row]:
    """The lecture's 100 000 updates of Adagrad on ten points."""
    risk, rule = SURFACES["line_fit"], OPTIMIZERS["Adagrad"](learning_rate=1.0)
    seconds = interleaved({"run": lambda: run(rule, risk, risk.start, 100_000)}, seconds=4)["run"].best
    end = run(rule, risk, risk.start, 100_000).theta[-1]
    away = np.abs(end - risk.minima[0]).max()
    yield judged("100 000 updates of Adagrad", seconds, at_most(4, " s"), f"Ends {away:.2g} from least squares.", " s")
