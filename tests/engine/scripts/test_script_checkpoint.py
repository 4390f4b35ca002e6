"""The program's checkpoint: to go on from it gives the numbers of a run without a break; and its bar."""

import io
import sys
from pathlib import Path

import pytest
import torch

from playground.engine import presets
from tests.engine.scripts.test_script import EXPERIMENTS, moons, program

EPOCH_STEPS = 5  # 70 samples in batches of 16


@pytest.fixture(autouse=True)
def any_algorithm():
    yield
    torch.use_deterministic_algorithms(False)


def weights(ran):
    return list(ran["net"].state_dict().values())


@pytest.mark.parametrize("name", ["plateau", "one cycle", "milestones", "lbfgs", "sum", "l1"])
def test_a_run_broken_off_goes_on_bit_for_bit(name, tmp_path, monkeypatch, capsys):
    whole = program(EXPERIMENTS[name], tmp_path, monkeypatch)
    broken = program(EXPERIMENTS[name], tmp_path, monkeypatch, "--steps", str(2 * EPOCH_STEPS + 2))
    capsys.readouterr()
    resumed = program(EXPERIMENTS[name], tmp_path, monkeypatch, "--resume")
    assert len(broken["losses"]) == 12
    assert resumed["losses"] == whole["losses"]
    assert resumed["test_loss"] == whole["test_loss"]
    assert all(map(torch.equal, weights(resumed), weights(whole)))
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()[:2]] == ["epoch 3", "epoch 4"]


def test_a_run_goes_on_for_more_epochs(tmp_path, monkeypatch):
    whole = program(EXPERIMENTS["sum"], tmp_path, monkeypatch, "--epochs", "6")
    program(EXPERIMENTS["sum"], tmp_path, monkeypatch)
    resumed = program(EXPERIMENTS["sum"], tmp_path, monkeypatch, "--epochs", "6", "--resume")
    assert len(resumed["losses"]) == 6 * EPOCH_STEPS
    assert resumed["losses"] == whole["losses"]


def test_what_was_trained_to_the_end_is_only_written_again(tmp_path, monkeypatch):
    whole = program(EXPERIMENTS["sum"], tmp_path, monkeypatch)
    (tmp_path / "weights.pt").unlink()
    resumed = program(EXPERIMENTS["sum"], tmp_path, monkeypatch, "--resume")
    assert resumed["losses"] == whole["losses"]
    assert all(map(torch.equal, torch.load(tmp_path / "weights.pt", weights_only=True).values(), weights(whole)))


def test_a_crash_while_it_is_written_leaves_the_checkpoint_before(tmp_path, monkeypatch):
    whole = program(EXPERIMENTS["one cycle"], tmp_path, monkeypatch)
    save, written = torch.save, []

    def breaks_off(state, path):
        written.append(path)
        if len(written) == 3:
            Path(path).write_bytes(b"half")
            raise OSError("the disk is full")
        save(state, path)

    monkeypatch.setattr(torch, "save", breaks_off)
    with pytest.raises(OSError, match="disk is full"):
        program(EXPERIMENTS["one cycle"], tmp_path, monkeypatch)
    monkeypatch.setattr(torch, "save", save)
    assert torch.load(tmp_path / "weights.pt.checkpoint", weights_only=True)["epochs_done"] == 2
    resumed = program(EXPERIMENTS["one cycle"], tmp_path, monkeypatch, "--resume")
    assert resumed["losses"] == whole["losses"]


class Evil:
    """Writes a file where it is unpickled."""

    def __init__(self, planted):
        self.planted = planted

    def __reduce__(self):
        return Path.touch, (self.planted,)


def test_a_checkpoint_that_is_a_program_does_not_run(tmp_path, monkeypatch, capsys):
    torch.save(Evil(tmp_path / "planted"), tmp_path / "weights.pt.checkpoint")
    assert "is damaged, or not of this program" in refusal(tmp_path, monkeypatch, capsys, "--resume")
    assert not (tmp_path / "planted").exists()


def test_nothing_to_go_on_from_is_a_sentence(tmp_path, monkeypatch, capsys):
    assert "There is no checkpoint" in refusal(tmp_path, monkeypatch, capsys, "--resume")


@pytest.mark.parametrize("content", [b"", b"half", "another net"])
def test_a_checkpoint_of_something_else_is_a_sentence(content, tmp_path, monkeypatch, capsys):
    path = tmp_path / "weights.pt.checkpoint"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        torch.save({"net": torch.nn.Linear(3, 3).state_dict()}, path)
    assert f"{path} is damaged, or not of this program: " in refusal(tmp_path, monkeypatch, capsys, "--resume")


def test_a_folder_that_is_not_there_is_said_before_anything_is_trained(tmp_path, monkeypatch, capsys):
    out = tmp_path / "none" / "weights.pt"
    said = refusal(tmp_path, monkeypatch, capsys, out=out)
    assert said == f"There is no folder for {str(out)!r}; make it, or name another file with --out.\n"


def test_data_that_cannot_be_read_are_a_sentence(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    document = presets.preset("mnist-mlp")
    said = refusal(tmp_path, monkeypatch, capsys, "--data", str(tmp_path / "file"), document=document)
    assert f"can neither be read from {str(tmp_path / 'file')!r} nor downloaded to it" in said


def refusal(tmp_path, monkeypatch, capsys, *options, document=EXPERIMENTS["sum"], out=None):
    """The one line with which the program ends."""
    with pytest.raises(SystemExit) as end:
        program(document, tmp_path, monkeypatch, *options, *(["--out", str(out)] if out else []))
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


class Terminal(io.StringIO):
    """A stream that says it is watched."""

    def isatty(self):
        return True


def test_the_bar_shows_only_where_somebody_watches(tmp_path, monkeypatch, capsys):
    document = moons(epochs=1)
    program(document, tmp_path, monkeypatch)
    assert capsys.readouterr().err == ""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    program(document, tmp_path, monkeypatch, "--steps", "4")
    drawn = terminal.getvalue().split("\r")
    assert drawn[:2] == [f"[{' ' * 40}] 0/5", f"[{'#' * 8:<40}] 1/5"]
    assert drawn[-2].strip() == "", "a run that stops early leaves a clean line"
