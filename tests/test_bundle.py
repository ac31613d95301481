"""Modules as one classic script: every module of ours, the same numbers, and a sentence for what is not known."""

import json
import subprocess

import pytest

from browser import program
from browser.bundle import bundle
from browser.files import FILES
from optimizers import OPTIMIZERS
from surfaces import SURFACES
from tests.browser import ROOT
from tests.node import node_path

MODULES = [name for name in FILES if name.endswith(".js") and "/" in name]


def ran(script: str, tmp_path, given: str = "") -> str:
    """What a classic script prints."""
    file = tmp_path / "script.cjs"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run([node_path(), file], input=given, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def modules(monkeypatch, tmp_path):
    """Puts modules among those that are served, by their names in the folder test."""

    def put(**texts: str) -> None:
        for name, text in texts.items():
            file = tmp_path / f"{name}.js"
            file.write_text(text, encoding="utf-8")
            monkeypatch.setitem(FILES, f"test/{name}.js", file)

    return put


@pytest.mark.slow
def test_every_module_of_ours_is_a_script(tmp_path):
    assert "canvas/canvas.js" in MODULES
    for place, name in enumerate(MODULES):
        file = tmp_path / f"{place}.cjs"
        file.write_text(bundle(name), encoding="utf-8")
        done = subprocess.run([node_path(), "--check", file], capture_output=True, text=True)
        assert done.returncode == 0, (name, done.stderr)


def test_the_engine_runs_as_a_script_as_it_does_as_a_module(modules, tmp_path):
    source = (ROOT / "browser" / "run.mjs").read_text(encoding="utf-8")
    module = 'import { readFileSync } from "node:fs";'
    assert module in source
    modules(run=source.replace(module, 'const { readFileSync } = require("node:fs");').replace('"./', '"../'))
    surface = SURFACES["ackley"]
    runs = program(surface, {name: rule() for name, rule in OPTIMIZERS.items()}, surface.start, 40)
    given = json.dumps(runs)
    node = [node_path(), ROOT / "browser" / "run.mjs"]
    expected = subprocess.run(node, input=given, capture_output=True, text=True, check=True).stdout
    assert json.loads(expected)["Adam"][-1] != json.loads(expected)["Adam"][0]
    assert ran(bundle("test/run.js"), tmp_path, given) == expected


def test_a_module_runs_once_and_before_those_that_import_it(modules, tmp_path):
    modules(
        first='console.log("first");\nexport const one = 1, two = [one, 2][1];',
        second='import { one as three } from "./first.js";\nexport function sum() { return three + 1; }',
        third="""
import {
  two,
  one,
} from "./first.js";
import { sum } from "./second.js";
import * as all from '../test/first.js';
export class Nothing {}
export async function later() { return await Promise.resolve(4); }
const own = { export: 5, async f() { await later(); } };
console.log(one, two, sum(), Object.keys(all).join(), own.export, this === undefined);
""",
    )
    assert ran(bundle("test/third.js"), tmp_path) == "first\n1 2 2 one,two 5 true\n"


def test_modules_keep_their_names_to_themselves(modules, tmp_path):
    modules(
        first="const modules = 1;\nexport const name = modules;",
        second='import { name as other } from "./first.js";\nconst name = 2;\nconsole.log(other, name);',
    )
    assert ran(bundle("test/second.js"), tmp_path) == "1 2\n"


def test_comments_stay_at_home(modules, tmp_path):
    modules(
        first="const a = 1/* one\n*/const b/**/= 2; // two\nconsole.log(`${a} // ${b}`, '/* 3 */', /[/*]/.test('*'));"
    )
    script = bundle("test/first.js")
    assert "one" not in script
    assert "two" not in script
    assert ran(script, tmp_path) == "1 // 2 /* 3 */ true\n"


def test_the_script_is_strict(modules, tmp_path):
    modules(first="try { undeclared = 1; } catch (error) { console.log(error.name); }")
    assert ran(bundle("test/first.js"), tmp_path) == "ReferenceError\n"


@pytest.mark.parametrize(
    "line",
    [
        "export let a = 1;",
        "export var a = 1;",
        "export default 1;",
        "export { other };",
        'export { a } from "./first.js";',
        'export * from "./first.js";',
        "export const { a } = other;",
        "export function* f() {}",
        "export const a = 1",
        'import "./first.js";',
        'import first from "./first.js";',
        'import first, { one } from "./first.js";',
        'import { one } from "./first.js" with { type: "json" };',
        'import { missing } from "./first.js";',
        'import { one } from "./nowhere.js";',
        'import { one } from "fs";',
        'const first = import("./first.js");',
        "console.log(import.meta.url);",
        "await other;",
        "if (other) { await other; }",
        "for await (const each of other) each();",
        'import { a } from "./second.js"; export const b = 1;',
    ],
)
def test_what_is_not_known_is_named_with_its_file_and_line(modules, line):
    modules(first="export const one = 1;", second=f"const other = 0;\n\n{line}\n")
    with pytest.raises(ValueError, match=r"^test/second\.js:3: "):
        bundle("test/second.js")


def test_a_longer_circle_is_named(modules):
    modules(
        first='import { b } from "./second.js";\nexport const a = 1;',
        second='import { c } from "./third.js";\nexport const b = 1;',
        third='\nimport { a } from "./first.js";\nexport const c = 1;',
    )
    with pytest.raises(ValueError, match=r"^test/third\.js:2: test/first\.js imports this module, too: a circle\."):
        bundle("test/first.js")


def test_a_file_that_is_not_there_has_no_bundle():
    with pytest.raises(KeyError):
        bundle("canvas/nowhere.js")


def test_a_module_cannot_end_the_script_element_around_it(modules, tmp_path):
    modules(first='console.log("</script><!--");', second='import * as first from "./first.js";\nconsole.log(!!first);')
    script = bundle("test/second.js")
    assert "</script" not in script
    assert "<!--" not in script
    assert ran(script, tmp_path) == "</script><!--\ntrue\n"
