"""Made-up reports: another head, other names, and a network of its own."""

from playground.widgets.weights.values import TensorRow, WeightsReport


def another_head() -> WeightsReport:
    """Trained on other classes: all but the last layer fits."""
    fitting = tuple(_same(f"{layer}.{part}", shape) for layer in (0, 3) for part, shape in _CONVOLUTION)
    lacking = (
        TensorRow("8.weight", (10, 1_024), "8.weight", (47, 1_024)),
        TensorRow("8.bias", (10,), "8.bias", (47,)),
        TensorRow("1.num_batches_tracked", ()),
    )
    left = (TensorRow(source="auxiliary.projection.weight", found=(128, 1_024)),)
    return WeightsReport(
        file="letters.pt",
        sentence="4 of 7 tensors fit; 2 have another shape; 1 is not in the file; 1 of the file has no place in the "
        "network.",
        fitting=fitting,
        lacking=lacking,
        left=left,
        seed=7,
        notes=('The prefix "module." of DataParallel was taken off every name.',),
        has_network=True,
    )


def other_names() -> WeightsReport:
    """The same network under other names."""
    pairs = (("0", "conv1"), ("3", "conv2"))
    rows = tuple(
        TensorRow(f"{ours}.{part}", shape, f"{theirs}.{part}", shape)
        for ours, theirs in pairs
        for part, shape in _CONVOLUTION
    )
    sentence = "All 4 tensors are there under other names; each fits in exactly one way."
    return WeightsReport("lenet.pt", sentence, rows, (), (), seed=7, is_renamed=True)


_CONVOLUTION = (("weight", (32, 1, 5, 5)), ("bias", (32,)))


def _same(name: str, shape: tuple[int, ...]) -> TensorRow:
    return TensorRow(name, shape, name, shape)
