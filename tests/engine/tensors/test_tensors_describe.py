"""Facts of tensors, arrays, modules and optimisers, against what torch and NumPy say themselves."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from playground.engine.problems import Problem
from playground.engine.tensors.brief import brief
from playground.engine.tensors.describe import as_tensor, facts
from playground.engine.tensors.tensor_events import ArrayFacts, ModuleFacts, OptimizerFacts, TensorFacts, ValueFacts


def told(tensor: torch.Tensor) -> TensorFacts:
    found = facts(tensor, "t")
    assert isinstance(found, TensorFacts)
    return found


def test_a_transpose_is_told_as_torch_tells_it() -> None:
    b = torch.arange(12.0).view(3, 4).t()
    found = told(b)
    assert (found.dtype, found.type_name, found.kind) == ("float32", "torch.FloatTensor", "Tensor")
    assert (found.shape, found.stride, found.offset) == ((4, 3), (1, 4), 0)
    assert (found.is_contiguous, found.memory_format, found.is_view) == (False, "strided", True)
    assert (found.numel, found.bytes, found.storage_bytes, found.element_bytes) == (12, 48, 48, 4)
    assert (found.storage, found.device, found.layout) == (b.untyped_storage().data_ptr(), "cpu", "strided")


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        (torch.float64, "torch.DoubleTensor"),
        (torch.float16, "torch.HalfTensor"),
        (torch.uint8, "torch.ByteTensor"),
        (torch.int8, "torch.CharTensor"),
        (torch.int16, "torch.ShortTensor"),
        (torch.int32, "torch.IntTensor"),
        (torch.int64, "torch.LongTensor"),
        (torch.bool, "torch.BoolTensor"),
        (torch.bfloat16, "torch.BFloat16Tensor"),
    ],
)
def test_the_type_names_are_those_of_the_course(dtype: torch.dtype, name: str) -> None:
    assert told(torch.empty(2, dtype=dtype)).type_name == name


def test_the_version_counts_changes_in_place() -> None:
    x = torch.zeros(3)
    x += 1
    x[0] = 5
    assert told(x).version == 2
    with torch.inference_mode():
        fixed = torch.zeros(3)
    assert (told(fixed).version, told(fixed).is_inference) == (None, True)


@pytest.mark.filterwarnings("error")
def test_gradients_are_asked_for_without_a_warning() -> None:
    w = nn.Parameter(torch.ones(2))
    middle = w * 2
    middle.sum().backward()
    found = told(w)
    assert (found.kind, found.requires_grad, found.is_leaf, found.has_grad, found.grad_fn) == (
        "Parameter", True, True, True, "",
    )  # fmt: skip
    assert (told(middle).grad_fn, told(middle).is_leaf, told(middle).has_grad) == ("MulBackward0", False, False)


def test_numel_counts_elements_and_expand_takes_no_memory() -> None:
    found = told(torch.zeros(1, 3).expand(1000, 3))
    assert (found.numel, found.bytes, found.storage_bytes) == (3000, 12000, 12)
    assert found.repeated == (0,)


@pytest.mark.parametrize(("shape", "order"), [((2, 3, 4, 5), "channels_last"), ((2, 3, 4, 5, 6), "channels_last_3d")])
def test_memory_formats_are_told_apart(shape: tuple[int, ...], order: str) -> None:
    plain = torch.zeros(shape)
    assert told(plain).memory_format == "contiguous"
    assert told(plain.to(memory_format=getattr(torch, order))).memory_format == order


@pytest.mark.parametrize(
    ("tensor", "layout", "stride"),
    [
        (torch.eye(3).to_sparse(), "sparse_coo", None),
        (torch.empty(2, 3, device="meta"), "strided", (3, 1)),
        (torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)], layout=torch.jagged), "jagged", None),
        (torch.zeros(0, 3), "strided", (3, 1)),
        (torch.tensor(1 + 2j).conj(), "strided", ()),
    ],
    ids=["sparse", "meta", "nested", "empty", "conjugate"],
)
def test_unusual_tensors_have_facts_too(tensor: torch.Tensor, layout: str, stride: tuple[int, ...] | None) -> None:
    found = told(tensor)
    assert (found.layout, found.stride, found.is_conjugated) == (layout, stride, tensor.is_conj())


def test_shared_memory_is_told() -> None:
    assert not told(torch.zeros(2)).is_shared
    assert told(torch.zeros(2).share_memory_()).is_shared


def test_an_array_is_told_as_numpy_tells_it() -> None:
    array = np.zeros((3, 4), order="F")
    found = facts(array[1:], "a")
    assert isinstance(found, ArrayFacts)
    assert (found.dtype, found.shape, found.stride, found.order) == ("float64", (2, 4), (8, 24), "")
    assert (found.owns_memory, found.is_writable, found.bytes) == (False, True, 64)
    whole = facts(array, "a")
    assert isinstance(whole, ArrayFacts)
    assert (whole.order, whole.address) == ("F", array.ctypes.data)


def test_a_module_and_its_optimiser_are_told() -> None:
    net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2), *[nn.ReLU() for _ in range(20)]).eval()
    net[0].bias.requires_grad_(False)
    found = facts(net, "net")
    assert isinstance(found, ModuleFacts)
    assert (found.parameters, found.trainable, found.buffers, found.is_training) == (12, 10, 5, False)
    assert "\n".join(found.lines) == "\n".join(repr(net).splitlines()[: len(found.lines)])
    assert len(found.lines) + found.left_out == len(repr(net).splitlines())
    optimizer = torch.optim.SGD(net.parameters(), lr=0.25, momentum=0.5)
    net(torch.ones(2, 3)).sum().backward()
    optimizer.step()
    rates = facts(optimizer, "optimizer")
    assert isinstance(rates, OptimizerFacts)
    assert dict(rates.groups[0])["lr"] == "0.25"
    assert "params" not in dict(rates.groups[0])
    assert (rates.kind, rates.parameters, rates.state_bytes) == ("SGD", 12, 10 * 4)


def test_a_module_that_cannot_be_printed_says_why() -> None:
    class Broken(nn.Module):
        def __repr__(self) -> str:
            raise KeyError("name")

    found = facts(Broken(), "net")
    assert isinstance(found, ModuleFacts)
    assert found.lines == ("Broken: KeyError in its __repr__: 'name'",)


@pytest.mark.parametrize(
    ("value", "kind", "text", "length"),
    [
        (3, "int", "3", None),
        ("abc", "str", "'abc'", 3),
        ([1, [2, 3], "x"], "list", "[1, list of 2, 'x']", 3),
        (None, "NoneType", "None", None),
        (torch.float32, "dtype", "dtype", None),
        (nn.LazyLinear(2).weight, "UninitializedParameter", "not built yet: the first input gives it its shape", None),
    ],
)
def test_anything_else_is_told_briefly(value: Any, kind: str, text: str, length: int | None) -> None:
    assert facts(value, "v") == ValueFacts("v", kind, text, length)


def test_what_can_be_seen_as_a_tensor_is() -> None:
    array = np.arange(3.0)
    as_tensor(array)[0] = 7
    assert array[0] == 7
    backwards = as_tensor(array[::-1])
    assert backwards.tolist() == [2, 1, 7]
    array.flags.writeable = False
    as_tensor(array)[0] = 1
    assert array[0] == 7
    assert as_tensor([[1, 2]]).tolist() == [[1, 2]]
    assert as_tensor(2.5).item() == 2.5


@pytest.mark.parametrize("value", ["text", None, [[1], [1, 2]], nn.ReLU(), np.array(["a"]), 10**40])
def test_what_is_no_tensor_is_refused_by_name(value: Any) -> None:
    with pytest.raises(Problem) as refused:
        as_tensor(value, "thing")
    assert refused.value.code == "tensor-missing"
    assert "thing" in str(refused.value)


def test_a_collection_of_tensors_names_each_with_the_expression_that_gives_it() -> None:
    net = nn.Linear(3, 2)
    found = {"w": torch.zeros(2, 3), "n": np.zeros(4), "lr": 0.1, "net": net, 5: torch.tensor(1)}
    assert facts(found, "d").text.splitlines() == [
        "d['w']   Tensor float32 2 x 3",
        "d['n']   array float64 4",
        "d['lr']   0.1",
        "d['net']   Linear",
        "d[5]   Tensor int64 scalar",
    ]
    state = facts(net.state_dict(), "s").text
    assert state == "s['weight']   Tensor float32 2 x 3\ns['bias']   Tensor float32 2"
    assert brief(net.state_dict()) == "{'weight': Tensor, 'bias': Tensor}"
    assert facts([torch.ones(2)] * 100, "batch").text.endswith("batch[39]   Tensor float32 2\n… 60 more")
