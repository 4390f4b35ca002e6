"""Each turn of a backward tells what came, what went on and why; it stops, goes back, and refuses with a sentence."""

import gc
import math
import weakref

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from playground.engine.problems import Problem
from playground.engine.tensors.backward import BackwardStepper
from playground.engine.tensors.graph import GraphHandle


def same(one, other):
    return one.shape == other.shape and one.numpy().tobytes() == other.numpy().tobytes()


def agree(output, leaf, gradient):
    stepper = BackwardStepper(output, gradient)
    stepper.run()
    ((_, found),) = stepper.results()
    output.backward(gradient)
    assert same(found, leaf.grad)


def softmax_example():
    w = torch.tensor([1.0, 2, 3], requires_grad=True)
    p = F.softmax(w, 0)
    return w, p, -torch.log(p[1])


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
    agree(w, w, torch.tensor([3.0, 4]))


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
