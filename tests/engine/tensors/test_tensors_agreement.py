"""Going backward node by node ends where `.backward()` ends, bit for bit."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.utils.checkpoint import checkpoint

from playground.engine import presets
from playground.engine.data.facts import describe
from playground.engine.network.builder import build
from playground.engine.problems import Problem
from playground.engine.tensors.backward import BackwardStepper
from playground.engine.training.losses import loss_function, prepare_targets


def same(one, other):
    """Whether two gradients are the same bits (NaN included), or both not there."""
    if one is None or other is None:
        return one is other
    return one.shape == other.shape and one.dtype == other.dtype and one.numpy().tobytes() == other.numpy().tobytes()


def agree(output, leaves, gradient=None):
    """Hold the stepper against backward on the same graph."""
    stepper = BackwardStepper(output, gradient)
    run = stepper.run(stop_at_not_finite=False)
    assert (run.reason, run.position) == ("leaves", stepper.total)
    found = {id(leaf): value for leaf, value in stepper.results()}
    assert all(leaf.grad is None for leaf in leaves)
    output.backward(gradient)
    for leaf in leaves:
        assert same(found.get(id(leaf)), leaf.grad)


def in_place_view(a, b):
    result = a.clone()
    result[1:].mul_(b[1:])
    result[0] = b[0].sin()
    return result * a


INDEX = torch.tensor([[0, 2, 1, 0], [1, 1, 0, 2], [2, 0, 2, 3]])


def parts_in_place(a, b):
    result = a.clone()
    part = result[1:]
    part *= 2
    part[0].add_(b[0])
    result[:, 1:3].copy_(b[:, 1:3])
    result.t()[0].zero_()
    return result * 1


def hooked(a, b):
    product = a * b
    if product.requires_grad:
        product.register_hook(lambda gradient: gradient * 0.5)
    return product.exp()


def saved_elsewhere(a, b):
    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: (tensor.clone(),), lambda packed: packed[0]):
        return (a * b).sigmoid()


class TwoResults(torch.autograd.Function):
    @staticmethod
    def forward(ctx, factor, a, b):
        ctx.factor = factor
        ctx.save_for_backward(a)
        return a * a * factor, b + 1

    @staticmethod
    def backward(ctx, of_square, of_sum):
        (a,) = ctx.saved_tensors
        return None, 2 * a * of_square * ctx.factor, of_sum


OPERATIONS = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - 2 * b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / (b * b + 1),
    "pow": lambda a, b: (a.abs() + 0.1) ** b.tanh(),
    "exp": lambda a, _: torch.exp(-a * a),
    "log": lambda a, _: torch.log(a.abs() + 1),
    "sqrt": lambda a, _: torch.sqrt(a.abs() + 1),
    "relu": lambda a, _: F.relu(a),
    "tanh": lambda a, _: torch.tanh(a),
    "sigmoid": lambda a, _: torch.sigmoid(a),
    "softmax": lambda a, _: a.softmax(-1),
    "log_softmax": lambda a, _: a.log_softmax(0),
    "matmul": lambda a, b: a @ b.t() @ a,
    "row added everywhere": lambda a, b: a + b[0],
    "column times": lambda a, b: a * b[:, :1],
    "mean": lambda a, b: a - b.mean(),
    "sum over rows": lambda a, _: a.sum(0, keepdim=True) + a,
    "max": lambda a, _: a * a.max(1, keepdim=True).values,
    "norm": lambda a, _: a / (a.norm() + 1),
    "transposed": lambda a, _: a.t().reshape(3, 4),
    "viewed": lambda a, _: a.view(-1).flip(0).view(3, 4),
    "indexed": lambda a, _: a[[2, 2, 0]],
    "joined": lambda a, b: torch.cat([a[:1], b[1:]]),
    "split": lambda a, _: torch.stack(a.unbind(0)[::-1]),
    "chosen": lambda a, b: torch.where(a > b, a, b),
    "cut": lambda a, b: a * b.detach(),
    "in place": lambda a, b: a.clone().mul_(b),
    "written into": lambda a, b: torch.clone(a).index_put_((torch.tensor([1]),), b[0]),
    "a view in place": in_place_view,
    "double and back": lambda a, b: (a.double() * b).float(),
    "bfloat16 and back": lambda a, b: (a.bfloat16() * b.bfloat16()).float(),
    "every second": lambda a, b: torch.cat([a[:, ::2], b[:, 1::2]], 1),
    "index with dimensions": lambda a, b: a[[0, 1, 2], [3, 2, 1]][:, None] * b,
    "by mask": lambda a, b: a.masked_fill(b > 0, 0.5) + torch.zeros(3, 4).masked_scatter(a.isfinite(), a),
    "nothing of it": lambda a, b: torch.cat([a[:0], b]),
    "batched product": lambda a, b: (a.expand(2, 5, 3, 4) @ b.t()).mean((0, 1)) @ a,
    "row times vector": lambda a, b: (a @ b[0])[:, None] * b,
    "scattered": lambda a, b: torch.zeros(3, 4).scatter(1, INDEX, a) + b.scatter_add(0, INDEX % 3, a),
    "reduced": lambda a, b: a.scatter_reduce(1, INDEX, b, "prod"),
    "gathered": lambda a, b: a.gather(0, INDEX % 3) * b.take(INDEX),
    "own function": lambda a, b: TwoResults.apply(2.0, a, b)[0],
    "checkpoint": lambda a, b: checkpoint(torch.lerp, a, b, 0.3, use_reentrant=False),
    "reentrant checkpoint": lambda a, b: checkpoint(torch.hypot, a, b, use_reentrant=True),
    "parts in place": parts_in_place,
    "strides": lambda a, b: (a * 1).as_strided((3, 4), (1, 3)) + b,
    "complex": lambda a, b: (torch.complex(a, b) * (1 + 2j)).abs() + torch.view_as_real(torch.complex(b, a)).sum(-1),
    "spectrum": lambda a, b: torch.fft.rfft(a).real.sum(-1, keepdim=True) * b,
    "sparse": lambda a, b: torch.sparse.mm(a.to_sparse(), b.t()) @ b,
    "hooked": hooked,
    "norm with hooks on what is saved": saved_elsewhere,
    "sorted": lambda a, b: a.sort(0).values + b.cumsum(1) * a.median(),
    "summed by letters": lambda a, b: torch.einsum("ij,kj,kl->il", a, b, a),
    "vmap": lambda a, _: torch.func.vmap(lambda row: row * row.sum())(a),
    "clamped by a tensor": lambda a, b: a.clamp(min=b),
}


@pytest.mark.filterwarnings("ignore:Sparse")
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_by_itself_gets_the_gradients_of_backward_bit_for_bit(name):
    draw = torch.Generator().manual_seed(3)
    leaves = [torch.randn(3, 4, generator=draw).requires_grad_() for _ in range(2)]
    agree(OPERATIONS[name](*leaves), leaves, torch.randn(3, 4, generator=draw))


@st.composite
def programs(draw):
    """A few lines, each an operation on results of lines before it; shared freely."""
    lines = draw(st.integers(1, 12))
    return [
        (draw(st.sampled_from(sorted(OPERATIONS))), draw(st.integers(0, i + 1)), draw(st.integers(0, i + 1)))
        for i in range(lines)
    ]


@settings(max_examples=200)
@given(program=programs(), seed=st.integers(0, 1000), scalar=st.booleans())
def test_any_expression_gets_the_gradients_of_backward_bit_for_bit(program, seed, scalar):
    draw = torch.Generator().manual_seed(seed)
    leaves = [torch.randn(3, 4, generator=draw).requires_grad_() for _ in range(2)]
    values = list(leaves)
    for name, first, second in program:
        values.append(OPERATIONS[name](values[first], values[second]))
    output = values[-1].sum() if scalar else values[-1]
    if output.requires_grad:
        agree(output, leaves, None if scalar else torch.randn(3, 4, generator=draw))


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_gets_the_gradients_of_backward_bit_for_bit(name):
    document = presets.preset(name)
    facts = describe(document.data)
    torch.manual_seed(document.training.seed)
    net = build(document.network)
    inputs = torch.randn(6, *facts.shape)
    classes = facts.task == "classification"
    targets = torch.randint(0, facts.outputs, (6,)) if classes else torch.randn(6, facts.outputs)
    targets = prepare_targets(document.training.loss, facts, targets)
    loss = loss_function(document.training.loss, facts)(net(inputs), targets)
    agree(loss, list(net.parameters()))


def test_a_net_with_batch_norm_convolutions_and_dropout_agrees_and_tells_every_step():
    net = nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.3),
        nn.Conv2d(4, 4, 3, groups=2), nn.LayerNorm([4, 2, 2]), nn.GELU(), nn.Flatten(), nn.Linear(16, 5),
    )  # fmt: skip
    loss = F.cross_entropy(net(torch.randn(4, 3, 8, 8)), torch.tensor([1, 2, 0, 4]), label_smoothing=0.1)
    stepper = BackwardStepper(loss, modules=net)
    steps = []
    while step := stepper.step():
        steps.append(step)
    assert [step.position for step in steps] == list(range(1, stepper.total + 1))
    agree(loss, list(net.parameters()))
    named = {each.name: each.after for step in steps for each in step.accumulated}
    for name, parameter in net.named_parameters():
        assert np.array_equal(named[name].array, parameter.grad.numpy())


def test_lstm_and_attention_agree():
    x = torch.randn(2, 5, 8, requires_grad=True)
    lstm, attention = nn.LSTM(8, 8, batch_first=True), nn.MultiheadAttention(8, 2, batch_first=True)
    hidden, _ = lstm(x)
    result, _ = attention(hidden, hidden, hidden)
    agree(result.square().mean(), [x, *lstm.parameters(), *attention.parameters()])


def test_a_complex_detour_and_an_operation_with_several_results_agree():
    x = torch.randn(4, 4, requires_grad=True)
    u, s, _ = torch.linalg.svd(x)
    agree(torch.fft.fft(x).abs().sum() + s.sum() + (u[0, 0] * 0).sum(), [x])


class Quiet(TwoResults):
    @staticmethod
    def forward(ctx, factor, a, b):
        ctx.set_materialize_grads(False)
        return TwoResults.forward(ctx, factor, a, b)

    @staticmethod
    def backward(ctx, of_square, of_sum):
        assert of_sum is None
        (a,) = ctx.saved_tensors
        return None, 2 * a * of_square * ctx.factor, None


@pytest.mark.parametrize("function", [TwoResults, Quiet])
def test_an_own_function_gets_what_torch_would_give_it(function):
    a, b = torch.tensor([1.0, 2], requires_grad=True), torch.tensor([3.0, 4], requires_grad=True)
    square, _ = function.apply(3.0, a, b)
    agree(square.sum(), [a] if function is Quiet else [a, b])


def test_an_own_function_with_all_gradients_and_a_constant_agrees():
    a = torch.tensor([1.0, 2], requires_grad=True)
    square, plus = TwoResults.apply(3.0, a, torch.ones(2))
    agree((square * plus).sum(), [a])


def test_an_own_function_that_raises_is_a_problem_with_its_name():
    class Broken(torch.autograd.Function):
        @staticmethod
        def forward(_ctx, a):
            return a * 2

        @staticmethod
        def backward(_ctx, _gradient):
            raise KeyError("mine")

    stepper = BackwardStepper(Broken.apply(torch.ones((), requires_grad=True)))
    with pytest.raises(Problem, match="BrokenBackward cannot go backward: KeyError: 'mine'"):
        stepper.step()


def test_sparse_gradients_of_an_embedding_agree():
    table = torch.randn(5, 3, requires_grad=True)
    index = torch.tensor([1, 1, 4])
    loss = F.embedding(index, table, sparse=True).sum() + F.embedding(torch.tensor([0, 1]), table, sparse=True).sum()
    stepper = BackwardStepper(loss)
    stepper.run()
    ((_, found),) = stepper.results()
    loss.backward()
    assert same(found.to_dense(), table.grad.to_dense())


@pytest.mark.parametrize("inputs", [["w"], ["h"], ["w", "h"], ["h", "b"], ["last"]])
def test_gradients_for_chosen_tensors_leaves_or_not_agree_with_grad(inputs):
    named = {name: torch.randn(3, requires_grad=True) for name in ("w", "b")}
    named["h"] = named["w"] * 2
    named["last"] = (named["h"] + named["b"]).exp()
    output = (named["last"] * named["h"]).sum()
    stepper = BackwardStepper(output, inputs=[named[name] for name in inputs])
    stepper.run()
    results = stepper.results()
    expected = torch.autograd.grad(output, [named[name] for name in inputs])
    for name, gradient in zip(inputs, expected, strict=True):
        (found,) = (value for tensor, value in results if tensor is named[name])
        assert same(found, gradient)
    assert len(results) == len(inputs)


def test_only_nodes_on_the_way_to_a_chosen_tensor_have_a_turn():
    w = torch.randn(3, requires_grad=True)
    h = w * 2
    assert BackwardStepper(h.exp().sum()).total == 4
    assert BackwardStepper(h.exp().sum(), inputs=[h]).total == 3


def test_a_chosen_tensor_that_has_no_part_is_a_problem():
    with pytest.raises(Problem) as caught:
        BackwardStepper(torch.ones(2, requires_grad=True).sum(), inputs=[torch.ones(2, requires_grad=True)])
    assert caught.value.code == "graph-input"
