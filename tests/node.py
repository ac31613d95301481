"""JavaScript outside a browser, by the node that comes with Playwright: `python -m tests.node` runs its tests."""

import json
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import playwright

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "tests" / "node"


@cache
def node_path() -> Path:
    """The program itself."""
    driver = Path(playwright.__file__).parent / "driver"
    return next(path for path in (driver / "node", driver / "node.exe") if path.exists())


def answers_of(script: Path, questions: Iterable) -> list:
    """What a script answers to questions, JSON line by line; RuntimeError with its words where it fails."""
    lines = "".join(f"{json.dumps(question, allow_nan=False)}\n" for question in questions)
    done = subprocess.run([node_path(), script], input=lines, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> int:
    """Runs the tests of all modules of JavaScript."""
    return subprocess.run([node_path(), "--test", *map(str, sorted(FOLDER.glob("*.test.js")))], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
