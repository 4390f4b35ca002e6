"""A live net read back: what was built from a network is that network again, whatever it is made of."""

import linecache
from collections import OrderedDict

import msgspec
import pytest
import torch
from torch import nn

from playground.engine import presets
from playground.engine.network import blocks, custom, templates
from playground.engine.network.builder import build
from playground.engine.network.catalogue import layers
from playground.engine.network.sequence import branches, layer, repeat, residual, sequence
from playground.engine.network.spec import Custom, Layer, NetworkSpec, Repeat, Source, walk
from playground.engine.problems import Problem
from playground.engine.spec import Args
from playground.engine.tensors.both_ways.containers import in_form
from playground.engine.tensors.both_ways.read_back import network_of

NOTHING = NetworkSpec()

# Every kind of layer, plainly and with arguments that say something.
KINDS = [
    layer("Linear", in_features=3, out_features=4),
    layer("Linear", in_features=3, out_features=4, bias=False),
    layer("Embedding", num_embeddings=10, embedding_dim=3, padding_idx=2, max_norm=1.5, scale_grad_by_freq=True),
    layer("Identity"),
    layer("Conv1d", in_channels=2, out_channels=4, kernel_size=3, stride=2, padding="valid", groups=2),
    layer("Conv2d", in_channels=2, out_channels=4, kernel_size=3, padding=1),
    layer("Conv2d", in_channels=2, out_channels=4, kernel_size=(3, 5), padding="same", padding_mode="reflect"),
    layer("Conv3d", in_channels=2, out_channels=4, kernel_size=(1, 2, 2), dilation=2, bias=False),
    layer("ConvTranspose1d", in_channels=2, out_channels=4, kernel_size=3, stride=2, output_padding=1),
    layer("ConvTranspose2d", in_channels=2, out_channels=4, kernel_size=(2, 3), stride=2, dilation=2),
    layer("MaxPool1d", kernel_size=2),
    layer("MaxPool2d", kernel_size=3, stride=2, ceil_mode=True),
    layer("MaxPool2d", kernel_size=(3, 3)),
    layer("MaxPool3d", kernel_size=2, padding=1),
    layer("AvgPool1d", kernel_size=3, stride=1, count_include_pad=False),
    layer("AvgPool2d", kernel_size=2, divisor_override=3),
    layer("AdaptiveAvgPool2d", output_size=(4, None)),
    layer("AdaptiveAvgPool2d", output_size=1),
    layer("ReLU", inplace=True),
    layer("LeakyReLU", negative_slope=0.2),
    layer("ELU", alpha=0.5),
    layer("GELU", approximate="tanh"),
    layer("SiLU"),
    layer("Softplus", beta=2.0, threshold=10.0),
    layer("Sigmoid"),
    layer("Tanh"),
    layer("Softmax", dim=1),
    layer("LogSoftmax", dim=1),
    layer("BatchNorm1d", num_features=4, momentum=None),
    layer("BatchNorm2d", num_features=4, affine=False),
    layer("BatchNorm2d", num_features=4, track_running_stats=False, eps=0.001),
    layer("LayerNorm", normalized_shape=4),
    layer("LayerNorm", normalized_shape=(4, 4), bias=False),
    layer("LayerNorm", normalized_shape=4, elementwise_affine=False),
    layer("GroupNorm", num_groups=2, num_channels=4, affine=False),
    layer("Dropout", p=0.2),
    layer("Dropout2d", inplace=True),
    layer("Flatten", start_dim=2),
    layer("Unflatten", dim=1, unflattened_size=(2, 2)),
]

OWN = '''\
class Scale(nn.Module):
    """Multiplies by one learned number."""

    def __init__(self, start=1.0, steps: int = 2):
        super().__init__()
        self.start = start
        self.steps = steps
        self.factor = nn.Parameter(torch.tensor(float(start)))

    def forward(self, x):
        return x * self.factor
'''


def typed(text: str, name: str) -> type[nn.Module]:
    """The class, as a cell of the console makes it."""
    file = f"<cell of {name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names: dict[str, object] = {"torch": torch, "nn": nn}
    exec(compile(text, file, "exec"), names)
    made = names[name]
    assert isinstance(made, type)
    return made


def test_the_list_of_kinds_is_the_catalogue() -> None:
    assert {each.kind for each in KINDS} == set(layers())


@pytest.mark.parametrize("asked", KINDS, ids=lambda each: each.kind)
def test_every_kind_of_layer_is_read_from_its_attributes(asked: Layer) -> None:
    spec = sequence(asked)
    assert network_of(build(spec, "meta"), spec) == spec
    again = network_of(build(spec, "meta"), NOTHING)
    assert again.layers[0].id == spec.layers[0].id
    if asked.args.get("kernel_size") != (3, 3):  # nothing tells 3 from (3, 3) but what was written
        assert again == spec


@pytest.mark.parametrize("name", templates.names())
def test_every_template_is_read_back_with_its_ids(name: str) -> None:
    network = templates.template(name).network
    net = build(network, "meta")
    assert network_of(net, network) == network
    assert in_form(net) is net
    read = network_of(net, NOTHING)
    assert [node.id for node in walk(read.layers)] == [node.id for node in walk(network.layers)]
    assert _shapes(build(read, "meta")) == _shapes(net)


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_is_read_back(name: str) -> None:
    network = presets.preset(name).network
    assert network_of(build(network, "meta"), network) == network


def test_a_layer_put_in_the_place_of_another_leaves_all_other_ids_as_they_were() -> None:
    known = templates.template("lenet5-28").network
    net = build(known)
    net[1] = nn.GELU()
    net[7] = nn.Linear(256, 120, bias=False)
    ids = [node.id for node in network_of(net, known).layers]
    before = [node.id for node in known.layers]
    assert ids[1] == "gelu1"
    assert ids[:1] + ids[2:] == before[:1] + before[2:]


def test_layers_put_in_and_taken_out_leave_all_other_ids_as_they_were() -> None:
    known = templates.template("lenet5-28").network
    net = build(known)
    del net[4]
    net.insert(0, nn.Identity())
    net.append(nn.ReLU())
    ids = [node.id for node in network_of(net, known).layers]
    before = [node.id for node in known.layers]
    assert ids == ["identity1", *before[:4], *before[5:], "relu5"]


def test_modules_keep_the_id_that_they_had_wherever_they_went() -> None:
    known = sequence(*(layer("Linear", in_features=4, out_features=4) for _ in range(3)))
    net = build(known)
    owners = {id(module): node for module, node in zip(net, known.layers, strict=True)}
    moved = nn.Sequential(net[2], blocks.Residual(nn.Sequential(net[0]), nn.Sequential()), nn.Linear(4, 4))
    read = network_of(moved, known, owners)
    assert [node.id for node in walk(read.layers)] == ["linear3", "residual1", "linear1", "linear2"]


def test_the_init_of_a_layer_made_since_is_torchs_own() -> None:
    known = sequence(layer("Linear", "kaiming_normal", in_features=4, out_features=4), layer("ReLU"))
    net = build(known)
    owners = {id(module): node for module, node in zip(net, known.layers, strict=True)}
    assert network_of(net, known, owners) == known
    net[0] = nn.Linear(4, 4)
    assert network_of(net, known, owners) == sequence(layer("Linear", in_features=4, out_features=4), layer("ReLU"))


def test_frozen_and_switched_off_layers_stay_so() -> None:
    nodes = sequence(layer("Linear", in_features=4, out_features=4), layer("ReLU"), layer("Dropout")).layers
    known = NetworkSpec(
        layers=(
            msgspec.structs.replace(nodes[0], frozen=True),
            msgspec.structs.replace(nodes[1], enabled=False),
            nodes[2],
        )
    )
    net = build(known)
    assert network_of(net, known) == known
    net[0].requires_grad_(True)
    assert network_of(net, known).layers == (nodes[0], *known.layers[1:])


def test_blocks_are_read_with_what_was_changed_inside_them() -> None:
    row = (layer("Linear", in_features=4, out_features=4), layer("ReLU"))
    known = sequence(residual(*row, shortcut=row), branches(row, row), repeat(3, *row))
    net = build(known)
    assert network_of(net, NOTHING) == known
    net[0].body[1] = nn.Tanh()
    net[1].branches[1].append(nn.Sigmoid())
    for each in net[2]:
        each[1] = nn.GELU()
    read = network_of(net, known)
    assert [node.id for node in read.layers] == ["residual1", "branches1", "repeat1"]
    assert read.layers[0].body == (known.layers[0].body[0], Layer(id="tanh1", kind="Tanh"))
    assert [node.kind for node in read.layers[1].branches[1]] == ["Linear", "ReLU", "Sigmoid"]
    assert isinstance(read.layers[2], Repeat)
    assert [node.id for node in read.layers[2].body] == ["linear5", "gelu1"]


def test_passes_that_differ_are_rows_of_their_own() -> None:
    known = sequence(repeat(2, layer("Linear", in_features=4, out_features=4), layer("ReLU")))
    net = build(known)
    net[0][1][1] = nn.Tanh()
    read = network_of(net, known)
    assert [node.kind for node in read.layers] == ["Linear", "ReLU", "Linear", "Tanh"]
    assert [each.__class__ for each in in_form(net)] == [nn.Linear, nn.ReLU, nn.Linear, nn.Tanh]


def test_nets_that_are_nested_or_named_are_one_row_of_the_very_modules() -> None:
    net = nn.Sequential(OrderedDict(first=nn.Linear(2, 3), rest=nn.Sequential(nn.ReLU(), nn.Linear(3, 1))))
    formed = in_form(net)
    assert [node.id for node in network_of(net, NOTHING).layers] == ["linear1", "relu1", "linear2"]
    assert list(formed) == [net.first, net.rest[0], net.rest[1]]
    assert list(formed.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert network_of(nn.Linear(2, 3), NOTHING) == sequence(layer("Linear", in_features=2, out_features=3))


def test_a_block_of_a_generated_program_is_the_block() -> None:
    text = """\
class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, x):
        y = self.body(x) + self.shortcut(x)
        return y
"""
    pasted = typed(text, "Residual")
    net = nn.Sequential(pasted(nn.Sequential(nn.Linear(2, 2)), nn.Sequential()))
    assert network_of(net, NOTHING) == sequence(residual(layer("Linear", in_features=2, out_features=2)))


def test_a_class_typed_in_a_cell_is_a_layer_of_its_own_with_its_text() -> None:
    made = typed("x = 1\n" + OWN + "net = None\n", "Scale")
    read = network_of(nn.Sequential(nn.ReLU(), made(start=0.5)), NOTHING)
    assert read.sources == (Source(name="Scale", text=OWN),)
    assert read.layers[1] == Custom(id="scale1", name="Scale", args=Args(start=0.5))
    custom.trust(read.sources[0])
    net = build(read)
    assert net[1].factor.item() == 0.5
    assert network_of(net, read) == read


def test_a_layer_of_torch_without_a_form_is_a_layer_of_its_own() -> None:
    read = network_of(nn.Sequential(nn.Mish(), nn.Hardtanh(min_val=-2.0), nn.BatchNorm3d(4, affine=False)), NOTHING)
    assert [(node.id, dict(node.args)) for node in read.layers] == [
        ("mish1", {}),
        ("hardtanh1", {"min_val": -2.0}),
        ("batchnorm3d1", {"num_features": 4, "affine": False, "bias": False}),
    ]
    for source in read.sources:
        custom.trust(source)
    x = torch.randn(2, 4, 2, 2, 2)
    assert torch.equal(build(read)(x), nn.Sequential(nn.Mish(), nn.Hardtanh(min_val=-2.0), nn.BatchNorm3d(4))(x))


def test_a_class_called_net_gets_a_name_that_is_free() -> None:
    text = """\
class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.inner = nn.Linear(2, 2)

    def forward(self, x):
        return self.inner(x)
"""
    read = network_of(typed(text, "Net")(), NOTHING)
    custom.trust(read.sources[0])
    assert (read.layers[0].id, read.layers[0].name) == ("ownnet1", "OwnNet")
    assert list(build(read).state_dict()) == ["0.inner.weight", "0.inner.bias"]


def _lazy() -> nn.Module:
    return nn.Sequential(nn.LazyLinear(3))


def _shared() -> nn.Module:
    linear = nn.Linear(2, 2)
    return nn.Sequential(linear, nn.ReLU(), linear)


def _without_text() -> nn.Module:
    names: dict[str, object] = {"torch": torch, "nn": nn}
    exec(OWN, names)
    return nn.Sequential(names["Scale"]())  # type: ignore[operator]


def _forgetful() -> nn.Module:
    text = (
        "class Forgetful(nn.Module):\n    def __init__(self, size):\n        super().__init__()\n"
        "        self.layer = nn.Linear(size, size)\n    def forward(self, x):\n        return self.layer(x)\n"
    )
    return nn.Sequential(typed(text, "Forgetful")(3))


@pytest.mark.parametrize(
    ("net", "said"),
    [
        (_lazy, "call net(x) once"),
        (_shared, "it is 0.weight as well"),
        (_without_text, "type the class into the console"),
        (_forgetful, "write self.size = size in __init__"),
    ],
)
def test_what_no_document_can_hold_is_told_with_its_cure(net, said: str) -> None:
    with pytest.raises(Problem) as raised:
        network_of(net(), NOTHING)
    assert raised.value.code == "console-module"
    assert said in str(raised.value)


def _shapes(net: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in net.state_dict().items()}
