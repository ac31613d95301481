"""The rules of the house, read from the source: who may import whom, names, docstrings, dependencies, test files."""

import ast
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEPENDENCIES = {"streamlit", "numpy", "plotly", "sympy"}

MODELS = ("surfaces", "optimizers", "programs")
# Imports point inward: each layer may import itself, the layers named here and the dependencies named here.
INWARD = {
    "programs": ((), {"numpy"}),
    "surfaces": (("programs",), {"numpy", "sympy"}),
    "optimizers": (("programs",), {"numpy"}),
    "figures": (MODELS, {"numpy", "sympy", "plotly"}),
    "lessons": (("figures", *MODELS), {"numpy", "sympy"}),
    # What is taken home holds presets, and will hold questions.
    "browser": (("lessons", "figures", *MODELS), {"numpy", "sympy", "plotly"}),
    # Streamlit takes its routes from Starlette, on which it is built.
    "ui": (("lessons", "browser", "figures", *MODELS), {*DEPENDENCIES, "starlette"}),
    "pages": (("ui", "lessons", "browser", "figures", *MODELS), DEPENDENCIES),
    "app": (("pages", "ui", "lessons", "browser", "figures", *MODELS), DEPENDENCIES),
}
# What only building the site needs may be imported by these modules alone, and they by nothing that the app runs.
BUILDING = {"browser/markup.py": {"latex2mathml", "markdown_it", "mdit_py_plugins"}}
LAYOUT = {*INWARD, "tests", "benchmarks"}
CORE = MODELS

# Test files that cover more than one module.
BROADER_TESTS = {"architecture", "readme", "browser*"}


def is_ours(folder: Path) -> bool:
    """Neither hidden, nor a cache, nor somebody's virtual environment."""
    return not folder.name.startswith((".", "__")) and not (folder / "pyvenv.cfg").exists()


@cache
def source_files() -> tuple[Path, ...]:
    folders = [folder for folder in ROOT.iterdir() if folder.is_dir() and is_ours(folder)]
    return tuple(sorted([*ROOT.glob("*.py"), *(path for folder in folders for path in folder.rglob("*.py"))]))


def files_of(layer: str) -> list[Path]:
    """The files of a folder, or of a module at the top; none where it is not there."""
    return [path for path in source_files() if path.relative_to(ROOT).with_suffix("").parts[0] == layer]


def absolute_name(path: Path, node: ast.ImportFrom) -> str:
    """The module that a file imports from, a relative one resolved; of `from . import` at the top, nothing."""
    package = path.relative_to(ROOT).parent.parts
    base = package[: len(package) - node.level + 1] if node.level else ()
    return ".".join((*base, *([node.module] if node.module else [])))


def imported_names(path: Path, source: str | None = None) -> Iterator[str]:
    """Absolute names of all that a file imports, wherever in the file: modules, or names taken from modules."""
    for node in ast.walk(ast.parse(path.read_text() if source is None else source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{absolute_name(path, node)}.{alias.name}".lstrip(".") for alias in node.names)


def imported_packages(path: Path, source: str | None = None) -> set[str]:
    outside = {name.partition(".")[0] for name in imported_names(path, source)} - set(sys.stdlib_module_names)
    return outside - {path.relative_to(ROOT).with_suffix("").parts[0]}


def stray_imports(layer: str, path: Path, source: str | None = None) -> set[str]:
    layers, dependencies = INWARD[layer]
    own = BUILDING.get(path.relative_to(ROOT).as_posix(), set())
    return imported_packages(path, source) - set(layers) - dependencies - own


@pytest.mark.parametrize("layer", INWARD)
def test_imports_point_inward(layer):
    strays = {str(path.relative_to(ROOT)): stray_imports(layer, path) for path in files_of(layer)}
    assert {path: names for path, names in strays.items() if names} == {}


def test_the_core_exists():
    assert all(files_of(layer) for layer in CORE)


@pytest.mark.parametrize(
    ("layer", "source", "strays"),
    [
        ("programs", "from surfaces.parameters import theta1\nimport sympy", {"surfaces", "sympy"}),
        ("surfaces", "import optimizers.schedules", {"optimizers"}),
        ("surfaces", "from programs.frame import Frame", set()),
        ("surfaces", "def f():\n    from plotly import graph_objects", {"plotly"}),
        ("optimizers", "from surfaces import SURFACES", {"surfaces"}),
        ("optimizers", "import sympy", {"sympy"}),
        ("figures", "import streamlit as st", {"streamlit"}),
        ("browser", "import streamlit, lessons, ui", {"streamlit", "ui"}),
        ("lessons", "from browser import program", {"browser"}),
        ("figures", "from .. import ui", {"ui"}),
        ("ui", "from ..pages.theory import momentum", {"pages"}),
        ("pages", "import pandas, tests.samples", {"pandas", "tests"}),
        ("pages", "import ui, math\nfrom figures import theme", set()),
        ("figures", "from . import theme\nfrom .theme import RED", set()),
    ],
)
def test_a_stray_import_would_be_seen(layer, source, strays):
    assert stray_imports(layer, ROOT / layer / "module.py", source) == strays


def test_no_layer_imports_by_name_at_run_time():
    """Such an import would escape the tests above."""
    for path in source_files():
        if path.relative_to(ROOT).parts[0] not in {"tests", "benchmarks"}:
            assert not re.search(r"\b(__import__|import_module)\s*\(", path.read_text()), path


def test_what_building_needs_is_imported_where_it_is_named_alone():
    assert stray_imports("browser", ROOT / "browser" / "markup.py", "import latex2mathml, plotly") == set()
    assert stray_imports("browser", ROOT / "browser" / "wire.py", "import latex2mathml") == {"latex2mathml"}
    for file, packages in BUILDING.items():
        assert imported_packages(ROOT / file) & packages == packages


# Circles


def module_name(path: Path) -> str:
    """The name under which a file is imported; a package's is that of its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def module_of(name: str, modules: Iterable[str]) -> str | None:
    """The module of ours that gives a name: the name itself, or the module that holds it; None where it is not ours."""
    return next((part for part in (name, name.rpartition(".")[0]) if part in modules), None)


def import_graph() -> dict[str, set[str]]:
    names = {module_name(path): set(imported_names(path)) for path in source_files()}
    return {module: {module_of(name, names) for name in imported} - {None} for module, imported in names.items()}


def reached(graph: dict[str, set[str]], modules: Iterable[str]) -> set[str]:
    """All modules that these run: what they import, what that imports, and the packages in which it all stands."""
    found, queue = set(), set(modules)
    while queue:
        found |= queue
        packages = {name.rpartition(".")[0] for name in queue} & graph.keys()
        queue = set().union(packages, *(graph[name] for name in queue)) - found
    return found


def test_the_app_runs_nothing_that_only_building_needs():
    app = {module_name(path) for layer in ("app", "pages") for path in files_of(layer)}
    building = {module_name(ROOT / file) for file in BUILDING}
    assert reached(import_graph(), app) & building == set()


def test_what_is_run_by_a_detour_would_be_seen():
    graph = {"app": {"ui.one"}, "ui": {"browser.two"}, "ui.one": set(), "browser.two": {"browser.three"}}
    graph |= {"browser.three": set(), "browser.four": {"browser.three"}}
    assert reached(graph, {"app"}) == {"app", "ui", "ui.one", "browser.two", "browser.three"}


def circle(graph: dict[str, set[str]]) -> list[str]:
    """The modules of a circle of imports, one of them twice; none where there is no circle."""
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return error.args[1]
    return []


def test_no_imports_go_in_a_circle():
    assert circle(import_graph()) == []


def test_a_circle_would_be_seen():
    path = ROOT / "surfaces" / "surface.py"
    source = "if TYPE_CHECKING:\n    from .taylor import taylor\ndef f():\n    from surfaces import risk"
    names = set(imported_names(path, source))
    assert names == {"surfaces.taylor.taylor", "surfaces.risk"}
    modules = {"surfaces", "surfaces.surface", "surfaces.taylor", "surfaces.risk"}
    imported = {module_of(name, modules) for name in names}
    assert imported == {"surfaces.taylor", "surfaces.risk"}
    assert set(circle({"surfaces.surface": imported, "surfaces.taylor": {"surfaces.surface"}})) == {
        "surfaces.surface",
        "surfaces.taylor",
    }


def test_code_lives_in_the_folders_of_the_layout():
    homes = {path.relative_to(ROOT).with_suffix("").parts[0] for path in source_files()}
    assert homes <= LAYOUT


# Names


def normalized(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def required_by(distribution: str) -> set[str]:
    """The distributions that one needs without any extra, by their metadata; none where it is not installed."""
    try:
        lines = metadata.requires(distribution) or []
    except metadata.PackageNotFoundError:
        return set()
    return {normalized(re.match(r"[\w.-]+", line).group()) for line in lines if "extra ==" not in line}


def all_dependencies() -> set[str]:
    found, queue = set(), set(DEPENDENCIES)
    while queue:
        found |= queue
        queue = set().union(*map(required_by, queue)) - found
    return found


def importable_names(distributions: set[str]) -> set[str]:
    owners = metadata.packages_distributions().items()
    names = {name for name, dists in owners if distributions & set(map(normalized, dists))}
    return {name for name in names if name.isidentifier() and not name.startswith("_")}


def test_dependencies_of_dependencies_are_known():
    known = importable_names(all_dependencies())
    assert {"streamlit", "click", "numpy", "plotly", "narwhals", "sympy", "mpmath"} <= known


def test_no_file_or_folder_shadows_a_dependency():
    taken = importable_names(all_dependencies()) | DEPENDENCIES
    ours = {part for path in source_files() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert ours & taken == set()


def test_nothing_at_the_top_shadows_the_standard_library():
    top = {path.relative_to(ROOT).with_suffix("").parts[0] for path in source_files()}
    assert top & set(sys.stdlib_module_names) == set()


def test_requirements_are_the_four():
    lines = [line.partition("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines()]
    names = [re.match(r"[\w.-]+", line).group() for line in lines if line]
    assert sorted(names) == sorted(DEPENDENCIES)


# JavaScript


def javascript_complaints(*paths: Path) -> str:
    """What `make lint` says of files of JavaScript, a line for each complaint; of all of ours unless some are given."""
    linter = Path(sysconfig.get_path("scripts")) / "oxlint"
    options = [f"--config={ROOT / '.oxlintrc.json'}", "--deny-warnings", "--format=unix"]
    done = subprocess.run([linter, *options, *paths], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout if done.returncode else ""


def test_javascript_has_no_unknown_and_no_unused_names():
    assert javascript_complaints() == ""


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('import { cut } from "./geometry.js";', "'cut' is imported but never used"),
        ("const unused = 1;", "'unused' is declared but never used"),
        ("function unused() {}", "'unused' is declared but never used"),
        ("export const first = (one, two) => two;", "'one' is declared but never used"),
        ("export const first = missing;", "'missing' is not defined"),
        ("export const = 1;", "Unexpected token"),
    ],
)
def test_a_bad_name_or_sign_in_javascript_would_be_seen(tmp_path, source, complaint):
    file = tmp_path / "module.js"
    file.write_text(f"{source}\n")
    assert complaint in javascript_complaints(file)


# Docstrings


def public_definitions(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """The module itself and its public classes and functions."""
    tree = ast.parse(path.read_text())
    yield "module", tree
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_"):
            yield node.name, node


@pytest.mark.slow
@pytest.mark.parametrize("layer", CORE)
def test_every_public_name_of_the_core_has_a_docstring(layer):
    definitions = [(path.name, name, node) for path in files_of(layer) for name, node in public_definitions(path)]
    missing = [(file, name) for file, name, node in definitions if not (ast.get_docstring(node) or "").strip()]
    assert missing == []


@pytest.mark.slow
@pytest.mark.parametrize("layer", ["figures", "browser", "ui", "pages", "app", "tests", "benchmarks"])
def test_every_other_module_says_what_it_is(layer):
    docstrings = {path.name: ast.get_docstring(ast.parse(path.read_text())) for path in files_of(layer)}
    assert [name for name, docstring in docstrings.items() if not docstring] == []


# Test files


def module_names() -> set[str]:
    """What a test file may be named after: modules, and packages for what concerns them as a whole."""
    paths = [path.relative_to(ROOT) for layer in INWARD for path in files_of(layer)]
    return {path.stem for path in paths} | {folder for path in paths for folder in path.parent.parts}


def test_every_test_file_mirrors_a_module():
    subjects = {path.stem.removeprefix("test_") for path in (ROOT / "tests").rglob("test_*.py")}
    orphans = {subject for subject in subjects if not any(fnmatch(subject, broader) for broader in BROADER_TESTS)}
    assert orphans - module_names() == set()


def test_test_files_have_names_of_their_own():
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(set(names)) == len(names)
