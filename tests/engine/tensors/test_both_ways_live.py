"""What a cell changed: found without a false alarm, told in one phrase, and cheap to look for."""

import time
import weakref
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from playground.engine.document import Document
from playground.engine.network import edits, templates
from playground.engine.network.builder import build
from playground.engine.network.sequence import layer
from playground.engine.network.spec import NetworkSpec, walk
from playground.engine.spec import Args
from playground.engine.tensors.both_ways.changes import changes
from playground.engine.tensors.both_ways.echo import lines
from playground.engine.tensors.both_ways.events import Change, applied
from playground.engine.tensors.both_ways.live import put_back, snapshot
from playground.engine.training.spec import LossSpec, OptimizerSpec, TrainingSpec

LENET = templates.template("lenet5-28").network
DOCUMENT = Document(network=LENET, training=TrainingSpec(optimizer=OptimizerSpec(name="SGD", args=Args(lr=0.002))))


def objects_of(network: NetworkSpec = LENET) -> dict[str, Any]:
    net = build(network)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.002)
    batch = {"x": torch.zeros(2, 1, 28, 28), "y": torch.zeros(2, dtype=torch.int64)}
    return {"torch": torch, "nn": nn, "net": net, "optimizer": optimizer, "loss_fn": nn.CrossEntropyLoss(), **batch}


def found(code: str, document: Document = DOCUMENT) -> tuple[Change, ...]:
    objects = objects_of(document.network)
    before = snapshot(objects)
    exec(code, objects)
    return changes(before, objects, document)


def test_a_changed_rate_is_an_edit_with_both_numbers() -> None:
    (change,) = found('optimizer.param_groups[0]["lr"] = 0.0005')
    assert change.phrase == "learning rate 0.002 -> 0.0005"
    assert applied(DOCUMENT, (change,)).training.optimizer == OptimizerSpec(name="SGD", args=Args(lr=0.0005))


def test_two_settings_in_one_cell_are_both_kept() -> None:
    both = found('optimizer.param_groups[0].update(lr=0.1, momentum=0.9); loss_fn = nn.MSELoss(reduction="sum")')
    assert [each.phrase for each in both] == [
        "learning rate 0.002 -> 0.1",
        "momentum 0 -> 0.9",
        "loss cross_entropy (mean) -> mse (sum)",
    ]
    training = applied(DOCUMENT, both).training
    assert training.optimizer.args == Args(lr=0.1, momentum=0.9)
    assert training.loss == LossSpec(name="mse", reduction="sum")


@pytest.mark.parametrize(
    ("code", "phrases"),
    [
        ("net[1] = nn.GELU()", ["ReLU -> GELU"]),
        ("net[0].weight.data[0, 0, 0, 0] += 1", ["weights of conv1 were changed"]),
        ("net[0].weight.data = net[0].weight.data.flip(0)", ["weights of conv1 were changed"]),
        ("nn.init.zeros_(net[7].bias); nn.init.ones_(net[7].weight)", ["weights of linear1 were changed"]),
        ("net.eval()", ["net is in evaluation mode"]),
        ("x = torch.randn(2, 1, 28, 28)", ["x is another tensor of shape [2, 1, 28, 28]"]),
        ("y += 1", ["the values of y were changed"]),
        ("net[2].ceil_mode = True", ["pool1 changed"]),
        ("loss_fn = nn.CrossEntropyLoss()", []),
        ("z = net(x).sum(); z.backward(); optimizer.zero_grad()", []),
        ("a = net[0].weight.detach().clone(); net[0].weight.data.copy_(a)", []),
    ],
)
def test_what_a_cell_did_is_told_in_one_phrase(code: str, phrases: list[str]) -> None:
    assert [change.phrase for change in found(code)] == phrases


def test_statistics_are_not_called_weights() -> None:
    network = edits.insert(LENET, edits.Place("", "layers", 1), [layer("BatchNorm2d", num_features=6)])
    document = Document(network=network, training=DOCUMENT.training)
    assert [change.phrase for change in found("net(x)", document)] == ["statistics of norm1 were changed"]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_an_edit_echoed_and_run_as_a_cell_is_seen_as_that_very_edit(data: st.DataObject) -> None:
    network = LENET
    for _ in range(data.draw(st.integers(1, 3))):
        plain = [node.id for node in network.layers if node.kind in ("ReLU", "Dropout", "Tanh")]  # type: ignore[union-attr]
        names = [node.id for node in walk(network.layers)]
        kind = data.draw(st.sampled_from(["insert", "remove", "move", "freeze"]))
        if kind == "insert":
            at = edits.Place("", "layers", data.draw(st.integers(0, len(network.layers))))
            network = edits.insert(network, at, [layer(data.draw(st.sampled_from(["Tanh", "Dropout"])))])
        elif kind == "remove" and plain:
            network = edits.remove(network, [data.draw(st.sampled_from(plain))])
        elif kind == "move" and plain:
            at = edits.Place("", "layers", data.draw(st.integers(0, len(network.layers))))
            network = edits.move(network, [data.draw(st.sampled_from(plain))], at)
        elif kind == "freeze":
            chosen = data.draw(st.sampled_from([name for name in names if name.startswith(("conv", "linear"))]))
            network = edits.set_field(network, chosen, "frozen", True)
    then = Document(network=network, training=DOCUMENT.training)
    seen = found("\n".join(lines(DOCUMENT, then)))
    assert _plain(applied(DOCUMENT, seen).network) == _plain(network)


def test_what_is_put_back_is_the_net_it_was() -> None:
    objects = objects_of()
    net, weight = objects["net"], objects["net"][0].weight
    text, numbers = repr(net), weight.detach().clone()
    before = snapshot(objects)
    exec("net.double(); del net[3]; net[1] = nn.GELU(); net[0].weight = nn.Parameter(torch.ones(1))", objects)
    exec('net[2].stride = 7; net.extra = 3; net.eval(); optimizer.add_param_group({"params": []})', objects)
    put_back(before)
    assert repr(net) == text
    assert net[0].weight is weight
    assert torch.equal(weight, numbers)
    assert weight.dtype == torch.float32
    assert net.training
    assert not hasattr(net, "extra")
    assert len(objects["optimizer"].param_groups) == 1
    assert changes(before, objects, DOCUMENT) == ()


def test_a_snapshot_of_lenet_takes_less_than_a_millisecond() -> None:
    objects = objects_of()
    assert min(_seconds(lambda: snapshot(objects)) for _ in range(50)) < 1e-2  # measured: 0.5 ms


def test_a_snapshot_holds_on_to_no_batch() -> None:
    objects = objects_of()
    before = snapshot(objects)
    gone = weakref.ref(objects["x"])
    objects["x"] = torch.ones(1)
    assert gone() is None
    assert [change.phrase for change in changes(before, objects, DOCUMENT)] == ["x is another tensor of shape [1]"]


def _plain(network: NetworkSpec) -> list[tuple[object, ...]]:
    """Kinds, arguments and frozen flags; with the ids of what has weights."""
    return [
        (node.kind, node.args, node.frozen, node.id if node.kind in ("Conv2d", "Linear") else "")  # type: ignore[union-attr]
        for node in network.layers
    ]


def _seconds(call: Any) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
