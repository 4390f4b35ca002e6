"""Cells and clicks as a script, and a script as cells."""

import subprocess
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from playground.engine.document import Document
from playground.engine.tensors.console.console import Console
from playground.engine.tensors.console.headless import run_script
from playground.engine.tensors.console.script_cells import cells


def test_a_transcript_runs_as_a_script_and_gives_the_same(tmp_path: Path) -> None:
    console = Console(Document, is_shared=False, remembers=False)
    with console.opened():
        for code in (
            "torch.manual_seed(1)",
            "w = torch.randn(3, requires_grad=True)",
            "one_hot(torch.tensor([1]), 3) @ w",
            "w.view(7)",
            "%timeit -n 1 -r 1 w",
        ):
            console.run_cell(code)
        console.transcript.echo("w.data.zero_()")
        console.run_cell("print(w.sum().item(), w.grad)")
    script = console.transcript.script()
    assert "# w.view(7)\n# RuntimeError: " in script
    assert "# %timeit -n 1 -r 1 w" in script
    assert "def one_hot" in script
    assert "def plot_curve" not in script
    file = tmp_path / "transcript.py"
    file.write_text(script)
    ran = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=False, timeout=100)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "0.0 None\n", "")
    assert [result.error for result in run_script(script)] == [""] * len(cells(script))


def test_marked_cells_are_run_whole() -> None:
    assert cells("import a\n# %% first\nb = 1\nc = 2\n\n#%%\n# nothing\n# %%\nd") == ("import a", "b = 1\nc = 2", "d")


def test_without_marks_each_statement_is_a_cell() -> None:
    text = (
        "# about\nx = 1\nif x:\n    y = 2\n\n    z = 3\nelse:\n    y = 4\n"
        "t = [\n1,\n2]\n@wraps\ndef f():\n    '''doc\n\nmore'''\n    return 1\nf(); f()\n"
        "%timeit x\nprint\uff081\uff09\nlast"
    )
    assert cells(text) == (
        "x = 1",
        "if x:\n    y = 2\n\n    z = 3\nelse:\n    y = 4",
        "t = [\n1,\n2]",
        "@wraps\ndef f():\n    '''doc\n\nmore'''\n    return 1",
        "f(); f()",
        "%timeit x",
        "print\uff081\uff09",
        "last",
    )


@given(st.lists(st.sampled_from(["a = 1", "b = [\n  2,\n]", "for i in x:\n    i\n    i", "c(", "# note", "", "%t"])))
def test_no_line_with_a_statement_is_lost_or_doubled(parts: list[str]) -> None:
    text = "\n".join(parts)
    kept = [line for cell in cells(text) for line in cell.splitlines() if line.strip() and not line.startswith("#")]
    assert kept == [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def test_a_cell_that_fails_does_not_stop_the_others() -> None:
    results = list(run_script("a = torch.arange(3)\na @ torch.ones(2)\nq\na.tolist()"))
    assert [bool(result.error) for result in results] == [False, True, True, False]
    assert results[3].text == "[0, 1, 2]\n"
