"""`script` on the command line: a program or a notebook, threads, and what it refuses."""

import json

import pytest

from playground import cli
from playground.engine import presets
from playground.engine.document import replace
from playground.engine.scripts.notebook import notebook
from playground.engine.scripts.program import script
from playground.engine.training.control import Control
from playground.engine.training.job import training_job


@pytest.fixture
def terminal(capsys):
    def run(*arguments):
        try:
            code = cli.main(["script", *map(str, arguments)])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return run


def test_a_name_that_ends_in_ipynb_gives_a_notebook(terminal, tmp_path):
    path = tmp_path / "spiral.ipynb"
    assert terminal("spiral-mlp", "--form", "class", "--out", path) == (0, f"wrote {path}\n", "")
    assert path.read_text() == notebook(presets.preset("spiral-mlp"), form="class")
    assert json.loads(path.read_text())["nbformat"] == 4


def test_the_number_of_threads_is_written_down_where_it_is_given(terminal):
    code, printed, _ = terminal("spiral-mlp", "--threads", "3")
    assert (code, printed) == (0, script(presets.preset("spiral-mlp"), threads=3))
    assert "torch.set_num_threads(3)" in printed


def test_the_program_of_a_run_is_that_of_its_document(terminal, tmp_path):
    line = replace(presets.preset("linear-regression"), "training.epochs", 1)
    list(training_job(line, Control(), out=tmp_path / "run"))
    assert terminal(tmp_path / "run") == (0, script(line), "")
    code, _, said = terminal(tmp_path)
    assert code == 2
    assert "the folder holds neither checkpoint.json nor weights.safetensors" in said


@pytest.mark.parametrize(
    ("preset", "setting", "sentence"),
    [
        ("spiral-mlp", "lr=fast", "lr must be a number, not 'fast'"),
        ("spiral-mlp", "lr=-1", "lr must be at least 0, not -1"),
        ("spiral-mlp", "lr=1e300", "cannot be converted to type float"),
        ("spiral-mlp", "training.optimizer.name=Muon", "it takes only matrices"),
        ("linear-regression", "training.loss.name=nll", "it needs class labels"),
        ("spiral-mlp", "training.loss.reduction=batchmean", "only kl_div knows the reduction batchmean"),
    ],
)
def test_a_setting_that_would_make_a_program_that_fails_is_refused(terminal, preset, setting, sentence):
    code, printed, said = terminal(preset, "--set", setting)
    assert (code, printed) == (2, "")
    assert sentence in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("number", ["0", "two", "1025", "²"])
def test_what_is_no_number_of_threads_is_refused(terminal, number):
    code, _, said = terminal("spiral-mlp", "--threads", number)
    assert code == 2
    assert f"{number!r} is not a whole number from 1 to 1,024" in said


def test_a_folder_that_is_not_there_is_refused(terminal, tmp_path):
    code, _, said = terminal("spiral-mlp", "--out", tmp_path / "missing" / "spiral.ipynb")
    assert code == 2
    assert "the folder does not exist" in said


def test_help_tells_of_notebooks_and_torchrun(terminal):
    code, printed, _ = terminal("--help")
    assert code == 0
    assert "Jupyter notebook" in printed
    assert "torchrun" in printed
