"""Made-up graphs for the panel alone: the softmax of the first lesson, a net of modules, and a long chain."""

import numpy as np

from playground.widgets.autograd.values import (
    AccumulationValues,
    ArrayValues,
    CutValues,
    EdgeValues,
    GraphValues,
    NodeValues,
    OutgoingValues,
    RuleValues,
    SavedValues,
    StepValues,
)


def array(values: object) -> ArrayValues:
    """Values with a short text as the engine writes them."""
    given = np.asarray(values, dtype=np.float32)
    first = ", ".join(f"{value:.4g}" for value in given.reshape(-1)[:3])
    text = first if given.ndim == 0 else f"[{first}{', …' if given.size > 3 else ''}]"
    return ArrayValues(given, given.shape, "float32", text)


SOFTMAX = GraphValues(
    "L",
    (
        NodeValues(0, "output", "neg", "NegBackward0", "L", (), "float32", "1.408"),
        NodeValues(1, "intermediate", "log", "LogBackward0", "", (), "float32", "-1.408"),
        NodeValues(2, "intermediate", "select 1", "SelectBackward0", "p[1]", (), "float32", "0.2447"),
        NodeValues(3, "intermediate", "softmax", "SoftmaxBackward0", "p", (3,), "float32", "[0.09003, 0.2447, 0.6652]"),
        NodeValues(4, "leaf", "w", "AccumulateGrad", "w", (3,), "float32", "[1, 2, 3]"),
    ),
    tuple(EdgeValues(i + 1, i) for i in range(4)),
    {i: (4.0 - i, 0.0) for i in range(5)},
)

_P = np.exp([1.0, 2.0, 3.0]) / np.exp([1.0, 2.0, 3.0]).sum()
_G = np.array([0.0, -1 / _P[1], 0.0])
_DW = _P * (_G - (_G * _P).sum())

SOFTMAX_STEP = StepValues(
    position=4,
    total=5,
    node=3,
    title="softmax",
    operation="SoftmaxBackward0",
    incoming=(array(_G),),
    outgoing=(OutgoingValues(0, 4, array(_DW), float(abs(_DW).max())),),
    rule=RuleValues(
        "SoftmaxBackward0", "x", 0, (1,), "y (g - Σ g y)", "0.2447 · (-4.086 - (-1))", float(_DW[1]), float(_DW[1])
    ),
    chain="1 · (-1) · 1/0.2447 · softmax's Jacobian",
    gradients={0: "1", 1: "-1", 2: "-4.086", 3: "[0, -4.086, 0]"},
)

LEAF_STEP = StepValues(
    position=5,
    total=5,
    node=4,
    title="w",
    operation="AccumulateGrad",
    incoming=(array(_DW),),
    accumulated=(AccumulationValues("w", array([1, 1, 1]), array(_DW), array(_DW + 1)),),
    chain="1 · (-1) · 1/0.2447 · softmax's Jacobian",
    gradients={**SOFTMAX_STEP.gradients, 4: "[0.09003, -0.7553, 0.6652]"},
)

SAVED = (SavedValues("dim", "0"), SavedValues("result", "[0.09003, 0.2447, 0.6652]", array(_P), "p", 3))

NET = GraphValues(
    "loss",
    (
        NodeValues(0, "output", "nll_loss", "NllLossBackward0", "loss", (), "float32", "2.303"),
        NodeValues(1, "intermediate", "log_softmax", "LogSoftmaxBackward0", "", (256, 10), "float32"),
        NodeValues(2, "module", "fc", "Sequential", "", (256, 10), "float32", module="fc", members=(2, 3, 4)),
        NodeValues(5, "intermediate", "add", "AddBackward0", "h", (256, 64), "float32", module="block"),
        NodeValues(
            6,
            "intermediate",
            "mul",
            "MulBackward0",
            "",
            (256, 64),
            "float32",
            module="block",
            cuts=(CutValues(1, "unknown"),),
        ),
        NodeValues(7, "intermediate", "mm", "MmBackward0", "", (256, 64), "float32", cuts=(CutValues(0, "constant"),)),
        NodeValues(8, "leaf", "weight", "AccumulateGrad", "weight", (784, 64), "float32", "[0.01, …]", "[0.2, …]"),
        NodeValues(9, "constant", "x", "", "x", (256, 784), "float32", "[0, 0, 0, …]"),
    ),
    (
        EdgeValues(1, 0),
        EdgeValues(2, 1),
        EdgeValues(5, 2),
        EdgeValues(6, 5, 0),
        EdgeValues(7, 5, 1),
        EdgeValues(7, 6, 0),
        EdgeValues(8, 7, 1),
        EdgeValues(9, 7, 0),
    ),
    {0: (6, 0), 1: (5, 0), 2: (4, 0), 5: (3, 0), 6: (2, 0), 7: (1, 0), 8: (0, 0), 9: (0, 1)},
    {(7, 5): ((1, 0), (2, 1), (3, 0))},
    ("fc", "fc.0", "fc.1", "block"),
    left_out=12,
    wants_gradient=(256, 10),
)


def long_graph(nodes: int) -> GraphValues:
    """A chain of additions, each with a leaf of its own."""
    half = nodes // 2
    chain = tuple(
        NodeValues(
            i, "output" if i == 0 else "intermediate", "add", "AddBackward0", "", (8,), "float32", "[1, 2, 3, …]"
        )
        for i in range(half)
    )
    leaves = tuple(NodeValues(half + i, "leaf", f"w{i}", "AccumulateGrad", f"w{i}", (8,)) for i in range(half))
    edges = tuple(EdgeValues(i + 1, i) for i in range(half - 1))
    edges += tuple(EdgeValues(half + i, i, 1) for i in range(half))
    places = {i: (float(half - i), 2.0 * (i % 10)) for i in range(half)}
    places |= {half + i: (float(half - i - 1), 2.0 * (i % 10) + 1) for i in range(half)}
    return GraphValues(f"chain of {nodes}", (*chain, *leaves), edges, places)
