"""The window alone: `python -m playground.widgets.export [--running | --passed | --failed] [--dark] [--small]`."""

import sys

from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.export.values import BatchProofValues, FormatChoice, ProofValues, Refusals, SourceChoice
from playground.widgets.export.window import ExportWindow

_CHOICES = (
    FormatChoice("safetensors", "safetensors", ".safetensors", "Weights that cannot run code.", False),
    FormatChoice("state_dict", "state_dict", ".pt", "Weights as net.load_state_dict takes them.", False),
    FormatChoice("onnx", "ONNX", ".onnx", "The net for other runtimes, with any batch size."),
    FormatChoice("torchscript", "TorchScript", ".torchscript", "For old programs.", is_legacy=True),
)
_SOURCES = (
    SourceChoice("run", "The run's net as it is now", "354 steps · test accuracy 88.77 %"),
    SourceChoice("document", "The document's net, untrained", "Not trained yet: its weights are as they begin."),
)


def main() -> int:
    """Show the settings, or an export in the middle, passed or failed."""
    application = QApplication(sys.argv)
    theme.install(application)
    theme.choose("dark" if "--dark" in sys.argv else "light")
    window = ExportWindow()
    window.set_formats(_CHOICES, ("safetensors", "onnx"))
    window.set_sources(_SOURCES)
    window.set_refusals(Refusals({"torchscript": "TorchScript cannot hold FractionalMaxPool2d."}))
    window.set_target("/home/me/models", "mnist-mlp")
    window.say_target("Writes mnist-mlp.safetensors and mnist-mlp.onnx. ⚠ mnist-mlp.onnx is there and is replaced.")
    window.folder_requested.connect(window.show_message)
    if {"--running", "--passed", "--failed"} & set(sys.argv):
        _fill(window)
    if "--small" in sys.argv:
        window.resize(window.minimumSize())
    window.show()
    return application.exec()


def _fill(window: ExportWindow) -> None:
    window.begin(("safetensors", "onnx"))
    window.set_proof(_proof("safetensors", passed=True))
    if "--running" in sys.argv:
        window.set_stage("onnx", "converting", 0.4)
        return
    window.set_proof(_proof("onnx", passed="--failed" not in sys.argv))
    window.end()


def _proof(name: str, *, passed: bool) -> ProofValues:
    differences = (0.0, 1.19e-7, 2.38e-7) if passed else (0.0, 0.31, 0.46)
    return ProofValues(
        format=name,
        path=f"/home/me/models/mnist-mlp.{name}{'' if passed else '.failed'}",
        sha256="0123456789abcdef" * 4,
        size=876_544,
        passed=passed,
        detail="" if passed else "At batch 2 the outputs differ by up to 0.31; 1e-05 is allowed.",
        notes=("Not trained yet.",) if name == "onnx" else (),
        data="the test data of MNIST",
        samples=1000,
        batches=tuple(BatchProofValues(*pair) for pair in zip((1, 2, 1000), differences, strict=True)),
        tolerance=1e-5,
        accuracy_net=0.8877,
        accuracy_export=0.8877 if passed else 0.1135,
        latency_1=0.0312,
        latency_64=0.214,
        runtime="onnxruntime" if name == "onnx" else "load_state_dict",
        versions={"onnxruntime": "1.24"} if name == "onnx" else {"torch": "2.15"},
    )


if __name__ == "__main__":
    sys.exit(main())
