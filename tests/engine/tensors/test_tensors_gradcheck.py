"""Backward against finite differences: the largest deviation, where it is, and one sentence."""

import copy

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from playground.engine.problems import Problem
from playground.engine.tensors.backward_check import gradcheck
from playground.engine.tensors.backward_source import has_changed, rebuilt


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
    namespace["h"] = net(x) * namespace["w"]
    namespace["L"] = F.mse_loss(namespace["h"], torch.zeros(5, 2))
    given = [("w", namespace["w"]), ("0.weight", net[0].weight)]
    function, leaves = rebuilt(source, namespace, "L", given)
    found = gradcheck(function, leaves)
    assert found.is_right
    assert found.deviation < 1e-7
    assert all(torch.equal(before[key], value) for key, value in net.state_dict().items())
    assert net[0].weight.dtype == torch.float32


def made(source, **variables):
    """The variables after some lines, as a console has them."""
    namespace = {"torch": torch, "F": F, **variables}
    exec(source, namespace)
    return namespace


def test_gradcheck_runs_nothing_again_that_the_tensor_does_not_come_from():
    ran = []
    source = "ran.append(1)\nh = w * 2\nother = ran.append(2)\nL = h.sum()\nL.backward(retain_graph=True)"
    namespace = made(source, ran=ran, w=torch.ones(2, requires_grad=True))
    function, leaves = rebuilt(source, namespace, "L", [("w", namespace["w"])])
    assert gradcheck(function, leaves).is_right
    assert ran == [1, 2]


def test_whether_a_tensor_is_made_of_what_has_changed_since_is_known():
    source = "L = (w * x).sum()"
    namespace = made(source, w=torch.ones(2, requires_grad=True), x=torch.ones(2))
    namespace["x"] = torch.full((2,), 7.0)
    function, leaves = rebuilt(source, namespace, "L", [("w", namespace["w"])])
    assert has_changed(function, leaves, namespace["L"])
    assert not has_changed(function, leaves, namespace["L"] * 7)


def test_a_tensor_that_no_cell_made_is_not_checked():
    w = torch.ones(2, requires_grad=True)
    function, leaves = rebuilt("pass", {"w": w}, "L", [("w", w)])
    with pytest.raises(Problem, match="do not say how L was made"):
        gradcheck(function, leaves)


@pytest.mark.parametrize("function", [lambda w: w.detach() * 2, lambda w: w @ torch.ones(5, 5), lambda _: 1 / 0])
def test_gradcheck_of_what_cannot_be_derived_is_a_problem(function):
    with pytest.raises(Problem) as caught:
        gradcheck(function, {"w": torch.ones(2)})
    assert caught.value.code == "graph-check"


def test_gradcheck_without_leaves_is_a_problem():
    with pytest.raises(Problem, match="no leaf"):
        gradcheck(lambda: torch.ones(()), {})
