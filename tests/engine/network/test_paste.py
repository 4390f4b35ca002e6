"""Pasted Python becomes the layers it would make, without being run; what is nearly right is mended with a note."""

import inspect

# ruff: noqa: RUF001  full-width characters are what some of the texts are about
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from playground.engine.network.builder import build
from playground.engine.network.catalogue import layers
from playground.engine.network.paste import parse
from playground.engine.network.paste_layers import _PLACES, ELSEWHERE, FUNCTIONS
from playground.engine.network.python_text import to_python
from playground.engine.network.sequence import branches, layer, repeat, residual, sequence
from playground.engine.network.spec import Branches, Custom, Layer, NetworkSpec, Repeat, Residual, walk
from playground.engine.problems import Problem
from playground.engine.spec import Args

LENET = """
import torch
import torch.nn as nn
import torch.nn.functional as F

class LeNet(nn.Module):
    '''From a course.'''
    def __init__(self, classes=10):
        super(LeNet, self).__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, classes)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(torch.sigmoid(self.conv2(x)))
        x = x.view(-1, 16 * 5 * 5)
        x = F.relu(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return F.log_softmax(self.fc3(x), dim=1)

net = LeNet()
"""

RESNET = """
class Block(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.f = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))
        self.shortcut = nn.Conv2d(inputs, outputs, kernel_size=1, stride=stride)

    def forward(self, x):
        identity = self.shortcut(x)
        out = self.f(x)
        out += identity
        return F.relu(out)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = Block(1, 4, 2), Block(4, 4)
        self.avgpool = nn.AdaptiveAvgPool2d((2, 2))
        self.fc: nn.Module = nn.Linear(4 * 2 ** 2 * 2, 10)

    def forward(self, x):
        b = x.size(0)
        x = self.first(x)
        y = self.second(x)
        x = torch.cat([x, y.tanh()], dim=1)
        x = self.avgpool(x).view(b, -1)
        x = x + torch.sigmoid(x)
        return self.fc(torch.flatten(x, 1))
"""


def run(text, name):
    """The class of the text as Python itself makes it."""
    names = {"nn": nn, "F": F, "torch": torch}
    exec(text, names)
    return names[name]()


@pytest.mark.parametrize(("text", "name"), [(LENET, "LeNet"), (RESNET, "Net")])
def test_a_class_becomes_layers_that_compute_what_it_computes(text, name):
    torch.manual_seed(1)
    theirs = run(text, name).eval()
    ours = build(NetworkSpec(layers=parse(text).nodes)).eval()
    ours_by_shape = list(ours.parameters())
    for parameter in theirs.parameters():  # the order in which a class makes its layers need not be that of its forward
        index = next(i for i, own in enumerate(ours_by_shape) if own.shape == parameter.shape)
        ours_by_shape.pop(index).data.copy_(parameter.data)
    assert not ours_by_shape
    x = torch.randn(3, 1, 28, 28)
    torch.testing.assert_close(ours(x), theirs(x), rtol=0, atol=0)


def described(text, own=()):
    return [
        (getattr(node, "kind", type(node).__name__), dict(getattr(node, "args", {})))
        for node in walk(parse(text, own).nodes)
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("nn.Conv2d(1, 6, 5)", [("Conv2d", {"in_channels": 1, "out_channels": 6, "kernel_size": 5})]),
        ("torch.nn.Dropout(0.5), nn.ReLU", None),
        ("nn.Dropout(p=0.5)", [("Dropout", {})]),
        ("Linear(28 * 28, 10, bias=False)", [("Linear", {"in_features": 784, "out_features": 10, "bias": False})]),
        ("nn.Tanh(),\n        nn.ReLU(),\n  nn.ELU()", [("Tanh", {}), ("ReLU", {}), ("ELU", {})]),
        (">>> net = nn.Sequential(nn.Tanh(),\n...     nn.ReLU())", [("Tanh", {}), ("ReLU", {})]),
        ("h = 5\nblock = nn.Sequential(nn.Linear(h, h), nn.ReLU())\nnet = nn.Sequential(block, nn.Tanh())", 3),
        ("nn.Sequential(OrderedDict([('a', nn.ReLU()), ('b', nn.Tanh())]))", [("ReLU", {}), ("Tanh", {})]),
        (
            "def f(k):\n    return nn.Sequential(nn.Softmax(k), nn.ReLU())\nnet = nn.Sequential(f(1), *[nn.Tanh()])",
            3,
        ),
        ("self.conv = nn.Conv2d(1, 2, 3)\nself.act = nn.ReLU()", 2),
        ("net = nn.Sequential(nn.ReLU()).to(device)\nprint(net)", [("ReLU", {})]),
        ("nn.LayerNorm([3, 4])", [("LayerNorm", {"normalized_shape": (3, 4)})]),
        ("nn.ReLU(**{'inplace': True})", [("ReLU", {"inplace": True})]),
    ],
)
def test_what_is_written_is_what_comes(text, wanted):
    if wanted is None:
        with pytest.raises(Problem):
            parse(text)
    elif isinstance(wanted, int):
        assert len(parse(text).nodes) == wanted
    else:
        assert described(text) == wanted


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("nn.Conv2d（1，6，kernel_size＝5）", "（ ， ＝ ） were read as those of the keyboard"),
        ("nn.MaxPoo12d(2)", "MaxPoo12d was read as MaxPool2d"),
        ("nn.relu()", "relu was read as ReLU"),
        ("nn.Conv2d(1, 6, kernal_size=5)", "kernal_size of Conv2d was read as kernel_size"),
        ("nn.MaxPool2d(2, return_indices=True)", "return_indices of MaxPool2d has no place here"),
        ("nn.ReLU()\nprint(1)\noptimizer.step()", "Line 3 holds no layer"),
        ("class A(nn.Module):\n  def forward(self, x):\n    return F.dropout(x)", "drops in evaluation too"),
        ("class A(nn.Module):\n  def forward(self, x):\n    return torch.flatten(x)", "was read as Flatten()"),
        (LENET.replace("self.fc3(x)", "self.fc2(x)"), "self.fc3 is never used in forward"),
        (LENET.replace("self.fc3(x)", "self.fc2(self.fc2(x))"), "Linear used twice: here each place has weights"),
        ("class A(nn.Module):\n  def __init__(self):\n    self.a = nn.ReLU()", "A has no forward"),
    ],
)
def test_what_was_mended_or_left_out_is_told(text, note):
    assert any(note in told for told in parse(text).notes), parse(text).notes


FORWARD = "class A(nn.Module):\n  def forward(self, x):\n    "


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "it has no layers"),
        ("hello world", 1, "invalid syntax"),
        ("nn.ReLU()\nnn.Foo(2)", 2, "there is no layer Foo"),
        ("nn.PReLU()", 1, "PReLU is none of the layers here"),
        ("nn.AvgPool3d(2)", 1, "AvgPool3d is none of the layers here"),
        ("nn.Linear(2, n)", 1, "the text does not say what n is"),
        ("nn.Linear(1, 2, True, 4)", 1, "3 arguments by their place, not 4"),
        ("nn.MaxPool2d(2, 2, 0, 1, True)", 1, "4 arguments by their place, not 5"),
        ("nn.Linear(2, 10 ** 10 ** 10)", 1, "is larger than any layer"),
        ("nn.Linear(2, 1e999)", 1, "out_features is not a finite number"),
        ("nn.Linear(2, 1 // 0)", 1, "has no value"),
        ("import os\nos.system('touch planted')", 2, "what system gives is not known"),
        ("(" * 5_000, 1, "nested"),
        ("nn.Sequential(net=nn.ReLU())", 1, "takes its layers without names"),
        ("nn.ReLU()" + ".eval()" * 3_000, 1, ""),
        ("a = nn.Sequential(nn.ReLU(), nn.ReLU())\n" + "a = nn.Sequential(a, a)\n" * 40, 1, "more than 5,000 layers"),
        ("def f(x):\n  return f(x)\nf(3)", 2, "f calls itself"),
        ("x" * 300_000, 1, "300,000 characters"),
        ("nn.Linear(2,\0 3)", 1, ""),
        (FORWARD + "for i in range(3): x = F.relu(x)\n    return x", 3, "'for' cannot be followed"),
        (FORWARD + "return F.conv2d(x, w)", 3, "the text does not say what w is"),
        (FORWARD + "return x, x", 2, "must return one tensor"),
        (FORWARD + "return torch.cat([x, x])", 3, "along dimension 0"),
        (FORWARD + "return x.view(2, 3)", 3, "only x.view(x.size(0), -1)"),
        (FORWARD + "return x * 2", 3, "x * 2 cannot be followed"),
        (FORWARD + "return x.transpose(1, 2)", 3, "what .transpose() does cannot be told by layers"),
        (FORWARD + "return self.conv(x)", 3, "the text does not say what self.conv is"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_with_its_line(text, line, words):
    with pytest.raises(Problem) as refusal:
        parse(text)
    assert refusal.value.code == "paste-unreadable"
    assert refusal.value.fields["line"] == line
    assert words in refusal.value.sentence


def test_pasted_text_is_never_run(tmp_path):
    planted = tmp_path / "planted"
    text = f"open({str(planted)!r}, 'w')\nnn.Linear(2, __import__('os').system('touch {planted}') or 3)"
    with pytest.raises(Problem):
        parse(text)
    assert not planted.exists()


def test_own_layers_are_read_when_the_document_has_them():
    assert parse("MyNorm(size=3)", ["MyNorm"]).nodes == (Custom(id="mynorm1", name="MyNorm", args=Args(size=3)),)
    with pytest.raises(Problem, match="there is no layer MyNorm"):
        parse("MyNorm(size=3)")


def test_no_class_of_torch_is_taken_for_a_slip_of_the_pen():
    modules = {name for name, value in vars(nn).items() if isinstance(value, type) and issubclass(value, nn.Module)}
    assert modules - set(layers()) - ELSEWHERE == {"Sequential"}


def test_arguments_by_place_are_those_of_torchs_signatures():
    for kind, entry in layers().items():
        ours = [argument.name for argument in entry.arguments][: _PLACES.get(kind)]
        assert list(inspect.signature(getattr(nn, kind)).parameters)[: len(ours)] == ours


def test_functions_take_the_arguments_of_torchs_functions():
    for name, (_, order) in FUNCTIONS.items():
        function = getattr(F, name, None) or getattr(torch, name)
        try:
            signature = list(inspect.signature(function).parameters)[1:]
        except ValueError:  # built in
            continue
        if signature and signature != ["kwargs"] and "args" not in signature:
            assert signature[: len(order)] == list(order), name


EVERYTHING = sequence(
    Layer(
        id="", kind="Conv2d", args=layer("Conv2d", in_channels=1, out_channels=2, kernel_size=(3, 3)).args, frozen=True
    ),
    Layer(id="", kind="Linear", args=layer("Linear", in_features=2, out_features=2).args, init="zeros", enabled=False),
    residual(layer("ReLU"), shortcut=(branches((), (layer("Tanh"),)),)),
    Repeat(id="", body=(residual(), layer("GELU")), times=3, enabled=False),
    repeat(2, layer("Conv2d", out_channels=3)),
    Custom(id="", name="Own", args=layer("x", size=3).args, frozen=True),
)


def test_text_and_back_is_the_same_network():
    assert parse(to_python(EVERYTHING.layers), ["Own"]) == type(parse("nn.ReLU()"))(EVERYTHING.layers, ())


kinds = st.sampled_from(sorted(layers()))


@st.composite
def any_layer(draw):
    kind = draw(kinds)
    args = {}
    for argument in layers()[kind].arguments:
        if argument.required or draw(st.booleans()):
            args[argument.name] = draw(st.one_of(st.integers(-3, 99), st.just(0.5), st.none(), st.text(max_size=4)))
    init = draw(st.sampled_from(["default", "normal", "zeros"]))
    flags = {"enabled": draw(st.booleans()), "frozen": draw(st.booleans())}
    made = Layer(id="", kind=kind, args=layer(kind, **args).args, init=init, **flags)
    defaults = layers()[kind].complete({})
    same = [name for name, value in made.args.items() if name in defaults and repr(defaults[name]) == repr(value)]
    return Layer(id="", kind=kind, args=made.args.without(*same), init=init, **flags)


def rows(nodes):
    return st.lists(nodes, max_size=3).map(tuple)


any_node = st.recursive(
    any_layer(),
    lambda nodes: st.one_of(
        st.builds(Residual, id=st.just(""), body=rows(nodes), shortcut=rows(nodes), enabled=st.booleans()),
        st.builds(Branches, id=st.just(""), branches=st.lists(rows(nodes), min_size=1, max_size=3).map(tuple)),
        st.builds(Repeat, id=st.just(""), body=rows(nodes), times=st.integers(1, 1000), enabled=st.booleans()),
    ),
    max_leaves=6,
)


@settings(max_examples=80)
@given(st.lists(any_node, min_size=1, max_size=4))
def test_any_network_comes_back_from_its_text(nodes):
    spec = sequence(*nodes)
    assert parse(to_python(spec.layers)).nodes == spec.layers


def test_names_that_python_does_not_allow_are_refused_not_written():
    evil = sequence(layer("ReLU(); import os"))
    with pytest.raises(Problem, match="no name that Python allows"):
        to_python(evil.layers)


@settings(max_examples=200)
@given(st.data())
def test_a_damaged_text_is_read_or_refused_in_one_sentence(data):
    text = data.draw(st.sampled_from([LENET, RESNET, to_python(EVERYTHING.layers)]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text = (
            text[:at]
            + data.draw(st.sampled_from(["", "(", ")", ",", "，", " ", "\n", "x", "0", "self", "=", "*"]))
            + text[at + 1 :]
        )
    try:
        assert parse(text).nodes
    except Problem as problem:
        assert problem.code == "paste-unreadable"  # noqa: PT017
