"""The prover finds every way in which a file can differ from its net, and no difference where there is none."""

import pytest
import safetensors.torch
import torch
from torch import nn

from playground.engine.child import Child
from playground.engine.export.proof import prover_child
from playground.engine.export.proof.prover_child import prove

pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit:FutureWarning")

SCRIPT = """\
import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))
print(net)
"""


class Plus(nn.Module):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def forward(self, x):
        return x.double() + self.error


class OfTwo(nn.Module):
    def forward(self, x):
        return x.view(2, 4)


class Root(nn.Module):
    def forward(self, x):
        return x.sqrt()


class Case:
    """A net, what the prover compares with, and the file that has to prove itself."""

    def __init__(self, folder, scale=1.0):
        torch.manual_seed(0)
        self.net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3))
        for _ in range(5):
            self.net(torch.randn(32, 4))
        self.net.eval()
        with torch.no_grad():
            self.net[3].weight *= scale
            self.net[3].bias *= scale
        self.inputs = torch.randn(50, 4)
        self.targets = torch.randint(0, 3, (50,))
        self.outputs = {batch: self.net(self.inputs[:batch]).detach() for batch in (1, 2, 50)}
        self.folder = folder
        self.path = folder / "model.pt"

    def prove(self, format_="state_dict", script=SCRIPT):
        reference = self.folder / "reference"
        outputs = {f"outputs-{batch}": output for batch, output in self.outputs.items()}
        safetensors.torch.save_file({"inputs": self.inputs, "targets": self.targets, **outputs}, reference)
        return prove({"format": format_, "path": str(self.path), "reference": str(reference), "script": script})

    def traced(self, net=None, batch=2):
        torch.jit.trace(net or self.net, self.inputs[:batch]).save(self.path)
        return self.prove("torchscript")


@pytest.fixture
def case(tmp_path):
    return Case(tmp_path)


def test_the_same_weights_agree_bit_for_bit(case):
    torch.save(case.net.state_dict(), case.path)
    found = case.prove()
    assert found["failures"] == []
    assert found["batches"] == [(1, 0.0), (2, 0.0), (50, 0.0)]
    accuracy = float((case.outputs[50].argmax(dim=1) == case.targets).double().mean())
    assert found["accuracy_net"] == found["accuracy_export"] == accuracy
    assert all(latency > 0 for latency in found["latencies"])
    assert found["versions"]["torch"] == torch.__version__


@pytest.mark.parametrize("padding", range(0, 64, 8))
def test_what_is_compared_begins_where_torch_itself_would_put_it(tmp_path, padding):
    """Kernels round differently by where a batch begins, and a mapped file holds it anywhere."""
    path = tmp_path / "reference"
    held = {"inputs": torch.randn(2, 4), "outputs-2": torch.randn(2, 3)}
    safetensors.torch.save_file(held, path, {"padding": "x" * padding})
    inputs, _, outputs = prover_child._reference(path)
    assert {tensor.data_ptr() % 64 for tensor in (inputs, outputs[2])} == {0}


@pytest.mark.parametrize("buffer", ["3.weight", "1.running_mean"])
def test_altered_weights_are_found_and_told_with_their_place(case, buffer):
    weights = case.net.state_dict()
    weights[buffer] = weights[buffer] + 0.01
    torch.save(weights, case.path)
    found = case.prove()
    assert len(found["failures"]) == 3
    altered = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3)).eval()
    altered.load_state_dict(weights)
    with torch.no_grad():
        difference = (altered(case.inputs) - case.outputs[50]).abs()
    worst = float(difference.max())
    sample, output = divmod(int(difference.argmax()), 3)
    assert dict(found["batches"])[50] == pytest.approx(worst, rel=1e-6)
    assert f"at batch 50 the outputs differ by up to {worst:.3g}, more than 1e-05" in found["failures"][2]
    assert (
        f"sample {sample}, output {output}: {case.outputs[50][sample, output]:.6g} from the net" in found["failures"][2]
    )


@pytest.mark.parametrize(("error", "passes"), [(0.9e-5, True), (1.2e-5, False)])
def test_rounding_passes_up_to_a_hundred_thousandth(case, error, passes):
    assert (case.traced(nn.Sequential(case.net, Plus(error)))["failures"] == []) is passes


def test_large_outputs_are_compared_relative_to_their_size(tmp_path):
    case = Case(tmp_path, scale=1e4)
    largest = max(float(output.abs().max()) for output in case.outputs.values())
    found = case.traced()
    assert found["tolerance"] == pytest.approx(1e-5 * largest)
    assert largest > 1_000


def test_a_batch_size_that_was_fixed_is_found(case):
    found = case.traced(nn.Sequential(OfTwo(), case.net))
    assert [failure.split(":")[0] for failure in found["failures"]] == [
        "a batch of 1 is refused",
        "a batch of 50 is refused",
    ]
    assert found["batches"] == [(2, 0.0)]
    assert found["accuracy_export"] is None
    assert found["latencies"] == [None, None]


def test_outputs_of_another_shape_are_found(case):
    found = case.traced(nn.Sequential(case.net, nn.Flatten(0)))
    assert "at batch 2 it gives (6,) instead of (2, 3)" in found["failures"]


def test_a_number_that_is_not_finite_only_in_the_file_is_found(case):
    found = case.traced(nn.Sequential(case.net, nn.Threshold(-1e9, 0.0), Root()))
    assert "differ by up to inf" in found["failures"][0]
    assert 50 not in dict(found["batches"])


def test_numbers_that_are_not_finite_in_both_are_the_same(case):
    net = nn.Sequential(case.net, Root())
    case.outputs = {batch: net(case.inputs[:batch]).detach() for batch in (1, 2, 50)}
    assert not case.outputs[50].isfinite().all()
    assert case.traced(net)["failures"] == []


@pytest.mark.parametrize("format_", list(prover_child._LOADERS))
def test_a_file_that_cannot_be_loaded_again_is_told(case, format_):
    case.path.write_bytes(b"no model" * 100)
    (failure,) = case.prove(format_)["failures"]
    assert failure.startswith("it could not be loaded again: ")
    assert "\n" not in failure


def test_weights_of_another_net_are_told(case):
    torch.save(case.net.state_dict(), case.path)
    (failure,) = case.prove(script=SCRIPT.replace("8", "9"))["failures"]
    assert "Error(s) in loading state_dict" in failure


def test_a_folder_whose_program_fails_is_told(case):
    case.path.mkdir()
    (case.path / "model.py").write_text("import sys\nnet = None\nif __name__ == '__main__':\n    sys.exit('no luck')\n")
    (failure,) = case.prove("folder")["failures"]
    assert failure == "it could not be loaded again: RuntimeError: python model.py failed with no luck"


def test_the_playground_cannot_be_imported_in_the_prover(tmp_path):
    case = Case(tmp_path)
    case.path.mkdir()
    # As a program of its own it finds what is installed here; in the prover it finds nothing of ours.
    (case.path / "model.py").write_text("if __name__ != '__main__':\n    import playground.engine.problems\n")
    safetensors.torch.save_file({"inputs": case.inputs, "outputs-50": case.outputs[50]}, tmp_path / "reference")
    question = {"format": "folder", "path": str(case.path), "reference": str(tmp_path / "reference"), "script": ""}
    with Child("-I", prover_child.__file__) as prover:
        (failure,) = prover.ask(question)["failures"]
    assert "ModuleNotFoundError: No module named 'playground.engine'" in failure
