"""Labels read like a blackboard."""

import pytest

from playground.engine.network.labels import label_of
from playground.engine.network.spec import Layer
from playground.engine.spec import Args


@pytest.mark.parametrize(
    ("kind", "args", "init", "label"),
    [
        ("Linear", {"in_features": 784, "out_features": 256}, "default", "Linear 784 → 256"),
        ("Linear", {"in_features": 4, "out_features": 2, "bias": False}, "default", "Linear 4 → 2, no bias"),
        ("Linear", {"in_features": 4, "out_features": 2}, "normal", "Linear 4 → 2, init normal"),
        (
            "Conv2d",
            {"in_channels": 1, "out_channels": 6, "kernel_size": 5, "padding": 2, "stride": 1},
            "default",
            "Conv2d 1 → 6, 5×5, padding 2",  # noqa: RUF001
        ),
        ("Conv1d", {"in_channels": 1, "out_channels": 6, "kernel_size": 5}, "default", "Conv1d 1 → 6, 5"),
        ("MaxPool2d", {"kernel_size": 2}, "default", "MaxPool2d 2×2"),  # noqa: RUF001
        ("MaxPool2d", {"kernel_size": (3, 1), "stride": 2}, "default", "MaxPool2d 3×1, stride 2"),  # noqa: RUF001
        ("Dropout", {}, "default", "Dropout 0.5"),
        ("Unflatten", {"dim": 1, "unflattened_size": (1, 28, 28)}, "default", "Unflatten 1×28×28, dim 1"),  # noqa: RUF001
        ("LeakyReLU", {"negative_slope": 0.2}, "default", "LeakyReLU, negative_slope 0.2"),
        ("ReLU", {}, "default", "ReLU"),
        ("Linear", {}, "default", "Linear"),
        ("Magic", {"power": 3}, "default", "Magic, power 3"),
    ],
)
def test_a_label_names_the_kind_its_sizes_and_what_differs(kind, args, init, label):
    assert label_of(Layer(id="1", kind=kind, args=Args(args), init=init)) == label
