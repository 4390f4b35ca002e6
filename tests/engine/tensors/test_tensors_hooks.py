"""Hooks of every kind have their say in a backward by steps as they have in torch's own."""

import pytest
import torch
from torch import nn

from playground.engine.problems import Problem
from playground.engine.tensors import backward
from playground.engine.tensors.backward import BackwardStepper


def tripled(_, gradients, *__):
    return tuple(None if each is None else each * 3 for each in gradients)


def of_a_tensor_without_a_name(w):
    h = w * w
    h.register_hook(lambda gradient: gradient * 10)
    return h.exp().sum()


def of_a_grad_fn(w):
    h = w * w
    h.grad_fn.register_hook(lambda given, _: tuple(None if each is None else each * 5 for each in given))
    h.grad_fn.register_prehook(lambda came: tuple(each + 1 for each in came))
    return h.exp().sum()


def of_a_module(w):
    net = nn.Sequential(nn.Tanh(), nn.Softmax(dim=0))
    net[0].register_full_backward_hook(tripled)
    net[1].register_full_backward_pre_hook(tripled)
    return net(w * 2).square().sum()


def of_a_leaf(w):
    w.register_hook(lambda gradient: gradient.clamp(-1, 1))
    return (w * w * 4).sum()


def of_two_in_a_row(w):
    h = w * w
    h.register_hook(lambda gradient: gradient * gradient)
    h.register_hook(lambda _: None)
    return (h * 2).sum() + h.exp().sum()


@pytest.mark.parametrize("made", [of_a_tensor_without_a_name, of_a_grad_fn, of_a_module, of_a_leaf, of_two_in_a_row])
def test_gradients_changed_by_hooks_are_those_of_backward(made):
    w = torch.tensor([0.5, -1, 2], requires_grad=True)
    loss = made(w)
    stepper = BackwardStepper(loss)
    stepper.run()
    ((_, found),) = stepper.results()
    assert w.grad is None
    loss.backward()
    assert torch.equal(found, w.grad)


def test_a_turn_says_that_a_hook_gave_another_gradient_and_is_told_only_then():
    w = torch.tensor([0.5, -1], requires_grad=True)
    stepper = BackwardStepper(of_a_tensor_without_a_name(w))
    told = {}
    while step := stepper.step():
        told[step.title] = step.is_replaced
    assert told == {"sum": False, "exp": False, "mul": True, "leaf": False}


def test_hooks_are_called_once_however_often_a_turn_is_had():
    seen = []
    w = torch.ones(2, requires_grad=True)
    h = w * 2
    h.register_hook(lambda gradient: seen.append(gradient.tolist()))
    stepper = BackwardStepper((h * h).sum())
    stepper.run()
    while stepper.step_back():
        pass
    stepper.run()
    assert seen == [[4.0, 4.0]]


def test_retained_gradients_stay_as_they_are_before_it_is_applied():
    w = torch.ones(2, requires_grad=True)
    h = w * 2
    h.retain_grad()
    h.sum().backward(retain_graph=True)
    BackwardStepper((h * h).sum(), names={"h": h}).run()
    assert h.grad.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        (lambda _: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda _: torch.ones(5), "shape|size"),
    ],
)
@pytest.mark.parametrize("of_leaf", [True, False])
def test_a_hook_that_fails_is_a_problem(hook, said, of_leaf):
    w = torch.ones(2, requires_grad=True)
    h = w * 2
    (w if of_leaf else h).register_hook(hook)
    with pytest.raises(Problem, match=said):
        BackwardStepper(h.exp().sum()).run()


def test_a_large_graph_is_gone_through_without_the_hooks_that_cannot_be_asked_for_and_says_so(monkeypatch):
    monkeypatch.setattr(backward, "HOOKED", 3)
    w = torch.tensor([0.5, -1], requires_grad=True)
    loss = of_a_tensor_without_a_name(w)
    stepper = BackwardStepper(loss)
    run = stepper.run()
    ((_, found),) = stepper.results()
    assert not run.calls_hooks
    loss.backward()
    assert torch.equal(found * 10, w.grad)


def test_the_chain_names_a_hook_as_a_factor_and_no_product():
    w = torch.tensor(0.5, requires_grad=True)
    h = w * 3
    h.register_hook(lambda gradient: gradient * 10)
    last = BackwardStepper(h * 2).run().last
    assert last.chain.text == "1 · 2 · a hook · 3"
    assert last.chain.value is None
