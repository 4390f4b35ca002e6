"""The names of a namespace: what each is, whose memory it reads, and that nothing of it is kept or copied."""

import gc
import time
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from playground.engine.tensors import extents
from playground.engine.tensors.extents import Extent, Holder, shares
from playground.engine.tensors.tensor_events import Variable
from playground.engine.tensors.variables import variables


def listed(**namespace: Any) -> dict[str, Variable]:
    return {variable.name: variable for variable in variables(namespace)}


def test_a_tensor_is_told_with_its_graph_and_memory() -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    loss = (w * w).sum()
    loss.backward()
    seen = listed(w=w, loss=loss, p=nn.Parameter(torch.zeros(2, 3)))
    assert (seen["w"].kind, seen["w"].dtype, seen["w"].shape, seen["w"].device) == ("tensor", "float32", (2,), "cpu")
    assert (seen["w"].requires_grad, seen["w"].is_leaf, seen["w"].has_grad, seen["w"].bytes) == (True, True, True, 8)
    assert (seen["loss"].is_leaf, seen["loss"].has_grad, seen["loss"].grad_fn) == (False, False, "SumBackward0")
    assert (seen["p"].kind, seen["p"].type, seen["p"].count) == ("parameter", "Parameter", 6)


def test_a_view_owns_nothing_and_names_whom_it_reads() -> None:
    a = torch.arange(12.0)
    b = a.view(3, 4).t()
    n = a.numpy()
    seen = listed(b=b, a=a, n=n, other=torch.zeros(3))
    assert [(seen[name].bytes, seen[name].owner) for name in "ban"] == [(0, "a"), (48, ""), (0, "a")]
    assert [seen[name].shares for name in "ban"] == [("a", "n"), ("b", "n"), ("b", "a")]
    assert (seen["other"].shares, seen["other"].bytes) == ((), 12)


def test_a_view_of_a_nameless_tensor_holds_its_memory() -> None:
    assert listed(b=torch.arange(100.0)[:2])["b"].bytes == 400


def test_two_halves_of_an_array_share_with_it_and_not_with_each_other() -> None:
    array = np.zeros(10)
    seen = listed(array=array, low=torch.from_numpy(array[:5]), high=torch.from_numpy(array[5:]))
    assert (seen["low"].shares, seen["high"].shares) == (("array",), ("array",))
    assert [seen[name].bytes for name in ("array", "low", "high")] == [80, 0, 0]


def test_an_array_read_backwards_shares_with_the_tensor_on_it() -> None:
    array = np.arange(10.0)
    seen = listed(back=array[::-1], tensor=torch.from_numpy(array[3:4]))
    assert (seen["back"].shares, seen["tensor"].shares) == (("tensor",), ("back",))


def test_a_module_owns_its_parameters_and_an_optimiser_its_state() -> None:
    net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2)).eval()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    net(torch.randn(4, 3)).sum().backward()
    optimizer.step()
    seen = listed(optimizer=optimizer, weight=net[0].weight, net=net)
    held = sum(part.nbytes for part in [*net.parameters(), *net.buffers()])
    learned = sum(part.nbytes for part in net.parameters())
    assert (seen["net"].kind, seen["net"].count, seen["net"].bytes) == ("module", 12, held)
    assert (seen["net"].is_training, seen["net"].has_grad) == (False, True)
    assert (seen["optimizer"].bytes, seen["optimizer"].shares) == (learned, ("weight", "net"))
    assert (seen["weight"].owner, seen["weight"].bytes) == ("net", 0)


def test_a_data_set_shares_with_the_tensors_it_was_made_of() -> None:
    x, y = torch.zeros(4, 2), torch.zeros(4)
    train_db = TensorDataset(x, y)
    seen = listed(x=x, train_db=train_db, loader=DataLoader(train_db, 2))
    assert seen["x"].shares == ("train_db", "loader")
    assert (seen["train_db"].kind, seen["loader"].kind) == ("data", "data")


def test_plain_values_are_told_briefly_and_the_rest_is_left_out() -> None:
    seen = listed(
        n=3, huge=10**5000, text="x" * 1000, many=list(range(99)), table={"a": torch.zeros(2)},
        shape=torch.Size([2]), scalar=np.float32(0.5), nn=nn, function=listed, kind=Tensor, _hidden=torch.zeros(2),
    )  # fmt: skip
    assert list(seen) == ["n", "huge", "text", "many", "table", "shape", "scalar"]
    assert seen["n"].text == "3"
    assert seen["huge"].text == "an integer of 16,610 bits"
    assert len(seen["text"].text) < 100
    assert (seen["many"].text, seen["many"].count) == ("[0, 1, 2, 3, 4, 5, …]", 99)
    assert seen["table"].text == "{'a': Tensor}"
    assert seen["scalar"].kind == "number"


def test_hidden_names_are_left_out() -> None:
    assert [variable.name for variable in variables({"a": 1, "b": 2}, hidden={"a"})] == ["b"]


@pytest.mark.parametrize(
    ("tensor", "size"),
    [
        (torch.eye(3).to_sparse(), 3 * 4 + 2 * 3 * 8),
        (torch.empty(5, device="meta"), 0),
        (torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)], layout=torch.jagged), 0),
        (torch.empty(0), 0),
        (nn.LazyLinear(2).weight, 0),
    ],
    ids=["sparse", "meta", "nested", "empty", "lazy"],
)
def test_unusual_tensors_are_told_as_far_as_they_go(tensor: Tensor, size: int) -> None:
    assert listed(tensor=tensor)["tensor"].bytes == size


def test_no_tensor_is_kept_alive() -> None:
    namespace: dict[str, Any] = {"x": torch.randn(100), "net": nn.Linear(2, 2), "array": np.zeros(3)}
    alive = [weakref.ref(value) for value in namespace.values()]
    found = variables(namespace)
    namespace.clear()
    gc.collect()
    assert [ref() for ref in alive] == [None, None, None]
    assert len(found) == 3


def many(made: Callable[[int], Any]) -> dict[str, Any]:
    return {f"n{i}": made(i) for i in range(500)}


@pytest.mark.parametrize("kind", ["apart", "one storage", "overlapping", "mixed"])
def test_five_hundred_names_take_under_20_ms(kind: str) -> None:
    base, array, layer = torch.zeros(1000, 1000), np.zeros(100_000), nn.Linear(3, 3)
    made: dict[str, Callable[[int], Any]] = {
        "apart": lambda _: torch.zeros(3),
        "one storage": lambda i: base[i],
        "overlapping": lambda i: torch.from_numpy(array[i * 3 : i * 3 + 400]),
        "mixed": lambda i: (torch.zeros(2), base[:, i], nn.Linear(2, 2), i, [i], np.ones(4), "text", layer.weight)[
            i % 8
        ],
    }
    namespace = many(made[kind])

    def seconds() -> float:
        # The thread's own time, so that other work on the machine does not count.
        start = time.thread_time()
        assert len(variables(namespace)) == 500
        return time.thread_time() - start

    assert min(seconds() for _ in range(5)) < 0.1  # measured: 0.013 at most, on a slow machine more


def test_names_beyond_those_told_are_counted() -> None:
    base = torch.zeros(3)
    first = variables(many(lambda _: base))[0]
    assert len(first.shares) == extents.SHOWN
    assert first.shares_more == 499 - extents.SHOWN


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), max_size=3)), max_size=6
    )
)
def test_each_byte_is_counted_once_and_sharing_is_having_a_byte_in_common(
    drawn: list[tuple[int, list[tuple[int, int]]]],
) -> None:
    holders = [
        Holder(str(i), rank, [Extent("cpu", start, start + size) for start, size in pieces])
        for i, (rank, pieces) in enumerate(drawn)
    ]
    held = [{byte for _, start, end in holder.extents for byte in range(start, end)} for holder in holders]
    found = shares(holders)
    assert sum(share.bytes for share in found.values()) == len(set().union(*held))
    for i, holder in enumerate(holders):
        assert found[holder.name].names == tuple(str(j) for j in range(len(holders)) if j != i and held[i] & held[j])
        assert found[holder.name].bytes <= len(held[i])
        if held[i] and not found[holder.name].bytes:
            assert held[int(found[holder.name].owner)] & held[i]
