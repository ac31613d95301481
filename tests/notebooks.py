"""A real notebook, executed by a kernel of this environment."""

import nbformat
from nbclient import NotebookClient

from tests.browser import ROOT

# What a teacher writes. What the last cell shows follows the hand.
CELLS = (
    "from browser import live\nfrom optimizers import OPTIMIZERS, SCHEDULES\nfrom surfaces import SURFACES",
    'booth = SURFACES["booth"]\n'
    "rules = {\n"
    '    "Adam": OPTIMIZERS["Adam"](learning_rate=0.1),\n'
    '    "fast, η falls": OPTIMIZERS["GradientDescent"](learning_rate=0.05, schedule=SCHEDULES["Cosine"]()),\n'
    "}",
    "live(booth, rules, booth.start, steps=40)",
)


def shown(*cells: str) -> str:
    """The HTML that the last of these cells shows. Raises what a cell raises, as CellExecutionError."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    resources = {"metadata": {"path": str(ROOT)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
    nbformat.validate(notebook)
    (output,) = notebook.cells[-1].outputs
    return output.data["text/html"]
