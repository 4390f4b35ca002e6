"""The graph that is drawn is the one that torch holds, named as the user names it, and keeps nothing alive."""

import copy
import gc
import threading
import time
import weakref

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
import torchvision
from torch import nn
from torch.nn.modules import module as torch_modules

from playground.engine.problems import Problem
from playground.engine.tensors.graph import GraphHandle, graph
from playground.engine.tensors.graph_modules import record_modules
from playground.engine.tensors.graph_nodes import backward_order
from playground.engine.tensors.graph_text import CAP, short, values


def softmax_example():
    w = torch.tensor([1.0, 2, 3], requires_grad=True)
    p = F.softmax(w, 0)
    return {"w": w, "p": p, "L": -torch.log(p[1])}


def node(found, title):
    (each,) = (each for each in found.nodes if each.title == title)
    return each


def test_nodes_tell_kind_title_name_shape_and_value_as_far_as_autograd_kept_it():
    names = softmax_example()
    found = graph(names["L"], names)
    assert [(each.kind, each.title, each.name, each.shape, each.value) for each in found.nodes] == [
        ("output", "neg", "L", (), "1.408"),
        ("intermediate", "log", "", (), "-1.408"),
        ("intermediate", "select 1", "p[1]", (), "0.2447"),
        ("intermediate", "softmax", "p", (3,), "[0.09003, 0.2447, 0.6652]"),
        ("leaf", "w", "w", (3,), "[1, 2, 3]"),
    ]
    assert [(edge.source, edge.target, edge.index) for edge in found.edges] == [
        (1, 0, 0),
        (2, 1, 0),
        (3, 2, 0),
        (4, 3, 0),
    ]
    assert [each.operation for each in found.nodes][3:] == ["SoftmaxBackward0", "AccumulateGrad"]
    assert {each.dtype for each in found.nodes} == {"float32"}


def test_a_value_that_was_not_kept_is_computed_again_where_its_operands_were():
    a, b = torch.randn(2, 3, requires_grad=True), torch.randn(3, 2, requires_grad=True)
    results = [a @ b, a * b.t(), a.sin(), a**3, torch.maximum(a, b.t()), a / b.t()]
    expected = [short(each) for each in results]
    outputs = [each.sum() for each in results]
    del results
    gc.collect()
    for output, value in zip(outputs, expected, strict=True):
        assert graph(output).nodes[1].value == value
    assert graph((a + b.t()).sum()).nodes[1].value == ""


def test_gradients_stand_at_leaves_and_retained_tensors_after_backward_and_freed_nodes_say_so():
    names = softmax_example()
    names["p"].retain_grad()
    assert {each.gradient for each in graph(names["L"], names).nodes} == {""}
    names["L"].backward()
    found = graph(names["L"], names)
    assert node(found, "w").gradient == "[0.09003, -0.7553, 0.6652]"
    assert node(found, "softmax").gradient == "[0, -4.086, 0]"
    assert [each.title for each in found.nodes if each.is_freed] == ["log", "softmax"]


def test_every_grad_fn_is_there_and_every_edge():
    a, b = torch.randn(3, 4, requires_grad=True), torch.randn(3, 4, requires_grad=True)
    h = a * b + a.exp()
    output = (h @ h.t()).softmax(0)[1:].sum() + h.unbind(0)[1].max()
    found = graph(output)
    seen, stack = set(), [output.grad_fn]
    edges = 0
    while stack:
        each = stack.pop()
        if each not in seen:
            seen.add(each)
            following = [one for one, _ in each.next_functions if one is not None]
            edges += len(following)
            stack += following
    assert len(found.nodes) == len(seen)
    assert len(found.edges) == edges
    assert all(edge.source > edge.target for edge in found.edges)
    assert sum(each.kind == "leaf" for each in found.nodes) == 2


def test_the_order_is_that_in_which_torch_calls_the_nodes():
    a = torch.randn(4, requires_grad=True)
    h = a.sin()
    output = (h * a.cos() + h.exp() * (a * h).tanh()).sum() + a[0]
    order, called = backward_order(output.grad_fn), []
    for each in order[:-1]:
        each.register_prehook(lambda _, each=each: called.append(each))
    output.backward()
    assert called == order[:-1]
    assert order[-1].variable is a


def test_parameters_have_their_own_names_and_members_of_containers_and_modules_too():
    net = nn.Sequential(nn.Linear(2, 2))
    params = [torch.ones(2, 2, requires_grad=True), torch.ones(2, requires_grad=True)]
    named = {"extra": torch.ones(2, requires_grad=True)}
    output = (net(torch.ones(1, 2)) @ params[0] + params[1] + named["extra"]).sum()
    everything = {"params": params, "named": named, "net": net, "_": output}
    leaves = {each.title for each in graph(output, everything).nodes if each.kind == "leaf"}
    assert leaves == {"params[0]", "params[1]", "named['extra']", "net.0.weight", "net.0.bias"}
    leaves = {each.title for each in graph(output, {}, net).nodes if each.kind == "leaf"}
    assert leaves == {"leaf", "0.weight", "0.bias"}


def test_cut_inputs_are_constants_or_detached_or_unknown():
    w, data = torch.ones(3, requires_grad=True), torch.tensor([1.0, 2, 3])
    h = w * 2
    cut = h.detach()
    with torch.no_grad():
        still = h + 1
    output = (w * data).sum() + (h * cut).sum() + (w * still).sum() + (w + data).sum() + (w * h.data).sum()
    found = graph(output, {"w": w, "data": data, "h": h, "cut": cut, "still": still})
    constants = {each.title: each for each in found.nodes if each.kind == "constant"}
    assert set(constants) == {"data", "cut", "still", "h"}
    assert (constants["data"].shares, constants["cut"].shares, constants["h"].shares) == ("", "h", "h")
    assert constants["data"].value == "[1, 2, 3]"
    cuts = [cut for each in found.nodes for cut in each.cuts]
    assert {(cut.reason, cut.name) for cut in cuts} == {
        ("constant", "data"),
        ("constant", "still"),
        ("constant", ""),  # the number 2, which needs no node
        ("detached", "cut"),
        ("detached", "h"),
        ("unknown", ""),  # an addition keeps nothing of what it added
    }
    assert {edge.source for edge in found.edges} >= {each.id for each in constants.values()}


def test_a_leaf_made_from_a_detached_tensor_says_whose_memory_it_shares():
    w = torch.ones(3, requires_grad=True)
    h = w * 2
    leaf = h.detach().requires_grad_()
    view = leaf.view(3, 1)
    found = graph(view.sum(), {"w": w, "h": h, "leaf": leaf, "view": view})
    assert node(found, "leaf").shares == "h"
    assert node(graph((w.view(3, 1) * 2).sum(), {"w": w, "v": w.view(3, 1)}), "w").shares == ""


def test_saved_tensors_come_on_demand_with_their_names_and_nodes():
    names = softmax_example()
    handle = GraphHandle(names["L"], names)
    dim, result = handle.saved(3)
    assert (dim.attribute, dim.text, dim.values) == ("dim", "0", None)
    assert (result.attribute, result.name, result.node) == ("result", "p", 3)
    assert result.values.array.tolist() == pytest.approx([0.09003, 0.24473, 0.66524], abs=1e-5)
    assert [each.node for each in handle.saved(1)] == [2]
    negative = GraphHandle(names["p"].sum() + names["p"][-1])
    texts = [each.text for id_ in range(len(negative.order)) for each in negative.saved(id_)]
    assert "-1" in texts
    with pytest.raises(Problem) as caught:
        handle.saved(9)
    assert caught.value.code == "graph-node"
    names["L"].backward()
    with pytest.raises(Problem) as caught:
        handle.saved(3)
    assert caught.value.code == "graph-freed"


def test_values_are_copies_of_a_corner_that_say_the_whole_shape():
    big = torch.arange(100.0 * 200).view(100, 200)
    found = values(big)
    assert (found.shape, found.is_whole, found.text) == ((100, 200), False, "[0, 1, 2, …]")
    assert found.array.tolist() == big[: CAP // 200, :200].tolist()
    big.zero_()
    assert found.array[1, 0] == 200
    half = values(torch.ones(2, dtype=torch.bfloat16))
    assert (half.dtype, str(half.array.dtype)) == ("bfloat16", "float32")
    assert [short(torch.tensor(each)) for each in (True, 3, 0.5, 1 + 2j)] == ["True", "3", "0.5", "1+2j"]
    assert short(torch.ones(0, 3)) == "[]"


def test_a_graph_keeps_nothing_alive_and_a_handle_only_the_grad_fns():
    names = softmax_example()
    found, handle = graph(names["L"], names), GraphHandle(names["L"], names)
    output, middle, leaf = (weakref.ref(names[name]) for name in ("L", "p", "w"))
    names.clear()
    gc.collect()
    assert output() is None
    assert leaf() is not None
    assert handle.saved(3)
    del handle
    gc.collect()
    assert (middle(), leaf()) == (None, None)
    assert len(found.nodes) == 5


def test_a_tensor_without_a_graph_is_a_problem_and_a_leaf_is_a_graph_of_one():
    with pytest.raises(Problem) as caught:
        graph(torch.ones(2))
    assert caught.value.code == "graph-no-gradient"
    w = torch.ones(2, requires_grad=True)
    (only,) = graph(w, {"w": w}).nodes
    assert (only.kind, only.title) == ("output", "w")


# Modules


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.act, self.second = nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 4)

    def forward(self, x):
        return self.act(x + self.second(self.act(self.first(x))))


def test_recorded_calls_tell_the_module_of_every_node():
    net = nn.Sequential(Block(), nn.Linear(4, 2))
    with record_modules().open() as record:
        output = net(torch.ones(1, 4)).sum() * 2
    found = GraphHandle(output, modules=net, record=record).graph()
    by_title = {}
    for each in found.nodes:
        by_title.setdefault(each.title, []).append(each.module)
    assert by_title["addmm"] == ["1", "0.second", "0.first"]
    assert by_title["relu"] == ["0.act", "0.act"]
    assert by_title["add"] == ["0"]
    assert by_title["mul"] == by_title["sum"] == [""]
    assert by_title["0.second.weight"] == ["0.second"]
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in net.modules())


def test_a_collapsed_module_is_one_node_a_call_with_its_parameters_inside():
    net = nn.Sequential(Block(), nn.Linear(4, 2))
    with record_modules().open() as record:
        h = torch.ones(1, 4, requires_grad=True)
        output = net(h).sum()
    handle = GraphHandle(output, {"h": h}, modules=net, record=record)
    assert [(each.kind, each.title) for each in handle.graph(True).nodes] == [
        ("output", "sum"),
        ("module", "1"),
        ("module", "0"),
        ("leaf", "h"),
    ]
    found = handle.graph({"0.act", "0.first"})
    assert [each.title for each in found.nodes if each.kind == "module"] == ["0.act (2)", "0.act", "0.first"]
    first = node(found, "0.first")
    assert (first.operation, first.shape, len(first.members)) == ("Linear", (1, 4), 4)
    whole = handle.graph()
    assert {id_ for each in found.nodes for id_ in each.members or (each.id,)} == {each.id for each in whole.nodes}
    assert handle.graph({"nothing"}) == whole


def test_a_weight_that_two_modules_share_stays_outside():
    net = nn.ModuleDict({"a": nn.Linear(2, 2, bias=False), "b": nn.Linear(2, 2, bias=False)})
    net["b"].weight = net["a"].weight
    with record_modules().open() as record:
        output = net["b"](net["a"](torch.ones(1, 2))).sum()
    found = GraphHandle(output, modules=net, record=record).graph(True)
    assert [each.title for each in found.nodes if each.kind != "constant"] == ["sum", "b", "a", "a.weight"]
    weight = node(found, "a.weight")
    assert {edge.target for edge in found.edges if edge.source == weight.id} == {1, node(found, "a").id}


def test_a_module_that_raises_does_not_confuse_the_record():
    net = nn.Sequential(nn.Linear(2, 2), nn.Linear(3, 3))
    with record_modules().open() as record:
        with pytest.raises(RuntimeError):
            net(torch.ones(1, 2))
        output = net[0](torch.ones(1, 2)).sum()
    assert node(GraphHandle(output, modules=net, record=record).graph(), "addmm").module == "0"


def test_a_record_does_not_keep_its_net_alive():
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    with record_modules().open():
        net(torch.ones(1, 2)).sum()
    kept = weakref.ref(net)
    del net
    gc.collect()
    assert kept() is None


def test_recording_leaves_nothing_on_the_net_or_its_copies():
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    with record_modules().open():
        net(torch.ones(1, 2))
        copied = copy.deepcopy(net)
    for module in (*net.modules(), *copied.modules()):
        assert not module._forward_hooks
        assert not module._forward_pre_hooks
    assert not torch_modules._global_forward_hooks
    assert not torch_modules._global_forward_pre_hooks


def test_a_net_made_and_called_in_the_same_cell_is_known_too():
    with record_modules().open() as record:
        net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
        output = net(torch.ones(1, 2)).sum()
    assert node(GraphHandle(output, {"net": net}, net, record).graph(), "relu").module == "1"
    others = GraphHandle(output, {"model": net}, record=record)
    assert node(others.graph(), "relu").module == "model.1"
    assert node(others.graph(True), "model.0").kind == "module"


def test_a_loss_of_its_own_names_its_operations():
    loss_fn = nn.CrossEntropyLoss()
    with record_modules().open() as record:
        loss = loss_fn(torch.ones(2, 3, requires_grad=True), torch.tensor([0, 1]))
    handle = GraphHandle(loss, {"loss_fn": loss_fn}, record=record)
    assert {node.module for node in handle.graph().nodes if node.kind in ("output", "intermediate")} == {"loss_fn"}
    assert handle.modules() == ()


def test_what_another_thread_calls_is_passed_over():
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    other = threading.Thread(target=net, args=(torch.ones(1, 2),))
    with record_modules().open() as record:
        other.start()
        other.join()
        output = net(torch.ones(1, 2)).sum()
    assert node(GraphHandle(output, modules=net, record=record).graph(True), "1").title == "1"
    assert len(record._calls) == 3


def test_resnet_18_is_readable_when_collapsed():
    net = torchvision.models.resnet18()
    with record_modules().open() as record:
        loss = F.cross_entropy(net(torch.randn(2, 3, 32, 32)), torch.tensor([1, 2]))
    handle = GraphHandle(loss, {"loss": loss}, modules=net, record=record)
    assert len(handle.graph().nodes) > 130
    found = handle.graph(True)
    assert [each.title for each in found.nodes] == [
        "nll_loss", "log_softmax", "fc", "view", "avgpool", "layer4", "layer3", "layer2", "layer1", "maxpool", "relu",
        "bn1", "conv1", "constant",
    ]  # fmt: skip
    assert len(found.edges) == 13
    blocks = handle.graph({f"layer{layer}.{block}" for layer in range(1, 5) for block in range(2)})
    assert sum(each.kind == "module" for each in blocks.nodes) == 8


# Size


def chain(length):
    x = torch.tensor([0.5], requires_grad=True)
    y = x
    for _ in range(length // 2):
        y = torch.sin(y) * 1.01
    return y


def test_a_graph_is_cut_to_the_nodes_nearest_to_the_output_and_says_how_many_are_left_out():
    found = graph(chain(100), limit=10)
    assert [each.id for each in found.nodes] == list(range(10))
    assert found.left_out == 91
    assert len(found.edges) == 9
    assert graph(chain(100)).left_out == 0


def test_two_thousand_nodes_are_read_in_well_under_a_second():
    output = chain(2000)
    graph(output)
    began = time.process_time()
    found = graph(output)
    assert len(found.nodes) == 2000
    assert time.process_time() - began < 0.6


def test_reading_a_graph_leaves_values_gradients_and_graph_as_they_were():
    names = softmax_example()
    before = names["L"].item()
    graph(names["L"], names)
    names["L"].backward()
    again = softmax_example()
    again["L"].backward()
    assert torch.equal(names["w"].grad, again["w"].grad)
    assert names["L"].item() == before
