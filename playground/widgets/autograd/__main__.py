"""The panel on its own, with made-up values.

`python -m playground.widgets.autograd [dark] [empty] [step|leaf] [net|long] [saved] [message] [narrow]`
"""

import sys

from PySide6.QtWidgets import QApplication

from playground.widgets.autograd import examples
from playground.widgets.autograd.panel import AutogradPanel
from playground.widgets.common.theme import theme


def main(words: list[str]) -> int:
    """Show the panel until it is closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    panel = AutogradPanel()
    if "empty" not in words:
        _fill(panel, words)
    panel.resize(*((420, 460) if "narrow" in words else (960, 640)))
    panel.show()
    return application.exec()


def _fill(panel: AutogradPanel, words: list[str]) -> None:
    graph = examples.NET if "net" in words else examples.long_graph(2000) if "long" in words else examples.SOFTMAX
    panel.set_graph(graph)
    for word, step in (("step", examples.SOFTMAX_STEP), ("leaf", examples.LEAF_STEP)):
        if word in words:
            panel.set_step(step)
    panel.set_state("equals .backward() bit for bit" if "leaf" in words else "")
    if "saved" in words:
        panel.select_node(3)
        panel.view.node_selected.emit(3)
        panel.set_saved(3, examples.SAVED)
    if "message" in words:
        panel.show_message("Backward went through this graph before: call backward(retain_graph=True) the first time.")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
