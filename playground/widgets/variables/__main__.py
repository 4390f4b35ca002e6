"""The panel alone with made-up names: `python -m playground.widgets.variables [dark] [small] [empty]`."""

import math
import sys
from typing import Any

from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.variables.panel import VariablesPanel
from playground.widgets.variables.values import Kind, VariableRow


def rows() -> tuple[VariableRow, ...]:
    """One name of each kind."""
    return (
        _tensor("a", (3, 4), bytes=48, shares=("b",)),
        _tensor("b", (4, 3), owner="a", shares=("a",)),
        _tensor("w", (3,), kind="parameter", requires_grad=True, has_grad=True, bytes=12),
        _tensor("loss", (), requires_grad=True, is_leaf=False, grad_fn="NllLossBackward0", bytes=4),
        VariableRow("net", "module", "Sequential", device="cpu", is_training=True, count=61_706, bytes=246_824),
        VariableRow("optimizer", "optimizer", "AdamW", count=61_706, bytes=493_648),
        VariableRow("train_loader", "data", "DataLoader"),
        VariableRow("image", "array", "ndarray", dtype="uint8", device="cpu", shape=(28, 28), count=784, bytes=784),
        VariableRow(
            "x", "tensor", "Tensor", dtype="float32", device="cuda:0", shape=(256, 1, 28, 28), count=200_704,
            bytes=802_816, shares=("batch", "y_view"), shares_more=3,
        ),
        VariableRow("history", "sequence", "list", count=3, text="[2.31, 1.02, 0.44]"),
        VariableRow("lr", "number", "float", text="0.002"),
        VariableRow("title", "text", "str", text="'LeNet on MNIST'"),
    )  # fmt: skip


def _tensor(name: str, shape: tuple[int, ...], kind: Kind = "tensor", **more: Any) -> VariableRow:
    count = math.prod(shape)
    return VariableRow(name, kind, kind.title(), "float32", shape, "cpu", count=count, **more)


def main(words: list[str]) -> int:
    """Show the panel until it is closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    panel = VariablesPanel()
    panel.set_variables(() if "empty" in words else rows())
    panel.select("b")
    panel.resize(*((380, 300) if "small" in words else (740, 420)))
    panel.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
