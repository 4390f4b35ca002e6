"""A tensor's graph under the eye of the user: pictures, turns, and letting go."""

import gc
import weakref

import pytest
import torch
import torch.nn.functional as F  # noqa: N812  # its usual name
from torch import nn

from playground.engine.tensors.graph_session import GraphSession
from playground.engine.tensors.layout import layout


@pytest.fixture
def variables():
    w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    return {"w": w, "L": -torch.log(F.softmax(w, dim=0)[1])}


def test_the_turns_end_in_what_backward_gives(variables):
    session = GraphSession("L", variables["L"], variables)
    run = session.run(None, True)
    assert run.reason == "leaves"
    (expected,) = torch.autograd.grad(variables["L"], variables["w"], retain_graph=True)
    assert torch.equal(torch.from_numpy(run.last.accumulated[0].added.array), expected)
    assert variables["w"].grad is None


def test_the_picture_names_the_variables_and_knows_where_they_stand(variables):
    picture = GraphSession("L", variables["L"], variables).picture((), layout)
    assert picture.name == "L"
    assert "w" in {node.name for node in picture.graph.nodes}
    assert picture.layout.positions.keys() == {node.id for node in picture.graph.nodes}
    assert picture.wants_gradient is None


def test_a_vector_wants_a_gradient_and_takes_it():
    x = torch.arange(3.0, requires_grad=True)
    session = GraphSession("y", x**2, {"x": x})
    assert session.picture((), layout).wants_gradient == (3,)
    session.begin_with(torch.tensor([1.0, 0.0, 2.0]))
    assert session.run(None, True).last.accumulated[0].added.array.tolist() == [0.0, 0.0, 8.0]


def test_the_modules_of_the_net_can_be_folded():
    net = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Linear(3, 1)))
    picture = GraphSession("L", net(torch.ones(1, 2)).sum(), {"net": net}).picture((), layout)
    assert set(picture.modules) == {"0", "1", "1.0", "1.1"}


def test_finite_differences_agree_with_the_code_that_was_run(variables):
    source = "p = F.softmax(w, dim=0)\nL = -torch.log(p[1])"
    namespace = variables | {"torch": torch, "F": F}
    said = GraphSession("L", variables["L"], namespace).check(source, namespace)
    assert said.startswith("Backward agrees")
    assert said.endswith("over 3 of 3 values.")


def test_it_knows_its_tensor_and_keeps_it_from_nobody(variables):
    session = GraphSession("L", variables["L"], variables)
    assert session.is_of(variables["L"])
    assert not session.is_of(variables["L"] * 2)
    kept = weakref.ref(variables.pop("L"))
    gc.collect()
    assert kept() is None
