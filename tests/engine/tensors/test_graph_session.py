"""A tensor's graph under the eye of the user: pictures, turns, and letting go."""

import gc
import weakref

import pytest
import torch
import torch.nn.functional as F  # noqa: N812  # its usual name
from torch import nn

from playground.engine.problems import Problem
from playground.engine.tensors.graph_modules import record_modules
from playground.engine.tensors.graph_session import GraphSession
from playground.engine.tensors.graph_text import short
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
    session.begin_with("[1.0, 0.0, 2.0]", {})
    assert session.run(None, True).last.accumulated[0].added.array.tolist() == [0.0, 0.0, 8.0]


def test_the_modules_that_made_it_can_be_folded():
    net = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Linear(3, 1)))
    with record_modules().open() as record:
        loss = net(torch.ones(1, 2)).sum()
    picture = GraphSession("L", loss, {"net": net}, record).picture((), layout)
    assert picture.modules == ("0", "1", "1.0", "1.1")
    assert GraphSession("L", loss, {"net": net}).picture((), layout).modules == ()


def test_a_large_graph_begins_with_as_few_modules_folded_as_make_it_readable():
    deep = nn.Sequential(
        *[nn.Sequential(*[nn.Sequential(nn.Linear(2, 2), nn.Tanh()) for _ in "12345678"]) for _ in "ab"]
    )
    with record_modules().open() as record:
        loss = deep(torch.ones(1, 2)).sum()
    session = GraphSession("L", loss, {"deep": deep, "L": loss}, record)
    assert session.readable() == {f"{outer}.{inner}" for outer in range(2) for inner in range(8)}
    small = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    assert GraphSession("L", small(torch.ones(1, 2)).sum(), {"net": small}).readable() == frozenset()


# Beside a training


def trained(net, x, y, **settings):
    """A loss of the net, and a step of training that follows it."""
    loss = F.cross_entropy(net(x), y)
    expected = torch.autograd.grad(loss, list(net.parameters()), retain_graph=True)
    session = GraphSession("loss", loss, {"net": net, "loss": loss}, **settings)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
    optimizer.zero_grad()
    return session, loss, expected


@pytest.fixture
def batch():
    torch.manual_seed(3)
    net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 3))
    return net, torch.randn(6, 4), torch.tensor([0, 1, 2, 0, 1, 2])


def test_a_graph_over_a_net_in_training_keeps_the_numbers_of_its_moment(batch):
    net, x, y = batch
    session, loss, expected = trained(net, x, y, changing=[*net.parameters(), *net.buffers()])
    session.apply()
    assert all(torch.equal(p.grad, wanted) for p, wanted in zip(net.parameters(), expected, strict=True))
    net.zero_grad()
    loss.backward()
    assert all(torch.equal(p.grad, wanted) for p, wanted in zip(net.parameters(), expected, strict=True))


def test_without_that_a_changed_weight_is_told(batch):
    session, _, _ = trained(*batch)
    with pytest.raises(Problem, match="changed in place"):
        session.run(None, True)


# From two nodes


@pytest.fixture
def chain():
    x = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)
    h = torch.sin(x)
    p = F.softmax(h, dim=0)
    return {"x": x, "h": h, "p": p, "L": -torch.log(p[1])}


def of(session, name):
    """The id of the node of that name."""
    return next(node.id for node in session.picture((), layout).graph.nodes if node.name == name)


def test_backwards_from_the_output_and_from_a_node_stand_side_by_side(chain):
    session = GraphSession("L", chain["L"], chain)
    assert session.progress().rows == ()
    session.run(None, True)
    assert session.begin_at(of(session, "p")) is None
    last = session.run(None, True).last
    (expected,) = torch.autograd.grad(chain["p"], chain["x"], torch.ones(3), retain_graph=True)
    assert torch.equal(torch.from_numpy(last.accumulated[0].added.array), expected)
    progress = session.progress()
    assert [way.title for way in progress.ways] == ["L", "p"]
    row = next(row for row in progress.rows if row.title == "x")
    (whole,) = torch.autograd.grad(chain["L"], chain["x"], retain_graph=True)
    assert row.gradients == (short(whole), short(expected))
    assert next(row for row in progress.rows if row.title == "L").gradients == ("1", "")


def test_each_of_them_keeps_its_turns(chain):
    session = GraphSession("L", chain["L"], chain)
    session.step()
    session.step()
    session.begin_at(of(session, "p"))
    session.step()
    assert session.begin_at(0).position == 2
    assert session.begin_at(of(session, "p")).position == 1


def test_a_node_takes_a_gradient_of_its_own(chain):
    session = GraphSession("L", chain["L"], chain)
    session.begin_at(of(session, "p"))
    session.begin_with("torch.tensor([1., 0., 2.])", {"torch": torch})
    assert session.backward_code(chain) == "p.backward(torch.tensor([1., 0., 2.]), retain_graph=True)"
    exec(session.backward_code(chain), {"torch": torch, **chain})
    found = session.run(None, True).last.accumulated[0].added.array
    assert torch.equal(torch.from_numpy(found), chain["x"].grad)


def test_the_line_that_does_the_same_is_plain_pytorch(chain):
    session = GraphSession("L", chain["L"], chain)
    assert session.backward_code(chain) == "L.backward(retain_graph=True)"
    session.begin_at(of(session, "h"))
    assert session.backward_code(chain) == "h.backward(torch.ones(3), retain_graph=True)"
    session.begin_at(next(node.id for node in session.picture((), layout).graph.nodes if node.name == "p[1]"))
    assert session.backward_code(chain) == ""


# What .grad holds


def test_gradients_are_none_before_backward_and_after_zero_grad(chain):
    session = GraphSession("L", chain["L"], chain)
    rows = {row.name: row for row in session.gradients()}
    assert (rows["x"].gradient, rows["x"].has_gradient_changed) == ("", False)
    exec(session.backward_code(chain), dict(chain))
    rows = {row.name: row for row in session.gradients()}
    assert (rows["x"].gradient_before, rows["x"].gradient) == ("", short(chain["x"].grad))
    assert rows["p"].gradient == ""
    exec(session.zero_code(chain), dict(chain))
    rows = {row.name: row for row in session.gradients()}
    assert chain["x"].grad is None
    assert rows["x"].gradient == ""
    assert rows["x"].gradient_before != ""


def test_an_intermediate_keeps_its_gradient_when_it_is_asked_to(chain):
    session = GraphSession("L", chain["L"], chain)
    chain["p"].retain_grad()
    chain["L"].backward(retain_graph=True)
    row = next(row for row in session.gradients() if row.name == "p")
    assert (row.is_leaf, row.retains, row.gradient) == (False, True, short(chain["p"].grad))


def test_a_step_changes_a_bias_and_shows_it_before_and_after():
    net = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    loss = net(torch.ones(1, 2)).sum()
    namespace = {"net": net, "optimizer": optimizer, "L": loss, "torch": torch}
    session = GraphSession("L", loss, namespace)
    session.gradients()
    assert session.zero_code(namespace) == "optimizer.zero_grad()"
    assert session.step_code(namespace) == "optimizer.step()"
    before = short(net.bias)
    exec(session.backward_code(namespace), namespace)
    session.gradients()
    exec(session.step_code(namespace), namespace)
    row = next(row for row in session.gradients() if row.name.endswith("bias"))
    assert (row.value_before, row.value, row.has_value_changed) == (before, short(net.bias), True)


def test_without_an_optimizer_the_step_is_spelled_out(chain):
    session = GraphSession("L", chain["L"], chain)
    namespace = {"torch": torch, **chain}
    exec(session.backward_code(namespace), namespace)
    expected = chain["x"].detach() - 0.1 * chain["x"].grad
    exec(session.step_code(namespace), namespace)
    assert torch.equal(chain["x"].detach(), expected)
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    loss = net(torch.ones(1, 2)).sum()
    namespace = {"torch": torch, "net": net, "L": loss}
    session = GraphSession("L", loss, namespace)
    assert session.zero_code(namespace) == "net.zero_grad()"
    loss.backward()
    before = net[0].bias.detach().clone()
    exec(session.step_code(namespace), namespace)
    assert torch.equal(net[0].bias.detach(), before - 0.1 * net[0].bias.grad)


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


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("unknown", "unknown gives no gradient to start from: NameError"),
        ("1 +", "SyntaxError"),
        ("'one'", "gives no gradient"),
        ("torch.ones(2)", "has shape"),
    ],
)
def test_a_gradient_that_cannot_be_one_is_refused_and_the_former_one_stays(variables, typed, said):
    p = F.softmax(variables["w"], dim=0)
    session = GraphSession("p", p, {"p": p})
    session.begin_with("[1.0, 0.0, 2.0]", {})
    session.step()
    with pytest.raises(Problem, match=said):
        session.begin_with(typed, {"torch": torch})
    assert session.progress().ways[0].position == 1
    assert session.run(None, True).reason == "leaves"


def test_a_step_beyond_the_leaves_is_the_last_turn_again(variables):
    session = GraphSession("L", variables["L"], variables)
    last = session.run(None, True).last
    assert session.step().position == last.position == last.total
