"""The panels on their own, with made-up values.

`python -m playground.widgets.network [dark] [small] [wrong|empty|resnet|inception] [unfolded] [palette] [wide]`
"""

import sys

from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from playground.widgets.common.theme import GRID, theme
from playground.widgets.network import examples
from playground.widgets.network.layer_form import LayerFormPanel
from playground.widgets.network.panel import NetworkPanel
from playground.widgets.network.picture import PicturePanel
from playground.widgets.network.rows import NodeRow


def main(words: list[str]) -> int:
    """Show the panels until they are closed."""
    application = QApplication(sys.argv[:1])
    theme.install(application)
    theme.choose("dark" if "dark" in words else "light")
    window = _wide(words) if "wide" in words else _network(words)
    if "small" in words:
        window.resize(360, 420)
    elif "wide" in words:
        window.resize(1_560, 900)
    else:
        window.resize(400, 620)
    window.show()
    return application.exec()


def _rows(words: list[str]) -> tuple[NodeRow, ...]:
    if "resnet" in words:
        return examples.resnet()
    if "inception" in words:
        return examples.inception()
    return () if "empty" in words else examples.lenet(wrong="wrong" in words)


def _network(words: list[str]) -> NetworkPanel:
    panel = NetworkPanel()
    panel.set_presets(examples.PRESETS)
    panel.set_templates(examples.TEMPLATES)
    panel.set_palette_entries(examples.PALETTE)
    panel.set_rows(_rows(words), "1 \u00d7 28 \u00d7 28")
    if "wrong" in words:
        panel.set_repairs(examples.REPAIRS)
        panel.set_hints(examples.HINTS)
    elif "empty" not in words:
        panel.set_current_preset("lenet5")
        panel.set_summary("61,706 parameters · 0.83 MFLOP a sample · fits MNIST")
        panel.select_layer("conv2")
    if "unfolded" in words:
        panel.tree.expandAll()
    if "palette" in words:
        panel.open_palette()
    return panel


def _wide(words: list[str]) -> QWidget:
    window = QWidget()
    row = QHBoxLayout(window)
    row.setContentsMargins(GRID, GRID, GRID, GRID)
    form = LayerFormPanel()
    if "empty" not in words:
        form.set_details(examples.OWN if "own" in words else examples.DETAILS)
    picture = PicturePanel()
    picture.set_rows(_rows(words), (1, 28, 28) if "resnet" not in words else (3, 224, 224))
    if "folded" in words:
        picture.fold_all()
    network = _network(words)
    network.layer_selected.connect(picture.select_layer)
    picture.layer_selected.connect(network.select_layer)
    picture.select_layer(network.tree.selected_ids()[0] if network.tree.selected_ids() else "")
    for panel, share in ((network, 5), (form, 3), (picture, 7)):
        row.addWidget(panel, share)
    return window


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
