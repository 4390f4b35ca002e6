"""Common mistakes, each provoked in the installed torch, have a note with the shapes and the usual cure."""

import warnings
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional

from playground.engine.tensors import taught

SETUP = """
a = torch.arange(12.).view(3, 4)
b = a.t()
w = torch.ones(3, requires_grad=True)
i = torch.arange(3)
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
loss = (w**2).sum()
def twice(q):
    return q @ q
"""


def names() -> dict[str, Any]:
    space: dict[str, Any] = {"torch": torch, "nn": nn, "F": functional}
    exec(SETUP, space)
    return space


def noted(code: str) -> str:
    """The note on the error that a cell ends with."""
    space = names()
    try:
        exec(compile(code, "<cell>", "exec"), space)
    except Exception as error:
        return taught.note(error, code, space)
    pytest.fail(f"{code} raises nothing")


@pytest.mark.filterwarnings("ignore:Using a target size")
@pytest.mark.parametrize(
    ("code", "words"),
    [
        # matmul and Linear
        ("a @ a", ["a (3 x 4) @ a (3 x 4)", "there are 4 and 3", "a @ a.t() fits: 3 x 3"]),
        ("torch.mm(a, a)", ["a (3 x 4) @ a (3 x 4)"]),
        ("z = 2 * torch.matmul(b, b)", ["b (4 x 3) @ b (4 x 3)"]),
        ("a @ w", ["a (3 x 4) @ w (3)", "4 and 3"]),
        ("torch.bmm(torch.ones(2, 3, 4), torch.ones(2, 3, 4))", ["as many columns"]),
        ("torch.dot(w, torch.ones(4))", ["there are 3 and 4"]),
        ("torch.randn(3, 4) @ torch.randn(3, 4)", ["(3 x 4) @", "there are 4 and 3"]),
        ("def inner(q):\n    return q @ q\ninner(a)", ["q (3 x 4) @ q (3 x 4)"]),
        ("twice(a)", ["(3 x 4) @", "there are 4 and 3"]),
        ("nn.Linear(784, 10)(torch.ones(5, 1, 28, 28))", ["takes 784 features", "5 x 1 x 28 x 28", "makes 5 x 784"]),
        ("net(torch.ones(2, 1, 14, 14))", ["net[1] takes 784 features", "2 x 196", "nn.Linear(196, 10)"]),
        ("nn.Conv2d(3, 4, 3)(torch.ones(2, 1, 8, 8))", ["takes 3 channels", "2 x 1 x 8 x 8"]),
        # broadcasting, joining
        ("a + w", ["a (3 x 4) and w (3) do not broadcast", "w.unsqueeze(-1) has shape 3 x 1"]),
        ("a += w", ["do not broadcast"]),
        ("torch.where(a > 0, a, w)", ["do not broadcast"]),
        ("torch.randn(3, 4) + torch.randn(3)", ["do not broadcast", "4 in a and 3 in b"]),
        ("torch.cat([a, b])", ["a (3 x 4) and b (4 x 3) differ in dimension 1"]),
        ("torch.stack([a, b])", ["equal shapes"]),
        ("F.mse_loss(a, w)", ["do not broadcast"]),
        # types
        ("a @ b.double()", ["a is float32", "b.double() is float64", "Both must have the same type"]),
        ("net(torch.ones(1, 784).double())", ["the input is float64", "net[1] is float32", ".to(torch.float32)"]),
        ("net(torch.ones(1, 784).long())", ["the input is int64"]),
        ("i.mean()", ["i is int64", ".float()"]),
        ("i += 1.5", ["i is int64", "In place the type stays"]),
        ("i /= 2", ["In place the type stays"]),
        ("F.cross_entropy(a, torch.ones(3))", [".long()"]),
        ("F.one_hot(a)", [".long()"]),
        ("a[torch.tensor([0.0])]", [".long()"]),
        ("nn.Embedding(3, 2)(a)", [".long()"]),
        ("torch.tensor([1, 2], requires_grad=True)", ["Whole numbers have no gradient"]),
        # views
        ("b.view(12)", ["b (4 x 3) has strides (1, 4)", "its 12 elements do not lie in order", "b.reshape(12) copies"]),
        ("torch.rand(3, 4).t().view(12)", ["do not lie in order", "reshape(...) copies"]),
        ("a.view(5, 2)", ["a (3 x 4) has 12 elements, but 5 x 2 needs 10"]),
        # autograd
        ("w.add_(1)", ["w is a leaf", "torch.no_grad()"]),
        ("w[0] = 1", ["w is a leaf"]),
        ("w += 1", ["w is a leaf", "w = w + 1"]),
        ("w[0].mul_(2)", ["w[0] is a view of a leaf"]),
        ("loss.backward()\nloss.backward()", ["retain_graph=True"]),
        ("(w * 2).backward()", ["w * 2 has shape 3", "sum() or mean()"]),
        ("a.sum().backward()", ["requires_grad=True"]),
        ("w.numpy()", ["detach().numpy()"]),
        ("y = w * 2\nz = y**2\ny.add_(1)\nz.sum().backward()", ["changed in place"]),
        # devices
        ("a + torch.ones(3, 4, device='meta')", ["a is on cpu", "is on meta", "one device"]),
        ("net(torch.ones(1, 784, device='meta'))", ["the input is on meta", "one device"]),
        # indices
        ("a[3]", ["Dimension 0 of a (3 x 4) has size 3", "0 to 2 (or -3 to -1)", "3 is outside"]),
        ("a[0, 4]", ["Dimension 1 of a (3 x 4) has size 4"]),
        ("a[[0, 5]]", ["5 is outside"]),
        ("a[0, 0, 0]", ["has 2 dimensions"]),
        ("a.sum(dim=2)", ["no dimension 2 of a (3 x 4)", "numbered 0 to 1"]),
        ("torch.tensor(3)[0]", ["item()"]),
        ("torch.index_select(a, 0, torch.tensor([7]))", ["count from 0"]),
        ("F.nll_loss(a, torch.tensor([0, 9, 1]))", ["label 9", "4 classes, numbered 0 to 3"]),
        ("F.one_hot(torch.tensor([3]), 2)", ["num_classes"]),
        ("nn.Embedding(3, 2)(torch.tensor([5]))", ["3 rows, numbered 0 to 2", "holds 5"]),
        # one value of many
        ("a.item()", ["a has shape 3 x 4", "tolist()"]),
        ("float(a)", ["a has shape 3 x 4"]),
        ("if a > 0:\n    pass", ["all() or any()"]),
        # names
        ("torch.sigmod(a)", ["torch has no sigmod", "did you mean sigmoid?"]),
        ("a.reshpae(2)", ["did you mean reshape?"]),
        ("nn.linear(2, 2)", ["did you mean Linear?"]),
        ("F.sofmax(a)", ["F has no sofmax; did you mean softmax?"]),
        ("torch.optim.SDG([w], lr=0.1)", ["did you mean SGD?"]),
        ("torhc.ones(2)", ["There is no name torhc here; did you mean torch?"]),
        ("prnt(a)", ["did you mean print?"]),
        ("import troch", ["did you mean torch?"]),
        ("a.shape()", ["shape is no method"]),
        ("os.getcwd()", ["os has to be imported first: import os"]),
        ("plt.plot([1, 2])", ["from matplotlib import pyplot as plt"]),
        ("import visdom_is_not_here", ["no module visdom_is_not_here where the playground runs"]),
        # memory
        ("torch.empty(10**14)", ["372,529.0 GiB", "more memory than there is"]),
        ("def deep(n):\n    return deep(n + 1)\ndeep(0)", ["needs a case"]),
        # full-width characters
        ("torch.zeros\uff082\uff0c3\uff09", ["Line 1", "\uff0c for ,", "\uff08 for (", "Meant is: torch.zeros(2,3)"]),
        ("if True\uff1a\n    pass", ["Meant is: if True:"]),
        ("s = \u201chi\u201d", ['Meant is: s = "hi"']),
    ],
)
def test_a_common_mistake_has_its_note(code: str, words: list[str]) -> None:
    note = noted(code)
    assert [word for word in words if word not in note] == [], note
    assert len(note) < 420


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
@pytest.mark.parametrize("code", ["a.cuda()", "net.cuda()", "a.to('cuda')", "torch.ones(2, device='cuda')"])
def test_cuda_without_cuda_is_told(code: str) -> None:
    assert "no GPU that torch can use" in noted(code)


@pytest.mark.parametrize(
    "code",
    ["1 / 0", "int('x')", "[][1]", "{}['a']", "assert False", "x = = 1", "a.qqqqqqqq", "qqqqqqqq", "fro"],
)
def test_an_unknown_mistake_has_none(code: str) -> None:
    assert noted(code) == ""


@pytest.mark.parametrize("loss", ["F.mse_loss", "nn.MSELoss()"])
def test_the_warning_of_a_broadcast_target_has_its_note(loss: str) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        eval(f"{loss}(torch.ones(4, 1), torch.ones(4))", names())
    assert isinstance(caught[0].message, Warning)
    note = taught.note(caught[0].message, "", {})
    assert "shape 4 x 1 and the target 4" in note
    assert "each with each (4 x 4)" in note
    assert "target.view(4, 1)" in note


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!",
            "one device",
        ),
        ("Input type (torch.FloatTensor) and weight type (torch.cuda.FloatTensor) should be the same", "one device"),
    ],
)
def test_cpu_and_cuda_mixed_is_told_from_torch_s_words(message: str, words: str) -> None:
    assert words in taught.note(RuntimeError(message), "", {})


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Error downloading train-images\n<urlopen error [Errno -2] Name or service not known>", "network was not"),
        ("Dataset not found. You can use download=True to download it", "not in that folder"),
        ("Dataset not found or corrupted. You can use download=True to download it", "not in that folder"),
    ],
)
def test_a_data_set_that_is_not_here_is_answered_with_the_one_that_is(message: str, words: str) -> None:
    note = taught.note(RuntimeError(message), "", {"train_db": "MNIST, train: 60,000 samples"})
    assert words in note
    assert "train_db is here without a download (MNIST, train: 60,000 samples)" in note
    assert words in taught.note(RuntimeError(message), "", {})


def test_weights_that_cannot_be_fetched_are_answered_with_random_ones() -> None:
    assert "weights=None" in noted("weights = 'urlopen error'\nopen(weights)")  # fails in a library, in these words
    assert noted("file = 'urlopen error'\nopen(file)") == ""


def test_looking_at_a_mistake_again_calls_nothing_of_the_user_s() -> None:
    calls: list[int] = []
    space = names() | {"made": lambda: calls.append(1) or torch.ones(2)}
    code = "made() @ a"
    with pytest.raises(RuntimeError) as caught:
        exec(compile(code, "<cell>", "exec"), space)
    taught.note(caught.value, code, space)
    assert calls == [1]


def test_a_random_operand_is_not_drawn_again() -> None:
    space, code = names(), "torch.randn(3, 4) @ a"
    with pytest.raises(RuntimeError) as caught:
        exec(compile(code, "<cell>", "exec"), space)
    before = torch.get_rng_state()
    assert taught.note(caught.value, code, space)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_note_changes_nothing() -> None:
    space = names()
    with pytest.raises(RuntimeError) as caught:
        exec(compile("w.add_(1)", "<cell>", "exec"), space)
    taught.note(caught.value, "w.add_(1)", space)
    assert space["w"].tolist() == [1, 1, 1]
    assert space["w"]._version == 0
