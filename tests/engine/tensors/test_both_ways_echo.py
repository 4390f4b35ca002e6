"""Lines for what the window did: run as they stand, they do to plain objects what the edit does to a run."""

import copy
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import torch
import torch.nn.functional as F  # noqa: N812  its usual name
from torch import nn

from playground.engine import document as documents
from playground.engine.data.spec import Points
from playground.engine.document import Document
from playground.engine.network import custom, edits, templates
from playground.engine.network.builder import build
from playground.engine.network.sequence import branches, layer, repeat, residual, sequence
from playground.engine.network.spec import Custom, NetworkSpec, Source
from playground.engine.spec import Args
from playground.engine.tensors.both_ways.echo import lines
from playground.engine.tensors.both_ways.read_back import network_of
from playground.engine.training.optimizers import build_optimizer
from playground.engine.training.spec import LossSpec, OptimizerSpec, ScheduleSpec, TrainingSpec

SQUARE = layer("Linear", in_features=4, out_features=4)
NETWORK = sequence(
    SQUARE,
    layer("BatchNorm1d", num_features=4),
    layer("ReLU"),
    layer("Dropout", p=0.25),
    residual(SQUARE, layer("ReLU"), shortcut=(SQUARE,)),
    repeat(2, SQUARE, layer("Tanh")),
    branches((SQUARE,), (layer("Identity"),)),
    layer("Linear", in_features=8, out_features=2),
)
CONVOLUTION = sequence(layer("Conv2d", in_channels=1, out_channels=2, kernel_size=3), layer("ReLU"))
PARAMETERS = 'optimizer.param_groups[0]["params"] = list(net.parameters())'
Edit = Callable[[NetworkSpec], NetworkSpec]


def place(index: int, parent: str = "", slot: str = "layers") -> edits.Place:
    return edits.Place(parent, slot, index)


def put(node: object, at: edits.Place) -> Edit:
    return lambda spec: edits.insert(spec, at, [node])  # type: ignore[list-item]


def replaced(index: int, node: object) -> Edit:
    def edit(spec: NetworkSpec) -> NetworkSpec:
        without = edits.remove(spec, [spec.layers[index].id])
        return edits.insert(without, place(index), [node])  # type: ignore[list-item]

    return edit


def field(node: str, name: str, value: object) -> Edit:
    return lambda spec: edits.set_field(spec, node, name, value)  # type: ignore[arg-type]


def args(node: str, **values: object) -> Edit:
    return lambda spec: edits.change_args(spec, node, **values)


# An edit of the network above, and the lines for it.
EDITS: list[tuple[Edit, tuple[str, ...]]] = [
    (replaced(2, layer("GELU")), ("net[2] = nn.GELU()",)),
    (put(layer("Sigmoid"), place(3)), ("net.insert(3, nn.Sigmoid())",)),
    (put(layer("Softmax", dim=1), place(8)), ("net.append(nn.Softmax(1))",)),
    (lambda spec: edits.remove(spec, ["dropout1"]), ("del net[3]",)),
    (lambda spec: edits.remove(spec, ["norm1"]), ("del net[1]", PARAMETERS)),
    (put(SQUARE, place(1)), ("net.insert(1, nn.Linear(4, 4))", PARAMETERS)),
    (args("dropout1", p=0.5), ("net[3] = nn.Dropout()",)),
    (args("norm1", momentum=0.2), ("net[1].momentum = 0.2",)),
    (args("linear1", bias=False), ("net[0] = nn.Linear(4, 4, bias=False)", PARAMETERS)),
    (field("linear1", "frozen", True), ("net[0].requires_grad_(False)",)),
    (
        field("linear1", "init", "xavier_normal"),
        ("nn.init.xavier_normal_(net[0].weight)", "nn.init.zeros_(net[0].bias)"),
    ),
    (field("relu1", "enabled", False), ("net[2] = nn.Identity()",)),
    (put(layer("GELU"), place(1, "residual1", "body")), ("net[4].body.insert(1, nn.GELU())",)),
    (lambda spec: edits.remove(spec, ["tanh1"]), ("for block1 in net[5]:\n    del block1[1]",)),
    (lambda spec: edits.remove(spec, ["identity1"]), ("del net[6].branches[1][0]",)),
    (
        lambda spec: edits.move(spec, ["relu1"], place(0)),
        (
            "net = nn.Sequential(\n    net[2],\n    net[0],\n    net[1],\n    net[3],\n    net[4],\n    net[5],\n"
            "    net[6],\n    net[7],\n)",
            PARAMETERS,
        ),
    ),
]


def document_of(network: NetworkSpec = NETWORK, **training: object) -> Document:
    return Document(data=Points(samples=100, test=20), network=network, training=TrainingSpec(**training))  # type: ignore[arg-type]


def objects_of(document: Document) -> dict[str, Any]:
    torch.manual_seed(1)
    net = build(document.network)
    return {
        "torch": torch,
        "nn": nn,
        "F": F,
        "net": net,
        "optimizer": build_optimizer(document.training.optimizer, net),
    }


def after(before: Document, then: Document) -> dict[str, Any]:
    """The objects of the first document after the lines for the second."""
    objects = objects_of(before)
    for line in lines(before, then):
        exec(line, objects)
    return objects


@pytest.mark.parametrize(("edit", "expected"), EDITS, ids=[each[1][0].split("\n")[0] for each in EDITS])
def test_an_edit_of_the_network_is_these_lines(edit: Edit, expected: tuple[str, ...]) -> None:
    before = document_of()
    assert lines(before, documents.replace(before, "network", edit(NETWORK))) == expected


def _wrapped(spec: NetworkSpec) -> NetworkSpec:
    return edits.wrap(spec, ["linear1", "norm1"], "residual")


def _many(spec: NetworkSpec) -> NetworkSpec:
    return edits.duplicate(edits.remove(edits.set_field(spec, "linear1", "frozen", True), ["relu1"]), ["residual1"])


def _from_block_to_block(spec: NetworkSpec) -> NetworkSpec:
    return edits.move(spec, ["relu2"], place(0, "branches1", "branches[0]"))


def _two_slots(spec: NetworkSpec) -> NetworkSpec:
    inside = edits.insert(spec, place(0, "residual1", "body"), [layer("Tanh")])
    return edits.insert(inside, place(0, "residual1", "shortcut"), [layer("Tanh")])


def _three_times(spec: NetworkSpec) -> NetworkSpec:
    return edits.set_field(spec, "repeat1", "times", 3)


def _inside_a_repeat(spec: NetworkSpec) -> NetworkSpec:
    return edits.wrap(spec, ["tanh1"], "residual")


def _inits_in_a_repeat(spec: NetworkSpec) -> NetworkSpec:
    return edits.set_field(spec, "linear4", "init", "zeros")


HARDER = (_wrapped, _many, _from_block_to_block, _two_slots, _three_times, _inside_a_repeat, _inits_in_a_repeat)


@pytest.mark.parametrize("edit", [*(each[0] for each in EDITS), *HARDER])
def test_the_lines_make_the_net_of_the_edit_and_keep_the_very_weights_of_what_stays(edit: Edit) -> None:
    before = document_of()
    then = documents.replace(before, "network", edit(NETWORK))
    objects = after(before, then)
    net = objects["net"]
    assert network_of(net, then.network) == then.network
    assert list(net.state_dict()) == list(build(then.network, "meta").state_dict())
    trained = {id(each) for each in objects["optimizer"].param_groups[0]["params"]}
    assert {id(each) for each in net.parameters() if each.requires_grad} <= trained


def test_wrapped_layers_are_the_same_modules() -> None:
    before = document_of()
    objects = objects_of(before)
    first, last = objects["net"][0], objects["net"][7]
    for line in lines(before, documents.replace(before, "network", _wrapped(NETWORK))):
        exec(line, objects)
    assert objects["net"][0].body[0] is first
    assert objects["net"][-1] is last


@pytest.mark.parametrize("name", ["lenet5-28", "googlenet-style-32", "resnet18-28"])
def test_another_template_is_made_with_the_classes_that_it_needs(name: str) -> None:
    before = document_of()
    then = documents.replace(before, "network", templates.template(name).network)
    net = after(before, then)["net"]
    assert list(net.state_dict()) == list(build(then.network, "meta").state_dict())


def test_strides_of_a_convolution_change_under_its_weights() -> None:
    before = document_of(CONVOLUTION)
    then = documents.replace(before, "network", edits.change_args(CONVOLUTION, "conv1", stride=2, padding=1))
    assert lines(before, then) == ("net[0].stride = (2, 2)", "net[0].padding = (1, 1)")
    objects = objects_of(before)
    plain = nn.Conv2d(1, 2, 3, stride=2, padding=1)
    plain.load_state_dict(objects["net"][0].state_dict())
    for line in lines(before, then):
        exec(line, objects)
    x = torch.randn(2, 1, 8, 8)
    assert torch.equal(objects["net"][0](x), plain(x))


def test_a_layer_of_its_own_comes_with_its_class() -> None:
    text = "class Twice(nn.Module):\n    def forward(self, x):\n        return 2 * x\n"
    source = Source(name="Twice", text=text)
    before = document_of()
    network = msgspec.structs.replace(NETWORK, sources=(source,))
    then = documents.replace(before, "network", edits.insert(network, place(0), [Custom(id="", name="Twice")]))
    assert lines(before, then) == ()  # nobody trusts the text yet, so nothing was built
    custom.trust(source)
    assert lines(before, then) == (text.rstrip(), "net.insert(0, Twice())", PARAMETERS)
    assert type(after(before, then)["net"][0]).__name__ == "Twice"


TRAINING = [
    ({"optimizer": OptimizerSpec(args=Args(lr=0.5))}, 'optimizer.param_groups[0]["lr"] = 0.5'),
    (
        {"optimizer": OptimizerSpec(name="Adam", args=Args(lr=0.001))},
        "optimizer = torch.optim.Adam(net.parameters(), lr=0.001)",
    ),
    (
        {"optimizer": OptimizerSpec(args=Args(lr=0.01, momentum=0.9))},
        "optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)",
    ),
    ({"loss": LossSpec(name="mse")}, "loss_fn = nn.MSELoss()"),
    ({"loss": LossSpec(name="kl_div", reduction="batchmean")}, "loss_fn = nn.KLDivLoss(reduction='batchmean')"),
    ({"seed": 7}, "torch.manual_seed(7)"),
    (
        {"schedule": ScheduleSpec(name="OneCycleLR", args=Args(max_lr=0.1), every="step")},
        "scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=6)",
    ),
]


@pytest.mark.parametrize(("changed", "expected"), TRAINING, ids=[each[1] for each in TRAINING])
def test_an_edit_of_the_training_is_this_line(changed: dict[str, Any], expected: str) -> None:
    before, then = document_of(), document_of(**changed)
    assert lines(before, then) == (expected,)
    objects = after(before, then)
    assert "optimizer" in changed or "loss" not in changed or isinstance(objects["loss_fn"], nn.Module)
    group = objects["optimizer"].param_groups[0]
    if "optimizer" in changed:
        assert all(group[name] == value for name, value in then.training.optimizer.args.items())


def test_a_schedule_goes_with_its_optimiser() -> None:
    schedule = ScheduleSpec(name="StepLR", args=Args(step_size=3))
    before = document_of(schedule=schedule)
    adam = OptimizerSpec(name="Adam")
    assert lines(before, document_of(schedule=schedule, optimizer=adam)) == (
        "optimizer = torch.optim.Adam(net.parameters(), lr=0.01)",
        "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=3)",
    )
    assert lines(before, document_of()) == ("scheduler = None",)


@pytest.mark.parametrize(
    ("path", "value"),
    [("title", "another"), ("network", NETWORK), ("data", Points(samples=100, test=20))],
)
def test_what_has_no_line_gives_none(path: str, value: object) -> None:
    before = document_of()
    assert lines(before, documents.replace(before, path, value)) == ()


def test_an_edit_that_gives_no_network_yet_has_no_lines() -> None:
    before = document_of()
    for network in (NetworkSpec(), edits.insert(NETWORK, place(0), [layer("Linear")])):
        assert lines(before, documents.replace(before, "network", network)) == ()


def test_an_edit_taken_back_gives_a_net_like_the_first() -> None:
    before = document_of()
    then = documents.replace(before, "network", edits.remove(NETWORK, ["dropout1", "residual1"]))
    objects = after(before, then)
    kept = copy.deepcopy(objects["net"][0])
    for line in lines(then, before):
        exec(line, objects)
    assert network_of(objects["net"], NETWORK) == NETWORK
    assert torch.equal(objects["net"][0].weight, kept.weight)
