"""The panel alone with made-up numbers: `python -m playground.widgets.layer [VIEW] [--dark] [--wide] [--empty]`."""

import sys

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.widgets.common.theme import theme
from playground.widgets.layer.panel import VIEWS, LayerPanel
from playground.widgets.layer.values import (
    ActivationSheet,
    Arithmetic,
    ChannelStatistics,
    FilterSheet,
    Floats,
    Matrix,
    ParameterSheet,
    Spread,
)

_draw = np.random.default_rng(1)


def _spread(values: Floats) -> Spread:
    counts, edges = np.histogram(values, 60)
    zeros = int((values == 0).sum())
    return Spread(counts, edges, values.size, 0, zeros, float(values.mean()), float(values.std()))


def _parameter() -> ParameterSheet:
    weight, gradient = _draw.normal(0, 0.1, (16, 150)), _draw.laplace(0, 0.003, (16, 150))
    own, other = (Matrix(values, (16, 150), (1, 1)) for values in (weight, gradient))
    return ParameterSheet(("weight", "bias"), "weight", (16, 6, 5, 5), _spread(weight), own, (_spread(gradient), other))


def _output() -> Floats:
    y, x = np.mgrid[0:10, 0:10] / 9
    phases = _draw.uniform(0, 6, (16, 2, 1, 1))
    found: Floats = np.sin(5 * x + phases[:, 0]) * np.cos(4 * y + phases[:, 1])
    return found


def _activations(kind: str) -> ActivationSheet:
    images = _output()
    if kind == "vector":
        row = _draw.normal(0, 2, (1, 1, 10))
        return ActivationSheet(row, (10,), _spread(row), 1)
    if kind == "dropout":
        kept = (_draw.random(images.shape) > 0.5).astype(float)
        return ActivationSheet(2 * images * kept, images.shape, _spread(2 * images * kept), 32, kept=kept)
    if kind == "norm":
        mean, variance = _draw.normal(0, 0.3, 16), _draw.uniform(0.5, 1.5, 16)
        noise = _draw.normal(0, 0.05, 16)
        statistics = ChannelStatistics(mean, variance, mean + noise, variance + noise, uses_batch=True)
        return ActivationSheet(images, images.shape, _spread(images), 32, statistics=statistics)
    if kind == "sigmoid":
        images = 1 / (1 + np.exp(-6 * images))
        saturated = float(((images < 0.05) | (images > 0.95)).mean())
        return ActivationSheet(images, images.shape, _spread(images), 1, ends=(0.0, 1.0), saturated=saturated)
    return ActivationSheet(images, images.shape, _spread(images), 1, has_cells=True)


def _cell() -> Arithmetic:
    read, weight = _draw.random((6, 14, 14)), _draw.normal(0, 0.2, (6, 5, 5))
    window = read[:, 3:8, 6:11]
    total = float((window * weight).sum()) + 0.03
    outputs = _output()[2]
    outputs[3, 6] = total
    places = (tuple(range(3, 8)), tuple(range(6, 11)))
    return Arithmetic((2, 3, 6), (16, 10, 10), read, outputs, 0, window, weight, *places, 0.03, total, total)


def _fill(panel: LayerPanel, kind: str) -> None:
    view = kind if kind in VIEWS else "activations"
    panel.set_layer("layers[3]  Conv2d")
    panel.set_samples([("sample", "test 12: 7"), ("digit", "the drawn digit")], "sample")
    panel.set_caption("After 1,240 steps of the run.")
    panel.choose_view(view)
    images = _draw.normal(0, 0.2, (16, 5, 5))
    panel.show_filters(FilterSheet(images, 16, 6, 0, float(abs(images).max())))
    panel.show_weights(_parameter())
    panel.show_activations(_activations(kind))
    panel.show_cell(_cell())


def main() -> int:
    """Show the panel: a view, or the activations of "vector", "dropout", "norm" or "sigmoid"."""
    application = QApplication(sys.argv)
    theme.install(application)
    theme.choose("dark" if "--dark" in sys.argv else "light")
    panel = LayerPanel()
    if "--empty" not in sys.argv:
        _fill(panel, next((part for part in sys.argv[1:] if not part.startswith("-")), "filters"))
    panel.resize(*((820, 620) if "--wide" in sys.argv else (360, 520)))
    panel.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
