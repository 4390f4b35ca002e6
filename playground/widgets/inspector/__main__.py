"""The panel alone with made-up tensors: `python -m playground.widgets.inspector [PAGE] [dark] [small]`.

PAGE is one of the panel's pages, or "empty", "module", "expand", "batch" or "message".
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.inspector import examples, values
from playground.widgets.inspector.panel import InspectorPanel
from playground.widgets.inspector.wording import PAGES


class Sample:
    """Answers what the panel asks for."""

    def __init__(self, panel: InspectorPanel, word: str) -> None:
        self.panel = panel
        pictures = {"expand": examples.expanded, "batch": examples.batch}
        self._memory = pictures.get(word, examples.transpose)
        self.numbers = examples.numbers()
        self.numbers[3, 2], self.numbers[4, 4] = np.nan, np.inf
        panel.page_requested.connect(self.answer)

    def answer(self, page: str, options: dict[str, Any]) -> None:
        """Give the page its numbers."""
        panel = self.panel
        answers: dict[str, tuple[Callable[[Any], None], Callable[[], Any]]] = {
            "memory": (panel.set_memory, self._memory),
            "table": (panel.set_table, lambda: examples.page(self.numbers, options)),
            "heat": (panel.set_heat, lambda: examples.heat(self.numbers)),
            "image": (panel.set_image, examples.gallery),
            "histogram": (panel.set_histogram, examples.histogram),
            "line": (panel.set_line, examples.line),
            "matrix": (panel.set_matrix, examples.matrix),
        }
        show, make = answers[page]
        show(make())


def main(words: list[str]) -> int:
    """Show the panel until it is closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    panel = InspectorPanel()
    word = next((word for word in words if word not in ("dark", "small")), "memory")
    sample = Sample(panel, word)
    if word == "module":
        lines = ("Sequential(", "  (0): Linear(in_features=784, out_features=10, bias=True)", ")")
        panel.set_facts(values.ModuleFacts("net", "Sequential", 7850, 7850, 0, 31_400, True, lines, 0))
    elif word != "empty":
        shapes = {"matrix": (2, 2), "memory": (4, 3), "expand": (4, 3), "batch": (3, 4, 5)}
        shape: tuple[int, ...] = shapes.get(word, (28, 28))
        panel.set_facts(examples.facts("b", shape, (1, 4) if len(shape) == 2 else (20, 1, 4)))
        panel.set_statistics(examples.statistics())
    if word in PAGES:
        panel.choose_page(word)
    if word == "message":
        panel.show_message("name 'torhc' is not defined")
    panel.resize(*((380, 480) if "small" in words else (740, 520)))
    panel.show()
    code = application.exec()
    del sample
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
