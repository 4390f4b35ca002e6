"""The clean process in which an export has to prove itself: the playground cannot be imported here.

Run by its path as `python -I`. A question names an export, the file of the net's own outputs, and, where the export
holds weights alone, the text of the program that builds the net; see `proving` for the answer.
"""

import contextlib
import os
import platform
import runpy
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

TOLERANCE = 1e-5
LATENCY_BATCHES = (1, 64)

Run = Callable[[Tensor], Tensor]

_NICENESS = 5
_MOST_RUNS = 9
_RUN_SECONDS = 0.5
_PROGRAM_SECONDS = 300


@torch.no_grad()
def prove(question: dict[str, Any]) -> dict[str, Any]:
    """Load the export, and compare it with the net's outputs batch by batch.

    `failures` are sentences on what differs. A difference counts from 1e-5 on, the usual rounding of float32; where the
    net's outputs are larger than 1, from 1e-5 times the largest of them, since float32 rounds relative to size.
    """
    inputs, targets, outputs = _reference(question["reference"])
    versions = {"python": platform.python_version(), "torch": str(torch.__version__)}
    try:
        run, runtime = _LOADERS[question["format"]](Path(question["path"]), question["script"], versions)
    except Exception as error:  # whatever a library or the program in the file raises
        return {"failures": [f"it could not be loaded again: {_line(error)}"], "runtime": "", "versions": versions}
    tolerance = TOLERANCE * max(1.0, *(_largest(one) for one in outputs.values()))
    failures: list[str] = []
    batches, found = {}, {}
    for batch, expected in outputs.items():
        with contextlib.suppress(_Differs):
            found[batch] = _outputs(run, inputs[:batch], expected, failures)
            batches[batch] = _difference(found[batch], expected, tolerance, failures)
    last = max(outputs)
    return {
        "failures": failures,
        "batches": list(batches.items()),
        "tolerance": tolerance,
        "accuracy_net": _accuracy(outputs[last], targets),
        "accuracy_export": _accuracy(found.get(last), targets),
        "latencies": [_latency(run, inputs, batch) for batch in LATENCY_BATCHES],
        "runtime": runtime,
        "versions": versions,
    }


class _Differs(Exception):
    """A batch that cannot be compared number by number; the failure is noted."""


def _reference(path: str) -> tuple[Tensor, Tensor | None, dict[int, Tensor]]:
    """Inputs, classes where there are any, and the net's outputs by batch size."""
    # Cloned, since tensors of a mapped file begin anywhere, and kernels round differently by where a batch begins.
    tensors = {name: tensor.clone() for name, tensor in safetensors.torch.load_file(path).items()}
    outputs = {int(name.partition("-")[2]): tensor for name, tensor in tensors.items() if name.startswith("outputs-")}
    return tensors["inputs"], tensors.get("targets"), dict(sorted(outputs.items()))


def _outputs(run: Run, inputs: Tensor, expected: Tensor, failures: list[str]) -> Tensor:
    batch = f"{len(inputs):,}"
    try:
        found = run(inputs)
    except Exception as error:  # a runtime's own kinds of errors among them
        failures.append(f"a batch of {batch} is refused: {_line(error)}")
        raise _Differs from error
    if not isinstance(found, Tensor) or found.shape != expected.shape:
        shape = tuple(getattr(found, "shape", ())) or type(found).__name__
        failures.append(f"at batch {batch} it gives {shape} instead of {tuple(expected.shape)}")
        raise _Differs
    return found


def _difference(found: Tensor, expected: Tensor, tolerance: float, failures: list[str]) -> float:
    """The largest absolute difference; numbers that are not finite must be the same."""
    found, expected = found.double(), expected.double()
    same = (found == expected) | (found.isnan() & expected.isnan())
    difference = torch.where(same, 0.0, (found - expected).abs()).nan_to_num(torch.inf, torch.inf)
    if not difference.numel():
        return 0.0
    worst = int(difference.argmax())
    largest = float(difference.flatten()[worst])
    if largest > tolerance:
        sample, *place = (int(index) for index in torch.unravel_index(torch.tensor(worst), difference.shape))
        where = f"sample {sample}, output {place[0] if len(place) == 1 else place}" if place else f"sample {sample}"
        net, export = (float(one.flatten()[worst]) for one in (expected, found))
        failures.append(
            f"at batch {len(expected):,} the outputs differ by up to {largest:.3g}, more than {tolerance:.3g} "
            f"({where}: {net:.6g} from the net, {export:.6g} from the file)"
        )
    if largest == torch.inf:
        raise _Differs
    return largest


def _largest(outputs: Tensor) -> float:
    finite = outputs[outputs.isfinite()]
    return float(finite.abs().max()) if finite.numel() else 0.0


def _accuracy(outputs: Tensor | None, targets: Tensor | None) -> float | None:
    if outputs is None or targets is None:
        return None
    return float((outputs.argmax(dim=1) == targets).double().mean())


def _latency(run: Run, inputs: Tensor, batch: int) -> float | None:
    """Milliseconds that a batch takes: the median of up to nine after a first, or that one where it takes long."""
    x = inputs[torch.arange(batch) % len(inputs)]
    try:
        first = _seconds(run, x)
        seconds = [first] if first > _RUN_SECONDS else []
        while len(seconds) < _MOST_RUNS and sum(seconds) < _RUN_SECONDS:
            seconds.append(_seconds(run, x))
    except Exception:  # told already: this batch is refused
        return None
    return 1000 * statistics.median(seconds)


def _seconds(run: Run, x: Tensor) -> float:
    began = time.perf_counter()
    run(x)
    return time.perf_counter() - began


def _load_onnx(path: Path, _script: str, versions: dict[str, str]) -> tuple[Run, str]:
    import onnxruntime

    versions["onnxruntime"] = onnxruntime.__version__
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda x: torch.from_numpy(session.run(None, {name: x.numpy()})[0]), "onnxruntime"


def _load_pt2(path: Path, _script: str, _versions: dict[str, str]) -> tuple[Run, str]:
    return torch.export.load(path).module(), "torch.export.load"


def _load_torchscript(path: Path, _script: str, _versions: dict[str, str]) -> tuple[Run, str]:
    return torch.jit.load(str(path)), "torch.jit.load"  # type: ignore[no-untyped-call]


def _load_state_dict(path: Path, script: str, _versions: dict[str, str]) -> tuple[Run, str]:
    return _with_weights(script, torch.load(path, weights_only=True)), "load_state_dict"


def _load_safetensors(path: Path, script: str, _versions: dict[str, str]) -> tuple[Run, str]:
    return _with_weights(script, safetensors.torch.load_file(path)), "safetensors and load_state_dict"


def _with_weights(script: str, weights: dict[str, Tensor]) -> Run:
    """The net that a plain program builds, with these weights."""
    names: dict[str, Any] = {"__name__": "net"}
    exec(compile(script, "<the net as plain PyTorch>", "exec"), names)
    net = names["net"]
    net.load_state_dict(weights)
    run: Run = net.eval()
    return run


def _load_folder(path: Path, _script: str, _versions: dict[str, str]) -> tuple[Run, str]:
    """The net of the folder's own program, which must also run as a program."""
    program = path / "model.py"
    ended = subprocess.run(
        [sys.executable, "-I", program.name],
        cwd=path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_PROGRAM_SECONDS,
        check=False,
    )
    if ended.returncode:
        lines = ended.stderr.decode(errors="replace").strip().splitlines() or [f"code {ended.returncode}"]
        raise RuntimeError(f"python {program.name} failed with {lines[-1]}")
    run: Run = runpy.run_path(str(program))["net"]
    return run, f"python {program.name}"


_LOADERS: dict[str, Callable[[Path, str, dict[str, str]], tuple[Run, str]]] = {
    "onnx": _load_onnx,
    "pt2": _load_pt2,
    "torchscript": _load_torchscript,
    "state_dict": _load_state_dict,
    "safetensors": _load_safetensors,
    "folder": _load_folder,
}


def _line(error: BaseException) -> str:
    line = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {line}".rstrip(": .")


def _main() -> None:
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    warnings.simplefilter("ignore")
    serve = runpy.run_path(str(Path(__file__).resolve().parents[2] / "serving.py"))["serve"]
    serve(prove)


if __name__ == "__main__":
    sys.modules["playground"] = None  # type: ignore[assignment]
    _main()
