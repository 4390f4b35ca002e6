"""Going backward node by node ends where `.backward()` ends, bit for bit, and tells the way there."""

import copy
import gc
import math
import weakref

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from playground.engine import presets
from playground.engine.data.facts import describe
from playground.engine.network.builder import build
from playground.engine.problems import Problem
from playground.engine.tensors.backward import BackwardStepper
from playground.engine.tensors.backward_check import gradcheck, rebuilt
from playground.engine.tensors.graph import GraphHandle
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


def softmax_example():
    w = torch.tensor([1.0, 2, 3], requires_grad=True)
    p = F.softmax(w, 0)
    return w, p, -torch.log(p[1])


# What it ends with


def in_place_view(a, b):
    result = a.clone()
    result[1:].mul_(b[1:])
    result[0] = b[0].sin()
    return result * a


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
}


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
        BackwardStepper(softmax_example()[2], inputs=[torch.ones(2, requires_grad=True)])
    assert caught.value.code == "graph-input"


# Steps


def test_each_step_tells_node_gradients_rule_and_chain():
    w, p, loss = softmax_example()
    stepper = BackwardStepper(loss, names={"w": w, "p": p, "L": loss})
    steps = [stepper.step() for _ in range(5)]
    assert stepper.step() is None
    assert [step.title for step in steps] == ["neg", "log", "select 1", "softmax", "w"]
    assert [step.chain.text for step in steps[:4]] == [
        "1 · (-1)",
        "1 · (-1) · 1/0.2447",
        "1 · (-1) · 1/0.2447",
        "1 · (-1) · 1/0.2447 · softmax's Jacobian",
    ]
    assert steps[1].chain.value == pytest.approx(float(steps[1].outgoing[0].gradient.array))
    assert steps[3].chain.value is None
    assert steps[2].outgoing[0].gradient.array.tolist() == pytest.approx([0, -4.08616, 0], abs=1e-4)
    (leaf,) = steps[4].accumulated
    assert leaf.name == "w"
    assert leaf.before is None
    assert leaf.after.array.tolist() == pytest.approx([0.09003, -0.75527, 0.66524], abs=1e-4)


def test_steps_can_be_taken_back_and_again_with_the_same_numbers():
    stepper = BackwardStepper(softmax_example()[2])
    forward = [stepper.step() for _ in range(5)]
    back = [stepper.step_back() for _ in range(5)]
    assert [step.position for step in back[:4]] == [4, 3, 2, 1]
    assert back[4] is None
    assert stepper.position == 0
    again = [stepper.step() for _ in range(5)]
    for one, other in zip(forward, again, strict=True):
        assert [each.text for each in one.incoming] == [each.text for each in other.incoming]
    assert stepper.gradients() == {0: "1", 1: "-1", 2: "-4.086", 3: "[0, -4.086, 0]", 4: "[0.09003, -0.7553, 0.6652]"}


def test_a_gradient_that_was_broadcast_says_from_which_shape_it_is_summed():
    bias = torch.zeros(4, requires_grad=True)
    step = BackwardStepper(torch.randn(3, 4) + bias, torch.ones(3, 4)).step()
    assert step.outgoing[0].summed_from == (3, 4)
    assert step.outgoing[0].gradient.array.tolist() == [3, 3, 3, 3]


def test_a_large_gradient_is_cut_and_says_its_whole_shape():
    x = torch.randn(200, 300, requires_grad=True)
    step = BackwardStepper((x * 2).sum()).step()
    outgoing = step.outgoing[0].gradient
    assert outgoing.shape == (200, 300)
    assert not outgoing.is_whole
    assert outgoing.array.size <= 4096


def test_a_gradient_with_several_ways_counts_them_and_follows_the_widest():
    x = torch.tensor(2.0, requires_grad=True)
    stepper = BackwardStepper(x * 10 + x * 3, inputs=[x])
    while step := stepper.step():
        last = step
    assert last.chain.paths == 2
    assert last.chain.text == "1 · 10"
    assert last.accumulated[0].after.array == 13


def test_a_bias_has_a_before_and_an_after_and_zero_grad_is_none():
    layer = nn.Linear(1, 2)
    bias = layer.bias

    def accumulated():
        stepper = BackwardStepper((bias * torch.tensor([1.0, 2])).sum())
        stepper.apply()
        (found,) = stepper.describe().accumulated
        return found, bias.grad.tolist()

    stepper = BackwardStepper((bias * 3).sum())
    stepper.run()
    assert stepper.describe().accumulated[0].before is None
    assert bias.grad is None
    assert accumulated()[1] == [1, 2]
    assert accumulated()[1] == [2, 4]
    layer.zero_grad()
    assert bias.grad is None
    assert accumulated()[1] == [1, 2]


def test_before_and_after_are_told_before_anything_is_applied():
    bias = torch.zeros(2, requires_grad=True)
    (bias * 5).sum().backward()
    stepper = BackwardStepper((bias * 3).sum())
    (found,) = stepper.run().last.accumulated
    assert [each.array.tolist() for each in (found.before, found.added, found.after)] == [[5, 5], [3, 3], [8, 8]]
    assert bias.grad.tolist() == [5, 5]


def test_the_same_graph_can_be_gone_back_from_two_nodes_side_by_side():
    w, p, loss = softmax_example()
    handle = GraphHandle(loss, {"w": w, "p": p})
    from_loss, from_p = BackwardStepper(handle), BackwardStepper(handle, [0.0, 1, 0], start=3)
    assert from_p.run().position == 2
    from_loss.run()
    assert from_p.next_node is None
    (_, of_p), (_, of_loss) = *from_p.results(), *from_loss.results()
    assert same(of_p, torch.autograd.grad(p, w, torch.tensor([0.0, 1, 0]), retain_graph=True)[0])
    assert same(of_loss, torch.autograd.grad(loss, w)[0])


def test_a_leaf_itself_can_be_gone_back_from():
    w = torch.tensor([1.0, 2], requires_grad=True)
    agree(w, [w], torch.tensor([3.0, 4]))


# Stops


def test_a_run_stops_where_a_gradient_exceeds_the_bound():
    x = torch.tensor(0.001, requires_grad=True)
    stepper = BackwardStepper(torch.log(x) * 2)
    run = stepper.run(bound=100)
    assert (run.reason, run.last.title, run.last.outgoing[0].largest) == ("bound", "log", pytest.approx(2000))
    assert stepper.run(bound=100).reason == "leaves"


def test_a_run_stops_where_a_nan_is_born():
    x = torch.tensor([0.0, 1.0], requires_grad=True)
    stepper = BackwardStepper((torch.sqrt(x) * torch.tensor([0.0, 1.0])).exp().sum())
    run = stepper.run()
    assert (run.reason, run.last.title) == ("not-finite", "sqrt")
    assert math.isnan(run.last.outgoing[0].largest)
    assert stepper.run().reason == "leaves"


# Hooks, retain_grad, apply


def test_hooks_of_leaves_and_of_steps_in_between_change_gradients_as_in_backward():
    def loss_of(w):
        h = w * w
        h.register_hook(lambda gradient: gradient * 10)
        return (h * 3).sum(), h

    w = torch.tensor([1.0, 2], requires_grad=True)
    seen = []
    w.register_hook(lambda gradient: seen.append(gradient.tolist()))
    w.register_hook(lambda gradient: gradient + 1)
    loss, h = loss_of(w)
    stepper = BackwardStepper(loss, names={"h": h})
    run = stepper.run()
    assert run.last.hooks == 2
    ((_, found),) = stepper.results()
    stepper.step_back()
    stepper.step()
    assert len(seen) == 1
    loss.backward()
    assert same(found, w.grad)
    assert len(seen) == 2


def double_gradient(leaf):
    leaf.grad *= 2


def test_apply_does_to_grad_what_backward_does_with_retain_grad_and_hooks_after_accumulating():
    results = []
    for go in ("step", "backward"):
        w = torch.tensor([1.0, 2], requires_grad=True)
        w.register_post_accumulate_grad_hook(double_gradient)
        h = w * w
        h.retain_grad()
        loss = h.exp().sum()
        for _ in range(2):
            BackwardStepper(loss, names={"h": h}).apply() if go == "step" else loss.backward(retain_graph=True)
        results.append((w.grad, h.grad))
    assert same(results[0][0], results[1][0])
    assert same(results[0][1], results[1][1])


def test_nothing_is_freed_so_backward_still_works_afterwards_and_stepping_again_too():
    w, _, loss = softmax_example()
    for _ in range(2):
        BackwardStepper(loss).run()
    loss.backward()
    assert w.grad is not None


# What is refused


def test_a_second_backward_explains_retain_graph():
    _, _, loss = softmax_example()
    early = BackwardStepper(loss)
    loss.backward()
    with pytest.raises(Problem, match="retain_graph=True") as caught:
        BackwardStepper(loss)
    assert caught.value.code == "graph-freed"
    with pytest.raises(Problem, match="retain_graph=True"):
        early.run()


@pytest.mark.parametrize(
    "cut",
    [
        lambda _: torch.ones(2),
        lambda w: (w * 2).detach(),
        lambda w: (w * 2).data,
        lambda _: torch.tensor([1, 2]),
        lambda w: w.argmax(),
        pytest.param(lambda w: torch.no_grad()(lambda: w * 2)(), id="no_grad"),
    ],
)
def test_a_tensor_without_a_graph_is_a_problem_that_names_the_usual_reasons(cut):
    with pytest.raises(Problem) as caught:
        BackwardStepper(cut(torch.ones(2, requires_grad=True)))
    assert caught.value.code == "graph-no-gradient"
    assert "no_grad" in str(caught.value) or "floating-point" in str(caught.value)


def test_a_missing_and_a_misfit_gradient_are_problems():
    y = torch.ones(2, 3, requires_grad=True) * 2
    with pytest.raises(Problem, match="vector-Jacobian"):
        BackwardStepper(y)
    with pytest.raises(Problem) as caught:
        BackwardStepper(y, torch.ones(3))
    assert caught.value.code == "graph-gradient-shape"
    with pytest.raises(Problem) as caught:
        BackwardStepper(GraphHandle(y), start=99)
    assert caught.value.code == "graph-node"


def test_a_tensor_changed_in_place_since_is_a_problem():
    w = torch.ones(2, requires_grad=True)
    h = w * 2
    loss = h.exp().sum() + (h * h).sum()
    h.add_(1)
    stepper = BackwardStepper(loss)
    with pytest.raises(Problem) as caught:
        stepper.run()
    assert caught.value.code == "graph-modified"


def test_nothing_is_kept_alive_when_a_stepper_is_dropped():
    w, p, loss = softmax_example()
    stepper = BackwardStepper(loss, names={"p": p})
    step = stepper.run().last
    kept = [weakref.ref(each) for each in (w, p, loss)]
    assert step.node == 4
    del w, p, loss, stepper
    gc.collect()
    assert [ref() for ref in kept] == [None, None, None]


# gradcheck


def test_gradcheck_gives_the_largest_deviation_in_one_sentence():
    w = torch.tensor([1.0, 2, 3], requires_grad=True)
    found = gradcheck(lambda v: -torch.log(F.softmax(v, 0)[1]), {"w": w})
    assert found.is_right
    assert found.deviation < 1e-8
    assert found.checked == 3
    assert found.text.startswith("Backward agrees with finite differences")
    assert w.grad is None


def test_gradcheck_finds_a_wrong_backward_and_says_where():
    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(_ctx, a):
            return a * torch.tensor([2.0, 3.0], dtype=a.dtype)

        @staticmethod
        def backward(_ctx, gradient):
            return gradient * 2

    found = gradcheck(Wrong.apply, {"a": torch.ones(2)})
    assert not found.is_right
    assert (found.input, found.element) == ("a", (1,))
    assert found.numeric == pytest.approx(found.analytic * 1.5)
    assert "a[1]" in found.text


def test_gradcheck_works_on_code_that_was_run_and_changes_nothing():
    net = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.Tanh(), nn.Linear(4, 2))
    before = copy.deepcopy(net.state_dict())
    x = torch.randn(5, 3)
    namespace = {"net": net, "x": x, "F": F, "torch": torch, "w": torch.ones(2, requires_grad=True)}
    source = "w = torch.ones(2)\nh = net(x) * w\nL = F.mse_loss(h, torch.zeros(5, 2))\nL.backward()"
    function, leaves = rebuilt(source, namespace, "L", ["w"])
    found = gradcheck(function, leaves)
    assert found.is_right
    assert found.deviation < 1e-7
    assert all(torch.equal(before[key], value) for key, value in net.state_dict().items())
    assert "L" not in namespace


@pytest.mark.parametrize("function", [lambda w: w.detach() * 2, lambda w: w @ torch.ones(5, 5), lambda _: 1 / 0])
def test_gradcheck_of_what_cannot_be_derived_is_a_problem(function):
    with pytest.raises(Problem) as caught:
        gradcheck(function, {"w": torch.ones(2)})
    assert caught.value.code == "graph-check"


def test_gradcheck_without_leaves_is_a_problem():
    with pytest.raises(Problem, match="no leaf"):
        gradcheck(lambda: torch.ones(()), {})
