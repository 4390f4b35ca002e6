"""Every kind of tensor that can have a graph: its picture and its backward, or a sentence why there is none."""

import pytest
import torch
from torch import nn
from torch._subclasses import FakeTensorMode

from playground.engine.problems import Problem
from playground.engine.tensors.graph_session import GraphSession
from playground.engine.tensors.layout import layout


def ones(*shape, **options):
    return torch.ones(*shape, requires_grad=True, **options)


def fake():
    with FakeTensorMode():
        return ones(2) * 2


def nested(kind):
    return torch.nested.as_nested_tensor([ones(2), torch.ones(3)], layout=kind) * 2


def second_derivative():
    x = ones(2)
    (gradient,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
    return gradient.sum()


def compiled(backend):
    return torch.compile(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), backend=backend)(torch.ones(1, 2)).sum()


SHOWN = {
    "sparse leaf": lambda: torch.sparse.mm(torch.eye(2).to_sparse().requires_grad_(), torch.ones(2, 2)),
    "compressed leaf": lambda: torch.eye(2).to_sparse_csr().requires_grad_() @ torch.ones(2, 2),
    "mkldnn on the way": lambda: ones(2, 2).to_mkldnn().relu().to_dense(),
    "complex": lambda: torch.abs(ones(2, dtype=torch.complex64).conj() * 2j),
    "float8": lambda: ones(2).half().to(torch.float8_e4m3fn).float(),
    "float8 leaf": lambda: torch.ones(2).to(torch.float8_e4m3fn).requires_grad_().float() * 2,
    "empty": lambda: ones(0, 3) * 2,
    "second derivative": second_derivative,
    "compiled, graph only": lambda: compiled("eager"),
    "compiled, backward too": lambda: compiled("aot_eager"),
    "one of several results": lambda: ones(3, 3).unbind(0)[1],
    "weight of a parametrisation": lambda: nn.utils.parametrizations.weight_norm(nn.Linear(2, 2))(torch.ones(1, 2)),
}
REFUSED = {
    "meta": lambda: ones(2, device="meta") * 2,
    "fake": fake,
    "nested": lambda: nested(torch.strided),
    "nested, jagged": lambda: nested(torch.jagged),
    "made of nested ones": lambda: torch.nested.to_padded_tensor(nested(torch.strided), 0.0).sum(),
    "lazy": lambda: nn.LazyLinear(2).weight,
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", SHOWN)
def test_it_is_drawn_and_gone_through_to_what_backward_gives(kind):
    tensor = SHOWN[kind]()
    session = GraphSession("t", tensor, {"t": tensor})
    picture = session.picture((), layout)
    for node in picture.graph.nodes:
        if node.kind != "constant":
            session.saved(node.id)
    session.gradients()
    if picture.wants_gradient is not None:
        session.begin_with("torch.ones_like(t)", {"torch": torch, "t": tensor})
    session.step()
    assert session.run(None, False).position == session.progress().ways[0].total
    found = session._ways.stepper.results()
    tensor.backward(None if picture.wants_gradient is None else torch.ones_like(tensor))
    assert found
    assert all(torch.equal(gradient.to_dense(), leaf.grad.to_dense()) for leaf, gradient in found)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", REFUSED)
def test_tensors_without_numbers_or_shapes_are_refused_by_their_kind(kind):
    tensor = REFUSED[kind]()
    with pytest.raises(Problem) as caught:
        GraphSession("t", tensor, {"t": tensor})
    assert caught.value.code == "graph-kind"


def test_backward_of_a_complex_number_asks_for_a_gradient():
    tensor = ones(2, dtype=torch.complex64).sum()
    session = GraphSession("t", tensor, {"t": tensor})
    with pytest.raises(Problem, match="complex"):
        session.step()
    session.begin_with("1.0", {})
    assert session.run(None, True).reason == "leaves"


def test_a_compiled_net_calls_its_parameters_as_the_net_does():
    net = nn.Sequential(nn.Linear(2, 2))
    wrapped = torch.compile(net, backend="eager")
    loss = wrapped(torch.ones(1, 2)).sum()
    graph = GraphSession("loss", loss, {"loss": loss, "wrapped": wrapped}).picture((), layout).graph
    assert {node.name for node in graph.nodes if node.kind == "leaf"} == {"0.weight", "0.bias"}


def test_a_lazy_net_among_the_variables_disturbs_nobody():
    tensor = ones(2).exp()
    names = {"t": tensor, "net": nn.Sequential(nn.LazyLinear(2)), "meta": torch.ones(2, device="meta")}
    assert GraphSession("t", tensor, names).picture((), layout).graph.nodes
