"""The notebook of a document: well-formed, the same every time, and its cells in order are the run."""

import ast
import json
import re
import subprocess
import sys

import pytest

from playground.engine import presets
from playground.engine.document import replace
from playground.engine.scripts.notebook import notebook
from playground.engine.scripts.program import script
from tests.engine.scripts.test_script import EXPERIMENTS, engine_run, imports

# https://nbformat.readthedocs.io/en/latest/format_description.html, of version 4.5
KEYS = {
    "code": {"cell_type", "id", "metadata", "source", "outputs", "execution_count"},
    "markdown": {"cell_type", "id", "metadata", "source"},
}


def cells(document, **asked):
    return json.loads(notebook(document, **asked))["cells"]


def code(document, **asked):
    return ["".join(cell["source"]) for cell in cells(document, **asked) if cell["cell_type"] == "code"]


def titles(document):
    texts = ["".join(cell["source"]) for cell in cells(document) if cell["cell_type"] == "markdown"]
    return [text.splitlines()[0] for text in texts]


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_gives_a_notebook_of_version_4_5(name):
    found = json.loads(notebook(presets.preset(name)))
    assert (found["nbformat"], found["nbformat_minor"]) == (4, 5)
    assert found["metadata"]["kernelspec"]["name"] == "python3"
    ids = [cell["id"] for cell in found["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in found["cells"]:
        assert cell.keys() == KEYS[cell["cell_type"]]
        assert re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", cell["id"])
        assert all(line.endswith("\n") for line in cell["source"][:-1])
    assert notebook(presets.preset(name)) == notebook(presets.preset(name))


@pytest.mark.parametrize("name", presets.names())
def test_its_code_is_the_program_s_without_options_and_other_processes(name):
    text = "\n".join(code(presets.preset(name)))
    modules = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports(text)}
    assert modules <= {"math", "os", "sys", "torch", "torch.nn.functional", "torchvision"}
    assert not re.search(r"RANK|WORLD|dist\.|args\.|share\(|add_up", text)
    program = {line.strip() for line in script(presets.preset(name)).splitlines()}
    own = [line for line in text.splitlines() if line.strip() not in program]
    assert len(own) <= 16, own


def test_every_section_has_a_title_and_a_cell():
    assert titles(presets.preset("lenet5")) == [
        *("# MNIST, LeNet-5", "## Settings", "## Data: MNIST", "## Network", "## Loss", "## Optimiser"),
        *("## Evaluation", "## Checkpoint", "## Progress bar", "## Training", "## The trained weights"),
    ]


@pytest.mark.parametrize(("name", "form"), [("plateau", "sequential"), ("one cycle", "class"), ("lbfgs", "class")])
def test_its_cells_run_in_order_are_the_run(name, form, tmp_path, monkeypatch):
    run = engine_run(EXPERIMENTS[name])
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__main__"}
    for number, cell in enumerate(code(EXPERIMENTS[name], form=form)):
        exec(compile(cell, f"cell {number}", "exec"), names)
    assert names["losses"] == run.history.step_series("loss").tolist()
    last = run.history.epochs[-1]
    assert (names["test_loss"], names["test_accuracy"]) == (last.test.loss, last.test.accuracy)
    assert (tmp_path / "weights.pt").exists()


def test_threads_are_set_where_a_number_is_given():
    assert "torch.set_num_threads(3)" in code(EXPERIMENTS["sum"], threads=3)[1]
    assert "set_num_threads" not in notebook(EXPERIMENTS["sum"])


def test_a_title_is_neither_markdown_nor_html_nor_a_formula():
    title = "<img src=x onerror=alert(1)> **a** $b$ [c](d)\n# e `f`"
    first = titles(replace(presets.preset("lenet5"), "title", title))[0]
    assert first == r"# \<img src=x onerror=alert(1)\> \*\*a\*\* \$b\$ \[c\](d) \# e \`f\`"


def test_it_is_written_without_torch():
    text = (
        "import sys; from playground.engine.presets import preset\n"
        "from playground.engine.scripts.notebook import notebook\n"
        "notebook(preset('digit-cnn')); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", text], check=False).returncode == 0
