"""Every formula is held against torch: the number that it states is the one that torch gives for that element."""

import math

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from playground.engine.tensors.backward import BackwardStepper
from playground.engine.tensors.backward_events import Rule
from playground.engine.tensors.rules import is_known


def normal(*shape):
    """The same draw for the same shape, without zeros and ties."""
    draw = torch.Generator().manual_seed(sum(shape) + len(shape))
    return torch.randn(shape, generator=draw).requires_grad_()


def positive(*shape):
    draw = torch.Generator().manual_seed(1)
    return (torch.rand(shape, generator=draw) + 0.5).requires_grad_()


LABELS = torch.tensor([1, 0, 3])
BITS = torch.tensor([[1.0, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0]])

POINTWISE = {
    "add": lambda x: x + normal(3, 4),
    "add with alpha": lambda x: torch.add(normal(3, 4), x, alpha=3),
    "add, broadcast": lambda x: normal(2, 3, 4) + x,
    "sub": lambda x: x - normal(3, 4),
    "sub, the other": lambda x: normal(3, 4) - x,
    "number minus tensor": lambda x: 2 - x,
    "neg": lambda x: -x,
    "mul": lambda x: x * normal(3, 4),
    "mul by itself": lambda x: x * x,
    "mul by a number": lambda x: x * 2.5,
    "mul, broadcast": lambda x: normal(2, 3, 4) * x[:1],
    "div": lambda x: x / positive(3, 4),
    "div, the other": lambda x: normal(3, 4) / x,
    "div by a number": lambda x: x / 3,
    "number by tensor": lambda x: 3 / x,
    "square": lambda x: x**2,
    "cube": lambda x: x**3,
    "power of a tensor": lambda x: positive(3, 4) ** x,
    "to the power of a tensor": lambda x: (x.abs() + 0.1) ** positive(3, 4),
    "power of a number": lambda x: 2**x,
    "to the power of 0": lambda x: x**0,
    "exp": torch.exp,
    "exp2": torch.exp2,
    "expm1": torch.expm1,
    "log": lambda x: torch.log(x.abs()),
    "log1p": lambda x: torch.log1p(x.abs()),
    "log2": lambda x: torch.log2(x.abs()),
    "log10": lambda x: torch.log10(x.abs()),
    "sqrt": lambda x: torch.sqrt(x.abs()),
    "rsqrt": lambda x: torch.rsqrt(x.abs()),
    "sin": torch.sin,
    "cos": torch.cos,
    "abs": torch.abs,
    "relu": F.relu,
    "leaky relu": lambda x: F.leaky_relu(x, 0.1),
    "elu": F.elu,
    "gelu": F.gelu,
    "silu": F.silu,
    "softplus": F.softplus,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "clamp": lambda x: x.clamp(-0.5, 0.5),
    "clamp from below": lambda x: x.clamp(min=0.1),
    "hardtanh": F.hardtanh,
    "maximum": lambda x: torch.maximum(x, normal(3, 4).detach().flip(0)),
    "minimum": lambda x: torch.minimum(normal(3, 4).detach().flip(0), x),
    "maximum of equals": lambda x: torch.maximum(x, x.detach()),
    "where": lambda x: torch.where(BITS > 0, x, normal(3, 4)),
    "where, the other": lambda x: torch.where(BITS > 0, normal(3, 4), x),
    "masked_fill": lambda x: x.masked_fill(BITS > 0, 7.0),
    "dropout": lambda x: F.dropout(x, 0.4),
}

REDUCING = {
    "sum": lambda x: x.sum(),
    "sum over a dimension": lambda x: x.sum(1),
    "sum over the last, kept": lambda x: x.sum(-1, keepdim=True),
    "mean": lambda x: x.mean(),
    "mean over a dimension": lambda x: x.mean(0),
    "mean over both": lambda x: x.mean((0, 1)),
    "max": lambda x: x.max(),
    "max of equals": lambda x: torch.cat([x, x]).max(),
    "max over a dimension": lambda x: x.max(1).values,
    "min over a dimension, kept": lambda x: x.min(-1, keepdim=True).values,
    "amax": lambda x: x.amax(0),
    "amin over both": lambda x: x.amin((0, 1)),
    "median": lambda x: x.median(),
    "median over a dimension": lambda x: x.median(1).values,
    "kthvalue": lambda x: x.kthvalue(2, 0).values,
    "topk": lambda x: x.topk(2).values,
    "sort": lambda x: x.sort(0).values,
    "norm": lambda x: x.norm(),
    "norm over a dimension": lambda x: x.norm(2, 1),
    "1-norm": lambda x: x.norm(1),
    "prod": lambda x: x.prod(),
    "prod over a dimension": lambda x: x.prod(1),
    "var": lambda x: x.var(),
    "var over a dimension": lambda x: x.var(1),
    "std": lambda x: x.std(),
    "std over a dimension, kept": lambda x: x.std(0, keepdim=True),
    "cumsum": lambda x: x.cumsum(1),
    "logsumexp": lambda x: x.logsumexp(1),
    "softmax": lambda x: x.softmax(1),
    "softmax over the first": lambda x: x.softmax(0),
    "log_softmax": lambda x: x.log_softmax(-1),
}

LOSSES = {
    "mse": lambda x: F.mse_loss(x, BITS),
    "mse, sum": lambda x: F.mse_loss(x, BITS, reduction="sum"),
    "mse, each": lambda x: F.mse_loss(x, BITS, reduction="none"),
    "mse, the target": lambda x: F.mse_loss(BITS, x),
    "l1": lambda x: F.l1_loss(x, BITS),
    "smooth l1": lambda x: F.smooth_l1_loss(x, BITS),
    "huber": lambda x: F.huber_loss(x, BITS, delta=0.7),
    "nll": lambda x: F.nll_loss(x, LABELS),
    "nll, sum": lambda x: F.nll_loss(x, LABELS, reduction="sum"),
    "nll, each": lambda x: F.nll_loss(x, LABELS, reduction="none"),
    "nll, one sample": lambda x: F.nll_loss(x[0], LABELS[0]),
    "nll, weights": lambda x: F.nll_loss(x, LABELS, weight=torch.tensor([1.0, 2, 3, 4])),
    "nll, one ignored": lambda x: F.nll_loss(x, LABELS, ignore_index=0),
    "nll of pictures": lambda x: F.nll_loss(x.reshape(1, 3, 2, 2), torch.tensor([[[0, 1], [2, 1]]])),
    "cross entropy": lambda x: F.cross_entropy(x, LABELS),
    "bce": lambda x: F.binary_cross_entropy(torch.sigmoid(x), BITS),
    "bce with logits": lambda x: F.binary_cross_entropy_with_logits(x, BITS),
}

MATRICES = {
    "mm": lambda x: x @ normal(4, 2),
    "mm, the other": lambda x: normal(2, 3) @ x,
    "mm with itself": lambda x: x @ x.t(),
    "addmm": lambda x: torch.addmm(normal(3, 2), x, normal(4, 2), beta=0.5, alpha=2),
    "linear": lambda x: F.linear(normal(5, 4), x, normal(3)),
    "linear on a batch of rows": lambda x: F.linear(x[None], normal(5, 4), normal(5)),
    "bmm": lambda x: torch.bmm(x[None].expand(2, 3, 4), normal(2, 4, 3)),
    "bmm, the other": lambda x: torch.bmm(normal(2, 5, 3), x[None].repeat(2, 1, 1)),
    "baddbmm": lambda x: torch.baddbmm(normal(1, 3, 2), x[None], normal(1, 4, 2), alpha=3),
    "mv": lambda x: x @ normal(4),
    "mv, the vector": lambda x: normal(5, 4) @ x[0],
    "dot": lambda x: x[0] @ x[1],
    "outer": lambda x: torch.outer(x[0], x[1]),
    "einsum": lambda x: torch.einsum("ij,kj->ik", x, normal(2, 4)),
}

VIEWS = {
    "view": lambda x: x.view(2, 6),
    "reshape that copies": lambda x: x.t().reshape(2, 6),
    "flatten": lambda x: x.flatten(),
    "t": lambda x: x.t(),
    "transpose": lambda x: x.transpose(0, -1),
    "permute": lambda x: x.view(3, 2, 2).permute(2, -3, 1),
    "unsqueeze": lambda x: x.unsqueeze(-1),
    "squeeze": lambda x: x[None, :, None].squeeze(),
    "squeeze of one": lambda x: x[None].squeeze(0),
    "expand": lambda x: x[:1].expand(5, 4),
    "expand to more dimensions": lambda x: x.expand(2, 3, 4),
    "repeat": lambda x: x.repeat(2, 2),
    "select": lambda x: x[1],
    "select of a column": lambda x: x[:, -1],
    "slice": lambda x: x[0:2],
    "slice with a step": lambda x: x[:, 1::2],
    "slice from the end": lambda x: x[-2:],
    "clone": lambda x: x.clone(),
    "contiguous": lambda x: x.t().contiguous(),
    "double": lambda x: x.double(),
    "index": lambda x: x[[2, 0, 2]],
    "index of pairs": lambda x: x[[0, 1], [3, 3]],
    "index of columns": lambda x: x[:, [1, 1]],
    "index by mask": lambda x: x[BITS > 0],
    "index_select": lambda x: x.index_select(1, torch.tensor([3, 3, 0])),
    "gather": lambda x: x.gather(1, torch.tensor([[0, 0], [1, 2], [3, 3]])),
    "take": lambda x: x.take(torch.tensor([0, 5, 5])),
    "masked_select": lambda x: x.masked_select(BITS > 0),
    "cat": lambda x: torch.cat([normal(1, 4), x, x * 2]),
    "stack": lambda x: torch.stack([x, normal(3, 4)], 1),
    "unbind": lambda x: x.unbind(1)[2],
    "split": lambda x: x.split(2, 1)[1],
    "chunk": lambda x: x.chunk(3)[2],
    "flip": lambda x: x.flip(0, -1),
    "diagonal": lambda x: x.diagonal(1),
    "unfold": lambda x: x.unfold(1, 3, 1),
    "embedding": lambda x: F.embedding(torch.tensor([[0, 2], [2, 1]]), x),
    "embedding with padding": lambda x: F.embedding(torch.tensor([0, 2, 1]), x, padding_idx=0),
}

LAYERS = {
    "convolution": lambda x: F.conv2d(x.reshape(1, 1, 3, 4), normal(2, 1, 2, 2), normal(2)),
    "convolution, the filter": lambda x: F.conv2d(normal(2, 3, 5, 5), x.reshape(1, 3, 2, 2)),
    "convolution, stride and padding": lambda x: F.conv2d(
        x.reshape(1, 1, 3, 4), normal(2, 1, 3, 2), stride=2, padding=(1, 2)
    ),
    "convolution, its filter": lambda x: F.conv2d(
        normal(2, 1, 7, 8), x.reshape(1, 1, 3, 4), stride=(2, 1), padding=1, dilation=(2, 1)
    ),
    "convolution, groups": lambda x: F.conv2d(x.reshape(1, 4, 3, 1), normal(6, 2, 2, 1), groups=2),
    "convolution, filters in groups": lambda x: F.conv2d(normal(2, 4, 5, 4), x.reshape(2, 2, 3, 1), groups=2),
    "convolution of signals": lambda x: F.conv1d(x[None], normal(2, 3, 2), normal(2)),
    "max_pool": lambda x: F.max_pool2d(x.reshape(1, 1, 3, 4), 2, 1),
    "max_pool without batch": lambda x: F.max_pool2d(x[None], (3, 2)),
    "batch norm": lambda x: F.batch_norm(x, None, None, normal(4), normal(4), training=True),
    "batch norm of pictures": lambda x: F.batch_norm(x.reshape(2, 3, 2, 1), None, None, training=True),
    "batch norm at rest": lambda x: F.batch_norm(x, torch.zeros(4), torch.ones(4) * 2, normal(4), normal(4)),
    "layer norm": lambda x: F.layer_norm(x, (4,), normal(4), normal(4)),
    "layer norm over both": lambda x: F.layer_norm(x, (3, 4)),
}

ALL = {**POINTWISE, **REDUCING, **LOSSES, **MATRICES, **VIEWS, **LAYERS}


def places(shape):
    return [tuple(int(i) for i in torch.unravel_index(torch.tensor(k), shape)) for k in range(math.prod(shape))]


def rules(result):
    """Every number of every gradient on the way back from a result, explained."""
    weights = torch.linspace(-1.0, 2.0, result.numel(), dtype=result.dtype).reshape(result.shape)
    stepper = BackwardStepper(result, weights if result.ndim else None)
    while stepper.step():
        for outgoing in stepper.describe().outgoing:
            for element in places(outgoing.gradient.shape):
                yield stepper.describe(outgoing.index, element).rule


def assert_right(rule: Rule) -> None:
    assert rule.is_known, rule.operation
    # A few roundings of float32, relative to the terms of the sum; our arithmetic is in float64 on the same values.
    assert rule.value == pytest.approx(rule.gradient, rel=2e-4, abs=2e-5), rule.text
    assert rule.numbers


@pytest.mark.parametrize("operation", ALL.values(), ids=ALL.keys())
def test_the_formula_gives_the_number_that_torch_gives(operation):
    found = list(rules(operation(normal(3, 4))))
    assert found
    for rule in found:
        if rule.operation == "EmbeddingBackward0" and not rule.is_known:  # the row that only pads learns nothing
            assert rule.element[0] == rule.gradient == 0
        else:
            assert_right(rule)


def test_a_formula_with_a_wrong_number_would_be_noticed():
    right = next(rules(torch.log(positive(3))))
    with pytest.raises(AssertionError):
        assert_right(Rule("Log", "x", 0, (0,), right.formula, right.numbers, right.value * 1.01, right.gradient, ""))


@pytest.mark.parametrize(
    "operation",
    [
        torch.erf,
        lambda x: F.conv_transpose1d(x[None], normal(3, 2, 2)),
        lambda x: F.gelu(x, approximate="tanh"),
        lambda x: x.norm(3),
        lambda x: (x * BITS).prod(),
        lambda x: F.embedding(torch.tensor([0]), x, sparse=True),
    ],
)
def test_an_operation_without_a_formula_says_so(operation):
    rule = next(rules_of_first_node(operation(normal(3, 4))))
    assert not rule.is_known
    assert math.isnan(rule.value)
    assert rule.text.endswith("no formula here; PyTorch's own rule was applied")
    assert math.isfinite(rule.gradient)


def rules_of_first_node(result):
    stepper = BackwardStepper(result, torch.ones(result.shape))
    yield stepper.step().rule


def test_what_is_known_can_be_asked_before_a_step():
    x = normal(3, 4)
    assert is_known(x.softmax(0).grad_fn)
    assert not is_known(torch.erf(x).grad_fn)


def test_the_softmax_rule_reads_as_on_paper():
    w = torch.tensor([1.0, 2, 3], requires_grad=True)
    stepper = BackwardStepper(-torch.log(F.softmax(w, 0)[1]))
    for _ in range(4):
        step = stepper.step()
    assert step.rule.text == "SoftmaxBackward0: pᵢ (gᵢ - Σⱼ gⱼ pⱼ) = 0.2447 · ((-4.086) - (-1)) = -0.7553 at [1]"


def test_a_bias_that_was_stretched_sums_what_came():
    bias = torch.zeros(2, requires_grad=True)
    stepper = BackwardStepper(normal(3, 2).detach() + bias, [[1.0, 2], [3, 4], [5, 6]])
    rule = stepper.step().rule
    assert (rule.element, rule.value) == ((1,), 12)
    assert rule.formula.endswith("(summed over the 3 places it was stretched to)")
    assert rule.numbers == "2 · 1 + 4 · 1 + 6 · 1"


def test_a_long_sum_shows_its_first_terms_and_how_many_there_are():
    rule = next(rules_of_first_node(torch.ones(1, 100) @ torch.ones(100, 1, requires_grad=True)))
    assert rule.numbers == "1 · 1"
    rule = next(rules_of_first_node(torch.ones(50, 2, requires_grad=True).t() @ torch.ones(50, 9, requires_grad=True)))
    assert rule.numbers == "1 · 1 + 1 · 1 + 1 · 1 + … (9 terms)"


def test_the_two_layer_chain_rule_of_the_notes():
    x, w1, w2, target = torch.tensor(1.0), torch.tensor(2.0), torch.tensor(2.0), torch.tensor(1.0)
    w1, w2 = w1.requires_grad_(), w2.requires_grad_()
    y1 = x * w1 + 1
    loss = (y1 * w2 + 1 - target) ** 2
    stepper = BackwardStepper(loss, inputs=[w1])
    last = None
    while step := stepper.step():
        last = step
    assert last.chain.value == pytest.approx(torch.autograd.grad(loss, w1)[0].item())
    assert last.chain.text == "1 · 12 · 2"


def test_a_layer_of_a_net_is_explained():
    net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 4))
    for rule in rules(F.cross_entropy(net(normal(3, 4).detach()), LABELS)):
        assert_right(rule)


@pytest.mark.parametrize(
    "clamp",
    [
        pytest.param(lambda x: x.clamp(0, 1), id="at a bound"),
        pytest.param(lambda x: x.clamp(min=torch.zeros(3)), id="by a tensor"),
    ],
)
def test_a_clamp_at_its_bound_or_by_a_tensor_has_no_formula(clamp):
    stepper = BackwardStepper(clamp(torch.tensor([0.0, 0, 0], requires_grad=True)), torch.ones(3))
    assert not stepper.step().rule.is_known
