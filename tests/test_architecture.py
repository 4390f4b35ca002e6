"""Who may import whom, how long a module and a function may be, and what starting the window leaves unimported."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
QT = {"PySide6", "shiboken6", "pyqtgraph", "superqt", "qtconsole"}
WIDGETS_MAY_USE = {"PySide6", "shiboken6", "pyqtgraph", "qtconsole", "superqt", "OpenGL", "numpy"}
Imports = list[tuple[int, str]]


def modules(*folders: str) -> Iterator[tuple[str, str]]:
    """Name and source of every module in these folders of the checkout."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path.read_text()


def imports(source: str) -> Imports:
    """Line and full name of every import, at whatever depth, type checking included."""
    found: Imports = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.lineno, f"{'.' * node.level}{node.module or ''}.{alias.name}") for alias in node.names]
    return found


def inside(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def allowed_in_engine(module: str, name: str) -> bool:
    if inside(name, *QT):
        return module == "playground.engine.worker"
    return not inside(name, "playground") or inside(name, "playground.engine", "playground.assets")


def allowed_in_widgets(module: str, name: str) -> bool:
    own_folder = ".".join(module.split(".")[:3])
    if inside(name, "playground"):
        return inside(name, "playground.widgets.common", "playground.assets", own_folder)
    return name.split(".", maxsplit=1)[0] in WIDGETS_MAY_USE | sys.stdlib_module_names


def allowed(module: str, name: str) -> bool:
    """Whether the rules of the house let this module import that name."""
    if name.startswith(".") or inside(name, "tests", "benchmarks"):
        return inside(module, "benchmarks", "tests") and not name.startswith(".")
    if inside(module, "playground.engine"):
        return allowed_in_engine(module, name)
    if inside(module, "playground.widgets"):
        return allowed_in_widgets(module, name)
    return True


def forbidden_imports(module: str, source: str) -> list[str]:
    return [f"{module}:{line} imports {name}" for line, name in imports(source) if not allowed(module, name)]


def too_long(module: str, source: str) -> list[str]:
    lines = len(source.splitlines())
    found = [f"{module} has {lines} lines"] if lines > LONGEST_MODULE else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and code_lines(node) > LONGEST_FUNCTION:
            found.append(f"{module}:{node.lineno} {node.name} has {code_lines(node)} lines")
    return found


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function, its docstring not counted."""
    told = function.body[0] if ast.get_docstring(function) is not None else None
    docstring = (told.end_lineno or told.lineno) - told.lineno + 1 if told else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def test_every_module_imports_only_what_its_room_may() -> None:
    assert [found for module in modules("playground", "benchmarks") for found in forbidden_imports(*module)] == []


def test_no_module_and_no_function_is_too_long() -> None:
    assert [found for module in modules("playground", "benchmarks", "tests") for found in too_long(*module)] == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("playground.engine.network.builder", "from PySide6 import QtCore"),
        ("playground.engine.training.job", "import pyqtgraph as pg"),
        ("playground.engine.training.job", "from playground import jobs"),
        ("playground.engine.training.job", "from playground.widgets.common.theme import Theme"),
        ("playground.engine.training.job", "def late():\n    from playground.session import Session"),
        ("playground.widgets.plots.curves", "import torch"),
        ("playground.widgets.plots.curves", "from playground.session import Session"),
        ("playground.widgets.plots.curves", "from playground import widgets"),
        ("playground.widgets.plots.curves", "from playground.engine.document import Document"),
        ("playground.widgets.plots.curves", "from playground.widgets.digits.pad import DigitPad"),
        ("playground.widgets.plots.curves", "from .. import digits"),
        ("playground.cli", "from benchmarks import timing"),
        ("playground.cli", "import tests.conftest"),
    ],
)
def test_a_forbidden_import_is_found(module: str, line: str) -> None:
    assert forbidden_imports(module, line)


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("playground.engine.worker", "from PySide6.QtCore import QThread"),
        ("playground.engine.training.job", "import torch\nfrom playground.engine.rng import seed"),
        ("playground.widgets.plots.curves", "import math\nimport pyqtgraph as pg"),
        ("playground.widgets.plots.curves", "from playground.widgets.plots.axes import Axis"),
        ("playground.controllers.training", "from playground.session import Session"),
        ("benchmarks.b1", "from benchmarks.timing import pairs"),
    ],
)
def test_an_allowed_import_passes(module: str, line: str) -> None:
    assert forbidden_imports(module, line) == []


def test_a_long_module_and_a_long_function_are_found() -> None:
    assert too_long("long", "x = 1\n" * 401) == ["long has 401 lines"]
    assert too_long("long", "def f():\n" + "    x = 1\n" * 50) == ["long:1 f has 51 lines"]
    assert too_long("fits", 'def f():\n    """What\n    it does."""\n' + "    x = 1\n" * 49) == []


@pytest.mark.parametrize("module", ["playground.app", "playground.cli", "playground.engine.document"])
def test_importing_it_leaves_torch_unimported(module: str) -> None:
    check = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False, cwd=ROOT).returncode == 0


@pytest.mark.parametrize("path", sorted((ROOT / "playground" / "widgets").rglob("*.py")), ids=str)
def test_every_painter_is_closed_even_when_painting_raises(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = {id(item.context_expr) for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "QPainter"]
    left_open = [node.lineno for node in calls if id(node) not in guarded]
    assert not left_open, f"{path.name}: an exception while painting crashes the program; use `with QPainter(...)`"
